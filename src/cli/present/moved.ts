/** Labels that were moved or freed, as all verbs say them; and how to take that back. */
import {
  commandLine,
  type Envelope,
  type LabelDocument,
  type MovedLabel,
  printable,
  type ReservationDocument,
  type SayMoment,
} from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Column } from './columns.ts';
import { abridged, measured } from './words.ts';

export const MOVED_COLUMNS: readonly Column<MovedLabel>[] = [
  { field: 'was.order', title: 'was for', value: ({ was }) => was?.order ?? null },
  { field: 'was.line', title: 'line', value: ({ was }) => was?.line ?? null },
  {
    field: 'label.reservation.order',
    title: 'is for',
    value: ({ label }) => label.reservation?.order ?? null,
  },
  {
    field: 'label.reservation.line',
    title: 'line',
    value: ({ label }) => label.reservation?.line ?? null,
  },
  { field: 'label.status', title: 'status', value: ({ label }) => label.status },
];

/** `L-7 · 100 m · SO-1 line 1 → SO-2 line 3`, each on a line of its own. */
export function movedLines(moved: readonly MovedLabel[], place: (label: LabelDocument) => string): string[] {
  return abridged(
    moved.map(({ label, was }) => {
      const from = was === null ? 'active' : `${was.order} line ${was.line}`;
      const move = printable(`${from} → ${place(label)}`);
      return `  ${printable(label.number)} · ${measured(label.quantity, label.unit)} · ${move}`;
    }),
  );
}

export function shortPlace({ status, reservation }: LabelDocument): string {
  return reservation === null ? status : `${reservation.order} line ${reservation.line}`;
}

/** The place with since when and by whom it holds the label, for reservations that are not new. */
export function fullPlace(label: LabelDocument, sayMoment: SayMoment): string {
  const { reservation } = label;
  return reservation === null ? label.status : `${shortPlace(label)} ${sinceBy(reservation, sayMoment)}`;
}

export function sinceBy({ since, by }: ReservationDocument, sayMoment: SayMoment): string {
  return `since ${sayMoment(since)} by ${by}`;
}

/**
 * The command that takes an answer's operation back (DESIGN rule 17), which the home menu offers as well; nothing where
 * nothing was recorded.
 */
export function undoHint(
  { operation, verb }: Pick<Envelope, 'operation' | 'verb'>,
  context: Context,
): string[] {
  if (operation === null) return [];
  context.wayBack = { operation: operation.id, verb };
  return [context.paint.dim(`  undo: ${printable(commandLine('undo', [operation.id]))}`)];
}
