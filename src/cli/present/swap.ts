/** What `swap` says, before and after. */
import { type MovedLabel, printable, type SwapAnswer } from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { orderLines } from './coverage.ts';
import { MOVED_COLUMNS, movedLines, shortPlace, undoHint } from './moved.ts';

export const SWAPPED: Presentation<SwapAnswer, MovedLabel> = {
  listing: {
    name: 'results',
    columns: [
      { field: 'label.number', title: 'label', value: ({ label }) => label.number },
      ...MOVED_COLUMNS,
    ],
    nameOf: ({ label }) => `label/${label.number}`,
  },
  rows: ({ results }) => results,
  sentences,
};

function sentences(answer: SwapAnswer, context: Context): string[] {
  if (answer.results.length === 0) return [];
  const done = answer.dryRun ? 'dry run: would swap' : context.paint.good('✓ swapped');
  const names = answer.results.map(({ label }) => printable(label.number)).join(' and ');
  return [`${done} ${names}`, ...swapLines(answer), ...undoHint(answer, context)];
}

/** Each label with where it goes, and how the lines stand then. */
export function swapLines({ results, lines }: SwapAnswer): string[] {
  return [...movedLines(results, shortPlace), ...orderLines(lines)];
}
