/** Events and shipments, a line each. */
import { formatDecimal, printable, type ShipmentDocument } from '../../core/index.ts';
import type { EventDocument } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { measured } from './words.ts';

export function eventLines(events: readonly EventDocument[], { sayMoment }: Context): string[] {
  return events.map((event) => {
    const why = event.reason === null ? '' : ` (${event.reason})`;
    return printable(
      `${sayMoment(event.at)} ${event.by} · ${whatHappened(event)}${why} · ${event.verb} ${event.operation}`,
    );
  });
}

function whatHappened({ kind, label, order, line, before, after }: EventDocument): string {
  const where = order === null ? '' : ` ${order}${line === null ? '' : ` line ${line}`}`;
  switch (kind) {
    case 'reserved':
      return `${label} reserved for${where}`;
    case 'unreserved':
      return `${label} freed from${where}`;
    case 'label_changed':
      return `${label}${where === '' ? '' : ` for${where}`}: ${fieldChanges(before, after)}`;
    default:
      return `${where === '' ? kind.replaceAll('_', ' ') : where.trimStart()}: ${fieldChanges(before, after)}`;
  }
}

type Fields = EventDocument['before'];

/** `quantity 10 → 0`. */
function fieldChanges(before: Fields, after: Fields): string {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.map((name) => `${name} ${fieldText(before?.[name])} → ${fieldText(after?.[name])}`).join(', ');
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
