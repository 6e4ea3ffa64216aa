/** Labels chosen for what an order is short of (`suggest`), and reserved at once (`reserveAutomatically`). */
import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../src/core/index.ts';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, intent, type Stock } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

const GLUE: Stock = {
  items: [{ sku: 'GLUE' }],
  labels: [
    { number: 'G-1', item: 'GLUE', quantity: 4, created: '2026-01-01', expiry: '2027-09-01' },
    { number: 'G-2', item: 'GLUE', quantity: 9, created: '2026-02-01', expiry: '2027-01-01' },
    { number: 'G-3', item: 'GLUE', quantity: 6, created: '2026-03-01' },
    { number: 'G-4', item: 'GLUE', quantity: 7, created: '2025-01-01', expiry: '2026-11-22' },
    { number: 'G-5', item: 'GLUE', quantity: 0, created: '2024-01-01' },
    { number: 'G-6', item: 'GLUE', quantity: 50, created: '2026-04-01' },
  ],
  orders: [{ number: 'GO-1' }, { number: 'GO-2' }, { number: 'GO-3' }],
  lines: [
    { order: 'GO-1', line: 1, item: 'GLUE', ordered: 15 },
    { order: 'GO-2', line: 1, item: 'GLUE', ordered: 1 },
    { order: 'GO-3', line: 1, item: 'GLUE', ordered: 3 },
    { order: 'GO-3', line: 2, item: 'GLUE', ordered: 5 },
    { order: 'GO-3', line: 3, item: 'SCREW', ordered: 5 },
  ],
};

export function suggestContract(make: MakeBackend): void {
  const setting = useStore(make);

  describe.each([
    ['fifo', ['G-1', 'G-2', 'G-3']],
    ['fefo', ['G-2', 'G-1', 'G-3']],
    ['fewest', ['G-6']],
    ['best-fit', ['G-2', 'G-3']],
  ] as const)('%s', (strategy, expected) => {
    it('chooses of the active labels that are not expired', async () => {
      await bring(setting().room, GLUE);
      const { refusal, labels, short } = await setting().room.suggest({ order: 'GO-1', strategy });
      expect([refusal, short]).toEqual([null, []]);
      expect(labels).toEqual(expected.map((label) => ({ label, line: 1 })));
    });

    it('leaves held labels alone, and reserves what it chose', async () => {
      const { room } = setting();
      await bring(room, GLUE);
      const [first = ''] = expected;
      await room.reserve({ order: 'GO-2', labels: [first] }, intent());
      const answer = await room.reserveAutomatically({ order: 'GO-1', strategy }, intent());
      expect(answer).toMatchObject({ code: 'reserved', ok: true, lines: [{ line: 1, shortfall: 0 }] });
      const held = await all(room.reservations({ order: 'GO-1' }));
      expect(held.map(({ number }) => number)).not.toContain(first);
      expect(held.map(({ number }) => number)).not.toContain('G-4');
      expect(await all(room.reservations({ order: 'GO-2' }))).toMatchObject([{ number: first }]);
    });
  });

  it('never chooses a label twice for two lines of one item, and leaves standard lines out', async () => {
    await bring(setting().room, GLUE);
    for (const strategy of STRATEGIES) {
      const { labels } = await setting().room.suggest({ order: 'GO-3', strategy });
      const numbers = labels.map(({ label }) => label);
      expect(new Set(numbers).size, strategy).toBe(numbers.length);
      expect(new Set(labels.map(({ line }) => line)), strategy).toEqual(new Set([1, 2]));
    }
    const one = await setting().room.suggest({ order: 'GO-3', line: 2, strategy: 'fifo' });
    expect(one.labels).toEqual([
      { label: 'G-1', line: 2 },
      { label: 'G-2', line: 2 },
    ]);
  });

  it.each([
    [{ order: 'SO1' }, { code: 'order_not_found', order: 'SO1', near: ['SO-1'] }],
    [{ order: 'SO-5' }, { code: 'order_not_live', order: 'SO-5', status: 'closed' }],
    [
      { order: 'SO-1', line: 3 },
      { code: 'line_not_found', order: 'SO-1', line: 3, lines: [1, 2] },
    ],
    [
      { order: 'SO-1', line: 2 },
      { code: 'item_not_serialized', order: 'SO-1', line: 2, item: 'SCREW' },
    ],
    [
      { order: 'SO-7', line: 1 },
      { code: 'line_already_shipped', order: 'SO-7', line: 1, item: 'CABLE', label: null },
    ],
  ])('refuses %j', async (query, refusal) => {
    const { room } = setting();
    const wanted = { ...query, strategy: 'fifo' } as const;
    expect(await room.suggest(wanted)).toEqual({ refusal, labels: [], short: [] });
    const answer = await room.reserveAutomatically({ ...wanted, keepGoing: true }, intent());
    expect(answer).toMatchObject({ ok: false, code: refusal.code, refusals: [refusal], operation: null });
  });

  it('reserves what there is of a short line only when told to go on', async () => {
    const { room } = setting();
    await bring(room, { lines: [{ order: 'SO-1', line: 1, ordered: 200 }] });
    const query = { order: 'SO-1', strategy: 'fifo' } as const;
    const short = { line: 1, item: 'CABLE', unit: 'm', needed: 200, reserved: 180.5, missing: 19.5 };
    const refusal = { code: 'line_short', order: 'SO-1', lines: [short] };
    const refused = await room.reserveAutomatically(query, intent());
    expect(refused).toMatchObject({ ok: false, code: 'line_short', refusals: [refusal], results: [] });
    expect(await all(room.reservations({}))).toEqual([]);
    const part = await room.reserveAutomatically({ ...query, keepGoing: true }, intent());
    expect(part).toMatchObject({ ok: true, complete: false, code: 'line_short', refusals: [refusal] });
    expect(part.results.map(({ label }) => label.number)).toEqual(['L-1', 'L-2', 'L-3']);
    const nothing = await room.reserveAutomatically({ ...query, keepGoing: true }, intent());
    expect(nothing).toMatchObject({ ok: false, code: 'line_short', results: [] });
  });

  it('is content with what is covered already, and records nothing in a dry run', async () => {
    const { room } = setting();
    const query = { order: 'SO-1', strategy: 'fifo' } as const;
    const dry = await room.reserveAutomatically(query, intent({ dryRun: true }));
    expect(dry).toMatchObject({ code: 'reserved', dryRun: true, operation: null });
    expect(await all(room.reservations({}))).toEqual([]);
    const done = await room.reserveAutomatically(query, intent());
    expect(done.results.map(({ label }) => label.number)).toEqual(
      dry.results.map(({ label }) => label.number),
    );
    const again = await room.reserveAutomatically(query, intent());
    expect(again).toMatchObject({ ok: true, code: 'already_reserved', results: [] });
  });

  it('gives the first answer again for the same operation, whatever could be chosen now', async () => {
    const { room } = setting();
    await bring(room, { lines: [{ order: 'SO-1', line: 1, ordered: 200 }] });
    const command = { order: 'SO-1', strategy: 'fifo', keepGoing: true } as const;
    const wish = intent();
    const first = await room.reserveAutomatically(command, wish);
    expect(first).toMatchObject({ ok: true, complete: false, code: 'line_short' });
    expect(await room.reserveAutomatically(command, wish)).toEqual(first);
    await room.unreserve({ target: { order: 'SO-1' } }, intent());
    await bring(room, { orders: [{ number: 'SO-1', status: 'cancelled' }] });
    expect(await room.reserveAutomatically(command, wish)).toEqual(first);
    expect(await all(room.reservations({}))).toEqual([]);
    const other = await room.reserveAutomatically({ ...command, strategy: 'fefo' }, wish);
    expect(other).toMatchObject({ ok: false, code: 'operation_id_reused' });
  });
}
