/** What the checks of the stock look at: who holds what, and who is short, item by item, because only an item's own lines compete. */
import type { Item, OrderStatus } from '../model.ts';
import type { Quantity } from '../quantity.ts';

/** A held label. `since` in milliseconds, UTC. */
export interface HoldFact {
  readonly label: string;
  readonly quantity: Quantity;
  readonly expiry: string | null;
  readonly since: number;
  readonly by: string;
  readonly operation: string;
}

export interface OrderFact {
  readonly number: string;
  readonly customer: string | null;
  readonly status: OrderStatus;
  readonly due: string | null;
  /** When anything last happened to it, in milliseconds, UTC. */
  readonly lastEventAt: number;
}

/** A line of a live order that holds labels. */
export interface HoldingLine {
  readonly order: OrderFact;
  readonly line: number;
  readonly ordered: Quantity;
  readonly shipped: Quantity;
  readonly holds: readonly HoldFact[];
}

/** A line of a live order whose labels do not cover what is outstanding. */
export interface ShortLineFact {
  readonly order: string;
  readonly line: number;
  readonly customer: string | null;
  readonly due: string | null;
  readonly missing: Quantity;
}

/** One item with all that compete for it. */
export interface ItemFacts {
  readonly item: Item;
  /** What active labels hold that are not past their expiry. */
  readonly free: Quantity;
  readonly lines: readonly HoldingLine[];
  /** The named ones first, then those due first; where there are very many, only the first of them. */
  readonly short: readonly ShortLineFact[];
  /** How many lines are short in all, and of how much. */
  readonly shortLines: number;
  readonly missing: Quantity;
}

/** An order that has ended and holds labels still. */
export interface EndedOrderFacts {
  readonly order: string;
  readonly customer: string | null;
  readonly status: OrderStatus;
  /** Who ended it, if history tells. */
  readonly ended: {
    readonly at: number;
    readonly by: string;
    readonly verb: string;
    readonly operation: string;
  } | null;
  readonly holds: readonly (HoldFact & { readonly line: number; readonly item: Item })[];
}
