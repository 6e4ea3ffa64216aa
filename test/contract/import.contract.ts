/** What an import brings in, counts and records (DESIGN rule 15); how it is repeated and tried dry. */
import { describe, expect, it } from 'vitest';
import type { ImportAnswer } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import {
  all,
  bring,
  bringRows,
  everything,
  intent,
  NIGHTLY,
  rowsOf,
  type Stock,
  WAREHOUSE,
} from '../support/warehouse.ts';
import { useStore } from './setting.ts';

const NONE = { added: 0, changed: 0, unchanged: 0 };

export function importContract(make: MakeBackend): void {
  describe('into an empty store', () => {
    const setting = useStore(make, {});

    it('takes all kinds in any order, also rows that refer to later ones', async () => {
      const reversed = rowsOf(WAREHOUSE).reverse();
      const wish = intent({ reason: 'night' });
      const answer = await bringRows(setting().room, reversed, {}, wish);
      const operation = { id: wish.operation, at: setting().clock.iso(), by: 'dana', reason: 'night' };
      const added = (count: number) => ({ ...NONE, added: count });
      expect(answer).toEqual({
        ...{ schemaVersion: 1, verb: 'import', ok: true, complete: true, code: 'imported', dryRun: false },
        ...{ operation, refusals: [], problems: [], problemCount: 0, notices: [] },
        counts: { items: added(3), labels: added(7), orders: added(8), lines: added(11) },
      });
      const other = await make();
      const room = await other.open();
      await bring(room, WAREHOUSE, { atomic: true });
      expect(await everything(setting().room)).toEqual(await everything(room));
      await other.close();
    });

    it('fills in what new rows leave out', async () => {
      const { room } = setting();
      await bring(room, {
        items: [{ sku: 'X' }],
        labels: [{ number: 'X-1', item: 'X', quantity: 1.5 }],
        orders: [{ number: 'XO' }],
      });
      const empty = { code: null, location: null, bin: null, lot: null, expiry: null, created: null };
      const defaults = { item: 'X', itemName: 'X', unit: 'each', status: 'active', ...empty };
      expect(await all(room.labels({}))).toMatchObject([{ number: 'X-1', quantity: 1.5, ...defaults }]);
      expect(await all(room.orders({}))).toMatchObject([
        { number: 'XO', status: 'open', customer: null, due: null },
      ]);
    });

    it('an import of nothing is recorded and changes nothing', async () => {
      const wish = intent();
      expect(await bring(setting().room, {}, {}, wish)).toMatchObject({
        code: 'imported',
        operation: { id: wish.operation },
      });
      expect(await setting().room.show({ name: wish.operation })).toMatchObject({
        operation: { verb: 'import' },
        events: [],
      });
    });

    it('is refused whole if one row of many is wrong', async () => {
      const labels = Array.from({ length: 700 }, (_, at) => ({
        number: `B-${at}`,
        item: at === 650 ? 'NONE' : 'A',
        quantity: 1,
      }));
      for (const atomic of [true, false]) {
        const answer = await bring(setting().room, { items: [{ sku: 'A' }], labels }, { atomic });
        expect(answer).toMatchObject({ ok: false, code: 'import_refused', operation: null, problemCount: 1 });
        expect(await all(setting().room.labels({}))).toEqual([]);
      }
    });
  });

  describe('into the small warehouse', () => {
    const setting = useStore(make);

    it('the same again changes nothing and writes nothing', async () => {
      const before = await everything(setting().room);
      const answer = await bring(setting().room, WAREHOUSE);
      const unchanged = (count: number) => ({ ...NONE, unchanged: count });
      expect(answer.counts).toEqual({
        items: unchanged(3),
        labels: unchanged(7),
        orders: unchanged(8),
        lines: unchanged(11),
      });
      expect(await everything(setting().room)).toEqual(before);
      const name = answer.operation?.id ?? '';
      expect(await setting().room.show({ kind: 'operation', name })).toMatchObject({ events: [] });
    });

    it('an absent field is left alone and null clears it', async () => {
      const { room } = setting();
      const labels = [
        { number: 'L-1', bin: null, code: null },
        { number: 'L-2', location: 'yard' },
      ];
      const answer = await bring(room, { labels, orders: [{ number: 'SO-1', customer: null }] });
      expect(answer.counts).toMatchObject({ labels: { changed: 2 }, orders: { changed: 1 } });
      const [first, second] = await all(room.labels({ limit: 2 }));
      expect(first).toMatchObject({
        code: null,
        bin: null,
        location: 'hall',
        quantity: 100,
        created: '2026-01-01',
      });
      expect(second).toMatchObject({ location: 'yard', bin: 'A2' });
      expect(await all(room.orders({ limit: 1 }))).toMatchObject([
        { customer: null, due: '2026-12-01', status: 'open' },
      ]);
      expect(
        (await setting().events({ label: 'L-1' })).map(({ kind, before, after }) => [kind, before, after]),
      ).toEqual([['label_changed', { code: 'C-1', bin: 'A1' }, { code: null, bin: null }]]);
      expect((await room.find(['C-1'])).code).toBe('label_not_found');
    });

    it.each([
      [
        'added and changed',
        {
          items: [{ sku: 'NEW' }, { sku: 'CABLE', unit: 'km' }],
          labels: [
            { number: 'N-1', item: 'NEW', quantity: 1 },
            { number: 'L-2', quantity: 50 },
          ],
        },
      ],
      [
        'of every kind',
        { ...WAREHOUSE, labels: [...WAREHOUSE.labels, { number: 'L-3', quantity: 29 }].slice(3) },
      ],
      [
        'orders ended',
        {
          orders: [{ number: 'SO-1', status: 'closed' }, { number: 'SO-9' }],
          lines: [{ order: 'SO-9', line: 1, item: 'SCREW', ordered: 1 }],
        },
      ],
      [
        'with problems',
        {
          labels: [
            { number: 'L-1', item: 'NONE' },
            { number: 'L-2', quantity: 49 },
          ],
        },
      ],
    ] satisfies [string, Stock][])(
      'a dry run counts what a real run does and writes nothing: %s',
      async (_, stock) => {
        const { room } = setting();
        await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
        const before = await everything(room);
        const wish = intent();
        const dry = await bring(room, stock, { releaseClosed: true }, { ...wish, dryRun: true });
        const session = await room.beginImport({ ...NIGHTLY, releaseClosed: true }, wish);
        for (const [kind, row] of rowsOf(stock)) session.add(kind, { origin: { file: kind, row: 1 }, row });
        const preview = await session.preview();
        session.close();
        expect(preview.counts).toEqual(dry.counts);
        expect(await everything(room)).toEqual(before);
        const done = await bring(room, stock, { releaseClosed: true }, wish);
        expect(dry).toEqual({ ...done, dryRun: true, operation: null });
      },
    );

    it('with problems, the counts are of the rows that are right', async () => {
      const stock = {
        labels: [{ number: 'L-1', item: 'NONE' }, { number: 'L-2', quantity: 49 }, { number: 'L-3' }],
      };
      const { counts } = await bring(setting().room, stock);
      expect(counts.labels).toEqual({ added: 0, changed: 1, unchanged: 1 });
    });

    it.each([
      ['other rows', {}, { labels: [{ number: 'L-1', quantity: 9 }] }, 'request'],
      [
        'other options',
        { onConflict: 'ours' as const },
        { labels: [{ number: 'L-1', quantity: 8 }] },
        'request',
      ],
    ])('its id can not be used again for %s', async (_, over, stock, differs) => {
      const wish = intent();
      await bring(setting().room, { labels: [{ number: 'L-1', quantity: 8 }] }, {}, wish);
      const before = await everything(setting().room);
      const answer = await bring(setting().room, stock, over, wish);
      expect(answer).toMatchObject({
        ok: false,
        code: 'operation_id_reused',
        operation: null,
        refusals: [{ differs }],
      });
      expect(await everything(setting().room)).toEqual(before);
    });

    it('its id gives the first answer again, in bursts or as one', async () => {
      const wish = intent();
      const stock = { labels: [{ number: 'L-1', quantity: 8 }] };
      const first = await bring(setting().room, stock, {}, wish);
      await bring(setting().room, { labels: [{ number: 'L-1', quantity: 7 }] });
      const before = await everything(setting().room);
      for (const atomic of [false, true])
        expect(await bring(setting().room, stock, { atomic }, wish)).toEqual(first);
      expect(await everything(setting().room)).toEqual(before);
    });

    it('says when it was recorded', async () => {
      const { room, clock } = setting();
      const session = await room.beginImport(NIGHTLY, intent());
      session.add('items', { origin: { file: 'items', row: 1 }, row: { sku: 'ROPE' } });
      clock.move(60_000);
      const { operation } = await session.finish();
      session.close();
      expect(operation?.at).toBe(clock.iso());
      const view = await room.show({ kind: 'operation', name: operation?.id ?? '' });
      expect(view).toMatchObject({ operation: { ...operation, verb: 'import' } });
    });

    it('tells how far it is', async () => {
      const told: unknown[] = [];
      const rows = rowsOf(WAREHOUSE);
      await bringRows(setting().room, rows, {}, intent(), (...progress) => told.push(progress));
      expect(told.at(-1)).toEqual(['imported', rows.length, rows.length]);
      expect(told).toContainEqual(['checked', rows.length, rows.length]);
    });

    it('rows that say the same twice count once, in whatever order their fields are', async () => {
      const { room } = setting();
      const twice = [
        { number: 'T-1', item: 'CABLE', quantity: 1 },
        { quantity: 1, item: 'CABLE', number: 'T-1' },
      ];
      const answer: ImportAnswer = await bring(room, { labels: twice });
      expect(answer).toMatchObject({ code: 'imported', counts: { labels: { added: 1, unchanged: 0 } } });
    });
  });
}
