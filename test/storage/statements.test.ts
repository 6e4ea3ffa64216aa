/** How many statements a verb runs, and how SQLite carries them out: sets, and indexes (DESIGN section 6). */
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type SqliteBackend, sqliteBackend } from '../support/backends.ts';
import { bring, intent, seed, type Stock } from '../support/warehouse.ts';
import { rawly } from './raw-file.ts';

const COUNT = 1000;
const numbers = Array.from({ length: COUNT + 1 }, (_, at) => `L-${at}`);
const STOCK: Stock = {
  items: [{ sku: 'A' }, { sku: 'S', tracking: 'standard' }],
  labels: numbers.map((number) => ({ number, item: 'A', quantity: 1, code: `C${number}` })),
  orders: [{ number: 'SO-1' }, { number: 'SO-2' }, { number: 'SO-3' }],
  lines: [
    { order: 'SO-1', line: 1, item: 'A', ordered: 1 },
    { order: 'SO-2', line: 1, item: 'A', ordered: COUNT },
    { order: 'SO-2', line: 2, item: 'S', ordered: 7 },
    { order: 'SO-3', line: 1, item: 'A', ordered: 1 },
  ],
};

let store: SqliteBackend;
let room: Stockroom;

beforeEach(async () => {
  store = await sqliteBackend();
  room = await store.open();
  await seed(room, STOCK);
});

afterEach(async () => {
  await store.close();
});

type Method = (this: Database.Statement, ...parameters: unknown[]) => unknown;

/** The text of each statement that the store is given while `act` runs, on any connection of this process. */
async function statementsOf(act: () => Promise<unknown>): Promise<string[]> {
  const ran: string[] = [];
  const statements = rawly(':memory:', (db) => Object.getPrototypeOf(db.prepare('select 1'))) as Record<
    string,
    Method
  >;
  const { exec } = Database.prototype;
  const originals = Object.fromEntries(
    ['run', 'get', 'all', 'iterate'].map((name) => [name, statements[name]]),
  );
  for (const [name, original] of Object.entries(originals)) {
    statements[name] = function (...parameters) {
      if (this.database.name === store.address.path) ran.push(this.source);
      return original?.call(this, ...parameters);
    };
  }
  Database.prototype.exec = function (this: Database.Database, sql: string) {
    if (this.name === store.address.path) ran.push(sql);
    return exec.call(this, sql);
  };
  try {
    await act();
  } finally {
    Object.assign(statements, originals);
    Database.prototype.exec = exec;
  }
  return ran;
}

const [one, thousand] = [numbers.slice(COUNT), numbers.slice(0, COUNT)];

it.each([
  ['reserve', (labels: string[], order: string) => room.reserve({ order, labels }, intent())],
  ['reserve again', (labels: string[], order: string) => room.reserve({ order, labels }, intent())],
  ['find', (labels: string[]) => room.find(labels)],
  ['unreserve', (labels: string[]) => room.unreserve({ target: { labels } }, intent())],
  ['unreserve an order', (_: string[], order: string) => room.unreserve({ target: { order } }, intent())],
  ['ship', (_: string[], order: string) => room.ship({ order }, intent())],
  ['transfer', (labels: string[]) => room.transfer({ labels, to: { order: 'SO-3' } }, intent())],
  ['cancel', (_: string[], order: string) => room.cancelOrder({ order }, intent())],
  ['undo', (_: string[], order: string) => room.undo({ operation: `held ${order}` }, intent())],
])('%s runs the same statements for 1 label and for 1,000', async (verb, act) => {
  if (!/^(reserve|find)$/.test(verb)) {
    await room.reserve({ order: 'SO-1', labels: one }, intent({ operation: 'held SO-1' }));
    await room.reserve({ order: 'SO-2', labels: thousand }, intent({ operation: 'held SO-2' }));
  }
  const few = await statementsOf(() => act(one, 'SO-1'));
  const many = await statementsOf(() => act(thousand, 'SO-2'));
  expect(many).toEqual(few);
  expect(few.length).toBeGreaterThan(2);
  expect(few.length).toBeLessThanOrEqual(16);
});

describe('nothing that is asked often scans a table', () => {
  const morning = async () => {
    await room.reserve({ order: 'SO-1', labels: one }, intent({ operation: 'morning/1' }));
    await room.reserve({ order: 'SO-2', labels: ['CL-1', 'L-2'] }, intent({ operation: 'morning/2' }));
  };
  const ACTS: Readonly<Record<string, () => Promise<unknown>>> = {
    reserve: () => room.reserve({ order: 'SO-2', labels: ['L-7', 'CL-8'] }, intent()),
    'a label that is not there': () => room.find(['L-7777', 'l-8']),
    'an order that is not there': () => room.reserve({ order: 'SO1', labels: ['L-7'] }, intent()),
    unreserve: () => room.unreserve({ target: { labels: ['L-2'] } }, intent()),
    'unreserve an order': () => room.unreserve({ target: { order: 'SO-2' } }, intent()),
    ship: () => room.ship({ order: 'SO-1' }, intent()),
    'ship a part': () => room.ship({ order: 'SO-2', partial: true, from: ['L-5'] }, intent()),
    'ship again': async () => {
      await room.ship({ order: 'SO-1' }, intent());
      await room.ship({ order: 'SO-1' }, intent());
    },
    transfer: () => room.transfer({ labels: ['L-1', 'CL-2'], to: { order: 'SO-1' } }, intent()),
    swap: () => room.swap({ labels: ['L-1', numbers[COUNT] ?? ''] }, intent()),
    'cancel an order': () => room.cancelOrder({ order: 'SO-2' }, intent()),
    'close an order': () => room.closeOrder({ order: 'SO-2' }, intent()),
    'undo an operation': () => room.undo({ operation: 'morning/2' }, intent()),
    'undo a group': () => room.undo({ operation: 'morning' }, intent()),
    'undo a cancel': async () => {
      await room.cancelOrder({ order: 'SO-2' }, intent({ operation: 'ended' }));
      await room.undo({ operation: 'ended' }, intent());
    },
    find: () => room.find(['L-1', 'CL-2']),
    'show an order': () => room.show({ kind: 'order', name: 'SO-1' }),
    'show a label': () => room.show({ kind: 'label', name: 'L-1' }),
    'show an operation': () => room.show({ kind: 'operation', name: 'none' }),
    'import what is there': () =>
      bring(room, {
        items: [{ sku: 'A' }],
        labels: [{ number: 'L-1', quantity: 1 }],
        orders: [{ number: 'SO-1' }],
        lines: [{ order: 'SO-1', line: 1, ordered: 1 }],
      }),
    'import what is new': () =>
      bring(room, {
        items: [{ sku: 'N' }],
        labels: [{ number: 'N-1', item: 'N', quantity: 1, code: 'NC' }],
        orders: [{ number: 'NO' }],
        lines: [{ order: 'NO', line: 1, item: 'N', ordered: 1 }],
      }),
    'import what changes': () =>
      bring(
        room,
        {
          labels: [{ number: 'L-1', quantity: 2 }],
          orders: [{ number: 'SO-2', status: 'closed' }],
          lines: [{ order: 'SO-2', line: 1, ordered: 2 }],
        },
        { releaseClosed: true },
      ),
  };

  it.each(Object.entries(ACTS))('%s', async (_, act) => {
    await morning();
    const ran = new Set(await statementsOf(act));
    const scans = rawly(store.address.path, (db) => [...ran].flatMap((sql) => scansOf(db, sql)));
    expect(ran.size).toBeGreaterThan(2);
    expect(scans).toEqual([]);
  });
});

/** The steps of a statement that read a whole table of the ledger. */
function scansOf(db: Database.Database, sql: string): string[] {
  if (!/^\s*(select|insert|update|delete|with)\b/i.test(sql)) return [];
  const plan = db.prepare(`explain query plan ${sql}`);
  const steps = plan.all(...Array.from({ length: parametersOf(sql) }, () => null)) as {
    readonly detail: string;
  }[];
  const scans = steps.filter(({ detail }) => /^SCAN (?!t\b|json_each|CONSTANT|\(|sqlite_)/.test(detail));
  return scans.map(({ detail }) => `${detail} in ${sql}`);
}

function parametersOf(sql: string): number {
  return sql.match(/\?/g)?.length ?? 0;
}
