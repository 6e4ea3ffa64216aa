/** What `unreserve` says, before and after. */
import { printable, type UnreserveAnswer, type UnreserveResult } from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { undoHint } from './moved.ts';
import { abridged, counted, measured } from './words.ts';

export const UNRESERVED: Presentation<UnreserveAnswer, UnreserveResult> = {
  listing: {
    name: 'results',
    columns: [
      { field: 'label.number', title: 'label', value: ({ label }) => label.number },
      { field: 'code', title: 'outcome', value: ({ code }) => code },
      { field: 'was.order', title: 'was for', value: ({ was }) => was?.order ?? null },
      { field: 'was.line', title: 'line', value: ({ was }) => was?.line ?? null },
      { field: 'label.status', title: 'status', value: ({ label }) => label.status },
    ],
    nameOf: ({ label }) => `label/${label.number}`,
  },
  rows: ({ results }) => results,
  sentences,
};

function sentences(answer: UnreserveAnswer, context: Context): string[] {
  const freed = answer.results.filter(({ code }) => code === 'unreserved');
  const idle = answer.results.filter(({ code }) => code === 'not_reserved');
  const lines: string[] = [];
  if (freed.length > 0) {
    const done = answer.dryRun ? 'dry run: would free' : context.paint.good('✓ freed');
    lines.push(`${done} ${counted(freed.length, 'label')}`, ...heldLines(freed, context));
  }
  if (idle.length > 0) {
    const names = idle.slice(0, 5).map(({ label }) => `${printable(label.number)} is ${label.status}`);
    const more = idle.length > names.length ? ` and ${idle.length - names.length} more` : '';
    lines.push(
      `nobody holds ${idle.length === 1 ? 'it' : 'them'}: ${names.join(', ')}${more}; nothing changed`,
    );
  }
  if (answer.results.length === 0) lines.push('no labels are reserved there; nothing changed');
  if (freed.length > 0) lines.push(...undoHint(answer, context));
  return lines;
}

/** The labels with who held them. */
export function heldLines(results: readonly UnreserveResult[], { sayMoment }: Context): string[] {
  return abridged(
    results.map(({ label, was }) => {
      const amount = measured(label.quantity, label.unit);
      if (was === null) return `  ${printable(label.number)} · ${amount}`;
      const customer = was.customer === null ? '' : ` (${was.customer})`;
      const holder = `${was.order}${customer} line ${was.line} since ${sayMoment(was.since)} by ${was.by}`;
      return `  ${printable(label.number)} · ${amount} · ${printable(holder)}`;
    }),
  );
}
