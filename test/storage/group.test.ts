/** Mutations that wait at the same time share one durable transaction, and yet each is answered on its own (DESIGN section 8). */
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChangeSet, type Decision, type Snapshot } from '../../src/core/index.ts';
import { systemClock } from '../../src/stockroom/clock.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { openSqliteLedger, type SqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { type SqliteBackend, openDesk, sqliteBackend, waitingLong } from '../support/backends.ts';
import { bring, everything, intent, seed, WAREHOUSE } from '../support/warehouse.ts';
import { countTransactions, failCommit, healCommits } from './failing-commit.ts';
import { brokenIn } from './broken.ts';
import { rawly } from './raw-file.ts';

const LABELS = Array.from({ length: 40 }, (_, at) => `N-${at + 1}`);

let store: SqliteBackend;
let room: Stockroom;

beforeEach(async () => {
  store = await sqliteBackend();
  await seed(await store.open(), WAREHOUSE);
  room = await openDesk(store.address, systemClock);
  await bring(room, { labels: LABELS.map((number) => ({ number, item: 'CABLE', quantity: 1 })) });
});

afterEach(async () => {
  healCommits();
  await room.close();
  await store.close();
});

const reserve = async (label: string, over = {}) => {
  return await room.reserve(
    { order: 'SO-1', labels: [label], line: 1 },
    intent({ operation: label, ...over }),
  );
};

it('forty at once need few commits, and all are there', async () => {
  const transactions = countTransactions();
  const answers = await Promise.all(LABELS.map(async (label) => await reserve(label)));
  expect(answers.map(({ code }) => code)).toEqual(LABELS.map(() => 'reserved'));
  expect(transactions.count).toBeGreaterThan(0);
  expect(transactions.count).toBeLessThan(5);
  const held = rawly(store.address.path, (db) =>
    db.prepare('select count(*) from reservations').pluck().get(),
  );
  expect(held).toBe(LABELS.length);
  expect(await brokenIn(store.address)).toEqual([]);
});

it('of forty who want the same label one gets it, and the others are told who', async () => {
  const answers = await Promise.all(
    LABELS.map(async (_, at) => {
      const order = at % 2 === 0 ? 'SO-1' : 'SO-2';
      return await room.reserve({ order, labels: ['N-1'] }, intent({ operation: `want-${at}` }));
    }),
  );
  const winner = answers.find(({ code }) => code === 'reserved');
  expect(answers.filter(({ code }) => code === 'reserved')).toHaveLength(1);
  for (const { code, refusals } of answers) {
    if (code !== 'label_reserved_elsewhere') continue;
    expect(refusals).toMatchObject([{ holder: { operation: winner?.operation?.id } }]);
  }
  expect(await brokenIn(store.address)).toEqual([]);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('a bug');
    },
  ],
  ['writes what a constraint forbids', twice],
] as const)('one that %s takes nothing of its neighbours with it', async (_, bad) => {
  const ledger = await openSqliteLedger(store.address.path, waitingLong());
  try {
    const results = await Promise.allSettled([
      transact(ledger, 'first', good('N-1')),
      transact(ledger, 'bad', bad),
      transact(ledger, 'last', good('N-2')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ledger.operation('bad')).toBeNull();
    const { results: labels } = await room.find(['N-1', 'N-2', 'N-3']);
    expect(labels.map(({ status }) => status)).toEqual(['reserved', 'reserved', 'active']);
  } finally {
    await ledger.close();
  }
});

it('a commit that was done after all answers all of them, the refused too', async () => {
  failCommit({ done: true, code: 'SQLITE_IOERR_FSYNC' });
  const answers = await Promise.all([reserve('N-1'), reserve('N-2'), reserve('L-404')]);
  expect(answers.map(({ code }) => code)).toEqual(['reserved', 'reserved', 'label_not_found']);
  expect((await room.find(['N-1', 'N-2'])).results.map(({ status }) => status)).toEqual([
    'reserved',
    'reserved',
  ]);
});

it('a commit that was not done fails all of them, the refused too, and all may be tried again', async () => {
  const before = await everything(room);
  failCommit({ done: false, code: 'SQLITE_FULL' });
  const wanted = ['N-1', 'N-2', 'L-404'];
  const results = await Promise.allSettled(wanted.map(async (label) => await reserve(label)));
  expect(results).toMatchObject(wanted.map(() => ({ status: 'rejected', reason: { code: 'disk_full' } })));
  expect(await everything(room)).toEqual(before);
  const answers = await Promise.all(wanted.map(async (label) => await reserve(label)));
  expect(answers.map(({ code }) => code)).toEqual(['reserved', 'reserved', 'label_not_found']);
});

it('each waits for the lock no longer than its own timeout', async () => {
  const other = new Database(store.address.path);
  other.exec('begin immediate');
  const patient = reserve('N-1', { timeout: 20_000 });
  // By now it waits for the lock, and the other one joins it there.
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(reserve('N-2', { timeout: 40 })).rejects.toMatchObject({ code: 'busy' });
  other.exec('commit');
  other.close();
  expect(await patient).toMatchObject({ code: 'reserved' });
  expect((await room.find(['N-2'])).results).toMatchObject([{ status: 'active' }]);
});

type Decide = (snapshot: Snapshot) => Decision<{ readonly ok: boolean }>;

async function transact(ledger: SqliteLedger, id: string, decide: Decide) {
  const operation = { id, verb: 'reserve', actor: 'dana', reason: null, fingerprint: '0'.repeat(64) };
  const scope = { order: 'SO-1', labels: ['N-1', 'N-2', 'N-3'] };
  return await ledger.transact(operation, scope, decide, Date.now() + 10_000);
}

function good(label: string): Decide {
  return ({ order, labels }) => {
    const state = labels.get(label);
    const line = order?.lines[0];
    if (order === null || line === undefined || state === undefined)
      throw new Error('the warehouse has changed');
    const changes = new ChangeSet();
    const holder = { orderId: order.id, order: order.number, lineId: line.id, line: line.line };
    changes.reserve(state.label, order, line, {
      ...{ ...holder, customer: null, orderStatus: order.status, since: 1, by: 'dana', operation: label },
    });
    return { answer: { ok: true }, at: Date.now(), changes };
  };
}

/** Reserves one label two times over. */
function twice(snapshot: Snapshot): Decision<{ readonly ok: boolean }> {
  const [first, second] = [good('N-3')(snapshot), good('N-3')(snapshot)];
  first.changes.reservations.push(...second.changes.reservations);
  return first;
}
