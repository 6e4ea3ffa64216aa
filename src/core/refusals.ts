/** What each refusal carries: the facts that its sentence needs (DESIGN section 4). */
import type { ReservationDocument } from './documents.ts';
import type { OrderStatus } from './model.ts';

export interface ShortLine {
  readonly line: number;
  readonly item: string;
  readonly unit: string;
  readonly needed: number;
  readonly reserved: number;
  readonly missing: number;
}

export interface LaterOperation {
  readonly operation: string;
  readonly verb: string;
  readonly at: string;
  readonly by: string;
}

/** A label that could be taken in place of one that somebody holds. */
export interface Alternative {
  readonly label: string;
  readonly quantity: number;
  readonly unit: string;
  readonly location: string | null;
  readonly bin: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
}

/** What a refusal of a question about the past says besides: as of when, and when the thing came in, if it did later. */
interface NotThen {
  readonly asOf?: string;
  readonly recordedAt?: string;
}

interface OrderNotFound extends NotThen {
  readonly code: 'order_not_found';
  readonly order: string;
  readonly near: readonly string[];
}

interface LabelNotFound extends NotThen {
  readonly code: 'label_not_found';
  readonly label: string;
  readonly near: readonly string[];
}

interface OperationNotFound extends NotThen {
  readonly code: 'operation_not_found';
  readonly operation: string;
}

interface RefNotFound extends NotThen {
  readonly code: 'ref_not_found';
  readonly ref: string;
  readonly near: readonly string[];
}

/** A refusal with the facts that its sentence needs. `near` holds existing keys that may have been meant. */
export type Refusal =
  | OrderNotFound
  | { readonly code: 'order_not_live'; readonly order: string; readonly status: OrderStatus }
  | { readonly code: 'no_labels_chosen' }
  | {
      readonly code: 'line_not_found';
      readonly order: string;
      readonly line: number;
      readonly lines: readonly number[];
    }
  | {
      readonly code: 'item_not_serialized';
      readonly order: string;
      readonly line: number;
      readonly item: string;
    }
  | {
      readonly code: 'line_already_shipped';
      readonly order: string;
      readonly line: number;
      readonly item: string;
      /** The label that was meant for it, where the line was found from a label. */
      readonly label: string | null;
    }
  | LabelNotFound
  | {
      readonly code: 'label_of_other_item';
      readonly label: string;
      readonly item: string;
      readonly order: string;
      readonly line: number | null;
      /** The items that would fit. */
      readonly wanted: readonly string[];
    }
  | {
      readonly code: 'line_ambiguous';
      readonly label: string;
      readonly item: string;
      readonly order: string;
      readonly lines: readonly number[];
      /** What the label was to be done with, so that the hint can say how. */
      readonly verb: 'reserve' | 'transfer';
    }
  | { readonly code: 'label_depleted'; readonly label: string }
  | {
      readonly code: 'label_reserved_elsewhere';
      readonly label: string;
      readonly holder: ReservationDocument;
      /** The order that was expected to hold it or to get it. */
      readonly order: string;
      /** The nearest active labels of the same item; absent where none was wanted, because the label was to be freed. */
      readonly instead?: readonly Alternative[];
    }
  | { readonly code: 'nothing_to_ship'; readonly order: string }
  | { readonly code: 'line_short'; readonly order: string; readonly lines: readonly ShortLine[] }
  | {
      readonly code: 'label_expired';
      readonly order: string;
      /** Whether a partial shipment was asked for. */
      readonly partial: boolean;
      readonly labels: readonly { readonly label: string; readonly expiry: string }[];
    }
  | { readonly code: 'plan_stale'; readonly order: string | null }
  | {
      readonly code: 'operation_id_reused';
      readonly operation: string;
      readonly by: string;
      readonly at: string;
      readonly differs: 'request' | 'actor';
    }
  | {
      readonly code: 'label_not_reserved';
      readonly label: string;
      /** Where it was to go. */
      readonly order: string;
      readonly line: number;
    }
  | {
      readonly code: 'nothing_to_swap';
      readonly labels: readonly [string, string];
      readonly because: 'same_label' | 'both_free' | 'same_line' | 'same_order';
    }
  | {
      readonly code: 'order_ended';
      readonly order: string;
      readonly status: OrderStatus;
      /** How it was to end. */
      readonly wanted: 'cancelled' | 'closed';
    }
  | { readonly code: 'operation_not_undoable'; readonly operation: string; readonly verb: string }
  | {
      readonly code: 'changed_since';
      /** One of these three is named. */
      readonly label: string | null;
      readonly order: string | null;
      readonly item?: string;
      /** The later operation; null where the history tells of none, because it was changed behind earmark's back. */
      readonly later: LaterOperation | null;
    }
  | {
      readonly code: 'holder_ended';
      readonly label: string;
      readonly order: string;
      readonly line: number;
      readonly because: 'order_not_live' | 'line_shipped' | 'line_of_other_item';
      readonly status: OrderStatus;
    }
  | {
      readonly code: 'order_holds_labels';
      readonly order: string;
      readonly status: OrderStatus;
      /** What it would be again. */
      readonly wanted: OrderStatus;
      readonly labels: number;
    }
  | OperationNotFound
  | RefNotFound
  | { readonly code: 'ref_ambiguous'; readonly ref: string; readonly kinds: readonly string[] }
  | {
      readonly code: 'history_changed';
      readonly digest: string;
      /** What the same history comes to now. */
      readonly found: string;
    };
