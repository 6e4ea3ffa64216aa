/** Somebody holds the locks: readers are not kept waiting, writers wait until their timeout and no longer. */
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/stockroom/clock.ts';
import { Fault } from '../../src/stockroom/fault.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { openDesk, type PostgresBackend, postgresBackend } from '../support/backends.ts';
import { all, bring, intent, seed, WAREHOUSE } from '../support/warehouse.ts';
import { brokenIn } from './broken.ts';

let store: PostgresBackend;
let room: Stockroom;
let holder: pg.Client;

beforeEach(async () => {
  store = await postgresBackend();
  await seed(await store.open(), WAREHOUSE);
  room = await openDesk(store.address, systemClock);
  const { url, schema } = store.address;
  holder = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` });
  await holder.connect();
});

afterEach(async () => {
  await holder.end();
  await room.close();
  await store.close();
});

async function hold(...tables: readonly string[]): Promise<void> {
  await holder.query('begin');
  for (const table of tables) await holder.query(`select from ${table} for update`);
}

async function release(): Promise<void> {
  await holder.query('commit');
}

it.each([
  ['reserve', (timeout: number) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ timeout }))],
  ['unreserve', (timeout: number) => room.unreserve({ target: { labels: ['L-1'] } }, intent({ timeout }))],
  ['ship', (timeout: number) => room.ship({ order: 'SO-3', from: ['L-1'] }, intent({ timeout }))],
  ['import', (timeout: number) => bring(room, { items: [{ sku: 'N' }] }, {}, intent({ timeout }))],
])('%s gives up at its timeout, having done nothing', async (_, act) => {
  await hold('earmark_schema', 'labels');
  const started = performance.now();
  const fault = await act(60).catch((error: unknown) => error);
  const took = performance.now() - started;
  expect(fault).toBeInstanceOf(Fault);
  expect(fault).toMatchObject({ code: 'busy', message: expect.stringMatching(/nothing was done/) });
  expect(took).toBeGreaterThanOrEqual(55);
  expect(took).toBeLessThan(5000);
  await release();
  expect(await all(room.reservations({}))).toEqual([]);
  expect(await act(10_000)).toMatchObject({ ok: true });
});

it('what waits gets its turn when the locks are free', async () => {
  await hold('earmark_schema', 'labels');
  const waits = Promise.all([
    room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent()),
    room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent()),
    bring(room, { items: [{ sku: 'N' }] }),
  ]);
  expect((await room.find(['L-1'])).results).toMatchObject([{ status: 'active' }]);
  await release();
  expect(await waits).toMatchObject([{ code: 'reserved' }, { code: 'reserved' }, { code: 'imported' }]);
});

it('everything can be read meanwhile, and tried dry', async () => {
  await hold('earmark_schema', 'orders', 'labels', 'reservations');
  const soon = intent({ dryRun: true, timeout: 100 });
  expect(await room.find(['L-1'])).toMatchObject({ code: 'found' });
  expect(await all(room.labels({ item: 'PAINT' }))).toHaveLength(3);
  expect(await room.show({ name: 'SO-1' })).toMatchObject({ kind: 'order' });
  expect(await room.suggest({ order: 'SO-1', strategy: 'fifo' })).toMatchObject({ refusal: null });
  expect(await room.reserve({ order: 'SO-1', labels: ['L-1'] }, soon)).toMatchObject({ code: 'reserved' });
  expect(await bring(room, { items: [{ sku: 'N' }] }, {}, soon)).toMatchObject({ code: 'imported' });
});

it('what is refused waits for nobody', async () => {
  await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
  await hold('orders', 'labels');
  const answer = await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ timeout: 100 }));
  expect(answer).toMatchObject({ code: 'label_reserved_elsewhere' });
});

/** While a reserve waits for the label, what it was decided from changes under it. */
const CHANGES: Readonly<Record<string, readonly [sql: string, code: string]>> = {
  'the order was shipped': [`update orders set status = 'shipped' where number = 'SO-1'`, 'order_not_live'],
  'its line was shipped': ['update order_lines set shipped = ordered', 'line_already_shipped'],
  'the label was emptied': [`update labels set quantity = 0 where number = 'L-1'`, 'label_depleted'],
  'its number went to another label': [
    `update labels set number = 'gone' where number = 'L-1'; update labels set number = 'L-1' where number = 'P-1'`,
    'label_of_other_item',
  ],
  'it was reserved': [
    `insert into reservations (label_id, line_id, item_id, since, "by", operation_id)
     select l.id, k.id, l.item_id, 1, 'x', (select min(id) from operations) from labels l, order_lines k join orders o on o.id = k.order_id
     where l.number = 'L-1' and o.number = 'SO-2' and k.line = 1`,
    'label_reserved_elsewhere',
  ],
  'the customer has another name': [`update orders set customer = 'Zed' where number = 'SO-1'`, 'reserved'],
  nothing: ['select', 'reserved'],
};

it.each(Object.entries(CHANGES))('a reserve that waited sees that %s', async (_, [sql, code]) => {
  await holdBoth();
  const waiting = room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: 'late' }));
  await untilWaiting();
  await holder.query(sql);
  await release();
  expect(await waiting).toMatchObject({ code });
  if (code === 'reserved') expect(await brokenIn(store.address)).toEqual([]);
});

it('a label that was reserved and freed while it was waited for is not reserved before that', async () => {
  await holdBoth();
  const waiting = room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
  await untilWaiting();
  const later = Date.now() + 5_000;
  await holder.query(`insert into events (operation_id, at, kind, label_id, order_id, line_id, before, after)
    select (select min(id) from operations), ${later}, 'label_changed', l.id, null, null, '{"bin":"A1"}', '{"bin":"A1"}' from labels l
    where l.number = 'L-1'`);
  await release();
  const { operation } = await waiting;
  expect(Date.parse(operation?.at ?? '')).toBe(later);
});

async function holdBoth(): Promise<void> {
  await holder.query(`begin; select from orders where number = 'SO-1' for update;
    select from labels where number = 'L-1' for update`);
}

/** Until somebody waits for a lock that the holder has. */
async function untilWaiting(): Promise<void> {
  for (;;) {
    const { rows } = await holder.query(
      'select 1 from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))',
    );
    if (rows.length > 0) return;
  }
}
