/** Filters, sorts and limits of the lists; and that several can be read at once. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { LabelQuery, OrderQuery, ReservationQuery, ShipmentQuery } from '../../src/stockroom/queries.ts';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

const CABLES = ['L-1', 'L-2', 'L-3', 'L-4'];
const PAINTS = ['P-1', 'P-2', 'P-3'];

/** L-1 and P-1 are held by SO-2 (L-1 by eve, later), L-3 by SO-1. */
const LABELS: readonly (readonly [LabelQuery, readonly string[]])[] = [
  [{}, [...CABLES, ...PAINTS]],
  [{ item: 'PAINT' }, PAINTS],
  [{ item: 'NONE' }, []],
  [{ status: ['reserved'] }, ['L-1', 'L-3', 'P-1']],
  [{ status: ['active'] }, ['L-2', 'P-2', 'P-3']],
  [{ status: ['depleted'] }, ['L-4']],
  [{ status: ['depleted', 'reserved'] }, ['L-1', 'L-3', 'L-4', 'P-1']],
  [{ location: 'hall' }, ['L-1', 'L-2']],
  [{ bin: 'A2' }, ['L-2']],
  [{ lot: 'B7' }, ['P-1']],
  [{ order: 'SO-2' }, ['L-1', 'P-1']],
  [{ expired: { on: '2026-11-23', is: true } }, ['P-3']],
  [{ expired: { on: '2026-11-22', is: true } }, []],
  [{ item: 'PAINT', expired: { on: '2026-11-23', is: false } }, ['P-1', 'P-2']],
  [{ search: 'l-' }, CABLES],
  [{ search: 'c-1' }, ['L-1']],
  [{ search: 'YAR' }, ['L-3', 'L-4']],
  [{ search: 'b' }, PAINTS],
  [{ search: '%' }, []],
  [{ search: '_' }, []],
  [{ search: '\\' }, []],
  [{ descending: true }, [...CABLES, ...PAINTS].reverse()],
  [{ sort: 'item', descending: true, limit: 4 }, ['P-1', 'P-2', 'P-3', 'L-1']],
  [{ sort: 'created' }, ['P-3', 'L-1', 'L-4', 'L-2', 'L-3', 'P-1', 'P-2']],
  [{ sort: 'expiry' }, ['P-3', 'P-2', 'P-1', ...CABLES]],
  [{ sort: 'expiry', descending: true }, ['P-1', 'P-2', 'P-3', ...CABLES]],
  [{ sort: 'quantity', limit: 3 }, ['L-4', 'P-3', 'P-1']],
  [{ sort: 'location', limit: 3 }, ['L-1', 'L-2', 'L-3']],
  [{ sort: 'bin', descending: true, limit: 2 }, ['L-3', 'L-2']],
  [{ limit: 0 }, []],
  [{ limit: 99 }, [...CABLES, ...PAINTS]],
];

const ORDERS: readonly (readonly [OrderQuery, readonly string[]])[] = [
  [{}, ['SO-1', 'SO-2', 'SO-3', 'SO-4', 'SO-5', 'SO-6', 'SO-7', 'SO-8']],
  [{ status: ['draft', 'partially_shipped'] }, ['SO-2', 'SO-7']],
  [{ customer: 'Acme' }, ['SO-1', 'SO-3']],
  [{ customer: 'acme' }, []],
  [{ search: 'bolt & ' }, ['SO-2']],
  [{ search: 'so-7' }, ['SO-7']],
  [{ item: 'PAINT' }, ['SO-2', 'SO-7']],
  [{ dueBy: '2026-12-01' }, ['SO-1', 'SO-2']],
  [{ holding: true }, ['SO-1', 'SO-2']],
  [{ holding: false, status: ['open'] }, ['SO-3', 'SO-8']],
  [{ sort: 'customer', limit: 3 }, ['SO-1', 'SO-3', 'SO-2']],
  [{ sort: 'customer', descending: true, limit: 3 }, ['SO-7', 'SO-8', 'SO-4']],
  [{ sort: 'due', limit: 4 }, ['SO-2', 'SO-1', 'SO-7', 'SO-3']],
  [{ sort: 'ordered', descending: true, limit: 3 }, ['SO-3', 'SO-2', 'SO-1']],
  [{ sort: 'status', limit: 3 }, ['SO-6', 'SO-5', 'SO-2']],
  [{ sort: 'number', descending: true, limit: 2 }, ['SO-8', 'SO-7']],
];

const HELD: readonly (readonly [Omit<ReservationQuery, 'before'>, readonly string[]])[] = [
  [{}, ['L-3', 'P-1', 'L-1']],
  [{ sort: 'since', descending: true }, ['L-1', 'P-1', 'L-3']],
  [{ sort: 'label' }, ['L-1', 'L-3', 'P-1']],
  [{ sort: 'order' }, ['L-3', 'L-1', 'P-1']],
  [{ order: 'SO-2' }, ['P-1', 'L-1']],
  [{ order: 'SO-2', line: 1 }, ['L-1']],
  [{ item: 'CABLE' }, ['L-3', 'L-1']],
  [{ status: ['draft'] }, ['P-1', 'L-1']],
  [{ by: 'eve' }, ['L-1']],
  [{ limit: 1 }, ['L-3']],
];

const SHIPPED: readonly (readonly [ShipmentQuery, readonly string[]])[] = [
  [{}, ['SO-2', 'SO-1', 'SO-2']],
  [{ descending: true, limit: 2 }, ['SO-2', 'SO-1']],
  [{ sort: 'order' }, ['SO-1', 'SO-2', 'SO-2']],
  [{ order: 'SO-1' }, ['SO-1']],
  [{ label: 'L-3' }, ['SO-1']],
  [{ label: 'C-1' }, ['SO-2']],
  [{ label: 'L-2' }, []],
  [{ limit: 0 }, []],
];

/** The source wants more of a line that was shipped in full. */
const REOPENED = {
  orders: [{ number: 'SO-2', status: 'partially_shipped' }],
  lines: [
    { order: 'SO-2', line: 1, ordered: 99 },
    { order: 'SO-2', line: 2, ordered: 9 },
  ],
} as const;

export function listsContract(make: MakeBackend): void {
  const setting = useStore(make);
  let since: number;
  beforeEach(async () => {
    const { room, clock } = setting();
    since = clock.now();
    await room.reserve({ order: 'SO-1', labels: ['L-3'] }, intent());
    clock.move(1000);
    await room.reserve({ order: 'SO-2', labels: ['P-1'] }, intent());
    clock.move(1000);
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent({ actor: 'eve' }));
  });

  const numbers = async (rows: AsyncIterable<readonly { readonly number: string }[]>) => {
    return (await all(rows)).map(({ number }) => number);
  };

  it.each(LABELS)('labels %j', async (query, expected) => {
    expect(await numbers(setting().room.labels(query))).toEqual(expected);
  });

  it.each(ORDERS)('orders %j', async (query, expected) => {
    expect(await numbers(setting().room.orders(query))).toEqual(expected);
  });

  it.each(HELD)('reservations %j', async (query, expected) => {
    expect(await numbers(setting().room.reservations(query))).toEqual(expected);
  });

  it('a search finds letters outside of A to Z as they are written', async () => {
    const { room } = setting();
    await bring(room, { labels: [{ number: 'Ä-1', item: 'CABLE', quantity: 1, location: 'Große HALLE Ö' }] });
    for (const search of ['Ä-1', 'große halle Ö', 'Ö']) {
      expect(await numbers(room.labels({ search }))).toEqual(['Ä-1']);
    }
    expect(await numbers(room.labels({ descending: true, limit: 2 }))).toEqual(['Ä-1', 'P-3']);
  });

  it('reservations from before a moment', async () => {
    const { room } = setting();
    expect(await numbers(room.reservations({ before: since }))).toEqual([]);
    expect(await numbers(room.reservations({ before: since + 1001 }))).toEqual(['L-3', 'P-1']);
  });

  it('an order in a list says how much of it is open and held', async () => {
    const [first, , ...rest] = await all(setting().room.orders({}));
    const dates = { ordered: '2026-11-01', due: '2026-12-01' };
    const counts = { lines: 2, openLines: 2, reservedLabels: 1 };
    expect(first).toEqual({ number: 'SO-1', customer: 'Acme', status: 'open', ...dates, ...counts });
    expect(rest.at(-2)).toMatchObject({ number: 'SO-7', lines: 2, openLines: 1, reservedLabels: 0 });
    expect(rest.at(-1)).toMatchObject({ number: 'SO-8', lines: 0, openLines: 0 });
  });

  describe('shipments', () => {
    beforeEach(async () => {
      const { room, clock } = setting();
      for (const [order, from] of [
        ['SO-2', []],
        ['SO-1', []],
        ['SO-2', ['P-2']],
      ] as const) {
        const answer = await room.ship({ order, from, partial: true }, intent());
        expect(answer.code).toBe(order === 'SO-2' && from.length === 0 ? 'shipped' : 'partially_shipped');
        clock.move(1000);
        if (order === 'SO-1') await bring(room, REOPENED, { onConflict: 'theirs' });
      }
    });

    it.each(SHIPPED)('%j', async (query, expected) => {
      expect((await all(setting().room.shipments(query))).map(({ order }) => order)).toEqual(expected);
    });

    it('between two moments', async () => {
      const shipped = await all(setting().room.shipments({}));
      const moments = shipped.map(({ at }) => Date.parse(at));
      const [first = 0, second = 0, third = 0] = moments;
      const at = async (query: ShipmentQuery) => (await all(setting().room.shipments(query))).length;
      expect(await at({ since: second })).toBe(2);
      expect(await at({ until: second })).toBe(1);
      expect(await at({ since: first, until: third })).toBe(2);
    });
  });

  describe('long lists', () => {
    const labels = Array.from({ length: 1203 }, (_, at) => `Z-${String(at).padStart(4, '0')}`);
    beforeEach(async () => {
      const rows = labels.map((number) => ({ number, item: 'CABLE', quantity: 1 }));
      await bring(setting().room, { labels: rows }, { atomic: true });
    });

    it('are whole, and in order', async () => {
      const { room } = setting();
      expect(await numbers(room.labels({ search: 'z-' }))).toEqual(labels);
      expect(await numbers(room.labels({ search: 'z-', limit: 501 }))).toEqual(labels.slice(0, 501));
    });

    it('can be read at once, one inside another, beside changes, and left early', async () => {
      const { room } = setting();
      const seen: string[] = [];
      for await (const batch of room.labels({ search: 'z-' })) {
        for await (const inner of room.labels({ search: 'z-', descending: true })) {
          seen.push(inner[0]?.number ?? '');
          break;
        }
        const label = batch[0]?.number ?? '';
        expect((await room.reserve({ order: 'SO-1', labels: [label] }, intent())).code).toBe('reserved');
        expect(await room.show({ kind: 'label', name: label })).toMatchObject({
          label: { status: 'reserved' },
        });
        if (seen.length === 2) break;
      }
      expect(seen).toEqual(['Z-1202', 'Z-1202']);
      expect(await numbers(room.reservations({ order: 'SO-1', sort: 'label' }))).toEqual([
        'L-3',
        'Z-0000',
        'Z-0500',
      ]);
    });
  });
}
