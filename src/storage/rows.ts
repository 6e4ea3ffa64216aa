/** The columns that a label, an order or a line is read with, and how their rows become the core's states. */
import {
  type Item,
  type LabelState,
  type LineState,
  type OrderState,
  type OrderStatus,
  quantityOfMillionths,
  type Tracking,
} from '../core/index.ts';

/**
 * A value of the last event `e` of a label, an order or an item, whose id an expression gives; null if it has had none. The
 * range makes the index on that column the only one with the events in this order. PostgreSQL, while the table is small,
 * takes the primary key for as good, and keeps to that plan, which reads all events of everything, for long.
 */
export function ofLastEvent(
  value: 'at' | 'id',
  column: 'label_id' | 'order_id' | 'item_id',
  id: string,
): string {
  return `(select e.${value} from events e where e.${column} between ${id} and ${id}
    order by e.${column} desc, e.id desc limit 1)`;
}

/** A label `l` with its item, its holder if any, and the last moment that anything happened to it or its holder. */
export const LABEL_COLUMNS = `
  l.id, l.number, l.code, l.quantity, l.location, l.bin, l.lot, l.expiry, l.created,
  i.id as item_id, i.sku, i.name, i.unit, i.tracking,
  r.line_id, r.since, r."by", n.name as operation,
  k.line, k.order_id, o.number as order_number, o.status as order_status, o.customer,
  coalesce(${ofLastEvent('at', 'label_id', 'l.id')}, l.recorded_at) as label_at,
  ${ofLastEvent('at', 'order_id', 'k.order_id')} as order_at`;

export const LABEL_JOINS = `
  join items i on i.id = l.item_id
  left join reservations r on r.label_id = l.id
  left join order_lines k on k.id = r.line_id
  left join orders o on o.id = k.order_id
  left join operations n on n.id = r.operation_id`;

interface ItemColumns {
  readonly item_id: number;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly tracking: Tracking;
}

export interface LabelRecord extends ItemColumns {
  readonly id: number;
  readonly number: string;
  readonly code: string | null;
  readonly quantity: number;
  readonly location: string | null;
  readonly bin: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly created: string | null;
  readonly line_id: number | null;
  readonly since: number;
  readonly by: string;
  readonly operation: string;
  readonly line: number;
  readonly order_id: number;
  readonly order_number: string;
  readonly order_status: OrderStatus;
  readonly customer: string | null;
  readonly label_at: number;
  readonly order_at: number | null;
}

/**
 * A row of LABEL_COLUMNS that came as an array. A label has many columns: naming them here takes less than half the time that
 * the database module takes to make objects, and taking the array apart by patterns would take fifty times as long.
 */
export function labelRecord(row: readonly unknown[]): LabelRecord {
  const record: { [Field in keyof LabelRecord]: unknown } = {
    id: row[0],
    number: row[1],
    code: row[2],
    quantity: row[3],
    location: row[4],
    bin: row[5],
    lot: row[6],
    expiry: row[7],
    created: row[8],
    item_id: row[9],
    sku: row[10],
    name: row[11],
    unit: row[12],
    tracking: row[13],
    line_id: row[14],
    since: row[15],
    by: row[16],
    operation: row[17],
    line: row[18],
    order_id: row[19],
    order_number: row[20],
    order_status: row[21],
    customer: row[22],
    label_at: row[23],
    order_at: row[24],
  };
  return record as LabelRecord;
}

export function itemOf(record: ItemColumns): Item {
  const { item_id, sku, name, unit, tracking } = record;
  return { id: item_id, sku, name, unit, tracking };
}

export function labelState(record: LabelRecord): LabelState {
  const { id, number, code, location, bin, lot, expiry, created } = record;
  const holder = {
    orderId: record.order_id,
    order: record.order_number,
    orderStatus: record.order_status,
    customer: record.customer,
    lineId: record.line_id ?? 0,
    line: record.line,
    since: record.since,
    by: record.by,
    operation: record.operation,
  };
  const quantity = quantityOfMillionths(record.quantity);
  return {
    label: { id, number, code, item: itemOf(record), location, bin, lot, expiry, created, quantity },
    holder: record.line_id === null ? null : holder,
    lastEventAt: Math.max(record.label_at, record.order_at ?? 0),
  };
}

export interface OrderRecord {
  readonly id: number;
  readonly number: string;
  readonly customer: string | null;
  readonly ordered: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  readonly last_at: number;
}

export interface LineRecord extends ItemColumns {
  readonly id: number;
  readonly line: number;
  readonly ordered: number;
  readonly shipped: number;
  readonly reserved: number;
  readonly reserved_labels: number;
}

export function orderState(record: OrderRecord, lines: readonly LineRecord[]): OrderState {
  const { id, number, customer, ordered, due, status, last_at } = record;
  return { id, number, customer, ordered, due, status, lines: lines.map(lineState), lastEventAt: last_at };
}

function lineState(record: LineRecord): LineState {
  return {
    id: record.id,
    line: record.line,
    item: itemOf(record),
    ordered: quantityOfMillionths(record.ordered),
    shipped: quantityOfMillionths(record.shipped),
    reserved: quantityOfMillionths(record.reserved),
    reservedLabels: record.reserved_labels,
  };
}
