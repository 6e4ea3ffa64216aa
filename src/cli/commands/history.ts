/** `earmark history`: who did what, when and why; and proof that nobody has changed it since. */
import { InvalidArgumentError } from 'commander';
import { printable } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { HistoryQuery } from '../../stockroom/queries.ts';
import { examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import { concludeRefusal } from '../exit.ts';
import { refOf } from '../keys.ts';
import { asOfFlag, momentFlag } from '../moment-flags.ts';
import { formatOf } from '../present/formats.ts';
import type { CommonFlags } from '../settings.ts';

interface HistoryFlags extends CommonFlags {
  readonly since?: string;
  readonly until?: string;
  readonly asOf?: string;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly digest?: boolean;
  readonly verify?: string;
}

/** More than this is read from the beginning and not from the end, because the latest are held in memory. */
const MOST_LATEST = 100_000;

export const define: Define = (command, context, finish) => {
  command
    .arguments('[ref]')
    .description(
      'who did what, when and why, oldest first: to a label, an order, by an operation, or to all',
    );
  command
    .option('--since <time>', 'from this time on: 2h, 2026-11-23, 2026-11-23T09:12')
    .option('--until <time>', 'before this time')
    .option('--as-of <time>', 'until this time, and at it');
  command.option('--limit <number>', 'the latest so many; on a terminal 200 unless given, 0 for all', latest);
  command.option('-f, --follow', 'go on with what happens from now on, until Ctrl-C');
  command
    .option('--digest', 'a SHA-256 of all that happened until now, on one line to keep somewhere else')
    .option('--verify <digest>', 'prove that nothing which it covers has changed; exit code 9 if it has');
  examples(command, [
    'earmark history L-00042',
    'earmark history SO-1042 --since 14d',
    'earmark history --follow -o ndjson',
    'earmark history --digest >> digests.txt',
  ]);
  command.action(
    handler<HistoryFlags>(context, finish, async ([ref], flags) => {
      return await run(context, ref as string | undefined, flags);
    }),
  );
};

function latest(text: string): number {
  if (!/^\d{1,12}$/.test(text) || Number(text) > MOST_LATEST) {
    throw new InvalidArgumentError(`It is not a whole number up to ${MOST_LATEST}.`);
  }
  return Number(text);
}

async function run(context: Context, ref: string | undefined, flags: HistoryFlags): Promise<number> {
  if (flags.digest === true || flags.verify !== undefined) {
    refuseBeside(flags, ref);
    const { proveHistory } = await import('../present/history.ts');
    return await proveHistory(context, flags.verify);
  }
  const query = queryOf(context, flags);
  if (flags.follow === true) refuseWithFollow(context, query);
  const stockroom = await context.stockroom();
  const named = ref === undefined ? undefined : await stockroom.subject(refOf(ref));
  if (named?.kind === 'refused') return concludeRefusal(context, named.refusal);
  const { tellHistory } = await import('../present/history.ts');
  const of = named === undefined ? {} : { of: named.subject };
  return await tellHistory(context, { ...query, ...of }, flags);
}

function queryOf(context: Context, flags: HistoryFlags): HistoryQuery {
  const { asOf } = asOfFlag(flags.asOf, context);
  if (asOf !== undefined && flags.until !== undefined) {
    throw new Fault('input', '--until and --as-of exclude each other');
  }
  const until = asOf === undefined ? flags.until : undefined;
  return {
    ...(flags.since === undefined ? {} : { since: momentFlag(flags.since, '--since', context) }),
    ...(until === undefined ? {} : { until: momentFlag(until, '--until', context) }),
    ...(asOf === undefined ? {} : { until: asOf + 1 }),
  };
}

/** What never ends can have no end given, nor be one document. */
function refuseWithFollow(context: Context, { until }: HistoryQuery): void {
  if (until !== undefined) throw new Fault('input', '--follow goes on; it takes no --until and no --as-of');
  const format = formatOf(context);
  if (format === 'json' || format === 'wide') {
    throw new Fault('input', `--follow never ends, and -o ${format} does; take -o ndjson, csv or tsv`);
  }
}

function refuseBeside(flags: HistoryFlags, ref: string | undefined): void {
  const { since, until, asOf, limit, follow, digest, verify } = flags;
  if (digest === true && verify !== undefined) {
    throw new Fault('input', '--digest and --verify exclude each other');
  }
  const name = verify === undefined ? '--digest' : '--verify';
  const beside = { REF: ref, '--since': since, '--until': until, '--as-of': asOf, '--limit': limit };
  const extra = Object.entries({ ...beside, '--follow': follow }).find(([, value]) => value !== undefined);
  if (extra === undefined) return;
  throw new Fault('input', `${name} covers all history up to its end; leave out ${printable(extra[0])}`);
}
