/** What `import` says. */
import { IMPORT_KINDS, type ImportNotice, listed, printable, type RowProblem } from '../../core/index.ts';
import type { ImportAnswer } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { concludeAnswer } from '../exit.ts';
import { jsonText } from '../json-text.ts';
import type { Listing } from './columns.ts';
import { formatOf, isDocument } from './formats.ts';
import { printListing } from './listing.ts';
import { paddedWriter } from './padded.ts';
import { abridged, counted } from './words.ts';

interface CountRow {
  readonly kind: string;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

export const COUNTS: Listing<CountRow> = {
  name: 'counts',
  columns: [
    { field: 'kind', title: '', value: (row) => row.kind },
    { field: 'added', title: 'added', value: (row) => row.added, right: true },
    { field: 'changed', title: 'changed', value: (row) => row.changed, right: true },
    { field: 'unchanged', title: 'left alone', value: (row) => row.unchanged, right: true },
  ],
  nameOf: (row) => row.kind,
};

/** Prints the counts, and on standard error every problem, notice and ignored column. Gives the exit code. */
export async function presentImport(
  context: Context,
  answer: ImportAnswer,
  ignored: ReadonlyMap<string, readonly string[]>,
): Promise<number> {
  const { err, errPaint, flags } = context;
  const format = formatOf(context);
  if (answer.ok && flags.quiet !== true) await printCounts(context, answer);
  if (!isDocument(format)) {
    for (const line of noticeLines(answer.notices)) err.line(`${errPaint.warn('note:')} ${line}`);
    if (err.isTerminal && flags.quiet !== true) {
      for (const [file, columns] of ignored) {
        err.line(
          `${errPaint.warn('note:')} ${printable(`${file}: nothing is read from ${listed(columns, '')}`)}`,
        );
      }
    }
  }
  if (answer.code !== 'import_refused') return concludeAnswer(context, answer);
  sayProblems(context, answer, isDocument(format));
  return answer.ok ? 7 : 6;
}

async function printCounts(context: Context, answer: ImportAnswer): Promise<void> {
  const rows = IMPORT_KINDS.map((kind) => ({ kind, ...answer.counts[kind] }));
  const format = formatOf(context);
  const { out, paint } = context;
  if (format === 'json') out.line(jsonText(answer, 2));
  else if (format === 'ndjson') out.line(jsonText(answer));
  else if (format !== 'table' && format !== 'wide') await printListing(context, COUNTS, [rows]);
  else {
    const cells = rows.map(({ kind, added, changed, unchanged }) => {
      return [kind, ...[added, changed, unchanged].map((count) => count.toLocaleString('en-US'))];
    });
    const titles = ['', 'added', 'changed', 'left alone'];
    const write = paddedWriter(titles, cells, [false, true, true, true]);
    out.line(answer.dryRun ? 'dry run: would import' : `${paint.good('✓')} imported`);
    for (const line of [titles, ...cells].map(write)) out.line(`  ${line}`);
  }
}

function sayProblems(context: Context, answer: ImportAnswer, asDocument: boolean): void {
  const { err, errPaint } = context;
  const done = answer.ok ? 'the other rows were imported' : 'nothing was imported';
  const detail = `${counted(answer.problemCount, 'problem')}; ${done}`;
  if (asDocument) {
    const { problems, problemCount } = answer;
    const shared = {
      schemaVersion: 1,
      type: 'urn:earmark:import_refused',
      title: 'import refused',
      status: 422,
    };
    err.line(
      jsonText({
        ...shared,
        detail,
        code: 'import_refused',
        retryable: false,
        next: [],
        problems,
        problemCount,
      }),
    );
    return;
  }
  for (const problem of [...answer.problems].sort(byPlace)) err.line(printable(problemLine(problem)));
  const unlisted = answer.problemCount - answer.problems.length;
  if (unlisted > 0)
    err.line(`… and ${unlisted.toLocaleString('en-US')} more (--problems ${answer.problemCount} lists all)`);
  err.line(`${errPaint.bad('error:')} ${detail}  ${errPaint.dim('[import_refused]')}`);
  if (answer.problems.some(({ reason }) => reason.includes('the file says'))) {
    err.line('  keep earmark’s values: add --on-conflict ours');
    err.line('  take the file’s:       add --on-conflict theirs');
  }
}

/** Problems are found kind by kind; people read a file from its top. */
function byPlace(a: RowProblem, b: RowProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.row - b.row;
}

/** `orders.csv:12: status: …`; many reasons begin with the column's name already. */
function problemLine({ file, row, column, reason }: RowProblem): string {
  const place = `${file === '-' ? 'standard input' : file}:${row}`;
  return column === null || reason.startsWith(`${column} `)
    ? `${place}: ${reason}`
    : `${place}: ${column}: ${reason}`;
}

function noticeLines(notices: readonly ImportNotice[]): string[] {
  return abridged(notices.map(noticeLine).map(printable));
}

function noticeLine(notice: ImportNotice): string {
  switch (notice.kind) {
    case 'reservation_lost':
      return `${notice.label} is empty now; its reservation for ${notice.order} line ${notice.line} is gone`;
    case 'still_held':
      return `${notice.order} is ${notice.status} and still holds ${listed(notice.labels, '')}; --release-closed frees ${notice.labels.length === 1 ? 'it' : 'them'}`;
    case 'released':
      return `${notice.order} is ${notice.status}: ${listed(notice.labels, '')} ${notice.labels.length === 1 ? 'is' : 'are'} free`;
  }
}

/** The labels that an import would free, for the question about it. */
export function releasedLines(answer: ImportAnswer): string[] {
  return noticeLines(answer.notices.filter(({ kind }) => kind === 'released')).map((line) => `  ${line}`);
}
