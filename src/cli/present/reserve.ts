/** What `reserve` says. */
import {
  formatDecimal,
  type LineDocument,
  printable,
  type ReserveAnswer,
  type ReserveResult,
} from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { coverageOf } from './coverage.ts';
import { undoHint } from './moved.ts';
import { abridged, counted, measured, orderPhrase, placeOf } from './words.ts';

export const RESERVED: Presentation<ReserveAnswer, ReserveResult> = {
  listing: {
    name: 'results',
    columns: [
      { field: 'label.number', title: 'label', value: ({ label }) => label.number },
      { field: 'code', title: 'outcome', value: ({ code }) => code },
      {
        field: 'label.reservation.order',
        title: 'order',
        value: ({ label }) => label.reservation?.order ?? null,
      },
      {
        field: 'label.reservation.line',
        title: 'line',
        value: ({ label }) => label.reservation?.line ?? null,
      },
      { field: 'label.quantity', title: 'quantity', value: ({ label }) => label.quantity, right: true },
      { field: 'label.unit', title: 'unit', value: ({ label }) => label.unit },
      { field: 'label.bin', title: 'bin', value: ({ label }) => label.bin },
    ],
    nameOf: ({ label }) => `label/${label.number}`,
  },
  rows: ({ results }) => results,
  sentences,
};

function sentences(answer: ReserveAnswer, context: Context): string[] {
  const fresh = answer.results.filter(({ code }) => code === 'reserved');
  const again = answer.results.filter(({ code }) => code === 'already_reserved');
  const order = answer.order === null ? 'the order' : orderPhrase(answer.order);
  const lines: string[] = [];
  if (fresh.length > 0) {
    const done = answer.dryRun ? 'dry run: would reserve' : context.paint.good('✓ reserved');
    lines.push(`${done} ${counted(fresh.length, 'label')} for ${order}`);
    lines.push(...abridged(fresh.map(labelLine)));
  }
  if (again.length > 0) {
    const names = again.slice(0, 5).map(({ label }) => printable(label.number));
    const more = again.length > names.length ? ` and ${again.length - names.length} more` : '';
    lines.push(`${names.join(', ')}${more}: reserved for ${order} already, nothing changed`);
  }
  if (answer.results.length === 0) lines.push('every line is covered already; nothing changed');
  lines.push(...answer.lines.map((line) => coverage(line, fresh.length === 1 ? fresh[0] : undefined)));
  if (fresh.length > 0) lines.push(...undoHint(answer, context));
  return lines;
}

function labelLine({ label }: ReserveResult): string {
  const parts = [printable(label.number), measured(label.quantity, label.unit), placeOf(label)];
  const expired = label.expired ? `expired ${label.expiry}` : '';
  const line = `line ${label.reservation?.line ?? '?'}`;
  return `  ${[...parts, line, expired].filter((part) => part !== '').join(' · ')}`;
}

/** How far a line is covered; a surplus is said, because whole labels are set aside (DESIGN rule 2). */
function coverage(line: LineDocument, only: ReserveResult | undefined): string {
  const head = `line ${line.line} (${printable(line.item)})`;
  if (line.surplus > 0 && only !== undefined && only.label.quantity === line.reserved) {
    const holds = `${printable(only.label.number)} holds ${formatDecimal(line.reserved)}`;
    const needs = `the line needs ${formatDecimal(line.outstanding)}`;
    return `${head}: ${holds}, ${needs}: ${formatDecimal(line.surplus)} more are set aside`;
  }
  return `${head}: ${coverageOf(line)}`;
}
