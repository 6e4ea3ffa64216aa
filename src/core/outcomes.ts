/**
 * Every outcome there is (DESIGN section 4): a fact about the world in snake_case, with its exit code, HTTP status and
 * meaning. A verb checks its outcomes in the order of its own list below, so that the same mistake always gets the same
 * answer.
 */
export type { Alternative, LaterOperation, Refusal, ShortLine } from './refusals.ts';

export interface OutcomeRow {
  /** The exit code of a command that ends with this outcome. */
  readonly exit: 0 | 2 | 5 | 6 | 9;
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
  label_not_reserved: refused('Nobody holds the label, so there is nothing to transfer.'),
  transferred: done('The label is set aside for the other line now; it was never free in between.'),
  nothing_to_swap: refused('Exchanging the two labels would change nothing, or nobody holds either of them.'),
  swapped: done('The two labels have changed places.'),
  order_ended: refused('The order has ended in another way already, so it can not be cancelled or closed.'),
  cancelled: done('The order is cancelled, and the labels that it held are free.'),
  already_cancelled: done('The order was cancelled before and holds nothing; nothing changed.'),
  closed: done('The order is closed, and the labels that it held are free.'),
  already_closed: done('The order was closed before and holds nothing; nothing changed.'),
  operation_not_undoable: wrong('Shipments and imports are not undone.'),
  changed_since: refused('A later operation has changed the label or order; undo left it as it is.'),
  holder_ended: refused(
    'The line that held the label takes it no more: its order has ended, it is shipped, or it is of another item now.',
  ),
  order_holds_labels: refused('Undo would end an order that still holds labels; it stays as it is.'),
  undone: done('What the operation did is taken back.'),
  nothing_to_undo: done('Everything stands as it did before the operation already; nothing changed.'),
  repaired: done('What diagnose named is freed or put back.'),
  nothing_to_repair: done('Nothing that diagnose found can be put right by earmark; nothing changed.'),
  found: done('The label exists; its status and holder are given.'),
  operation_id_reused: wrong('The operation id was used before, for another request or by another person.'),
  import_refused: wrong('Rows of the import are wrong or in conflict; nothing was applied.'),
  imported: done('The rows were added or changed, or were there already.'),
  operation_not_found: unknown('No operation has that id.'),
  ref_not_found: unknown('Nothing has that name.'),
  history_changed: {
    exit: 9,
    http: 409,
    retryable: false,
    meaning: 'History is not what it was when the digest was taken.',
  },
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
  transfer: [
    'operation_id_reused',
    'order_not_found',
    'order_not_live',
    'no_labels_chosen',
    'line_not_found',
    'item_not_serialized',
    'line_already_shipped',
    'label_not_found',
    'label_of_other_item',
    'line_ambiguous',
    'label_depleted',
    'label_not_reserved',
    'label_reserved_elsewhere',
    'plan_stale',
    'transferred',
    'already_reserved',
  ],
  swap: [
    'operation_id_reused',
    'label_not_found',
    'nothing_to_swap',
    'label_reserved_elsewhere',
    'order_not_live',
    'label_depleted',
    'label_of_other_item',
    'line_ambiguous',
    'line_already_shipped',
    'plan_stale',
    'swapped',
  ],
  cancel: [
    'operation_id_reused',
    'order_not_found',
    'order_ended',
    'plan_stale',
    'cancelled',
    'already_cancelled',
  ],
  close: ['operation_id_reused', 'order_not_found', 'order_ended', 'plan_stale', 'closed', 'already_closed'],
  undo: [
    'operation_id_reused',
    'operation_not_found',
    'operation_not_undoable',
    'changed_since',
    'label_reserved_elsewhere',
    'holder_ended',
    'order_holds_labels',
    'plan_stale',
    'undone',
    'nothing_to_undo',
  ],
  diagnose: [
    'operation_id_reused',
    'order_not_found',
    'label_not_found',
    'ref_not_found',
    'ref_ambiguous',
    'plan_stale',
    'repaired',
    'nothing_to_repair',
  ],
  find: ['no_labels_chosen', 'label_not_found', 'found'],
} as const satisfies Record<string, readonly OutcomeCode[]>;

export type Verb = keyof typeof PRECEDENCE;

/** The first of the codes in the verb's order of precedence. */
export function firstInPrecedence(verb: Verb, codes: readonly OutcomeCode[]): OutcomeCode | undefined {
  return PRECEDENCE[verb].find((code) => codes.includes(code));
}
