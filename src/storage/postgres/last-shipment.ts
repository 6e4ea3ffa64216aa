/** The last shipment of an order, read back as the document that `ship` answered with. */
import {
  isoMoment,
  type OrderState,
  quantityOfMillionths,
  type ShipmentDocument,
  toDecimal,
} from '../../core/index.ts';
import { rowsWith, withRow } from './by-id.ts';

/** What left the order of this number last; nothing for an order that was shipped elsewhere and imported. */
export const LAST_SHIPMENT = `
  select to_json(x) from (
    select s.at, s."by", n.name as operation,
      (select coalesce(json_agg(y order by y.line), '[]') from (
        select k.line, i.sku as item, i.unit, d.quantity
        from ${rowsWith('shipment_lines', 'shipment_id', 's.id')} d
          ${withRow('order_lines', 'k', 'id', 'd.line_id')} ${withRow('items', 'i', 'id', 'k.item_id')}) y) as lines,
      (select coalesce(json_agg(z order by z.line, z.label), '[]') from (
        select l.number as label, k.line, d.quantity, d.remaining
        from ${rowsWith('shipment_labels', 'shipment_id', 's.id')} d
          ${withRow('order_lines', 'k', 'id', 'd.line_id')} ${withRow('labels', 'l', 'id', 'd.label_id')}) z) as labels
    from (select id from orders where number = $1) o
      cross join lateral (
        select * from shipments w where w.order_id between o.id and o.id
        order by w.order_id desc, w.id desc limit 1) s
      ${withRow('operations', 'n', 'id', 's.operation_id')}) x`;

/** Quantities are millionths. */
export interface ShipmentRecord {
  readonly at: number;
  readonly by: string;
  readonly operation: string;
  readonly lines: readonly { line: number; item: string; unit: string; quantity: number }[];
  readonly labels: readonly { label: string; line: number; quantity: number; remaining: number }[];
}

export function shipmentOf(
  order: OrderState,
  { at, lines, labels, ...by }: ShipmentRecord,
): ShipmentDocument {
  return {
    order: order.number,
    customer: order.customer,
    ...by,
    at: isoMoment(at),
    lines: lines.map((line) => ({ ...line, quantity: decimal(line.quantity) })),
    labels: labels.map((label) => {
      return { ...label, quantity: decimal(label.quantity), remaining: decimal(label.remaining) };
    }),
  };
}

function decimal(millionths: number): number {
  return toDecimal(quantityOfMillionths(millionths));
}
