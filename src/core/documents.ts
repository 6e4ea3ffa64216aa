/**
 * The one form in which labels, orders and shipments leave the core: plain data with the words of DESIGN section 2 in
 * camelCase, quantities as decimal numbers, moments as ISO texts. `--json` and HTTP carry exactly this.
 */
import { isExpired, isoMoment } from './calendar.ts';
import {
  type Holder,
  type Item,
  type LabelState,
  type LabelStatus,
  type LineState,
  labelStatus,
  type OrderState,
  type OrderStatus,
  outstanding,
  type Tracking,
} from './model.ts';
import { minus, type Quantity, toDecimal, ZERO } from './quantity.ts';

/** The version of every document; it changes when a field changes its meaning or goes, never when one is added. */
export const SCHEMA_VERSION = 1;

export interface ReservationDocument {
  readonly order: string;
  readonly line: number;
  readonly customer: string | null;
  readonly since: string;
  readonly by: string;
  readonly operation: string;
}

export interface LabelDocument {
  readonly number: string;
  readonly code: string | null;
  readonly item: string;
  readonly itemName: string;
  readonly unit: string;
  readonly status: LabelStatus;
  readonly quantity: number;
  readonly available: number;
  readonly location: string | null;
  readonly bin: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly expired: boolean;
  readonly created: string | null;
  readonly reservation: ReservationDocument | null;
}

export interface LineDocument {
  readonly line: number;
  readonly item: string;
  readonly itemName: string;
  readonly unit: string;
  readonly tracking: Tracking;
  readonly ordered: number;
  readonly shipped: number;
  readonly outstanding: number;
  readonly reserved: number;
  readonly surplus: number;
  readonly shortfall: number;
  readonly reservedLabels: number;
}

export interface OrderDocument {
  readonly number: string;
  readonly customer: string | null;
  readonly ordered: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  readonly lines: readonly LineDocument[];
}

export interface ShippedLineDocument {
  readonly line: number;
  readonly item: string;
  readonly unit: string;
  readonly quantity: number;
}

export interface ShippedLabelDocument {
  readonly label: string;
  readonly line: number;
  readonly quantity: number;
  /** What was left in the label after the draw. */
  readonly remaining: number;
}

export interface ShipmentDocument {
  readonly order: string;
  readonly customer: string | null;
  readonly operation: string;
  readonly at: string;
  readonly by: string;
  readonly lines: readonly ShippedLineDocument[];
  readonly labels: readonly ShippedLabelDocument[];
}

export function reservationDocument(holder: Holder): ReservationDocument {
  return {
    order: holder.order,
    line: holder.line,
    customer: holder.customer,
    since: isoMoment(holder.since),
    by: holder.by,
    operation: holder.operation,
  };
}

/** `today` is the calendar date on which expiry is judged. */
export function labelDocument({ label, holder }: LabelState, today: string): LabelDocument {
  const status = labelStatus(label, holder);
  return {
    number: label.number,
    code: label.code,
    item: label.item.sku,
    itemName: label.item.name,
    unit: label.item.unit,
    status,
    quantity: toDecimal(label.quantity),
    available: toDecimal(status === 'active' ? label.quantity : ZERO),
    location: label.location,
    bin: label.bin,
    lot: label.lot,
    expiry: label.expiry,
    expired: isExpired(label.expiry, today),
    created: label.created,
    reservation: holder === null ? null : reservationDocument(holder),
  };
}

export function lineDocument(line: LineState): LineDocument {
  const needed = outstanding(line);
  const serialized = line.item.tracking === 'serialized';
  return {
    line: line.line,
    ...itemFields(line.item),
    tracking: line.item.tracking,
    ordered: toDecimal(line.ordered),
    shipped: toDecimal(line.shipped),
    outstanding: toDecimal(needed),
    reserved: toDecimal(line.reserved),
    surplus: toDecimal(above(line.reserved, needed)),
    shortfall: serialized ? toDecimal(above(needed, line.reserved)) : 0,
    reservedLabels: line.reservedLabels,
  };
}

export function orderDocument(order: OrderState): OrderDocument {
  return {
    number: order.number,
    customer: order.customer,
    ordered: order.ordered,
    due: order.due,
    status: order.status,
    lines: order.lines.map(lineDocument),
  };
}

function itemFields(item: Item): { item: string; itemName: string; unit: string } {
  return { item: item.sku, itemName: item.name, unit: item.unit };
}

function above(a: Quantity, b: Quantity): Quantity {
  return a > b ? minus(a, b) : ZERO;
}
