/** A plan is kept as long as its connection, so one that was made on an empty ledger must do for a full one. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/stockroom/clock.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { initLedger, openDesk, type PostgresAddress } from '../support/backends.ts';
import { freshAddress, rawly } from '../support/postgres-for-tests.ts';
import { bring, intent } from '../support/warehouse.ts';

const ORDERS = 10;
const LABELS_OF_AN_ORDER = 10;
/** Most entries of indexes that a verb may read for one label: its rows, their keys, and what foreign keys look up. */
const MOST_ENTRIES = 300;

const orderOf = (at: number) => `SO-${Math.floor(at / LABELS_OF_AN_ORDER)}`;
const labels = Array.from({ length: ORDERS * LABELS_OF_AN_ORDER }, (_, at) => `L-${at}`);

type Act = (room: Stockroom, label: string, order: string) => Promise<unknown>;

const reserve: Act = (room, label, order) => room.reserve({ order, labels: [label] }, intent());
const ACTS: Readonly<Record<string, Act>> = {
  reserve,
  'find-order': (room, label) => room.find([label]),
  transfer: async (room, label, order) => {
    const to = { order: `SO-${(Number(order.slice(3)) + 1) % ORDERS}` };
    await room.transfer({ labels: [label], to }, intent({ operation: `transfer-${label}` }));
  },
  undo: (room, label) => room.undo({ operation: `transfer-${label}` }, intent()),
  unreserve: (room, label) => room.unreserve({ target: { labels: [label] } }, intent()),
  'reserve again': reserve,
  ship: (room, _, order) => room.ship({ order, partial: true }, intent()),
};

it('every verb goes by keys, also where its plan was made while nothing was there', {
  timeout: 60_000,
}, async () => {
  const address = await freshAddress();
  await initLedger(address);
  await rawly(address, async (client) => await client.query('analyze'));
  const room = await openDesk(address, systemClock);
  try {
    for (const act of Object.values(ACTS)) await act(room, 'L-0', 'SO-0');
    await fill(address);
    let before = await entriesRead(address, room);
    for (const [name, act] of Object.entries(ACTS)) {
      for (const [at, label] of labels.entries()) await act(room, label, orderOf(at));
      const after = await entriesRead(address, room);
      expect((after - before) / labels.length, name).toBeLessThan(MOST_ENTRIES);
      before = after;
    }
  } finally {
    await room.close();
  }
});

/** The server counts what a connection has read when one of its transactions ends, at most once in a second. */
async function entriesRead({ schema, ...rest }: PostgresAddress, room: Stockroom): Promise<number> {
  await wait(1_100);
  await room.find(['L-0']);
  let read = 0;
  await rawly({ schema, ...rest }, async (client) => {
    const sql = 'select sum(idx_tup_read) as read from pg_stat_user_indexes where schemaname = $1';
    read = Number((await client.query<{ read: string }>(sql, [schema])).rows[0]?.read);
  });
  return read;
}

async function fill(address: PostgresAddress): Promise<void> {
  const room = await openDesk(address, systemClock);
  const orders = Array.from({ length: ORDERS }, (_, at) => `SO-${at}`);
  await bring(room, {
    items: [{ sku: 'A' }],
    labels: labels.map((number) => ({ number, item: 'A', quantity: 1 })),
    orders: orders.map((number) => ({ number })),
    lines: orders.map((order) => ({ order, line: 1, item: 'A', ordered: 1000 })),
  });
  await room.close();
}
