/**
 * What earmark knows about (DESIGN section 2), as the rules see it. Ids are the storage's own row identities: the rules
 * compare them and hand them back, and never show them.
 */
import type { Quantity } from './quantity.ts';

export const TRACKINGS = ['serialized', 'standard'] as const;
export type Tracking = (typeof TRACKINGS)[number];

export const ORDER_STATUSES = [
  'draft',
  'open',
  'partially_shipped',
  'shipped',
  'closed',
  'cancelled',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The statuses in which an order may hold and ship stock (DESIGN rule 4). */
export const LIVE_STATUSES = ['draft', 'open', 'partially_shipped'] as const satisfies readonly OrderStatus[];

export const LABEL_STATUSES = ['active', 'reserved', 'depleted'] as const;
export type LabelStatus = (typeof LABEL_STATUSES)[number];

export interface Item {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly tracking: Tracking;
}

export interface Label {
  readonly id: number;
  readonly number: string;
  readonly code: string | null;
  readonly item: Item;
  readonly location: string | null;
  readonly bin: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly created: string | null;
  readonly quantity: Quantity;
}

/** Who holds a label: the reservation with the order and line that it is for. `since` is in milliseconds, UTC. */
export interface Holder {
  readonly orderId: number;
  readonly order: string;
  readonly orderStatus: OrderStatus;
  readonly customer: string | null;
  readonly lineId: number;
  readonly line: number;
  readonly since: number;
  readonly by: string;
  readonly operation: string;
}

/** A label as found, with its holder if it has one, and when the last event of it or of its holder's order happened. */
export interface LabelState {
  readonly label: Label;
  readonly holder: Holder | null;
  readonly lastEventAt: number | null;
}

export interface LineState {
  readonly id: number;
  readonly line: number;
  readonly item: Item;
  readonly ordered: Quantity;
  readonly shipped: Quantity;
  /** The whole quantity of the labels held for the line, and how many they are. */
  readonly reserved: Quantity;
  readonly reservedLabels: number;
}

export interface OrderState {
  readonly id: number;
  readonly number: string;
  readonly customer: string | null;
  readonly ordered: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  /** In line order. */
  readonly lines: readonly LineState[];
  readonly lastEventAt: number | null;
}

export function isLive(status: OrderStatus): boolean {
  return (LIVE_STATUSES as readonly OrderStatus[]).includes(status);
}

/** A label's status is derived, never stored: depleted, else reserved, else active. */
export function labelStatus(label: { readonly quantity: number }, holder: unknown): LabelStatus {
  if (label.quantity === 0) return 'depleted';
  return holder === null ? 'active' : 'reserved';
}

export function outstanding(line: Pick<LineState, 'ordered' | 'shipped'>): Quantity {
  return (line.ordered - line.shipped) as Quantity;
}

/** For the end of an exhaustive switch: a case nobody handled is a compile error, and at run time a bug. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
