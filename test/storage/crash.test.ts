/** Processes that are killed, and disks that take no more: what was acknowledged is there, and all else can be done again. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type SqliteBackend, sqliteBackend } from '../support/backends.ts';
import { DeskProcess, type Outcome, type Request } from '../support/desk-process.ts';
import { all, intent, seed, type Stock } from '../support/warehouse.ts';
import { brokenIn } from './broken.ts';

const COUNT = 300;
const STOCK: Stock = {
  items: [{ sku: 'A' }],
  labels: Array.from({ length: COUNT }, (_, at) => ({ number: `L-${at}`, item: 'A', quantity: 1 })),
  orders: [{ number: 'SO-1' }],
  lines: [{ order: 'SO-1', line: 1, item: 'A', ordered: COUNT }],
};

let store: SqliteBackend;
let room: Stockroom;
const desks: DeskProcess[] = [];

beforeEach(async () => {
  store = await sqliteBackend();
  room = await store.open();
  await seed(room, STOCK);
});

afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.close()));
  await store.close();
});

async function startDesk(shellLimit?: string): Promise<DeskProcess> {
  const desk = new DeskProcess(shellLimit);
  desks.push(desk);
  await desk.open(store.address);
  return desk;
}

interface Reserve extends Extract<Request, { verb: 'reserve' }> {
  readonly label: string;
}

function reserves(): Reserve[] {
  return Array.from({ length: COUNT }, (_, at) => {
    const label = `L-${at}`;
    return { verb: 'reserve', label, command: { order: 'SO-1', labels: [label] }, intent: intent() };
  });
}

async function expectHeldBy(requests: readonly Reserve[]): Promise<void> {
  const { results } = await room.find(requests.map(({ label }) => label));
  const operations = results.map(({ reservation }) => reservation?.operation);
  expect(operations).toEqual(requests.map(({ intent: { operation } }) => operation));
}

it.each([1, 40, 120])('killed after %i acknowledged reserves, all of those are there', async (count) => {
  const desk = await startDesk();
  const requests = reserves();
  const acknowledged: Reserve[] = [];
  let enough: (() => void) | undefined;
  const reached = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const answers = requests.map(async (request) => {
    const { ok } = await desk.outcome(request);
    if (ok) acknowledged.push(request);
    if (acknowledged.length === count) enough?.();
  });
  const settled = Promise.allSettled(answers);
  await reached;
  await desk.kill();
  await settled;
  expect(acknowledged.length).toBeGreaterThanOrEqual(count);
  await expectHeldBy(acknowledged);
  expect(await brokenIn(store.address)).toEqual([]);

  const other = await startDesk();
  const again = await Promise.all(requests.map((request) => other.outcome(request)));
  expect(again.map(({ code }) => code)).toEqual(requests.map(() => 'reserved'));
  await expectHeldBy(requests);
  expect(await brokenIn(store.address)).toEqual([]);
});

it('a disk that takes no more is named, nothing is half done, and the next desk goes on', async () => {
  // The limit counts blocks of 512 or 1024 bytes; the write-ahead log meets it long before the last label.
  const desk = await startDesk('ulimit -f 1500');
  const requests = reserves();
  const outcomes: Outcome[] = [];
  for (const request of requests) {
    outcomes.push(await desk.outcome(request));
    if (outcomes.slice(-3).filter(({ ok }) => !ok).length === 3) break;
  }
  const done = outcomes.filter(({ ok }) => ok).length;
  expect(done).toBeGreaterThan(0);
  expect(outcomes.map(({ code }) => code)).toEqual(
    outcomes.map((_, at) => (at < done ? 'reserved' : 'disk_full')),
  );
  expect(outcomes).toHaveLength(done + 3);
  await desk.kill();

  await expectHeldBy(requests.slice(0, done));
  expect(await all(room.reservations({}))).toHaveLength(done);
  expect(await brokenIn(store.address)).toEqual([]);
  const other = await startDesk();
  const again = await Promise.all(requests.map((request) => other.outcome(request)));
  expect(again.every(({ ok }) => ok)).toBe(true);
  await expectHeldBy(requests);
});
