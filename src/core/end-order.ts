/** Cancelling and closing an order (DESIGN rule 14). */
import type { EndAnswer, MovedLabel } from './answers.ts';
import { ChangeSet } from './changes.ts';
import type { EndCommand, Occasion } from './commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from './decision.ts';
import { labelDocument, orderDocument, reservationDocument } from './documents.ts';
import { isLive, type LabelState, type OrderState, type OrderStatus } from './model.ts';
import type { Refusal } from './outcomes.ts';
import { Standing } from './standing.ts';

/** What each of the verbs makes of an order, and from where besides the live statuses. */
const ENDS = {
  cancel: { status: 'cancelled', already: 'already_cancelled', from: [] },
  // Closing is also the end of what was shipped; cancelling would deny that it was.
  close: { status: 'closed', already: 'already_closed', from: ['shipped'] },
} as const satisfies Record<
  'cancel' | 'close',
  { status: OrderStatus; already: string; from: readonly OrderStatus[] }
>;

/**
 * Decides a cancel or a close: the order's labels become active and its status changes, in one step. An order that has
 * ended so already is a success; labels that it holds all the same, because an import ended it, are freed.
 */
export function decideEnd(
  verb: 'cancel' | 'close',
  command: EndCommand,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<EndAnswer> {
  const { order, held } = snapshot;
  if (order === null) {
    const near = snapshot.near.get(command.order) ?? [];
    return refuse(verb, occasion, null, { code: 'order_not_found', order: command.order, near });
  }
  const { status, from } = ENDS[verb];
  if (
    !isLive(order.status) &&
    order.status !== status &&
    !(from as readonly OrderStatus[]).includes(order.status)
  ) {
    const facts = { order: order.number, status: order.status, wanted: status };
    return refuse(verb, occasion, order, { code: 'order_ended', ...facts });
  }
  const changes = held.length > 0 || order.status !== status;
  if (changes && command.plan !== undefined && command.plan !== planOf(verb, order, held)) {
    return refuse(verb, occasion, order, { code: 'plan_stale', order: order.number });
  }
  return end(verb, order, held, occasion);
}

function refuse(
  verb: 'cancel' | 'close',
  occasion: Occasion,
  order: OrderState | null,
  refusal: Refusal,
): Decision<EndAnswer> {
  const shared = envelope(verb, occasion, occasion.now, [refusal], []);
  const document = order === null ? null : orderDocument(order);
  return {
    answer: { ...shared, order: document, released: [], plan: null },
    at: occasion.now,
    changes: new ChangeSet(),
  };
}

/** A canonical text of what would happen; equal texts mean the same end. */
function planOf(verb: string, order: OrderState, held: readonly LabelState[]): string {
  const labels = held.map(({ label, holder }) => [
    label.number,
    label.quantity,
    holder?.line,
    holder?.operation,
  ]);
  return JSON.stringify([verb, order.number, order.status, labels]);
}

function end(
  verb: 'cancel' | 'close',
  order: OrderState,
  held: readonly LabelState[],
  occasion: Occasion,
): Decision<EndAnswer> {
  const { status, already } = ENDS[verb];
  const changes = new ChangeSet();
  const at = momentFor(occasion.now, [order, ...held]);
  const standing = new Standing([order]);
  const released: MovedLabel[] = [];
  for (const state of held) {
    if (state.holder === null) continue;
    changes.unreserve(state, state.holder);
    standing.free(state.label, state.holder);
    const label = labelDocument({ ...state, holder: null }, occasion.today);
    released.push({ label, was: reservationDocument(state.holder) });
  }
  if (order.status !== status) {
    changes.orderStatus(order, status);
    standing.setStatus(order.id, status);
  }
  const idle = changes.events.length === 0;
  const answer: EndAnswer = {
    ...envelope(verb, occasion, at, [], [idle ? already : status]),
    order: orderDocument(standing.order(order.id)),
    released,
    plan: planOf(verb, order, held),
  };
  return { answer, at, changes };
}
