/** What both databases share of imports: how their rows become what the merge knows, and which columns are written. */
import {
  type ImportKind,
  type ImportWrites,
  type Item,
  type KnownItem,
  type KnownLabel,
  type KnownLine,
  type KnownOrder,
  type LabelState,
  lineKey,
  type OrderReference,
  type OrderStatus,
  quantityOfMillionths,
  type Tracking,
} from '../core/index.ts';
import { itemOf, type LabelRecord, labelState } from './rows.ts';

export interface ItemRecord {
  readonly item_id: number;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly tracking: Tracking;
}

export type KnownItemRecord = ItemRecord & { readonly recorded_at: number };

export function itemsBySku(records: readonly ItemRecord[]): Map<string, Item> {
  return new Map(records.map((record) => [record.sku, itemOf(record)]));
}

export function knownItems(
  records: readonly KnownItemRecord[],
  lastEvents: ReadonlyMap<number, number | null>,
  withLabels: ReadonlySet<number>,
): Map<string, KnownItem> {
  return new Map(
    records.map((record) => {
      const lastEventAt = lastEvents.get(record.item_id) ?? record.recorded_at;
      return [record.sku, { item: itemOf(record), hasLabels: withLabels.has(record.item_id), lastEventAt }];
    }),
  );
}

/** `has_shipped` comes as a boolean, or as 0 and 1. */
export type KnownLabelRecord = LabelRecord & {
  readonly source_quantity: number;
  readonly has_shipped: boolean | number;
};

export function knownLabels(records: readonly KnownLabelRecord[]): Map<string, KnownLabel> {
  return new Map(
    records.map((record) => {
      const source = quantityOfMillionths(record.source_quantity);
      return [record.number, { state: labelState(record), source, hasShipped: Boolean(record.has_shipped) }];
    }),
  );
}

export interface OrderRecord {
  readonly id: number;
  readonly number: string;
  readonly customer: string | null;
  readonly ordered: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  readonly source_status: OrderStatus;
  readonly last_at: number;
}

/** `held` are the labels that the orders hold. */
export function knownOrders(
  records: readonly OrderRecord[],
  held: readonly LabelRecord[],
): Map<string, KnownOrder> {
  const byOrder = new Map<number, LabelState[]>();
  for (const record of held) {
    const states = byOrder.get(record.order_id) ?? [];
    states.push(labelState(record));
    byOrder.set(record.order_id, states);
  }
  return new Map(
    records.map(({ source_status, last_at, ...order }) => {
      return [
        order.number,
        { ...order, source: source_status, lastEventAt: last_at, held: byOrder.get(order.id) ?? [] },
      ];
    }),
  );
}

export function orderReferences(records: readonly OrderRecord[]): Map<string, OrderReference> {
  return new Map(records.map(({ number, id, last_at }) => [number, { id, lastEventAt: last_at }]));
}

/** `in_use` comes as a boolean, or as 0 and 1. */
export type KnownLineRecord = ItemRecord & {
  readonly order_number: string;
  readonly id: number;
  readonly line_number: number;
  readonly in_use: boolean | number;
  readonly last_at: number;
} & Readonly<Record<'ordered' | 'shipped' | 'source_ordered' | 'source_shipped', number>>;

export function knownLines(records: readonly KnownLineRecord[]): Map<string, KnownLine> {
  return new Map(
    records.map((record) => [
      lineKey(record.order_number, record.line_number),
      {
        id: record.id,
        item: itemOf(record),
        ordered: quantityOfMillionths(record.ordered),
        shipped: quantityOfMillionths(record.shipped),
        sourceOrdered: quantityOfMillionths(record.source_ordered),
        sourceShipped: quantityOfMillionths(record.source_shipped),
        inUse: Boolean(record.in_use),
        lastEventAt: record.last_at,
      },
    ]),
  );
}

type Value = string | number | null;

/** A column that an import writes, and its value. */
export interface ImportColumn<W> {
  readonly name: string;
  readonly type: 'text' | 'bigint';
  readonly value: (write: W) => Value;
  /** Whether it is written only for rows that are new: keys, and first values. */
  readonly once?: boolean;
}

interface ImportTable<W> {
  readonly table: string;
  readonly columns: readonly ImportColumn<W>[];
}

const text = 'text';
const bigint = 'bigint';
const once = true;

export const IMPORT_TABLES: { readonly [K in ImportKind]: ImportTable<ImportWrites[K]> } = {
  items: {
    table: 'items',
    columns: [
      { name: 'sku', type: text, value: ({ sku }) => sku, once },
      { name: 'name', type: text, value: ({ name }) => name },
      { name: 'unit', type: text, value: ({ unit }) => unit },
      { name: 'tracking', type: text, value: ({ tracking }) => tracking },
    ],
  },
  labels: {
    table: 'labels',
    columns: [
      { name: 'number', type: text, value: ({ number }) => number, once },
      { name: 'code', type: text, value: ({ code }) => code },
      { name: 'item_id', type: bigint, value: ({ itemId }) => itemId },
      { name: 'quantity', type: bigint, value: ({ quantity }) => quantity },
      { name: 'location', type: text, value: ({ location }) => location },
      { name: 'bin', type: text, value: ({ bin }) => bin },
      { name: 'lot', type: text, value: ({ lot }) => lot },
      { name: 'expiry', type: text, value: ({ expiry }) => expiry },
      { name: 'created', type: text, value: ({ created }) => created },
      { name: 'source_quantity', type: bigint, value: ({ source }) => source },
      { name: 'first_quantity', type: bigint, value: ({ quantity }) => quantity, once },
    ],
  },
  orders: {
    table: 'orders',
    columns: [
      { name: 'number', type: text, value: ({ number }) => number, once },
      { name: 'customer', type: text, value: ({ customer }) => customer },
      { name: 'ordered', type: text, value: ({ ordered }) => ordered },
      { name: 'due', type: text, value: ({ due }) => due },
      { name: 'status', type: text, value: ({ status }) => status },
      { name: 'source_status', type: text, value: ({ source }) => source },
      { name: 'first_status', type: text, value: ({ status }) => status, once },
    ],
  },
  lines: {
    table: 'order_lines',
    columns: [
      { name: 'order_id', type: bigint, value: ({ orderId }) => orderId, once },
      { name: 'line', type: bigint, value: ({ line }) => line, once },
      { name: 'item_id', type: bigint, value: ({ itemId }) => itemId },
      { name: 'ordered', type: bigint, value: ({ ordered }) => ordered },
      { name: 'shipped', type: bigint, value: ({ shipped }) => shipped },
      { name: 'source_ordered', type: bigint, value: ({ sourceOrdered }) => sourceOrdered },
      { name: 'source_shipped', type: bigint, value: ({ sourceShipped }) => sourceShipped },
      { name: 'first_ordered', type: bigint, value: ({ ordered }) => ordered, once },
      { name: 'first_shipped', type: bigint, value: ({ shipped }) => shipped, once },
    ],
  },
};
