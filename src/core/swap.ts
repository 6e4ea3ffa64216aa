/** Exchanging two reservations, or a reserved label and an active one (DESIGN rule 13). */
import type { MovedLabel, SwapAnswer } from './answers.ts';
import { isoMoment } from './calendar.ts';
import { ChangeSet } from './changes.ts';
import type { Occasion, SwapCommand } from './commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from './decision.ts';
import { labelDocument, reservationDocument } from './documents.ts';
import { type Holder, isLive, type LabelState, type LineState, type OrderState } from './model.ts';
import type { Refusal } from './outcomes.ts';
import { lineForLabel, newHolder } from './reserve.ts';
import { Standing } from './standing.ts';

/** Where a label goes; null: it becomes active. */
type Place = { readonly order: OrderState; readonly line: LineState } | null;

interface End {
  readonly state: LabelState;
  readonly to: Place;
}

/**
 * Decides a swap. Labels of one item change lines exactly; of two items, each goes to the line of the other's order that
 * asks for it. Both ends are checked by the rules of reserve, and every one that fails is reported.
 */
export function decideSwap(
  command: SwapCommand,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<SwapAnswer> {
  const [one, other] = command.labels.map((text) => snapshot.labels.get(text));
  if (one === undefined || other === undefined) {
    return refuse(occasion, unknownLabels(command.labels, snapshot));
  }
  const pointless = whyPointless(one, other);
  if (pointless !== undefined) return refuse(occasion, [pointless]);
  const refusals: Refusal[] = [one, other].flatMap((state) => refuseHolder(state, command.expectOrders));
  const ends: End[] = [];
  for (const [state, from] of [
    [one, other],
    [other, one],
  ] as const) {
    const to = placeFor(state, from, snapshot);
    if (to !== null && 'code' in to) refusals.push(to);
    else ends.push({ state, to });
  }
  if (refusals.length > 0) return refuse(occasion, refusals);
  if (command.plan !== undefined && command.plan !== planOf(ends)) {
    const order = one.holder?.order ?? other.holder?.order ?? null;
    return refuse(occasion, [{ code: 'plan_stale', order }]);
  }
  return swap(ends, snapshot, occasion);
}

function unknownLabels(labels: readonly string[], snapshot: Snapshot): Refusal[] {
  const unknown = [...new Set(labels)].filter((text) => !snapshot.labels.has(text));
  return unknown.map((label) => ({ code: 'label_not_found', label, near: snapshot.near.get(label) ?? [] }));
}

function whyPointless(one: LabelState, other: LabelState): Refusal | undefined {
  const facts = { code: 'nothing_to_swap', labels: [one.label.number, other.label.number] } as const;
  if (one.label.id === other.label.id) return { ...facts, because: 'same_label' };
  if (one.holder === null && other.holder === null) return { ...facts, because: 'both_free' };
  if (one.holder === null || one.holder.orderId !== other.holder?.orderId) return undefined;
  if (one.holder.lineId === other.holder.lineId) return { ...facts, because: 'same_line' };
  return one.label.item.id === other.label.item.id ? undefined : { ...facts, because: 'same_order' };
}

function refuseHolder({ label, holder }: LabelState, expected: readonly string[] | undefined): Refusal[] {
  const [order] = expected ?? [];
  if (holder === null || expected === undefined || order === undefined) return [];
  if (expected.includes(holder.order)) return [];
  const facts = { label: label.number, holder: reservationDocument(holder), order };
  return [{ code: 'label_reserved_elsewhere', ...facts }];
}

/** Where a label goes that takes the other one's place. */
function placeFor(
  state: LabelState,
  { label: other, holder }: LabelState,
  snapshot: Snapshot,
): Place | Refusal {
  if (holder === null) return null;
  const order = snapshot.holders.get(holder.orderId);
  if (order === undefined) throw new Error(`order ${holder.order} was not loaded`);
  if (!isLive(order.status)) return { code: 'order_not_live', order: order.number, status: order.status };
  if (state.label.quantity === 0) return { code: 'label_depleted', label: state.label.number };
  // An active label replaces the other one for its own line; only two that are held may look for lines of their items.
  const exactly = state.holder === null || state.label.item.id === other.item.id;
  const serialized = { ...order, lines: order.lines.filter(({ item }) => item.tracking === 'serialized') };
  const line = exactly
    ? lineForLabel(state.label, order, holder.line, 'transfer')
    : lineForLabel(state.label, serialized, undefined, 'transfer');
  return 'code' in line ? line : { order, line };
}

function refuse(occasion: Occasion, refusals: readonly Refusal[]): Decision<SwapAnswer> {
  const shared = envelope('swap', occasion, occasion.now, refusals, []);
  return {
    answer: { ...shared, results: [], lines: [], plan: null },
    at: occasion.now,
    changes: new ChangeSet(),
  };
}

/** A canonical text of what would happen; equal texts mean equal swaps. */
function planOf(ends: readonly End[]): string {
  return JSON.stringify(
    ends.map(({ state: { label, holder }, to }) => {
      const from =
        holder === null ? null : [holder.order, holder.line, isoMoment(holder.since), holder.operation];
      return [label.number, label.quantity, from, to === null ? null : [to.order.number, to.line.line]];
    }),
  );
}

function swap(ends: readonly End[], snapshot: Snapshot, occasion: Occasion): Decision<SwapAnswer> {
  const changes = new ChangeSet();
  const orders = [...snapshot.holders.values()];
  const at = momentFor(occasion.now, [...orders, ...ends.map(({ state }) => state)]);
  const standing = new Standing(orders);
  const results = ends.map(({ state, to }): MovedLabel => {
    const { label, holder: from } = state;
    const holder: Holder | null = to === null ? null : newHolder(to.order, to.line, at, occasion);
    if (from !== null) {
      changes.unreserve(state, from);
      standing.free(label, from);
    }
    if (to !== null && holder !== null) {
      changes.reserve(label, to.order, to.line, holder);
      standing.hold(label, holder);
    }
    const was = from === null ? null : reservationDocument(from);
    return { label: labelDocument({ ...state, holder }, occasion.today), was };
  });
  const shared = envelope('swap', occasion, at, [], ['swapped']);
  return { answer: { ...shared, results, lines: standing.lines(), plan: planOf(ends) }, at, changes };
}
