/**
 * How long a whole earmark process takes, as a ratio to the smallest Node process there is. All are run in turn,
 * because a shared machine's speed drifts within a minute.
 *
 *   npm run bench:startup -- [--runs N] [--labels N] [--db FILE --label NUMBER]
 *
 * The verbs run on a ledger of `--labels` labels that is made for it; find-order runs on FILE instead, if one is given.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    labels: { type: 'string', default: '100000' },
    db: { type: 'string' },
    label: { type: 'string' },
  },
});

const earmark = join(packageRoot, 'bin', 'earmark.js');
const folder = mkdtempSync(join(tmpdir(), 'earmark-bench-'));
const ledger = join(folder, 'bench.db');
const { NODE_EXTRA_CA_CERTS: _slowsEveryNodeProcess, ...inherited } = process.env;
const env = { ...inherited, XDG_CACHE_HOME: join(folder, 'cache') };

interface Subject {
  readonly name: string;
  /** The arguments of one more run. */
  readonly args: () => string[];
  /** What DESIGN section 9 allows, as a ratio. */
  readonly bar: number;
}

const BARE: Subject = { name: 'node -e 0', args: () => ['-e', '0'], bar: 1 };

/** Wall-clock milliseconds of one process, from before its start until it is gone. */
function timed(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return milliseconds;
}

const labelNumber = (at: number) => `L-${String(at).padStart(8, '0')}`;

/** A ledger with one item in many labels, and one order that wants them all. */
async function makeLedger(labels: number): Promise<void> {
  const path = (name: string) => join(folder, name);
  writeFileSync(path('items.csv'), 'sku,name,unit,tracking\nROPE-8,Rope 8 mm,m,serialized\n');
  writeFileSync(path('orders.csv'), `order,line,sku,quantity,customer\nSO-1,1,ROPE-8,${labels},Acme\n`);
  await pipeline(Readable.from(labelRows(labels)), createWriteStream(path('labels.csv')));
  timed([earmark, 'init', '--db', ledger]);
  const files = ['items.csv', 'orders.csv', 'labels.csv'].map(path);
  timed([earmark, 'import', ...files, '--db', ledger, '--quiet']);
}

function* labelRows(labels: number): Generator<string> {
  yield 'label,sku,quantity\n';
  for (let at = 0; at < labels; at++) yield `${labelNumber(at)},ROPE-8,1\n`;
}

/** A server over the ledger in a process of its own. */
async function startServer(): Promise<{ readonly url: string; stop(): void }> {
  const args = [earmark, 'serve', '--port', '0', '--quiet', '--db', ledger];
  const server = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  return { url: line.trim(), stop: () => void server.kill() };
}

function subjects(url: string): Subject[] {
  const { db = ledger, label = labelNumber(0) } = values;
  let free = 0;
  const reserveOneMore = (...place: readonly string[]) => {
    return () => [earmark, 'reserve', 'SO-1', labelNumber(++free), ...place];
  };
  return [
    { name: '--help', args: () => [earmark, '--help'], bar: 1.3 },
    { name: 'find-order', args: () => [earmark, 'find-order', label, '--db', db], bar: 1.4 },
    { name: 'reserve of one label', args: reserveOneMore('--db', ledger), bar: 1.5 },
    { name: 'the same through a server', args: reserveOneMore('--server', url), bar: 1.7 },
  ];
}

function compare(runs: number, all: readonly Subject[]): void {
  // The first run fills the code cache, and the second is the first to use it.
  for (const { args } of all) for (let warm = 0; warm < 2; warm++) timed(args());
  const times = new Map<Subject, number[]>([BARE, ...all].map((subject) => [subject, []]));
  for (let run = 0; run < runs; run++) {
    for (const [subject, taken] of times) taken.push(timed(subject.args()));
  }
  const bare = times.get(BARE) ?? [];
  for (const [{ name, bar }, taken] of times) {
    const ratio = median(taken.map((time, run) => time / (bare[run] ?? Number.NaN)));
    console.log(
      `${name}: ${ratio.toFixed(2)} times node -e 0 (bar ${bar}), median ${median(taken).toFixed(1)} ms`,
    );
  }
}

try {
  await makeLedger(Number(values.labels));
  const server = await startServer();
  try {
    compare(Number(values.runs), subjects(server.url));
  } finally {
    server.stop();
  }
} finally {
  rmSync(folder, { recursive: true });
}
