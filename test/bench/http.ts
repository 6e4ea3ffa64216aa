/**
 * Reserves through a server on a SQLite file, from 32 connections at once, against the same server in front of no database:
 * one that checks the request, and answers with what it would. In turn, because a shared machine's speed drifts.
 *
 *   npm run bench:http -- [--rounds N] [--each N]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { fromDecimal } from '../../src/core/index.ts';
import { listen } from '../../src/http/server/listen.ts';
import { createServer } from '../../src/http/server/server.ts';
import { initSqliteLedger, openSqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { systemClock } from '../../src/stockroom/clock.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    each: { type: 'string', default: '100' },
    /** What the processes that this one starts are told. */
    serve: { type: 'string' },
    file: { type: 'string' },
  },
});
const CONNECTIONS = 32;
const BAR = 0.6;
const rounds = Number(values.rounds);
/** Reserves of each connection in a round; the first round is not counted. */
const each = Number(values.each);
const total = (rounds + 1) * each * CONNECTIONS;
const PER_ORDER = 10;

const opening = () => ({ create: false, allowNetwork: false, deadline: Date.now() + 60_000 });

async function fill(path: string): Promise<void> {
  await initSqliteLedger(path, opening());
  const room = new LocalStockroom(await openSqliteLedger(path, opening()), systemClock);
  const session = await room.beginImport(
    { onConflict: 'report', releaseClosed: false, atomic: false, problemLimit: 5 },
    { operation: 'seed', actor: 'bench' },
  );
  const origin = { file: 'bench', row: 1 };
  session.add('items', { origin, row: { sku: 'A' } });
  for (let at = 0; at < total; at++) {
    session.add('labels', { origin, row: { number: `L-${at}`, item: 'A', quantity: fromDecimal(1) } });
    if (at % PER_ORDER > 0) continue;
    const order = `SO-${at / PER_ORDER}`;
    session.add('orders', { origin, row: { number: order } });
    session.add('lines', { origin, row: { order, line: 1, item: 'A', ordered: fromDecimal(PER_ORDER) } });
  }
  await session.finish();
  session.close();
  await room.close();
}

/** Answers every reserve at once with the answer to one that was tried dry. */
async function withoutDatabase(room: Stockroom): Promise<Stockroom> {
  const dry = { operation: 'dry', actor: 'bench', dryRun: true };
  const answer = await room.reserve({ order: 'SO-0', labels: ['L-0'] }, dry);
  return new Proxy(room, {
    get: (target, name: keyof Stockroom) => (name === 'reserve' ? async () => answer : target[name]),
  });
}

async function serve(kind: string, path: string): Promise<void> {
  const room = new LocalStockroom(await openSqliteLedger(path, opening()), systemClock);
  const served = kind === 'durable' ? room : await withoutDatabase(room);
  const { url } = await listen(createServer(served), { port: 0, host: '127.0.0.1' });
  console.log(url);
}

interface Served {
  readonly url: string;
  readonly process: ChildProcess;
}

async function start(kind: string, path: string): Promise<Served> {
  const args = [...process.execArgv, import.meta.filename, '--serve', kind, '--file', path];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url, process: child };
}

async function reserve(url: string, agent: Agent, label: number): Promise<void> {
  const command = { order: `SO-${Math.floor(label / PER_ORDER)}`, labels: [`L-${label}`] };
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': `r-${label}`,
    'earmark-actor': 'bench',
  };
  const sending = request(`${url}/v1/reserve`, { method: 'POST', agent, headers });
  sending.end(JSON.stringify({ command }));
  const [response] = await once(sending, 'response');
  if (response.statusCode !== 200) throw new Error(`the server answered with ${response.statusCode}`);
  response.resume();
  await once(response, 'end');
}

/** Reserves per second. */
async function rate(url: string, agent: Agent, round: number): Promise<number> {
  const from = round * each * CONNECTIONS;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, connection) => {
      for (let at = 0; at < each; at++) await reserve(url, agent, from + connection * each + at);
    }),
  );
  return (CONNECTIONS * each * 1000) / (performance.now() - began);
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-bench-'));
  const path = join(folder, 'bench.db');
  const servers: Served[] = [];
  try {
    await fill(path);
    const rates: [number[], number[]] = [[], []];
    for (const kind of ['durable', 'none']) servers.push(await start(kind, path));
    const agents = servers.map(() => new Agent({ keepAlive: true, maxSockets: CONNECTIONS }));
    for (let round = 0; round <= rounds; round++) {
      for (const [at, agent] of agents.entries()) {
        const measured = await rate(servers[at]?.url ?? '', agent, round);
        if (round > 0) rates[at]?.push(measured);
      }
    }
    for (const agent of agents) agent.destroy();
    const [durable, none] = [median(rates[0]), median(rates[1])];
    console.log(
      `reserve over ${CONNECTIONS} connections, against no database: ${(durable / none).toFixed(2)} (bar ${BAR}); medians ${durable.toFixed(0)} and ${none.toFixed(0)} a second`,
    );
  } finally {
    for (const { process: child } of servers) {
      child.kill();
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  }
}

if (values.serve !== undefined) await serve(values.serve, values.file ?? '');
else await compare();
