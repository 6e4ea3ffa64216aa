/**
 * What the ledger holds already of the rows of an import, and what is to be written. `source…` is what the source said
 * last time, kept beside each row for the three-way merge of DESIGN rule 15.
 */
import type { NewEvent } from '../changes.ts';
import type { Item, LabelState, OrderStatus, Tracking } from '../model.ts';
import type { Quantity } from '../quantity.ts';
import type { ImportRows, Origin, RowProblem } from './row.ts';

export interface Staged<R> {
  readonly origin: Origin;
  readonly row: R;
}

export interface KnownItem {
  readonly item: Item;
  readonly hasLabels: boolean;
  readonly lastEventAt: number | null;
}

export interface KnownLabel {
  readonly state: LabelState;
  readonly source: Quantity;
  readonly hasShipped: boolean;
}

export interface KnownOrder {
  readonly id: number;
  readonly number: string;
  readonly customer: string | null;
  readonly ordered: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  readonly source: OrderStatus;
  readonly held: readonly LabelState[];
  readonly lastEventAt: number | null;
}

export interface KnownLine {
  readonly id: number;
  readonly item: Item;
  readonly ordered: Quantity;
  readonly shipped: Quantity;
  readonly sourceOrdered: Quantity;
  readonly sourceShipped: Quantity;
  /** Whether labels are reserved for it or have been shipped on it. */
  readonly inUse: boolean;
  readonly lastEventAt: number | null;
}

export interface OrderReference {
  readonly id: number;
  readonly lastEventAt: number | null;
}

/** What to know before rows of a kind can be merged. Missing keys are not in the ledger. */
export interface ImportKnown {
  readonly items: { readonly items: ReadonlyMap<string, KnownItem> };
  readonly labels: {
    readonly labels: ReadonlyMap<string, KnownLabel>;
    readonly items: ReadonlyMap<string, Item>;
    /** The numbers of the labels that have one of the rows' codes or numbers as their code, by that code. */
    readonly codeOwners: ReadonlyMap<string, string>;
    /** The rows' codes that are the number of some label. */
    readonly numbers: ReadonlySet<string>;
  };
  readonly orders: { readonly orders: ReadonlyMap<string, KnownOrder> };
  readonly lines: {
    readonly orders: ReadonlyMap<string, OrderReference>;
    readonly items: ReadonlyMap<string, Item>;
    /** By `lineKey`. */
    readonly lines: ReadonlyMap<string, KnownLine>;
  };
}

/** The key of a line: its order and its number. */
export function lineKey(order: string, line: number): string {
  return `${order}\n${line}`;
}

/** The key of any row, by which it is told from other rows of its kind. */
export const ROW_KEY = {
  items: (row) => row.sku,
  labels: (row) => row.number,
  orders: (row) => row.number,
  lines: (row) => lineKey(row.order, row.line),
} as const satisfies { [K in keyof ImportRows]: (row: ImportRows[K]) => string };

/** Whole rows to write; `id` is null for a new one. The storage gives a new row its first values from the same fields. */
export interface ItemWrite {
  readonly id: number | null;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly tracking: Tracking;
}

export interface LabelWrite {
  readonly id: number | null;
  readonly number: string;
  readonly code: string | null;
  readonly itemId: number;
  readonly quantity: Quantity;
  readonly location: string | null;
  readonly bin: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly created: string | null;
  readonly source: Quantity;
}

export interface OrderWrite {
  readonly id: number | null;
  readonly number: string;
  readonly customer: string | null;
  readonly ordered: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  readonly source: OrderStatus;
}

export interface LineWrite {
  readonly id: number | null;
  readonly orderId: number;
  readonly line: number;
  readonly itemId: number;
  readonly ordered: Quantity;
  readonly shipped: Quantity;
  readonly sourceOrdered: Quantity;
  readonly sourceShipped: Quantity;
}

export interface ImportWrites {
  readonly items: ItemWrite;
  readonly labels: LabelWrite;
  readonly orders: OrderWrite;
  readonly lines: LineWrite;
}

export type OnConflict = 'report' | 'ours' | 'theirs';

export interface MergeOptions {
  readonly onConflict: OnConflict;
  /** Free the labels of orders that the import ends. */
  readonly releaseClosed: boolean;
  /** Milliseconds, UTC. */
  readonly now: number;
}

/** Something an import did, or left undone, that a person must know. */
export type ImportNotice =
  | {
      readonly kind: 'reservation_lost';
      readonly label: string;
      readonly order: string;
      readonly line: number;
    }
  | {
      readonly kind: 'still_held' | 'released';
      readonly order: string;
      readonly status: OrderStatus;
      readonly labels: readonly string[];
    };

export interface MergeResult<W> {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly problems: readonly RowProblem[];
  readonly notices: readonly ImportNotice[];
  readonly writes: readonly W[];
  readonly freedLabels: readonly number[];
  readonly events: readonly NewEvent[];
  readonly at: number;
}
