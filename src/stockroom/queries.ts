/** What can be asked when looking: filters that all must hold, a sort, a limit. */
import type { LabelStatus, OrderStatus, Quantity } from '../core/index.ts';

export const LABEL_SORTS = ['number', 'item', 'created', 'expiry', 'quantity', 'location', 'bin'] as const;
export const ORDER_SORTS = ['number', 'customer', 'ordered', 'due', 'status'] as const;
export const RESERVATION_SORTS = ['since', 'label', 'order'] as const;
export const SHIPMENT_SORTS = ['at', 'order'] as const;

interface Listing<S extends string> {
  readonly sort?: S;
  readonly descending?: boolean;
  /** Most rows to give; absent for all. */
  readonly limit?: number;
  /** Only rows that come after this place in the order asked for: the `Position` of the last row that was seen. */
  readonly after?: Position;
}

/** What a list is sorted by, of one row; the last value is unique, so that a page can begin exactly behind it. */
export type Position = readonly (string | number | null)[];

export interface LabelQuery extends Listing<(typeof LABEL_SORTS)[number]> {
  /** Part of the number, code, bin, location or lot, in any case. */
  readonly search?: string;
  /** A sku. */
  readonly item?: string;
  readonly status?: readonly LabelStatus[];
  readonly location?: string;
  readonly bin?: string;
  readonly lot?: string;
  /** Labels that this order holds. */
  readonly order?: string;
  /** Past their expiry on this date (true: only those, false: only others). */
  readonly expired?: { readonly on: string; readonly is: boolean };
}

export interface OrderQuery extends Listing<(typeof ORDER_SORTS)[number]> {
  /** Part of the number or the customer, in any case. */
  readonly search?: string;
  readonly status?: readonly OrderStatus[];
  readonly customer?: string;
  /** Orders with a line for this sku. */
  readonly item?: string;
  /** Due on or before this date. */
  readonly dueBy?: string;
  /** Only orders that hold labels, or only those that don't. */
  readonly holding?: boolean;
}

export interface ReservationQuery extends Listing<(typeof RESERVATION_SORTS)[number]> {
  readonly order?: string;
  readonly line?: number;
  readonly item?: string;
  /** The status of the holding order. */
  readonly status?: readonly OrderStatus[];
  readonly by?: string;
  /** Reserved before this moment, in milliseconds. */
  readonly before?: number;
  /** What was reserved at this moment, in milliseconds; every other filter is about that moment, too. */
  readonly asOf?: number;
  /** Reserved by this operation, or by one of this group (`GROUP/n`). */
  readonly operation?: string;
}

export interface ShipmentQuery extends Listing<(typeof SHIPMENT_SORTS)[number]> {
  readonly order?: string;
  readonly label?: string;
  /** Shipped at or after, and before, these moments, in milliseconds. */
  readonly since?: number;
  readonly until?: number;
}

/** Active labels of an item that are nearest to what is wanted: of the same location first, then by quantity. */
export interface NearestQuery {
  /** A sku. */
  readonly item: string;
  readonly location: string | null;
  readonly need: Quantity;
  /** Label numbers. */
  readonly except: readonly string[];
  /** Not past their expiry on this date. */
  readonly on: string;
  readonly limit: number;
}

/** What history can be asked about; an operation also stands for its group (`GROUP/n`). */
export interface HistorySubject {
  readonly kind: 'label' | 'order' | 'operation';
  readonly name: string;
}

export interface HistoryQuery {
  /** Absent for everything. */
  readonly of?: HistorySubject;
  /** At or after, and before, these moments, in milliseconds. */
  readonly since?: number;
  readonly until?: number;
  /** The newest first. */
  readonly descending?: boolean;
  readonly limit?: number;
  /** Begin behind the place where an earlier reading in the same direction ended (`HistoryPage.position`). */
  readonly after?: string;
  /** Nothing that came in behind this place (`Stockroom.historyEnd`). */
  readonly upTo?: string;
}

/** An order as a list shows it. */
export interface OrderSummary {
  readonly number: string;
  readonly customer: string | null;
  readonly ordered: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  /** How many lines it has, how many of them still need something, and how many labels it holds. */
  readonly lines: number;
  readonly openLines: number;
  readonly reservedLabels: number;
}
