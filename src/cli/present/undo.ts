/** What `undo` says, before and after. */
import { printable, sentenceOf, type UndoAnswer } from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { fieldTexts, thingName } from './repair.ts';
import { orderLines } from './coverage.ts';
import { fullPlace, movedLines, undoHint } from './moved.ts';
import { abridged, counted } from './words.ts';

/** A label, an order or a row with how it was and how it is; for a label that is its place (`SO-1/2`), or its status. */
interface UndoneRow {
  readonly label: string | null;
  readonly order: string | null;
  /** Only where it is about an item alone. */
  readonly item?: string;
  readonly code: string;
  readonly was: string;
  readonly now: string;
}

export const UNDONE: Presentation<UndoAnswer, UndoneRow> = {
  listing: {
    name: 'undone',
    columns: [
      { field: 'label', title: 'label', value: (row) => row.label },
      { field: 'order', title: 'order', value: (row) => row.order },
      { field: 'code', title: 'outcome', value: (row) => row.code },
      { field: 'was', title: 'was', value: (row) => row.was },
      { field: 'now', title: 'now', value: (row) => row.now },
    ],
    nameOf: ({ label, order, item }) => {
      if (label !== null) return `label/${label}`;
      return order === null ? `item/${item}` : `order/${order}`;
    },
  },
  rows: rowsOf,
  sentences,
};

function rowsOf({ orders, results, rows = [] }: UndoAnswer): UndoneRow[] {
  return [
    ...rows.map(({ code, thing, was, now }): UndoneRow => {
      const label = thing.kind === 'label' ? thing.label : null;
      const order = 'order' in thing ? thing.order : null;
      const item = thing.kind === 'item' ? { item: thing.item } : {};
      return { label, order, ...item, code, was: fieldTexts(was), now: fieldTexts(now) };
    }),
    ...orders.map(({ code, order, was }): UndoneRow => {
      return { label: null, order: order.number, code, was, now: order.status };
    }),
    ...results.map(({ code, label, was }): UndoneRow => {
      const now = label.reservation;
      return {
        ...{ label: label.number, order: null, code },
        was: was === null ? 'active' : `${was.order}/${was.line}`,
        now: now === null ? label.status : `${now.order}/${now.line}`,
      };
    }),
  ];
}

function sentences(answer: UndoAnswer, context: Context): string[] {
  if (!answer.ok) return [];
  const what = operationsPhrase(answer, context);
  if (answer.code === 'nothing_to_undo') return [`nothing to undo: all is as it was before ${what}`];
  const done = doneWords(answer, context);
  return [`${done} ${what}`, ...undoneLines(answer, context), ...undoHint(answer, context)];
}

function doneWords({ dryRun, complete }: UndoAnswer, { paint }: Context): string {
  if (dryRun) return complete ? 'dry run: would undo' : 'dry run: would undo a part of';
  return paint.good(complete ? '✓ undone:' : '✓ undone in part:');
}

/** `transfer 1m83z7w8k-qm6x22sw, 10:29 by dana`, or `12 operations`. */
export function operationsPhrase({ operations }: UndoAnswer, { sayMoment }: Context): string {
  const [one] = operations;
  if (one === undefined || operations.length > 1) return counted(operations.length, 'operation');
  return printable(`${one.verb} ${one.id}, ${sayMoment(one.at)} by ${one.by}`);
}

/** Each order and label with how it is put back, and how the lines stand then. */
export function undoneLines(answer: UndoAnswer, { sayMoment }: Context): string[] {
  const orders = answer.orders.filter(({ code }) => code === 'undone');
  const labels = answer.results.filter(({ code }) => code === 'undone');
  const statuses = orders.map(({ order, was }) => {
    return `  ${printable(order.number)} · ${spoken(was)} → ${spoken(order.status)}`;
  });
  const rows = (answer.rows ?? []).map(({ thing, was, now }) => {
    return `  ${printable(`${thingName(thing)} · ${fieldTexts(was)} → ${fieldTexts(now)}`)}`;
  });
  return [
    ...abridged(rows),
    ...abridged(statuses),
    ...movedLines(labels, (label) => fullPlace(label, sayMoment)),
    ...orderLines(answer.lines),
  ];
}

/** What stays as it is, and why; said before anybody agrees to the rest. */
export function leftAlone({ refusals }: UndoAnswer, { sayMoment }: Context): string[] {
  if (refusals.length === 0) return [];
  const reasons = refusals.map((refusal) => `  ${printable(sentenceOf(refusal, sayMoment).message)}`);
  return ['not undone:', ...abridged(reasons)];
}

function spoken(status: string): string {
  return status.replaceAll('_', ' ');
}
