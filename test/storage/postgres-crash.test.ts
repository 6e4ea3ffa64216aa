/** Desks that are killed, and a server that crashes: what was acknowledged is there, and all else can be done again. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { systemClock } from '../../src/stockroom/clock.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { initLedger, openDesk, type PostgresAddress } from '../support/backends.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { urlOf } from '../support/postgres-for-tests.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { all, intent, seed, type Stock } from '../support/warehouse.ts';
import { brokenIn } from './broken.ts';

const COUNT = 300;
const LABELS = Array.from({ length: COUNT }, (_, at) => `L-${at}`);
const STOCK: Stock = {
  items: [{ sku: 'A' }],
  labels: LABELS.map((number) => ({ number, item: 'A', quantity: 1 })),
  orders: LABELS.map((_, at) => ({ number: `SO-${at}` })),
  lines: LABELS.map((_, at) => ({ order: `SO-${at}`, line: 1, item: 'A', ordered: 5 })),
};

/** A server of its own: when it crashes nobody else is to notice. */
let server: PostgresServer;
let address: PostgresAddress;
let room: Stockroom;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(async () => {
  await server.stop();
});

async function stock(): Promise<void> {
  schemas += 1;
  address = { kind: 'postgres', url: urlOf(server), schema: `crash_${schemas}` };
  await initLedger(address);
  room = await openDesk(address, systemClock);
  await seed(room, STOCK);
}

afterEach(async () => {
  await room.close();
});

const reserve = (label: string, at: number) => {
  const command = { order: `SO-${at}`, labels: [label] };
  return { verb: 'reserve', command, intent: intent({ operation: `${label}!` }) } as const;
};

it.each([1, 40, 120])(
  'a desk killed after %i acknowledged reserves: all of those are there',
  async (count) => {
    await stock();
    const desk = new DeskProcess();
    await desk.open(address);
    const acknowledged: string[] = [];
    let enough: (() => void) | undefined;
    const reached = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const answers = LABELS.map(async (label, at) => {
      const { ok } = await desk.outcome(reserve(label, at));
      if (ok) acknowledged.push(label);
      if (acknowledged.length === count) enough?.();
    });
    const settled = Promise.allSettled(answers);
    await reached;
    await desk.kill();
    await settled;
    await expectReserved(acknowledged);
    await Promise.all(LABELS.map(reserve).map(({ command, intent: wish }) => room.reserve(command, wish)));
    await expectReserved(LABELS);
    expect(await brokenIn(address)).toEqual([]);
  },
);

it('a server that crashes while desks are at work: each gets its answer, and each is done once', async () => {
  await stock();
  const rooms = await Promise.all([openDesk(address, systemClock), openDesk(address, systemClock)]);
  let done = 0;
  const work = rooms.map(async (desk, which) => {
    const codes: string[] = [];
    for (const [at, label] of LABELS.entries()) {
      if (at % 2 !== which) continue;
      const { command, intent: wish } = reserve(label, at);
      codes.push((await untilUp(() => desk.reserve(command, wish))).code);
      done += 1;
    }
    return codes;
  });
  for (const crashes of [40, 120, 200]) {
    while (done < crashes) await new Promise((resolve) => setImmediate(resolve));
    await crash();
  }
  expect(new Set((await Promise.all(work)).flat())).toEqual(new Set(['reserved']));
  await expectReserved(LABELS);
  expect(await all(room.reservations({}))).toHaveLength(COUNT);
  expect(await brokenIn(address)).toEqual([]);
  for (const desk of rooms) await desk.close();
});

async function expectReserved(labels: readonly string[]): Promise<void> {
  const { results } = await room.find(labels);
  expect(results.map(({ reservation }) => reservation?.operation)).toEqual(
    labels.map((label) => `${label}!`),
  );
}

/** Kills one of the server's processes as by `kill -9`: the others end too, and all that was not committed is lost. */
async function crash(): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(server) });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
  await client.end().catch(() => undefined);
}

/** Where nothing was done, because nobody answered at all, it is tried again, as whoever uses it would. */
async function untilUp<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'database_down')) throw error;
    }
  }
}
