/** Printing what a verb answered: a document for programs, rows for pipes, sentences for people. */
import type { Envelope } from '../../core/index.ts';
import type { Context } from '../context.ts';
import { concludeAnswer } from '../exit.ts';
import { jsonText } from '../json-text.ts';
import type { Listing } from './columns.ts';
import { formatOf } from './formats.ts';
import { printListing } from './listing.ts';

export interface Presentation<A, R extends object> {
  /** The answer's rows, for TSV, CSV and `-o name`. */
  readonly listing: Listing<R>;
  readonly rows: (answer: A) => readonly R[];
  /** What a terminal shows, line by line; data in it has been through `printable`. */
  readonly sentences: (answer: A, context: Context) => readonly string[];
}

/**
 * Prints the answer on standard output if anything was done or found, its refusals on standard error, and gives the exit
 * code. `--quiet` prints refusals only.
 */
export async function presentAnswer<A extends Envelope, R extends object>(
  context: Context,
  answer: A,
  presentation: Presentation<A, R>,
): Promise<number> {
  const rows = presentation.rows(answer);
  if (context.flags.quiet !== true && (answer.ok || rows.length > 0)) {
    await printAnswer(context, answer, rows, presentation);
  }
  return concludeAnswer(context, answer);
}

async function printAnswer<A extends Envelope, R extends object>(
  context: Context,
  answer: A,
  rows: readonly R[],
  { listing, sentences }: Presentation<A, R>,
): Promise<void> {
  const format = formatOf(context);
  const { out } = context;
  switch (format) {
    case 'json':
    case 'ndjson':
      // With --fields the rows are printed alone, because the fields are those of rows.
      if (context.flags.fields !== undefined) await printListing(context, listing, [rows]);
      else out.line(format === 'json' ? jsonText(answer, 2) : jsonText(answer));
      return;
    case 'table':
    case 'wide':
      if (context.flags.fields !== undefined || (format === 'wide' && answer.verb === 'find')) {
        await printListing(context, listing, [rows]);
        return;
      }
      for (const line of sentences(answer, context)) out.line(line);
      return;
    case 'csv':
    case 'tsv':
    case 'name':
      await printListing(context, listing, [rows]);
      if (answer.dryRun) context.err.line('dry run: nothing was changed');
  }
}
