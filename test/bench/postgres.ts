/**
 * The Stockroom on PostgreSQL against a reserve in one statement that writes the same rows, through node-postgres and, where
 * it is there, through pgbench; in turn, because a shared machine's speed drifts within a minute.
 *
 *   npm run bench:postgres -- [--rounds N] [--each N]
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { fromDecimal } from '../../src/core/index.ts';
import { initPostgresLedger, openPostgresLedger } from '../../src/storage/postgres/ledger.ts';
import { systemClock } from '../../src/stockroom/clock.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { OWNER, startPostgres } from '../support/postgres-server.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, each: { type: 'string', default: '100' } },
});
const CLIENTS = 16;
const BAR = 0.5;
const rounds = Number(values.rounds);
/** Reserves of each client in a round. */
const each = Number(values.each);
/** An order holds a few labels, as usual; and no two clients work on one. */
const PER_ORDER = 10;

/** Every way to reserve has labels of its own, numbered from here. */
const WAYS = { ours: 0, 'node-postgres': 1, pgbench: 2 } as const;
const total = rounds * each * CLIENTS;

const ONE_STATEMENT = `
  with l as (
    select l.id, l.item_id, k.id as line_id, k.order_id
    from labels l, orders o join order_lines k on k.order_id = o.id and k.line = 1
    where l.number = $1 and l.quantity > 0 and o.number = $2 and o.status in ('draft', 'open', 'partially_shipped')
      and not exists (select from reservations r where r.label_id = l.id)
    for update of l for share of o),
  op as (
    insert into operations (name, verb, actor, fingerprint, at, answer)
    select 'op-' || $1::text, 'reserve', 'bench', repeat('f', 64), $3::bigint, repeat('a', 1200) from l returning id),
  r as (
    insert into reservations (label_id, line_id, item_id, since, "by", operation_id)
    select l.id, l.line_id, l.item_id, $3::bigint, 'bench', op.id from l, op)
  insert into events (operation_id, at, kind, label_id, order_id, line_id, after)
  select op.id, $3::bigint, 'reserved', l.id, l.order_id, l.line_id,
    json_build_object('order', $2::text, 'line', 1, 'since', $3::bigint, 'by', 'bench', 'operation', 'op')::text
  from l, op`;

function numberOf(way: keyof typeof WAYS, client: number, at: number): number {
  return (WAYS[way] * CLIENTS + client) * rounds * each + at;
}

const labelOf = (number: number): string => `L-${number}`;
const orderOf = (number: number): string => `SO-${Math.floor(number / PER_ORDER)}`;

async function fill(room: Stockroom): Promise<void> {
  const session = await room.beginImport(
    { onConflict: 'report', releaseClosed: false, atomic: false, problemLimit: 5 },
    { operation: 'seed', actor: 'bench' },
  );
  const origin = { file: 'bench', row: 1 };
  session.add('items', { origin, row: { sku: 'A' } });
  for (let at = 0; at < 3 * total; at++) {
    session.add('labels', { origin, row: { number: labelOf(at), item: 'A', quantity: fromDecimal(1) } });
    if (at % PER_ORDER > 0) continue;
    session.add('orders', { origin, row: { number: orderOf(at) } });
    const ordered = fromDecimal(PER_ORDER);
    session.add('lines', { origin, row: { order: orderOf(at), line: 1, item: 'A', ordered } });
  }
  const answer = await session.finish();
  session.close();
  if (!answer.complete) throw new Error(answer.problems[0]?.reason);
}

/** Reserves per second. */
async function rate(reserve: (client: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => reserve(client)));
  return (CLIENTS * each * 1000) / (performance.now() - start);
}

const server = await startPostgres({ durable: true });
const url = `postgres://${OWNER}@127.0.0.1:${server.port}/${OWNER}?sslmode=disable`;
const script = join(tmpdir(), `earmark-pgbench-${process.pid}.sql`);
try {
  const deadline = Date.now() + 600_000;
  await initPostgresLedger(url, { deadline });
  const open = async () => new LocalStockroom(await openPostgresLedger(url, { deadline }), systemClock);
  const desks = await Promise.all(Array.from({ length: CLIENTS }, open));
  const [first] = desks;
  if (first !== undefined) await fill(first);
  const clients = desks.map(() => new pg.Client({ connectionString: url }));
  for (const client of clients) await client.connect();
  await clients[0]?.query('analyze');

  const ours = async (client: number, round: number): Promise<void> => {
    for (let at = round * each; at < (round + 1) * each; at++) {
      const number = numberOf('ours', client, at);
      const command = { order: orderOf(number), labels: [labelOf(number)] };
      const answer = await desks[client]?.reserve(command, { operation: `r-${number}`, actor: 'bench' });
      if (answer?.code !== 'reserved') throw new Error(`${answer?.code}`);
    }
  };
  const theirs = async (client: number, round: number): Promise<void> => {
    for (let at = round * each; at < (round + 1) * each; at++) {
      const number = numberOf('node-postgres', client, at);
      const values = [labelOf(number), orderOf(number), Date.now()];
      const result = await clients[client]?.query({ name: 'reserve', text: ONE_STATEMENT, values });
      if (result?.rowCount !== 1) throw new Error('not reserved');
    }
  };
  const hasPgbench = spawnSync('pgbench', ['--version']).status === 0;
  const sql = ONE_STATEMENT.replaceAll('$1', ":'label'").replaceAll('$2', ":'order'");
  const pgbench = (round: number): number => {
    // pgbench has no texts to compute with, so the numbers become texts in SQL.
    const text = sql
      .replaceAll(":'label'", `('L-' || :number)`)
      .replaceAll(":'order'", `('SO-' || :number / ${PER_ORDER})`)
      .replaceAll('$3', '(extract(epoch from clock_timestamp()) * 1000)');
    const from = numberOf('pgbench', 0, round * each);
    writeFileSync(
      script,
      `\\set number ${from} + :client_id * ${rounds * each} + :at\n\\set at :at + 1\n${text.replaceAll('\n', ' ')};\n`,
    );
    const connection = ['-h', '127.0.0.1', '-p', String(server.port), '-U', OWNER, OWNER];
    const amount = [
      '-n',
      '-c',
      String(CLIENTS),
      '-j',
      '2',
      '-t',
      String(each),
      '-M',
      'prepared',
      '-D',
      'at=0',
    ];
    const run = spawnSync('pgbench', [...amount, '-f', script, ...connection], { encoding: 'utf8' });
    const found = /tps = ([\d.]+) \(without initial/.exec(run.stdout);
    if (found?.[1] === undefined) throw new Error(run.stderr);
    return Number(found[1]);
  };

  const rates = { ours: [] as number[], theirs: [] as number[], pgbench: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    rates.ours.push(await rate((client) => ours(client, round)));
    rates.theirs.push(await rate((client) => theirs(client, round)));
    if (hasPgbench) rates.pgbench.push(pgbench(round));
  }
  const report = (against: string, other: readonly number[]): void => {
    const ratio = median(rates.ours) / median(other);
    const medians = `medians ${median(rates.ours).toFixed(0)} and ${median(other).toFixed(0)} a second`;
    console.log(
      `reserve with ${CLIENTS} clients, against ${against}: ${ratio.toFixed(2)} (bar ${BAR}); ${medians}`,
    );
  };
  report('one statement through node-postgres', rates.theirs);
  if (hasPgbench) report('one statement through pgbench', rates.pgbench);
  else console.log('pgbench: skipped, it is not here');
  for (const client of clients) await client.end();
  for (const desk of desks) await desk.close();
} finally {
  rmSync(script, { force: true });
  await server.stop();
}
