/**
 * Every outcome there is (DESIGN section 4): a fact about the world in snake_case, with its exit code, HTTP status and
 * meaning. A verb checks its outcomes in the order of its own list below, so that the same mistake always gets the same
 * answer.
 */
import type { ReservationDocument } from './documents.ts';
import type { OrderStatus } from './model.ts';

export interface OutcomeRow {
  /** The exit code of a command that ends with this outcome. */
  readonly exit: 0 | 2 | 5 | 6;
  readonly http: 200 | 400 | 404 | 409 | 422;
  /** Whether the same request may succeed later without anyone changing it. */
  readonly retryable: boolean;
  /** One sentence for the README's table. */
  readonly meaning: string;
}

const done = (meaning: string): OutcomeRow => ({ exit: 0, http: 200, retryable: false, meaning });
const unknown = (meaning: string): OutcomeRow => ({ exit: 5, http: 404, retryable: false, meaning });
const refused = (meaning: string): OutcomeRow => ({ exit: 6, http: 409, retryable: true, meaning });
const wrong = (meaning: string): OutcomeRow => ({ exit: 6, http: 422, retryable: false, meaning });

export const OUTCOMES = {
  order_not_found: unknown('No order has that number.'),
  order_not_live: refused(
    'The order is shipped, closed or cancelled, so it can neither hold nor ship stock.',
  ),
  no_labels_chosen: { exit: 2, http: 422, retryable: false, meaning: 'No label was named.' },
  line_not_found: unknown('The order has no line with that number.'),
  item_not_serialized: wrong('The line is of a standard item, which is not kept by label.'),
  line_already_shipped: refused('Nothing is outstanding on the line any more.'),
  label_not_found: unknown('No label has that number or scan code.'),
  already_reserved: done('The line holds the label already; nothing changed.'),
  label_of_other_item: wrong('The label is of an item that the order, or the line, does not ask for.'),
  line_ambiguous: wrong('Several lines of the order ask for the item of the label; --line says which one.'),
  label_depleted: refused('The label is empty.'),
  label_reserved_elsewhere: refused('Another order or line holds the label.'),
  reserved: done('The label is set aside for the line.'),
  not_reserved: done('Nobody holds the label or order; nothing changed.'),
  unreserved: done('The label is free.'),
  already_shipped: done('The order was shipped before; nothing changed.'),
  nothing_to_ship: refused('The order has nothing that could be shipped now.'),
  line_short: refused(
    'The reserved labels do not cover what is outstanding on a line; --partial ships what there is.',
  ),
  label_expired: refused('A label that would be drawn from is past its expiry; --allow-expired ships it.'),
  plan_stale: refused('What was confirmed is no longer what would happen; nothing was done.'),
  partially_shipped: done('What was reserved is shipped; something is still outstanding.'),
  shipped: done('The order is fully shipped.'),
  found: done('The label exists; its status and holder are given.'),
  operation_id_reused: wrong('The operation id was used before, for another request or by another person.'),
  import_refused: wrong('Rows of the import are wrong or in conflict; nothing was applied.'),
  imported: done('The rows were added or changed, or were there already.'),
  operation_not_found: unknown('No operation has that id.'),
  ref_not_found: unknown('Nothing has that name.'),
  ref_ambiguous: { exit: 2, http: 422, retryable: false, meaning: 'The name fits several kinds of thing.' },
} as const satisfies Record<string, OutcomeRow>;

export type OutcomeCode = keyof typeof OUTCOMES;

/** The outcomes of each verb, in the order in which they are checked. */
export const PRECEDENCE = {
  reserve: [
    'operation_id_reused',
    'order_not_found',
    'order_not_live',
    'no_labels_chosen',
    'line_not_found',
    'item_not_serialized',
    'line_already_shipped',
    'line_short',
    'label_not_found',
    'label_of_other_item',
    'line_ambiguous',
    'label_depleted',
    'label_reserved_elsewhere',
    'reserved',
    'already_reserved',
  ],
  unreserve: [
    'operation_id_reused',
    'order_not_found',
    'line_not_found',
    'no_labels_chosen',
    'label_not_found',
    'label_reserved_elsewhere',
    'plan_stale',
    'unreserved',
    'not_reserved',
  ],
  ship: [
    'operation_id_reused',
    'order_not_found',
    'already_shipped',
    'order_not_live',
    'label_not_found',
    'label_of_other_item',
    'label_depleted',
    'label_reserved_elsewhere',
    'line_short',
    'nothing_to_ship',
    'label_expired',
    'plan_stale',
    'shipped',
    'partially_shipped',
  ],
  find: ['no_labels_chosen', 'label_not_found', 'found'],
} as const satisfies Record<string, readonly OutcomeCode[]>;

export type Verb = keyof typeof PRECEDENCE;

export interface ShortLine {
  readonly line: number;
  readonly item: string;
  readonly unit: string;
  readonly needed: number;
  readonly reserved: number;
  readonly missing: number;
}

/** A refusal with the facts that its sentence needs. `near` holds existing keys that may have been meant. */
export type Refusal =
  | { readonly code: 'order_not_found'; readonly order: string; readonly near: readonly string[] }
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
  | { readonly code: 'label_not_found'; readonly label: string; readonly near: readonly string[] }
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
    }
  | { readonly code: 'label_depleted'; readonly label: string }
  | {
      readonly code: 'label_reserved_elsewhere';
      readonly label: string;
      readonly holder: ReservationDocument;
      /** The order that was expected to hold it or to get it. */
      readonly order: string;
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
  | { readonly code: 'operation_not_found'; readonly operation: string }
  | { readonly code: 'ref_not_found'; readonly ref: string; readonly near: readonly string[] }
  | { readonly code: 'ref_ambiguous'; readonly ref: string; readonly kinds: readonly string[] };

/** The first of the codes in the verb's order of precedence. */
export function firstInPrecedence(verb: Verb, codes: readonly OutcomeCode[]): OutcomeCode | undefined {
  return PRECEDENCE[verb].find((code) => codes.includes(code));
}
