/** Makes the demo's warehouse and plays the main job on it, through the same commands that a person types. */
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ImportKind, type ImportRows, printable, SCHEMA_VERSION, shellWord } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import { initSqliteLedger } from '../../storage/sqlite/ledger.ts';
import { Context } from '../context.ts';
import { concludeError } from '../exit.ts';
import { jsonText } from '../json-text.ts';
import { runProgram } from '../program.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import { defaultPlace, placeByFlags } from '../place.ts';
import { ITEMS, LABELS, LINES, ORDERS } from './warehouse.ts';

interface Step {
  readonly says: string;
  readonly argv: readonly string[];
}

const TOUR: readonly Step[] = [
  { says: 'Two rolls of rope for Harbour Supplies.', argv: ['reserve', 'SO-1001', 'L-00001', 'L-00003'] },
  {
    says: 'Nordic Marine wants one of them too. A label has one holder:',
    argv: ['reserve', 'SO-1002', 'L-00003'],
  },
  { says: 'Who has it?', argv: ['find-order', 'L-00003'] },
  { says: 'Free it; it is active at once.', argv: ['unreserve', 'L-00003', '--yes'] },
  { says: 'Now Nordic Marine can have it.', argv: ['reserve', 'SO-1002', 'L-00003'] },
  { says: 'What else the order needs, earmark can choose.', argv: ['reserve', 'SO-1002', '--auto=best-fit'] },
  { says: 'Ship it: what is left in the rolls becomes active again.', argv: ['ship', 'SO-1002', '--yes'] },
  { says: 'Everything about an order, on one screen.', argv: ['show', 'SO-1001'] },
];

/** Exit code 0, unless a step ends as the tour does not mean it to. */
export async function runDemo(context: Context, tour: boolean): Promise<number> {
  const path = demoPath(context);
  await makeWarehouse(context, path);
  const { out, paint, flags } = context;
  if (flags.quiet === true) return 0;
  if (isDocument(formatOf(context))) {
    const document = { schemaVersion: SCHEMA_VERSION, verb: 'demo', outcome: 'created', database: path };
    out.line(jsonText(document));
    return 0;
  }
  out.line(`a small warehouse is in ${printable(path)}`);
  if (tour) for (const step of TOUR) await play(context, path, step);
  out.line();
  out.line(paint.bold('Now you:'));
  out.line(`  export EARMARK_DB=${shellWord(path)}`);
  out.line('  earmark list labels');
  out.line('  earmark reserve SO-1003');
  return 0;
}

/** The file that a flag names, which must not exist; else one of the demo's own, made anew each time. */
function demoPath(context: Context): string {
  const { env } = context.streams;
  const named = placeByFlags(context.flags, env);
  if ((named ?? context.place).kind === 'server' || named?.kind === 'postgres') {
    throw new Fault('input', 'earmark demo makes a SQLite file of its own; name it with --db');
  }
  if (named?.kind !== 'file') {
    const path = join(dirname(defaultPlace(env).path), 'demo.db');
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    return path;
  }
  const { path } = named;
  if (existsSync(path)) throw new Fault('input', `${path} exists already; the demo makes a new file`);
  return path;
}

async function makeWarehouse(context: Context, path: string): Promise<void> {
  await initSqliteLedger(path, { allowNetwork: context.allowNetwork, deadline: context.deadline });
  const inside = new Context(context.streams);
  await inside.useFlags({ db: path });
  const options = { onConflict: 'report', releaseClosed: false, atomic: true, problemLimit: 10 } as const;
  const session = await (await inside.stockroom()).beginImport(options, await inside.intent({}));
  const add = <K extends ImportKind>(kind: K, rows: readonly ImportRows[K][]): void => {
    for (const [at, row] of rows.entries())
      session.add(kind, { origin: { file: `demo ${kind}`, row: at + 1 }, row });
  };
  try {
    add('items', ITEMS);
    add('labels', LABELS);
    add('orders', ORDERS);
    add('lines', LINES);
    const answer = await session.finish();
    if (!answer.ok)
      throw new Error(`the demo's own rows were refused: ${answer.problems[0]?.reason ?? answer.code}`);
  } finally {
    session.close();
    await inside.close();
  }
}

/** Shows the command as a person would type it, and what it prints. */
async function play(context: Context, path: string, { says, argv }: Step): Promise<void> {
  const { out, paint } = context;
  out.line();
  out.line(paint.dim(`# ${says}`));
  out.line(`${paint.bold('$')} earmark ${argv.join(' ')}`);
  // A refusal is part of the story, so it stays in its place even where the streams go different ways.
  const inside = new Context({ ...context.streams, err: context.out });
  try {
    await runProgram(inside, [...argv, '--db', path, '--actor', 'dana', '--output', 'table']);
  } catch (error) {
    concludeError(inside, error);
  } finally {
    await inside.close();
  }
}
