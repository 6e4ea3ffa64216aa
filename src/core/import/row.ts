/**
 * Rows of an import, checked one by one and not yet against the ledger (DESIGN rule 15). A field that is absent leaves
 * what earmark holds alone; null clears it.
 */
import type { OrderStatus, Tracking } from '../model.ts';
import type { Quantity } from '../quantity.ts';

/** In the order in which they are applied: what is referred to comes first. */
export const IMPORT_KINDS = ['items', 'labels', 'orders', 'lines'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface ItemRow {
  readonly sku: string;
  readonly name?: string;
  readonly unit?: string;
  readonly tracking?: Tracking;
}

export interface LabelRow {
  readonly number: string;
  /** The sku; a label that is known already may leave it out. */
  readonly item?: string;
  readonly code?: string | null;
  readonly quantity?: Quantity;
  readonly location?: string | null;
  readonly bin?: string | null;
  readonly lot?: string | null;
  readonly expiry?: string | null;
  readonly created?: string | null;
}

export interface OrderRow {
  readonly number: string;
  readonly customer?: string | null;
  readonly ordered?: string | null;
  readonly due?: string | null;
  readonly status?: OrderStatus;
}

export interface LineRow {
  readonly order: string;
  readonly line: number;
  readonly item?: string;
  readonly ordered?: Quantity;
  readonly shipped?: Quantity;
}

export interface ImportRows {
  readonly items: ItemRow;
  readonly labels: LabelRow;
  readonly orders: OrderRow;
  readonly lines: LineRow;
}

/** Where a row was read: the file as the user named it, and its line in it, from 1. */
export interface Origin {
  readonly file: string;
  readonly row: number;
}

/** A row that can't be taken, and why. `column` is the file's own name for it; null where the whole row is meant. */
export interface RowProblem extends Origin {
  readonly column: string | null;
  /** A whole clause: `quantity "12,5" is not a number`. */
  readonly reason: string;
}
