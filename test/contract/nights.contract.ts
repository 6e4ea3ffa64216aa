/**
 * What last night's file may do to this morning's work (DESIGN rule 15): what the source said last time, what it says
 * now, and what earmark holds are merged.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportAnswer } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, everything, intent, type Stock, WAREHOUSE } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

/** A night's file of one thing that was imported as 100, or open, and what came of it. */
type Night = readonly [
  what: string,
  stock: Stock,
  onConflict: 'report' | 'ours' | 'theirs',
  code: ImportAnswer['code'],
  value: unknown,
];

const label = (quantity: number): Stock => ({ labels: [{ number: 'L-1', quantity }] });
const ordered = (quantity: number): Stock => ({ lines: [{ order: 'SO-3', line: 1, ordered: quantity }] });
const shipped = (quantity: number): Stock => ({ lines: [{ order: 'SO-3', line: 1, shipped: quantity }] });
const order = (status: 'open' | 'shipped' | 'closed'): Stock => ({ orders: [{ number: 'SO-3', status }] });

/** In the morning SO-3 ships 30 from L-1: L-1 has 70 of 100, line 1 has shipped 10 of 10. */
const NIGHTS: readonly Night[] = [
  ['the label as it was', label(100), 'report', 'imported', 70],
  ['the label as it is here', label(70), 'report', 'imported', 70],
  ['another quantity', label(60), 'report', 'import_refused', 70],
  ['another quantity', label(60), 'ours', 'imported', 70],
  ['another quantity', label(60), 'theirs', 'imported', 60],
  ['nothing shipped', shipped(0), 'report', 'imported', 10],
  ['shipped like here', shipped(10), 'report', 'imported', 10],
  ['less shipped', shipped(4), 'report', 'import_refused', 10],
  ['less shipped', shipped(4), 'ours', 'imported', 10],
  ['less shipped', shipped(4), 'theirs', 'imported', 4],
  ['more ordered', ordered(12), 'report', 'imported', 12],
  ['as much ordered', ordered(10), 'report', 'imported', 10],
  ['the order open', order('open'), 'report', 'imported', 'shipped'],
  ['the order shipped', order('shipped'), 'report', 'imported', 'shipped'],
  ['the order closed', order('closed'), 'report', 'import_refused', 'shipped'],
  ['the order closed', order('closed'), 'ours', 'imported', 'shipped'],
  ['the order closed', order('closed'), 'theirs', 'imported', 'closed'],
];

export function nightsContract(make: MakeBackend): void {
  const setting = useStore(make);

  it('a morning of reserving and shipping is not undone by the same file', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-1', labels: ['L-1', 'L-2'] }, intent());
    await room.ship({ order: 'SO-1' }, intent());
    await room.reserve({ order: 'SO-2', labels: ['L-3', 'P-1'] }, intent());
    const before = await everything(room);
    for (const atomic of [false, true]) {
      const answer = await bring(room, WAREHOUSE, { atomic });
      expect(answer).toMatchObject({ code: 'imported', notices: [] });
      for (const { added, changed } of Object.values(answer.counts)) expect([added, changed]).toEqual([0, 0]);
      expect(await everything(room)).toEqual(before);
    }
  });

  describe('after a morning, the file says', () => {
    beforeEach(async () => {
      const { code } = await setting().room.ship({ order: 'SO-3', from: ['L-1'] }, intent());
      expect(code).toBe('shipped');
    });

    const held = async (stock: Stock): Promise<unknown> => {
      const view = await setting().room.show({ kind: 'order', name: 'SO-3' });
      if (view.kind !== 'order') throw new Error('no SO-3');
      if (stock.labels !== undefined) return (await setting().room.find(['L-1'])).results[0]?.quantity;
      if (stock.orders !== undefined) return view.order.status;
      const [line] = view.order.lines;
      return stock.lines?.[0]?.ordered === undefined ? line?.shipped : line?.ordered;
    };

    it.each(NIGHTS)('%s: %j, on conflict %s: %s, then %j', async (_, stock, onConflict, code, value) => {
      const answer = await bring(setting().room, stock, { onConflict });
      expect(answer.code).toBe(code);
      expect(await held(stock)).toBe(value);
      const again = await bring(setting().room, stock, { onConflict });
      expect(again.code).toBe(code);
      const changed = Object.values(again.counts).reduce((sum, counts) => sum + counts.changed, 0);
      expect([changed, await held(stock)]).toEqual([0, value]);
    });

    it('after a conflict was settled, the next night goes on from there', async () => {
      const { room } = setting();
      await bring(room, label(60), { onConflict: 'ours' });
      expect(await bring(room, label(60))).toMatchObject({ counts: { labels: { unchanged: 1 } } });
      expect(await bring(room, label(55))).toMatchObject({ code: 'import_refused' });
      await bring(room, label(55), { onConflict: 'theirs' });
      expect(await bring(room, label(50))).toMatchObject({ counts: { labels: { changed: 1 } } });
      expect((await room.find(['L-1'])).results[0]?.quantity).toBe(50);
    });
  });

  it('a newer file is taken where nothing happened here, and its events say what changed', async () => {
    const { room } = setting();
    const newer: Stock = {
      items: [{ sku: 'CABLE', name: 'Wire' }],
      labels: [{ number: 'L-1', quantity: 99.5, lot: 'Z' }],
      orders: [{ number: 'SO-2', status: 'open', due: '2026-12-24' }],
      lines: [{ order: 'SO-2', line: 1, item: 'CABLE', ordered: 31, shipped: 1 }],
    };
    const one = { added: 0, changed: 1, unchanged: 0 };
    const { counts, operation } = await bring(room, newer);
    expect(counts).toEqual({ items: one, labels: one, orders: one, lines: one });
    const changes = [
      ...(await setting().events({ label: 'L-1' })),
      ...(await setting().events({ order: 'SO-2' })),
    ];
    expect(changes.map(({ kind, line, before, after }) => [kind, line, before, after])).toEqual([
      ['label_changed', null, { quantity: 100, lot: null }, { quantity: 99.5, lot: 'Z' }],
      ['order_changed', null, { due: '2026-11-30', status: 'draft' }, { due: '2026-12-24', status: 'open' }],
      ['line_changed', 1, { ordered: 30, shipped: 0 }, { ordered: 31, shipped: 1 }],
    ]);
    const view = await room.show({ kind: 'operation', name: operation?.id ?? '' });
    expect(view.kind === 'operation' && view.events.map(({ kind }) => kind)).toEqual([
      ...['item_changed', 'label_changed', 'order_changed', 'line_changed'],
    ]);
    expect((await room.find(['L-1'])).results[0]).toMatchObject({
      itemName: 'Wire',
      lot: 'Z',
      quantity: 99.5,
    });
  });

  it('a held label follows the file, and one that is set to 0 loses its reservation and is named', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-1', labels: ['L-1', 'L-2'] }, intent());
    const stock = {
      labels: [
        { number: 'L-1', quantity: 0 },
        { number: 'L-2', quantity: 40 },
      ],
    };
    const answer = await bring(room, stock);
    expect(answer.notices).toEqual([{ kind: 'reservation_lost', label: 'L-1', order: 'SO-1', line: 1 }]);
    const [first, second] = (await room.find(['L-1', 'L-2'])).results;
    expect(first).toMatchObject({ status: 'depleted', reservation: null });
    expect(second).toMatchObject({ status: 'reserved', quantity: 40, reservation: { order: 'SO-1' } });
    expect((await setting().events({ label: 'L-1' })).map(({ kind, order: of }) => [kind, of])).toEqual([
      ['reserved', 'SO-1'],
      ['label_changed', null],
      ['unreserved', 'SO-1'],
    ]);
    expect((await bring(room, stock)).notices).toEqual([]);
  });

  describe.each(['shipped', 'closed', 'cancelled'] as const)('an order that the file calls %s', (status) => {
    const stock: Stock = { orders: [{ number: 'SO-1', status }] };
    const facts = { order: 'SO-1', status, labels: ['L-1', 'L-3'] };
    beforeEach(async () => {
      await setting().room.reserve({ order: 'SO-1', labels: ['L-3', 'L-1'] }, intent());
      await setting().room.reserve({ order: 'SO-2', labels: ['L-2'] }, intent());
    });

    it('keeps its labels, and they are named each night', async () => {
      for (const changed of [1, 0]) {
        const answer = await bring(setting().room, stock);
        expect(answer).toMatchObject({
          counts: { orders: { changed } },
          notices: [{ kind: 'still_held', ...facts }],
        });
      }
      expect(await all(setting().room.reservations({ order: 'SO-1' }))).toHaveLength(2);
    });

    it('frees them when told to, with events', async () => {
      const { room } = setting();
      const answer = await bring(room, stock, { releaseClosed: true });
      expect(answer.notices).toEqual([{ kind: 'released', ...facts }]);
      expect((await all(room.reservations({}))).map(({ number }) => number)).toEqual(['L-2']);
      const events = (await setting().events({ label: 'L-1' })).map(
        ({ kind, operation, order: of, after }) => {
          return [kind, operation === answer.operation?.id, of, after === null];
        },
      );
      expect(events).toEqual([
        ['reserved', false, 'SO-1', false],
        ['unreserved', true, 'SO-1', true],
      ]);
      expect((await bring(room, stock, { releaseClosed: true })).notices).toEqual([]);
    });
  });
}
