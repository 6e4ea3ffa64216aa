/** Events and shipments, a line each. */
import { formatDecimal, printable, type ShipmentDocument } from '../../core/index.ts';
import type { EventDocument } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { measured } from './words.ts';

/** `2026-11-20 09:12 dana reserve  L-7 → SO-1007 line 2  (op 1m83…) "rush"`. */
export function eventLines(events: readonly EventDocument[], { sayMoment }: Context): string[] {
  return events.map((event) => {
    // What someone removed behind earmark's back has left its events without a name.
    const { at, by = '', verb, operation, reason } = event;
    const who = operation === '' ? 'someone' : `${by} ${verb}`;
    const why = reason === null ? '' : ` "${reason}"`;
    const named = operation === '' ? '(unknown operation)' : `(op ${operation})`;
    return printable(`${sayMoment(at)} ${who}  ${whatHappened(event)}  ${named}${why}`);
  });
}

function whatHappened({ kind, label, order, line, item, before, after }: EventDocument): string {
  const place = order === null ? '' : `${order}${line === null ? '' : ` line ${line}`}`;
  const thing = label ?? (place === '' ? (item ?? 'something') : place);
  switch (kind) {
    case 'recorded':
      return `${thing} recorded: ${fieldValues(after)}`;
    case 'reserved':
      return `${thing} → ${place}`;
    case 'unreserved':
      return `${thing} freed from ${place}`;
    case 'restored':
      return `${thing} put back: ${'since' in (before ?? after ?? {}) ? holding(after) : fieldChanges(before, after)}`;
    case 'label_changed':
      return `${thing}${place === '' ? '' : ` for ${place}`}: ${fieldChanges(before, after)}`;
    default:
      return `${thing}: ${fieldChanges(before, after)}`;
  }
}

type Fields = EventDocument['before'];

function holding(after: Fields): string {
  return after === null ? 'free' : `held for ${after['order']} line ${after['line']}`;
}

/** `quantity 10 → 0`; of one side alone, its values. */
export function fieldChanges(before: Fields, after: Fields): string {
  if (before === null || after === null) return fieldValues(before ?? after);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((name) => `${name} ${fieldText(before[name])} → ${fieldText(after[name])}`).join(', ');
}

/** `item ROPE-8, quantity 100`. */
function fieldValues(fields: Fields): string {
  return Object.entries(fields ?? {})
    .map(([name, value]) => `${name} ${fieldText(value)}`)
    .join(', ');
}

function fieldText(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'number' ? formatDecimal(value) : value;
}

export function shipmentSummaries(shipments: readonly ShipmentDocument[], { sayMoment }: Context): string[] {
  return shipments.map(({ at, by, order, lines, labels, operation }) => {
    const amounts = lines
      .map(({ item, quantity, unit }) => `${measured(quantity, unit)} × ${item}`)
      .join(', ');
    const from =
      labels.length === 0
        ? ''
        : ` from ${[...new Set(labels.map(({ label }) => label))].slice(0, 6).join(', ')}`;
    return printable(`${sayMoment(at)} ${by} · ${order}: ${amounts}${from} · ${operation}`);
  });
}
