/** Where a row stands in a list (DESIGN section 8): what the next page begins behind. */
import {
  fromDecimal,
  type LabelDocument,
  type ReservationDocument,
  type ShipmentDocument,
} from '../core/index.ts';
import type {
  LABEL_SORTS,
  ORDER_SORTS,
  OrderSummary,
  Position,
  RESERVATION_SORTS,
  SHIPMENT_SORTS,
} from './queries.ts';

/** What one value of a position may be; a missing one is null. */
type Kind = 'text' | 'text or null' | 'number';

export interface Place<Row> {
  readonly kinds: readonly Kind[];
  of(row: Row): Position;
}

/** The places of a list's rows in each of its sorts. */
type Places<Sorts extends readonly string[], Row> = Readonly<Record<Sorts[number], Place<Row>>>;

function place<Row>(kinds: readonly Kind[], of: (row: Row) => Position): Place<Row> {
  return { kinds, of };
}

export const LABEL_PLACES: Places<typeof LABEL_SORTS, LabelDocument> = {
  number: place(['text'], ({ number }) => [number]),
  item: place(['text', 'text'], ({ item, number }) => [item, number]),
  created: place(['text or null', 'text'], ({ created, number }) => [created, number]),
  expiry: place(['text or null', 'text'], ({ expiry, number }) => [expiry, number]),
  quantity: place(['number', 'text'], ({ quantity, number }) => [fromDecimal(quantity), number]),
  location: place(['text or null', 'text'], ({ location, number }) => [location, number]),
  bin: place(['text or null', 'text'], ({ bin, number }) => [bin, number]),
};

export const ORDER_PLACES: Places<typeof ORDER_SORTS, OrderSummary> = {
  number: place(['text'], ({ number }) => [number]),
  customer: place(['text or null', 'text'], ({ customer, number }) => [customer, number]),
  ordered: place(['text or null', 'text'], ({ ordered, number }) => [ordered, number]),
  due: place(['text or null', 'text'], ({ due, number }) => [due, number]),
  status: place(['text', 'text'], ({ status, number }) => [status, number]),
};

export const RESERVATION_PLACES: Places<typeof RESERVATION_SORTS, LabelDocument> = {
  since: place(['number', 'text'], (row) => [Date.parse(heldBy(row).since), row.number]),
  label: place(['text'], ({ number }) => [number]),
  order: place(['text', 'number', 'text'], (row) => [heldBy(row).order, heldBy(row).line, row.number]),
};

/** A shipment is known by its operation; shipments of one time stand in the order in which they were made. */
export const SHIPMENT_PLACES: Places<typeof SHIPMENT_SORTS, ShipmentDocument> = {
  at: place(['text'], ({ operation }) => [operation]),
  order: place(['text', 'text'], ({ order, operation }) => [order, operation]),
};

/** The usual sort of each list. */
export const USUAL_SORTS = {
  labels: 'number',
  orders: 'number',
  reservations: 'since',
  shipments: 'at',
} as const;

/** Whether it can be a position in this sort. */
export function isPosition(
  { kinds }: Pick<Place<never>, 'kinds'>,
  values: readonly unknown[],
): values is Position {
  return values.length === kinds.length && kinds.every((kind, at) => isOf(kind, values[at]));
}

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'text or null':
      return value === null || typeof value === 'string';
    case 'number':
      return Number.isSafeInteger(value);
  }
}

function heldBy({ number, reservation }: LabelDocument): ReservationDocument {
  if (reservation === null) throw new Error(`${number} is in a list of reservations and has none`);
  return reservation;
}
