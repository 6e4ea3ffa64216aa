/**
 * The Stockroom on a SQLite file against small programs that write the same rows with the same durability, in turn,
 * because a shared machine's speed drifts within a minute.
 *
 *   npm run bench:sqlite -- [--runs N] [--labels N]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { isQuantity, parseQuantity, type Quantity } from '../../src/core/index.ts';
import { packageRoot } from '../../src/package-root.ts';
import { systemClock } from '../../src/stockroom/clock.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { initSqliteLedger, openSqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '400' }, labels: { type: 'string', default: '1000000' } },
});
const runs = Number(values.runs);
const imported = Number(values.labels);
const folder = mkdtempSync(join(tmpdir(), 'earmark-bench-'));
const one = quantity('1');

function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  if (!isQuantity(parsed)) throw new Error(parsed);
  return parsed;
}

function report(what: string, ratio: number, bar: number, detail: string): void {
  console.log(`${what}: ${ratio.toFixed(2)} of the other's speed (bar ${bar}); ${detail}`);
}

/** An item with labels, and orders with a line each, because an order that holds thousands of labels is not the usual one. */
async function makeStore(
  name: string,
  labels: number,
  orders = 1,
): Promise<{ path: string; room: Stockroom }> {
  const path = join(folder, name);
  const options = { create: true, allowNetwork: true, deadline: Date.now() + 60_000 };
  await initSqliteLedger(path, options);
  const room = new LocalStockroom(await openSqliteLedger(path, options), systemClock);
  const session = await room.beginImport(
    { onConflict: 'report', releaseClosed: false, atomic: true, problemLimit: 5 },
    { operation: 'seed', actor: 'bench' },
  );
  const origin = { file: 'bench', row: 1 };
  session.add('items', { origin, row: { sku: 'A' } });
  for (let at = 1; at <= orders; at++) {
    const order = `SO-${at}`;
    session.add('orders', { origin, row: { number: order } });
    session.add('lines', { origin, row: { order, line: 1, item: 'A', ordered: quantity('999999999') } });
  }
  for (let at = 1; at <= labels; at++) {
    session.add('labels', { origin, row: { number: `L-${at}`, item: 'A', quantity: one } });
  }
  const answer = await session.finish();
  session.close();
  if (!answer.ok) throw new Error(answer.problems[0]?.reason);
  return { path, room };
}

/** Reserves by hand: the same three kinds of rows, in one immediate transaction with synchronous=FULL. */
function rawReserver(path: string): (labels: readonly number[], order: number) => void {
  const db = new Database(path, { timeout: 0 });
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('foreign_keys = on');
  const find = db.prepare('select id from labels where number = ?').pluck();
  const operations = db.prepare(
    'insert into operations (name, verb, actor, fingerprint, at, answer) values (?,?,?,?,?,?)',
  );
  const reservations = db.prepare('insert into reservations values (?, ?, 1, ?, ?, ?)');
  const events = db.prepare(
    'insert into events (operation_id, at, kind, label_id, order_id, line_id, after) values (?,?,?,?,?,?,?)',
  );
  return db.transaction((labels: readonly number[], order: number) => {
    const now = Date.now();
    const answer = JSON.stringify({ ok: true, labels });
    const id = operations.run(`r-${order}`, 'reserve', 'bench', 'f'.repeat(64), now, answer).lastInsertRowid;
    for (const label of labels) {
      const labelId = find.get(`L-${label}`);
      reservations.run(labelId, order, now, 'bench', id);
      const after = { order: `SO-${order}`, line: 1, since: now, by: 'bench', operation: `r-${order}` };
      events.run(id, now, 'reserved', labelId, order, order, JSON.stringify(after));
    }
  }).immediate;
}

async function benchReserve(size: number, rounds: number, bar: number): Promise<void> {
  const total = size * rounds;
  const { room } = await makeStore(`ours-${size}.db`, total, rounds);
  const other = await makeStore(`raw-${size}.db`, total, rounds);
  await other.room.close();
  const raw = rawReserver(other.path);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const numbers = Array.from({ length: size }, (_, at) => round * size + at + 1);
    const labels = numbers.map((number) => `L-${number}`);
    const start = performance.now();
    const answer = await room.reserve(
      { order: `SO-${round + 1}`, labels },
      { operation: `r-${round + 1}`, actor: 'bench' },
    );
    const middle = performance.now();
    raw(numbers, round + 1);
    theirs.push(performance.now() - middle);
    ours.push(middle - start);
    if (answer.code !== 'reserved') throw new Error(answer.code);
  }
  await room.close();
  const ratio = median(theirs) / median(ours);
  report(
    `reserve of ${size}`,
    ratio,
    bar,
    `medians ${median(ours).toFixed(3)} and ${median(theirs).toFixed(3)} ms`,
  );
}

/** `earmark import` of labels, validated, against the sqlite3 shell's .import into the same tables and indexes. */
async function benchImport(): Promise<void> {
  if (spawnSync('sqlite3', ['--version']).status !== 0) {
    console.log('import: skipped, the sqlite3 shell is not here');
    return;
  }
  const header = 'number,item,quantity,location,bin,created\n';
  const rows = Array.from(
    { length: imported },
    (_, at) => `N-${at},A,5,Main,B-${at % 500},2026-01-${10 + (at % 20)}`,
  );
  writeFileSync(join(folder, 'labels.csv'), `${header}${rows.join('\n')}\n`);
  const bare = rows.map((row, at) => {
    const [number, , , location, bin, created] = row.split(',');
    return `${at + 10},${number},,1,5000000,${location},${bin},,,${created},5000000,5000000,1,1`;
  });
  writeFileSync(join(folder, 'bare.csv'), `${bare.join('\n')}\n`);
  const stores = [await makeStore('import-ours.db', 0), await makeStore('import-theirs.db', 0)];
  for (const { room } of stores) await room.close();
  const [ours, theirs] = stores.map(({ path }) => path);
  const earmark = join(packageRoot, 'bin', 'earmark.js');
  const start = performance.now();
  execFileSync(process.execPath, [earmark, 'import', join(folder, 'labels.csv'), '-q', '--db', ours ?? '']);
  const middle = performance.now();
  // .import gives empty cells as empty texts, which the checks on codes and dates would refuse; so they become nulls.
  const script = `pragma synchronous=full;
create temp view incoming as select * from labels;
create temp trigger take instead of insert on incoming begin insert into labels values (new.id, new.number,
nullif(new.code, ''), new.item_id, new.quantity, new.location, new.bin, nullif(new.lot, ''), nullif(new.expiry, ''),
new.created, new.source_quantity, new.first_quantity, new.recorded_at, new.operation_id); end;
begin immediate;
.mode csv
.import ${join(folder, 'bare.csv')} incoming
commit;`;
  execFileSync('sqlite3', [theirs ?? ''], { input: script });
  const end = performance.now();
  const [own, other] = [(middle - start) / 1000, (end - middle) / 1000];
  report(`import of ${imported} labels`, other / own, 0.8, `${own.toFixed(1)} and ${other.toFixed(1)} s`);
}

try {
  await benchReserve(1, runs, 0.6);
  await benchReserve(1_000, Math.max(10, Math.round(runs / 10)), 0.5);
  await benchImport();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
