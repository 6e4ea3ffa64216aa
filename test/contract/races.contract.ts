/** Real processes on one store: whatever they do at once, a label has one holder and nothing is lost. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type Address, type Backend, initLedger } from '../support/backends.ts';
import { SCHEMA } from '../../src/storage/schema-version.ts';
import { DeskProcess, type Outcome, type Request } from '../support/desk-process.ts';
import { all, bring, intent, seed, type Stock } from '../support/warehouse.ts';
import { brokenIn } from '../storage/broken.ts';

/** The most processes that a race has. */
export const DESKS = 32;
const LABELS = Array.from({ length: 60 }, (_, at) => `L-${at}`);
const ORDERS = Array.from({ length: DESKS }, (_, at) => `SO-${at}`);
const STOCK: Stock = {
  items: [{ sku: 'A' }],
  labels: LABELS.map((number) => ({ number, item: 'A', quantity: 1 })),
  orders: ORDERS.map((number) => ({ number })),
  lines: ORDERS.map((order) => ({ order, line: 1, item: 'A', ordered: 1000 })),
};

/** `elsewhere` says where a store could be that is not there yet. */
export function racesContract<A extends Address>(
  make: () => Promise<Backend<A>>,
  elsewhere: (store: Backend<A>) => Promise<A>,
): void {
  let desks: readonly DeskProcess[] = [];
  let store: Backend<A>;
  let room: Stockroom;

  beforeAll(() => {
    desks = Array.from({ length: DESKS }, () => new DeskProcess());
  });

  beforeEach(async () => {
    store = await make();
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
    it.each([2, 8, DESKS])('%i processes reserve it: each round has exactly one winner', async (count) => {
      for (const label of LABELS.slice(0, 15)) {
        const outcomes = await atOnce(ORDERS.slice(0, count).map((order) => reserve(order, [label])));
        expect(tally(outcomes)).toEqual({ reserved: 1, label_reserved_elsewhere: count - 1 });
        const winner = ORDERS[outcomes.findIndex(({ ok }) => ok)];
        expect((await room.find([label])).results[0]?.reservation?.order).toBe(winner);
      }
      expect(await brokenIn(store.address)).toEqual([]);
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
      expect(await brokenIn(store.address)).toEqual([]);
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
      expect(await brokenIn(store.address)).toEqual([]);
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
      for (const { code } of outcomes)
        expect(code).toMatch(/^(reserved|label_reserved_elsewhere|line_short)$/);
      expect(await brokenIn(store.address)).toEqual([]);
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
      expect(await brokenIn(store.address)).toEqual([]);
    });

    it('is shipped once, however many ship it', async () => {
      await seed(room, { lines: [{ order: 'SO-0', line: 1, ordered: 3 }] });
      await room.reserve({ order: 'SO-0', labels: LABELS.slice(0, 3) }, intent());
      const ship = (): Request => ({ verb: 'ship', command: { order: 'SO-0' }, intent: intent() });
      const outcomes = await atOnce(desks.map(ship));
      expect(tally(outcomes)).toEqual({ shipped: 1, already_shipped: DESKS - 1 });
      expect(await all(room.shipments({}))).toHaveLength(1);
      expect(await brokenIn(store.address)).toEqual([]);
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
    expect(await brokenIn(store.address)).toEqual([]);
  });

  describe('labels on the move', () => {
    const transfer = (label: string, from: string, order: string): Request => {
      const command = { labels: [label], to: { order }, expectOrder: from };
      return { verb: 'transfer', command, intent: intent({ actor: order }) };
    };

    it('one is transferred while others reach for it: it is never free, and goes to one', async () => {
      for (const label of LABELS.slice(0, 12)) {
        await room.reserve({ order: 'SO-0', labels: [label] }, intent());
        const movers = ORDERS.slice(1, 5).map((order) => transfer(label, 'SO-0', order));
        const outcomes = await atOnce([
          ...movers,
          ...ORDERS.slice(5, 11).map((order) => reserve(order, [label])),
        ]);
        expect(tally(outcomes)).toEqual({ transferred: 1, label_reserved_elsewhere: 9 });
        const winner = ORDERS[1 + outcomes.findIndex(({ ok }) => ok)];
        expect((await room.find([label])).results[0]?.reservation?.order).toBe(winner);
      }
      expect(await brokenIn(store.address)).toEqual([]);
    });

    it('two are swapped this way and that, and each has one holder in the end', async () => {
      await room.reserve({ order: 'SO-0', labels: ['L-0'] }, intent());
      await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
      const swap = (labels: readonly [string, string]): Request => ({
        verb: 'swap',
        command: { labels },
        intent: intent(),
      });
      const outcomes = await atOnce(
        desks.map((_, at) => swap(at % 2 === 0 ? ['L-0', 'L-1'] : ['L-1', 'L-0'])),
      );
      expect(tally(outcomes)).toEqual({ swapped: DESKS });
      const held = (await room.find(['L-0', 'L-1'])).results.map(({ reservation }) => reservation?.order);
      expect(held).toEqual(['SO-0', 'SO-1']);
      expect(await brokenIn(store.address)).toEqual([]);
    });

    it('reserves beside a cancel: whoever comes first, nothing stays on the cancelled order', async () => {
      for (const [at, order] of ORDERS.slice(0, 10).entries()) {
        const labels = LABELS.slice(at * 5, at * 5 + 5);
        await room.reserve({ order, labels: labels.slice(0, 1) }, intent());
        const cancel: Request = {
          verb: 'cancel',
          command: { order },
          intent: intent({ operation: `end ${order}` }),
        };
        const others = labels.slice(1).map((label) => reserve(order, [label]));
        const outcomes = await atOnce([...others.slice(0, 2), cancel, ...others.slice(2)]);
        expect(outcomes[2]?.code).toBe('cancelled');
        for (const { code } of outcomes.toSpliced(2, 1)) expect(code).toMatch(/^(reserved|order_not_live)$/);
        expect(await all(room.reservations({ order }))).toEqual([]);
        const { results } = await room.find(labels);
        expect(results.map(({ status }) => status)).toEqual(labels.map(() => 'active'));
      }
      expect(await brokenIn(store.address)).toEqual([]);
    });

    it('an undo beside a cancel puts nothing back on the cancelled order for good', async () => {
      for (const [at, order] of ORDERS.slice(0, 8).entries()) {
        const label = LABELS[at] ?? '';
        await room.reserve({ order, labels: [label] }, intent());
        await room.unreserve({ target: { labels: [label] } }, intent({ operation: `free ${order}` }));
        const undo: Request = { verb: 'undo', command: { operation: `free ${order}` }, intent: intent() };
        const cancel: Request = { verb: 'cancel', command: { order }, intent: intent() };
        const [undone, cancelled] = await atOnce([undo, cancel]);
        expect(cancelled?.code).toBe('cancelled');
        expect(undone?.code).toMatch(/^(undone|holder_ended)$/);
        expect(await all(room.reservations({ order }))).toEqual([]);
      }
      expect(await brokenIn(store.address)).toEqual([]);
    });

    it('an operation is undone once, however many undo it', async () => {
      await room.reserve({ order: 'SO-0', labels: LABELS.slice(0, 5) }, intent({ operation: 'op' }));
      const outcomes = await atOnce(
        desks.map((): Request => ({ verb: 'undo', command: { operation: 'op' }, intent: intent() })),
      );
      expect(tally(outcomes)).toEqual({ undone: 1, nothing_to_undo: DESKS - 1 });
      expect(await all(room.reservations({}))).toEqual([]);
      expect(await brokenIn(store.address)).toEqual([]);
    });
  });

  describe('an import beside desks', () => {
    it('that empties labels: what is reserved first loses its reservation, and nothing empty is held', async () => {
      for (let round = 0; round < 5; round++) {
        const labels = LABELS.slice(round * 6, round * 6 + 6);
        const empty = labels.slice(0, 4).map((number) => ({ number, quantity: 0 }));
        const [outcomes, imported] = await Promise.all([
          atOnce(labels.map((label, at) => reserve(ORDERS[at] ?? '', [label]))),
          bring(room, { labels: empty }),
        ]);
        expect(imported.code).toBe('imported');
        for (const { code } of outcomes) expect(code).toMatch(/^(reserved|label_depleted)$/);
        const { results } = await room.find(labels);
        expect(results.map(({ status }) => status)).toEqual([
          ...empty.map(() => 'depleted'),
          ...['reserved', 'reserved'],
        ]);
      }
      // What an import changes is no shipment.
      const broken = await brokenIn(store.address);
      expect(broken).toEqual(['a label that lost something else than its shipments say']);
    });

    it('that closes orders and releases what they hold: nothing stays held', async () => {
      for (let round = 0; round < 5; round++) {
        const order = ORDERS[round] ?? '';
        const labels = LABELS.slice(round * 8, round * 8 + 8);
        const [outcomes, imported] = await Promise.all([
          atOnce(labels.map((label) => reserve(order, [label]))),
          bring(room, { orders: [{ number: order, status: 'closed' }] }, { releaseClosed: true }),
        ]);
        expect(imported.code).toBe('imported');
        for (const { code } of outcomes) expect(code).toMatch(/^(reserved|order_not_live)$/);
        expect(await all(room.reservations({ order }))).toEqual([]);
      }
      expect(await brokenIn(store.address)).toEqual([]);
    });

    it('several that bring the same rows in other orders end as one', async () => {
      const rows = Array.from({ length: 300 }, (_, at) => ({ number: `N-${at}`, item: 'A', quantity: 1 }));
      const rooms = await Promise.all([store.open(), store.open(), store.open()]);
      const answers = await Promise.all(
        rooms.map((desk, at) => bring(desk, { labels: at % 2 === 0 ? rows : rows.toReversed() })),
      );
      expect(answers.map(({ code }) => code)).toEqual(['imported', 'imported', 'imported']);
      expect(answers.reduce((sum, { counts }) => sum + counts.labels.added, 0)).toBe(rows.length);
      expect(await brokenIn(store.address)).toEqual([]);
    });
  });

  it('a store that many set up at once is set up once', async () => {
    const address = await elsewhere(store);
    const outcomes = await atOnce(desks.slice(0, 6).map(() => ({ verb: 'init', address })));
    expect(tally(outcomes)).toEqual({ 0: 1, [SCHEMA]: 5 });
    expect(await initLedger(address)).toBe(SCHEMA);
  });
}
