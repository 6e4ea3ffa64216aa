/**
 * How long a whole earmark process takes, as a ratio to the smallest Node process there is. The two are run in turn,
 * because a shared machine's speed drifts within a minute.
 *
 *   npm run bench:startup -- [--runs N] [--db FILE --label NUMBER]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    db: { type: 'string' },
    label: { type: 'string' },
  },
});

const earmark = join(packageRoot, 'bin', 'earmark.js');
const cacheHome = mkdtempSync(join(tmpdir(), 'earmark-bench-'));
const { NODE_EXTRA_CA_CERTS: _slowsEveryNodeProcess, ...inherited } = process.env;
const env = { ...inherited, XDG_CACHE_HOME: cacheHome };

/** Wall-clock milliseconds of one process, from before its start until it is gone. */
function timed(args: string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return milliseconds;
}

function median(sorted: number[]): number {
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('--runs must be at least 1');
  return middle;
}

function compare(name: string, args: string[], bar: number): void {
  // The first run fills the code cache, and the second is the first to use it.
  timed(args);
  timed(args);
  const own: number[] = [];
  const bare: number[] = [];
  const ratios: number[] = [];
  for (let run = 0; run < Number(values.runs); run += 1) {
    const bareTime = timed(['-e', '0']);
    const ownTime = timed(args);
    bare.push(bareTime);
    own.push(ownTime);
    ratios.push(ownTime / bareTime);
  }
  const [ownMedian, bareMedian, ratio] = [own, bare, ratios].map((times) =>
    median(times.sort((a, b) => a - b)).toFixed(2),
  );
  console.log(`${name}: ${ratio} times node -e 0 (bar ${bar}), medians ${ownMedian} ms and ${bareMedian} ms`);
}

try {
  compare('--help', [earmark, '--help'], 1.3);
  if (values.db !== undefined && values.label !== undefined) {
    compare('find-order', [earmark, 'find-order', '--db', values.db, values.label], 1.4);
  } else {
    console.log('find-order: skipped, because it needs --db FILE and --label NUMBER');
  }
} finally {
  rmSync(cacheHome, { recursive: true });
}
