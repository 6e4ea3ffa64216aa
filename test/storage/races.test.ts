/** Real processes on one file: whatever they do at once, a label has one holder and nothing is lost. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SCHEMA } from '../../src/storage/schema-version.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type Backend, sqliteBackend } from '../support/backends.ts';
import { DeskProcess, type Outcome, type Request } from '../support/desk-process.ts';
import { all, intent, seed, type Stock } from '../support/warehouse.ts';
import { brokenIn, rawly } from './raw-file.ts';

const DESKS = 16;
const LABELS = Array.from({ length: 60 }, (_, at) => `L-${at}`);
const ORDERS = Array.from({ length: DESKS }, (_, at) => `SO-${at}`);
const STOCK: Stock = {
  items: [{ sku: 'A' }],
  labels: LABELS.map((number) => ({ number, item: 'A', quantity: 1 })),
  orders: ORDERS.map((number) => ({ number })),
  lines: ORDERS.map((order) => ({ order, line: 1, item: 'A', ordered: 1000 })),
};

let desks: readonly DeskProcess[] = [];
let store: Backend;
let room: Stockroom;

beforeAll(() => {
  desks = Array.from({ length: DESKS }, () => new DeskProcess());
});

beforeEach(async () => {
  store = await sqliteBackend();
  room = await store.open();
  await seed(room, STOCK);
  await Promise.all(desks.map((desk) => desk.open(store.address)));
});

afterEach(async () => {
  await store.close();
});

afterAll(async () => {
  await Promise.all(desks.map((desk) => desk.close()));
});

const reserve = (order: string, labels: readonly string[]): Request => {
  return { verb: 'reserve', command: { order, labels }, intent: intent({ actor: order }) };
};

/** Every desk is asked before any answer is awaited. */
async function atOnce(requests: readonly Request[]): Promise<Outcome[]> {
  const asked = requests.map((request, at) => desks[at]?.outcome(request));
  return (await Promise.all(asked)).filter((outcome) => outcome !== undefined);
}

function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

describe('one label', () => {
  it.each([2, 8, 16])('%i processes reserve it: each round has exactly one winner', async (count) => {
    for (const label of LABELS.slice(0, 15)) {
      const outcomes = await atOnce(ORDERS.slice(0, count).map((order) => reserve(order, [label])));
      expect(tally(outcomes)).toEqual({ reserved: 1, label_reserved_elsewhere: count - 1 });
      const winner = ORDERS[outcomes.findIndex(({ ok }) => ok)];
      expect((await room.find([label])).results[0]?.reservation?.order).toBe(winner);
    }
    expect(brokenIn(store.address.path)).toEqual([]);
  });

  it('processes that reserve it for one order with one id get one answer', async () => {
    for (const label of LABELS.slice(0, 8)) {
      const request = reserve('SO-0', [label]);
      const outcomes = await atOnce(desks.map(() => request));
      expect(outcomes).toEqual(outcomes.map(() => outcomes[0]));
      expect(tally(outcomes)).toEqual({ reserved: DESKS });
    }
    const view = await room.show({ kind: 'label', name: 'L-0' });
    expect(view).toMatchObject({ events: [{ kind: 'reserved' }] });
    expect(brokenIn(store.address.path)).toEqual([]);
  });
});

describe('sets of labels', () => {
  it('that overlap, in opposite orders, are held whole or not at all', async () => {
    for (let round = 0; round < 6; round++) {
      const set = LABELS.slice(round * 10, round * 10 + 10);
      const requests = ORDERS.slice(0, 8).map((order, at) => {
        return reserve(order, at % 2 === 0 ? set.slice(0, 7) : set.slice(3).reverse());
      });
      const outcomes = await atOnce(requests);
      expect(tally(outcomes)).toEqual({ reserved: 1, label_reserved_elsewhere: 7 });
    }
    expect(await all(room.reservations({}))).toHaveLength(6 * 7);
    expect(brokenIn(store.address.path)).toEqual([]);
  });

  it('that the desks choose themselves are never shared', async () => {
    const requests = ORDERS.slice(0, 4).map((order): Request => {
      return { verb: 'auto', command: { order, strategy: 'fifo' }, intent: intent({ actor: order }) };
    });
    await seed(room, { lines: ORDERS.slice(0, 4).map((order) => ({ order, line: 1, ordered: 9 })) });
    const outcomes = await atOnce(requests);
    const won = outcomes.filter(({ ok }) => ok).length;
    expect(won).toBeGreaterThan(0);
    expect(await all(room.reservations({}))).toHaveLength(won * 9);
    for (const { code } of outcomes) expect(code).toMatch(/^(reserved|label_reserved_elsewhere|line_short)$/);
    expect(brokenIn(store.address.path)).toEqual([]);
  });
});

describe('one order', () => {
  it('is shipped beside reserves for it: what is reserved late is refused, and nothing stays held', async () => {
    const orders = ORDERS.slice(0, 8);
    await seed(room, { lines: orders.map((order) => ({ order, line: 1, ordered: 2 })) });
    for (const [at, order] of orders.entries()) {
      const [first = '', second = '', third = '', fourth = ''] = LABELS.slice(at * 4);
      expect((await room.reserve({ order, labels: [first, second] }, intent())).code).toBe('reserved');
      const ship: Request = { verb: 'ship', command: { order }, intent: intent() };
      const outcomes = await atOnce([reserve(order, [third]), ship, reserve(order, [fourth])]);
      expect(outcomes[1]?.code).toBe('shipped');
      for (const { code } of [outcomes[0], outcomes[2]].filter((each) => each !== undefined)) {
        expect(code).toMatch(/^(reserved|order_not_live)$/);
      }
      expect(await all(room.reservations({ order }))).toEqual([]);
      const { results } = await room.find([first, second, third, fourth]);
      expect(results.map(({ status }) => status).sort()).toEqual([
        'active',
        'active',
        'depleted',
        'depleted',
      ]);
    }
    expect(brokenIn(store.address.path)).toEqual([]);
  });

  it('is shipped once, however many ship it', async () => {
    await seed(room, { lines: [{ order: 'SO-0', line: 1, ordered: 3 }] });
    await room.reserve({ order: 'SO-0', labels: LABELS.slice(0, 3) }, intent());
    const ship = (): Request => ({ verb: 'ship', command: { order: 'SO-0' }, intent: intent() });
    const outcomes = await atOnce(desks.map(ship));
    expect(tally(outcomes)).toEqual({ shipped: 1, already_shipped: DESKS - 1 });
    expect(await all(room.shipments({}))).toHaveLength(1);
    expect(brokenIn(store.address.path)).toEqual([]);
  });
});

it('labels that are freed and taken at once go from holder to holder', async () => {
  const label = 'L-0';
  expect((await room.reserve({ order: 'SO-0', labels: [label] }, intent())).code).toBe('reserved');
  for (let round = 0; round < 15; round++) {
    const holder = (await room.find([label])).results[0]?.reservation?.order ?? 'SO-0';
    const target = { labels: [label] };
    const free: Request = { verb: 'unreserve', command: { target, expectOrder: holder }, intent: intent() };
    const others = ORDERS.filter((order) => order !== holder).slice(0, 3);
    const [freed, ...taken] = await atOnce([free, ...others.map((order) => reserve(order, [label]))]);
    expect(freed?.code).toBe('unreserved');
    expect(taken.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
    if (taken.every(({ ok }) => !ok)) await room.reserve({ order: holder, labels: [label] }, intent());
    expect((await room.find([label])).results[0]?.status).toBe('reserved');
  }
  expect(brokenIn(store.address.path)).toEqual([]);
});

it('a file that many set up at once is set up once', async () => {
  const address = { kind: 'sqlite', path: `${store.address.path}.new` } as const;
  const outcomes = await atOnce(desks.slice(0, 6).map(() => ({ verb: 'init', address })));
  expect(tally(outcomes)).toEqual({ 0: 1, [SCHEMA]: 5 });
  const versions = rawly(address.path, (db) =>
    db.prepare('select version from earmark_schema').pluck().all(),
  );
  expect(versions).toEqual(Array.from({ length: SCHEMA }, (_, at) => at + 1));
});
