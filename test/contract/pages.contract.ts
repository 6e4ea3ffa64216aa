/** Lists read in pages, each from behind the last row of the one before: nothing is left out, nothing comes twice. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  LABEL_PLACES,
  ORDER_PLACES,
  type Place,
  RESERVATION_PLACES,
  SHIPMENT_PLACES,
} from '../../src/stockroom/positions.ts';
import type { Position } from '../../src/stockroom/queries.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

/** A list as these tests read it: rows of any kind, each with a name. */
interface Listed {
  rows(room: Stockroom, query: Query): AsyncIterable<readonly object[]>;
  readonly places: Readonly<Record<string, Place<object>>>;
  name(row: object): string;
}

interface Query {
  readonly sort: string;
  readonly descending: boolean;
  readonly limit?: number;
  readonly after?: Position;
}

/** Ties each list's own types together for tests that treat them alike. */
function listed<Q extends object, T extends object>(
  rows: (room: Stockroom, query: Q) => AsyncIterable<readonly T[]>,
  places: Readonly<Record<string, Place<T>>>,
  name: (row: T) => string,
): Listed {
  return { rows, places, name } as unknown as Listed;
}

const LISTS: Readonly<Record<string, Listed>> = {
  labels: listed(
    (room, query) => room.labels(query),
    LABEL_PLACES,
    ({ number }) => number,
  ),
  orders: listed(
    (room, query) => room.orders(query),
    ORDER_PLACES,
    ({ number }) => number,
  ),
  reservations: listed(
    (room, query) => room.reservations(query),
    RESERVATION_PLACES,
    ({ number }) => number,
  ),
  shipments: listed(
    (room, query) => room.shipments(query),
    SHIPMENT_PLACES,
    ({ operation }) => operation,
  ),
};

const EVERY_SORT = Object.entries(LISTS).flatMap(([list, { places }]) =>
  Object.keys(places).flatMap((sort) => [
    { list, sort, descending: false },
    { list, sort, descending: true },
  ]),
);

/** Many ties, and rows without the value, in every sort. */
const MORE = {
  labels: Array.from({ length: 24 }, (_, at) => ({
    number: `M-${String(at).padStart(2, '0')}`,
    item: at % 2 === 0 ? 'CABLE' : 'PAINT',
    quantity: (at % 4) / 4,
    ...(at % 3 > 0 && { created: `2026-0${1 + (at % 2)}-01`, location: at % 3 === 1 ? 'hall' : 'Hall' }),
    ...(at % 5 > 0 && { bin: `b${at % 2}`, expiry: `2027-0${1 + (at % 3)}-01` }),
  })),
  orders: Array.from({ length: 9 }, (_, at) => ({
    number: `MO-${at}`,
    status: at % 2 === 0 ? ('open' as const) : ('draft' as const),
    ...(at % 3 > 0 && { customer: `C${at % 2}`, ordered: '2026-11-01', due: `2026-12-0${1 + (at % 2)}` }),
  })),
  lines: Array.from({ length: 9 }, (_, at) => ({
    order: `MO-${at}`,
    line: 1,
    item: at % 2 === 0 ? 'CABLE' : 'PAINT',
    ordered: 0.25,
  })),
} as const;

export function pagesContract(make: MakeBackend): void {
  const setting = useStore(make);
  beforeEach(async () => {
    const { room, clock } = setting();
    await bring(room, MORE, { atomic: true });
    for (const [order, label] of [
      ['MO-0', 'M-02'],
      ['MO-1', 'M-01'],
      ['MO-2', 'M-06'],
      ['MO-3', 'M-03'],
      ['SO-1', 'M-10'],
      ['SO-1', 'M-14'],
      ['SO-2', 'M-05'],
    ] as const) {
      expect((await room.reserve({ order, labels: [label] }, intent())).code).toBe('reserved');
      // Some at the same moment.
      if (label !== 'M-02' && label !== 'M-10') clock.move(1_000);
    }
    for (const order of ['MO-0', 'MO-1', 'SO-1', 'SO-2', 'MO-4'])
      await room.ship({ order, from: order === 'MO-4' ? ['M-22'] : [], partial: true }, intent());
    for (const label of ['M-17', 'M-18', 'M-21']) {
      const order = label === 'M-18' ? 'SO-1' : 'SO-7';
      expect((await room.reserve({ order, labels: [label] }, intent())).code).toBe('reserved');
    }
  });

  async function* walked(each: { list: string; sort: string; descending: boolean }, size: number) {
    const list = LISTS[each.list];
    if (list === undefined) throw new Error(`no list ${each.list}`);
    let after: Position | undefined;
    for (;;) {
      const query = { ...each, limit: size, ...(after !== undefined && { after }) };
      const { list: _, ...asked } = query;
      const page = await all(list.rows(setting().room, asked));
      yield page.map((row) => list.name(row));
      const last = page.at(-1);
      if (page.length < size || last === undefined) return;
      after = list.places[each.sort]?.of(last);
    }
  }

  async function whole({ list, ...query }: { list: string; sort: string; descending: boolean }) {
    const found = LISTS[list];
    if (found === undefined) throw new Error(`no list ${list}`);
    return (await all(found.rows(setting().room, query))).map((row) => found.name(row));
  }

  it.each(EVERY_SORT)('$list by $sort, descending $descending, are the whole list', async (each) => {
    const expected = await whole(each);
    expect(expected.length).toBeGreaterThan(4);
    for (const size of [1, 3, expected.length]) {
      expect(await all(walked(each, size))).toEqual(expected);
    }
  });

  describe('while rows change in between', () => {
    it.each(EVERY_SORT.filter(({ list }) => list === 'labels'))(
      'labels by $sort, descending $descending: those that stay come once each',
      async (each) => {
        const { room } = setting();
        const before = await whole(each);
        const seen: string[] = [];
        let pages = 0;
        for await (const page of walked(each, 4)) {
          seen.push(...page);
          pages += 1;
          // New labels at both ends of every sort, and in its middle.
          await bring(room, {
            labels: [
              { number: `A-${pages}`, item: 'CABLE', quantity: 0.001 * pages, created: '2020-01-01' },
              { number: `M-09-${pages}`, item: 'PAINT', quantity: 0.5, bin: 'b1' },
              {
                number: `Z-${pages}`,
                item: 'PAINT',
                quantity: 900 + pages,
                location: 'zz',
                expiry: '2030-01-01',
              },
            ],
          });
          if (pages > 12) break;
        }
        const stayed = seen.filter((name) => before.includes(name));
        expect(new Set(seen).size).toBe(seen.length);
        expect(stayed).toEqual(before.slice(0, stayed.length));
        expect(stayed.length).toBeGreaterThan(20);
      },
    );

    it('reservations that were freed are gone, and the others come once each', async () => {
      const { room } = setting();
      const each = { list: 'reservations', sort: 'since', descending: false };
      const before = await whole(each);
      const seen: string[] = [];
      for await (const page of walked(each, 2)) {
        seen.push(...page);
        const next = before[seen.length];
        // The very row that the next page would begin with, and the one that it begins behind.
        const gone = [page.at(-1), next].filter((label) => label !== undefined);
        await room.unreserve({ target: { labels: gone } }, intent());
      }
      expect(seen).toEqual(before.filter((_, at) => at % 3 !== 2));
    });
  });

  it('a page may be limited and still be asked for as a whole list', async () => {
    const { room } = setting();
    const first = await all(room.labels({ limit: 5 }));
    const last = first.at(-1);
    if (last === undefined) throw new Error('there are labels');
    const rest = await all(room.labels({ after: LABEL_PLACES.number.of(last) }));
    expect([...first, ...rest]).toEqual(await all(room.labels({})));
  });
}
