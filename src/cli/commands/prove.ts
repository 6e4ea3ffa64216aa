/** `earmark prove`: shows on a scratch ledger of this backend that a label that many want has exactly one winner. */
import { Option } from 'commander';
import { printable } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import { examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json-text.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import { Progress } from '../progress.ts';
import type { CommonFlags } from '../settings.ts';
import type { Proof } from '../prove/run-prove.ts';

interface ProveFlags extends CommonFlags {
  readonly workers: string;
  readonly rounds: string;
  readonly worker?: boolean;
}

/** Most problems of a race that are printed. */
const SPELT_OUT = 5;
/** The exit code of a proof that failed: a problem was found (DESIGN section 7). */
const PROBLEM_FOUND = 9;

export const define: Define = (command, context, finish) => {
  command
    .description(
      'race worker processes for the same labels on a scratch ledger of this backend, which is removed afterwards, and check that there was exactly one winner each time; your data is not touched',
    )
    .option('--workers <number>', 'how many processes race', '8')
    .option('--rounds <number>', 'how many rounds of each race', '20')
    .addOption(new Option('--worker').hideHelp());
  examples(command, ['earmark prove', 'earmark prove --workers 32 --rounds 50']);
  command.action(
    handler<ProveFlags>(context, finish, async (_, flags) => {
      if (flags.worker === true) return await (await import('../prove/worker.ts')).serveRaces();
      const sizes = {
        workers: countOf(flags.workers, '--workers', 2, 128),
        rounds: countOf(flags.rounds, '--rounds', 1, 10_000),
      };
      return await run(context, sizes);
    }),
  );
};

async function run(
  context: Context,
  sizes: { readonly workers: number; readonly rounds: number },
): Promise<number> {
  const { prove, Interrupted } = await import('../prove/run-prove.ts');
  const { scratchOf } = await import('../prove/scratch.ts');
  const address = scratchOf(context.localPlace('prove'), context.allowNetwork);
  const bar = { quiet: context.flags.quiet === true, linear: context.accessible };
  const progress = new Progress(context.err, 'rounds', bar);
  try {
    const proof = await prove(address, sizes, (done, of) => progress.report('raced', done, of));
    progress.end();
    if (context.flags.quiet !== true || !proof.ok) present(context, proof);
    return proof.ok ? 0 : PROBLEM_FOUND;
  } catch (error) {
    progress.end();
    if (!(error instanceof Interrupted)) throw error;
    context.err.line(error.message);
    return error.signal === 'SIGINT' ? 130 : 143;
  }
}

function present(context: Context, proof: Proof): void {
  const { out, paint } = context;
  if (isDocument(formatOf(context))) {
    out.line(jsonText(proof, formatOf(context) === 'json' ? 2 : undefined));
    return;
  }
  const { workers, rounds, races, checked } = proof;
  out.line(
    `${workers} workers, ${rounds} rounds of each race, on the scratch ledger ${printable(proof.place)}`,
  );
  const width = Math.max(...races.map(({ name }) => name.length));
  for (const { name, winners, refused, problems } of races) {
    const mark = problems.length === 0 ? paint.good('✓') : paint.bad('✗');
    out.line(`${mark} ${name.padEnd(width)}  ${rounds} rounds, ${winners} winners, ${refused} refused`);
    sayProblems(context, problems);
  }
  const mark = checked.problems.length === 0 ? paint.good('✓') : paint.bad('✗');
  const all = `${checked.labels} labels, ${checked.orders} orders, ${checked.events} events`;
  out.line(`${mark} ${'every invariant, and the history'.padEnd(width)}  ${all}`);
  sayProblems(context, checked.problems);
  const seconds = (proof.milliseconds / 1000).toFixed(1);
  out.line(
    proof.ok
      ? `proved in ${seconds} s: exactly one winner each time; the scratch ledger is removed`
      : `NOT proved, in ${seconds} s; the scratch ledger is removed`,
  );
}

function sayProblems({ out }: Context, problems: readonly string[]): void {
  for (const problem of problems.slice(0, SPELT_OUT)) out.line(`    ${printable(problem)}`);
  if (problems.length > SPELT_OUT) out.line(`    … and ${problems.length - SPELT_OUT} more`);
}

function countOf(text: string, flag: string, least: number, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw new Fault('input', `${flag} takes a whole number from ${least} to ${most}`);
}
