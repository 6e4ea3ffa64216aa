/** Another process holds the write lock: readers are not kept waiting, writers wait until their timeout and no longer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/stockroom/clock.ts';
import { Fault } from '../../src/stockroom/fault.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type SqliteBackend, openDesk, sqliteBackend } from '../support/backends.ts';
import { all, bring, intent, seed, WAREHOUSE } from '../support/warehouse.ts';

let store: SqliteBackend;
let room: Stockroom;
let holder: ChildProcess;

/** Takes the lock, says so, and keeps it until its standard input ends. */
const HOLD = `
  const db = new (require('better-sqlite3'))(process.argv[1]);
  db.exec('begin immediate');
  process.stdout.write('held');
  process.stdin.on('end', () => { db.exec('commit'); db.close(); }).resume();`;

beforeEach(async () => {
  store = await sqliteBackend();
  await seed(await store.open(), WAREHOUSE);
  room = await openDesk(store.address, systemClock);
  holder = spawn(process.execPath, ['-e', HOLD, store.address.path], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (holder.stdout !== null) await once(holder.stdout, 'data');
});

afterEach(async () => {
  await release();
  await room.close();
  await store.close();
});

async function release(): Promise<void> {
  if (holder.exitCode !== null) return;
  const ended = once(holder, 'exit');
  holder.stdin?.end();
  await ended;
}

it.each([
  ['reserve', (timeout: number) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ timeout }))],
  ['unreserve', (timeout: number) => room.unreserve({ target: { labels: ['L-1'] } }, intent({ timeout }))],
  ['ship', (timeout: number) => room.ship({ order: 'SO-3', from: ['L-1'] }, intent({ timeout }))],
  ['import', (timeout: number) => bring(room, { items: [{ sku: 'N' }] }, {}, intent({ timeout }))],
])('%s gives up at its timeout, having done nothing', async (_, act) => {
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

it('what waits gets its turn when the lock is free', async () => {
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
  const soon = intent({ dryRun: true, timeout: 0 });
  expect(await room.find(['L-1'])).toMatchObject({ code: 'found' });
  expect(await all(room.labels({ item: 'PAINT' }))).toHaveLength(3);
  expect(await room.show({ name: 'SO-1' })).toMatchObject({ kind: 'order' });
  expect(await room.suggest({ order: 'SO-1', strategy: 'fifo' })).toMatchObject({ refusal: null });
  expect(await room.reserve({ order: 'SO-1', labels: ['L-1'] }, soon)).toMatchObject({ code: 'reserved' });
  expect(await bring(room, { items: [{ sku: 'N' }] }, {}, soon)).toMatchObject({ code: 'imported' });
  const other = await store.open();
  expect(await other.find(['L-1'])).toMatchObject({ code: 'found' });
});
