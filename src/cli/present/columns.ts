/** Which columns each kind of row has, under the names that JSON gives the fields. */
import type { LabelDocument, ShipmentDocument } from '../../core/index.ts';
import type { OrderSummary } from '../../stockroom/queries.ts';
import { measured } from './words.ts';

export type Cell = string | number | boolean | null;

export interface Column<T> {
  /** The field's name, as `--fields` takes it and JSON nests it (`reservation.order`). */
  readonly field: string;
  readonly title: string;
  readonly value: (row: T) => Cell;
  /** How a terminal shows it, where that is more than its text. */
  readonly shown?: (row: T, sayMoment: (iso: string) => string) => string;
  /** Only in `-o wide`, CSV and where it is asked for by name. */
  readonly wide?: boolean;
  readonly right?: boolean;
}

export interface Listing<T> {
  /** The property of the JSON document that holds the rows. */
  readonly name: string;
  readonly columns: readonly Column<T>[];
  /** How `-o name` prints a row: `label/L-7`. */
  readonly nameOf: (row: T) => string;
}

export function moment<T>(field: string, title: string, value: (row: T) => string | null): Column<T> {
  return { field, title, value, shown: (row, sayMoment) => mapped(value(row), sayMoment) };
}

function mapped(iso: string | null, sayMoment: (iso: string) => string): string {
  return iso === null ? '' : sayMoment(iso);
}

function amount<T>(field: string, title: string, value: (row: T) => number): Column<T> {
  return { field, title, value, right: true };
}

const LABEL_COLUMNS = {
  number: { field: 'number', title: 'label', value: (label) => label.number },
  code: { field: 'code', title: 'code', value: (label) => label.code, wide: true },
  item: { field: 'item', title: 'item', value: (label) => label.item },
  itemName: { field: 'itemName', title: 'name', value: (label) => label.itemName, wide: true },
  status: {
    field: 'status',
    title: 'status',
    value: (label) => label.status,
    shown: (label) => (label.expired ? `${label.status}, expired` : label.status),
  },
  quantity: amount('quantity', 'quantity', (label) => label.quantity),
  available: { ...amount<LabelDocument>('available', 'available', (label) => label.available), wide: true },
  unit: { field: 'unit', title: 'unit', value: (label) => label.unit },
  location: { field: 'location', title: 'location', value: (label) => label.location },
  bin: { field: 'bin', title: 'bin', value: (label) => label.bin },
  lot: { field: 'lot', title: 'lot', value: (label) => label.lot, wide: true },
  expiry: { field: 'expiry', title: 'expiry', value: (label) => label.expiry, wide: true },
  expired: { field: 'expired', title: 'expired', value: (label) => label.expired, wide: true },
  created: { field: 'created', title: 'created', value: (label) => label.created },
  order: { field: 'reservation.order', title: 'order', value: (label) => label.reservation?.order ?? null },
  line: {
    field: 'reservation.line',
    title: 'line',
    value: (label) => label.reservation?.line ?? null,
    right: true,
  },
  customer: {
    field: 'reservation.customer',
    title: 'customer',
    value: (label) => label.reservation?.customer ?? null,
  },
  since: moment('reservation.since', 'since', (label) => label.reservation?.since ?? null),
  by: { field: 'reservation.by', title: 'by', value: (label) => label.reservation?.by ?? null },
  operation: {
    field: 'reservation.operation',
    title: 'operation',
    value: (label) => label.reservation?.operation ?? null,
    wide: true,
  },
} as const satisfies Record<string, Column<LabelDocument>>;

const L = LABEL_COLUMNS;
const wide = (column: Column<LabelDocument>): Column<LabelDocument> => ({ ...column, wide: true });
const labelName = (label: LabelDocument): string => `label/${label.number}`;

export const LABELS: Listing<LabelDocument> = {
  name: 'labels',
  columns: [
    ...[
      L.number,
      L.code,
      L.item,
      L.itemName,
      L.status,
      L.quantity,
      L.available,
      L.unit,
      L.location,
      L.bin,
      L.lot,
    ],
    ...[
      L.expiry,
      L.expired,
      L.created,
      L.order,
      wide(L.line),
      wide(L.customer),
      wide(L.since),
      wide(L.by),
      L.operation,
    ],
  ],
  nameOf: labelName,
};

export const RESERVATIONS: Listing<LabelDocument> = {
  name: 'reservations',
  columns: [
    ...[
      L.number,
      L.code,
      L.order,
      L.line,
      L.customer,
      L.item,
      L.itemName,
      L.quantity,
      L.unit,
      wide(L.location),
      L.bin,
    ],
    ...[L.lot, L.expiry, L.expired, L.since, L.by, L.operation],
  ],
  nameOf: labelName,
};

/** What `find-order` answers with: the holder first. */
export const FOUND: Listing<LabelDocument> = {
  name: 'results',
  columns: [
    ...[
      L.number,
      L.code,
      L.status,
      L.order,
      L.line,
      L.customer,
      L.since,
      L.by,
      L.item,
      L.itemName,
      L.quantity,
      L.unit,
    ],
    ...[wide(L.location), L.bin, L.lot, L.expiry, L.operation],
  ],
  nameOf: labelName,
};

export const ORDERS: Listing<OrderSummary> = {
  name: 'orders',
  columns: [
    { field: 'number', title: 'order', value: (order) => order.number },
    { field: 'customer', title: 'customer', value: (order) => order.customer },
    { field: 'ordered', title: 'ordered', value: (order) => order.ordered },
    { field: 'due', title: 'due', value: (order) => order.due },
    { field: 'status', title: 'status', value: (order) => order.status },
    amount('lines', 'lines', (order) => order.lines),
    amount('openLines', 'open lines', (order) => order.openLines),
    amount('reservedLabels', 'reserved labels', (order) => order.reservedLabels),
  ],
  nameOf: (order) => `order/${order.number}`,
};

export const SHIPMENTS: Listing<ShipmentDocument> = {
  name: 'shipments',
  columns: [
    moment('at', 'at', (shipment) => shipment.at),
    { field: 'order', title: 'order', value: (shipment) => shipment.order },
    { field: 'customer', title: 'customer', value: (shipment) => shipment.customer },
    { field: 'by', title: 'by', value: (shipment) => shipment.by },
    {
      field: 'lines',
      title: 'shipped',
      value: ({ lines }) => {
        return lines.map(({ item, quantity, unit }) => `${measured(quantity, unit)} × ${item}`).join(', ');
      },
    },
    { field: 'labels', title: 'labels', value: ({ labels }) => labels.map(({ label }) => label).join(' ') },
    { field: 'operation', title: 'operation', value: (shipment) => shipment.operation, wide: true },
  ],
  nameOf: (shipment) => `order/${shipment.order}`,
};
