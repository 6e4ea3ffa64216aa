/** Shipments read back as the documents that `ship` answered with. */
import type Database from 'better-sqlite3';
import {
  isoMoment,
  type OrderState,
  quantityOfMillionths,
  type ShipmentDocument,
  toDecimal,
} from '../../core/index.ts';

const LAST = `
  select s.id, s.at, s."by", n.name as operation from shipments s join operations n on n.id = s.operation_id
  where s.order_id = ? order by s.id desc limit 1`;
const LINES = `
  select k.line, i.sku as item, i.unit, d.quantity
  from shipment_lines d join order_lines k on k.id = d.line_id join items i on i.id = k.item_id
  where d.shipment_id = ? order by k.line`;
const LABELS = `
  select l.number as label, k.line, d.quantity, d.remaining
  from shipment_labels d join order_lines k on k.id = d.line_id join labels l on l.id = d.label_id
  where d.shipment_id = ? order by k.line, l.number`;

/** What left the order last; null for an order that was shipped elsewhere and imported. */
export function lastShipmentOf(db: Database.Database, order: OrderState): ShipmentDocument | null {
  const last = db
    .prepare<[number], { id: number; at: number; by: string; operation: string }>(LAST)
    .get(order.id);
  if (last === undefined) return null;
  const lines = db.prepare<[number], { line: number; item: string; unit: string; quantity: number }>(LINES);
  const labels = db.prepare<[number], { label: string; line: number; quantity: number; remaining: number }>(
    LABELS,
  );
  return {
    order: order.number,
    customer: order.customer,
    operation: last.operation,
    at: isoMoment(last.at),
    by: last.by,
    lines: lines.all(last.id).map((line) => ({ ...line, quantity: decimal(line.quantity) })),
    labels: labels.all(last.id).map((label) => {
      return { ...label, quantity: decimal(label.quantity), remaining: decimal(label.remaining) };
    }),
  };
}

function decimal(millionths: number): number {
  return toDecimal(quantityOfMillionths(millionths));
}
