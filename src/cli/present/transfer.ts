/** What `transfer` says, before and after. */
import { printable, type TransferAnswer, type TransferResult } from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { orderLines } from './coverage.ts';
import { MOVED_COLUMNS, movedLines, shortPlace, undoHint } from './moved.ts';
import { counted, orderPhrase } from './words.ts';

export const TRANSFERRED: Presentation<TransferAnswer, TransferResult> = {
  listing: {
    name: 'results',
    columns: [
      { field: 'label.number', title: 'label', value: ({ label }) => label.number },
      { field: 'code', title: 'outcome', value: ({ code }) => code },
      ...MOVED_COLUMNS,
    ],
    nameOf: ({ label }) => `label/${label.number}`,
  },
  rows: ({ results }) => results,
  sentences,
};

function sentences(answer: TransferAnswer, context: Context): string[] {
  const moved = movedIn(answer);
  const already = answer.results.filter(({ code }) => code === 'already_reserved');
  const order = answer.order === null ? 'the order' : orderPhrase(answer.order);
  const lines: string[] = [];
  if (moved.length > 0) {
    const done = answer.dryRun ? 'dry run: would transfer' : context.paint.good('✓ transferred');
    lines.push(`${done} ${counted(moved.length, 'label')} to ${order}`, ...transferLines(answer));
  }
  if (already.length > 0) {
    const names = already.slice(0, 5).map(({ label }) => printable(label.number));
    const more = already.length > names.length ? ` and ${already.length - names.length} more` : '';
    lines.push(`${names.join(', ')}${more}: reserved for ${order} already, nothing changed`);
  }
  if (moved.length > 0) lines.push(...undoHint(answer, context));
  return lines;
}

export function movedIn({ results }: TransferAnswer): TransferResult[] {
  return results.filter(({ code }) => code === 'transferred');
}

/** Each label with where it goes, and how the lines stand then. */
export function transferLines(answer: TransferAnswer): string[] {
  return [...movedLines(movedIn(answer), shortPlace), ...orderLines(answer.lines)];
}
