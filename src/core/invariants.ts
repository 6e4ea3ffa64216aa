/** What must hold of the stock at every moment, whatever was done to it (DESIGN rules 1 to 11). Pure, on plain arrays. */
import { isLive, type LabelState, type LineState, type OrderState } from './model.ts';
import { MAX_QUANTITY, total } from './quantity.ts';

/** Labels with their holders, and at least the orders that hold them, all read at one moment. */
export interface StockState {
  readonly labels: readonly LabelState[];
  readonly orders: readonly OrderState[];
}

export type Invariant =
  | 'quantity_out_of_bounds'
  | 'shipped_above_ordered'
  | 'several_holders'
  | 'depleted_but_held'
  | 'holder_unknown'
  | 'holder_not_live'
  | 'holder_of_other_item'
  | 'holder_not_serialized'
  | 'reserved_total_differs';

/** An invariant that does not hold, and where. */
export interface Violation {
  readonly invariant: Invariant;
  readonly label: string | null;
  readonly order: string | null;
  readonly line: number | null;
}

/** Every invariant that is broken; none for stock that only earmark's rules have touched. */
export function violations({ labels, orders }: StockState): Violation[] {
  const found: Violation[] = [];
  const lines = new Map(
    orders.flatMap((order) => order.lines.map((line) => [line.id, { order, line }] as const)),
  );
  const heldFor = new Map<number, LabelState[]>();
  const seen = new Set<number>();
  for (const state of labels) {
    if (!isBounded(state.label.quantity)) found.push(ofLabel('quantity_out_of_bounds', state));
    if (state.holder === null) continue;
    const { lineId } = state.holder;
    if (seen.has(state.label.id)) found.push(ofLabel('several_holders', state));
    seen.add(state.label.id);
    const others = heldFor.get(lineId);
    if (others === undefined) heldFor.set(lineId, [state]);
    else others.push(state);
    for (const invariant of brokenHold(state, lines.get(lineId))) found.push(ofLabel(invariant, state));
  }
  for (const { order, line } of lines.values()) {
    for (const invariant of brokenLine(line, heldFor.get(line.id) ?? [])) {
      found.push({ invariant, label: null, order: order.number, line: line.line });
    }
  }
  return found;
}

function isBounded(quantity: number): boolean {
  return Number.isSafeInteger(quantity) && quantity >= 0 && quantity <= MAX_QUANTITY;
}

function brokenHold(
  { label, holder }: LabelState,
  held: { readonly order: OrderState; readonly line: LineState } | undefined,
): Invariant[] {
  const broken: Invariant[] = [];
  if (label.quantity === 0) broken.push('depleted_but_held');
  if (held === undefined || held.order.id !== holder?.orderId) return [...broken, 'holder_unknown'];
  if (!isLive(held.order.status)) broken.push('holder_not_live');
  if (held.line.item.id !== label.item.id) broken.push('holder_of_other_item');
  if (held.line.item.tracking !== 'serialized') broken.push('holder_not_serialized');
  return broken;
}

function brokenLine(line: LineState, held: readonly LabelState[]): Invariant[] {
  const broken: Invariant[] = [];
  if (!isBounded(line.ordered) || !isBounded(line.shipped)) broken.push('quantity_out_of_bounds');
  if (line.shipped > line.ordered) broken.push('shipped_above_ordered');
  const reserved = total(held.map(({ label }) => label.quantity));
  if (reserved !== line.reserved || held.length !== line.reservedLabels)
    broken.push('reserved_total_differs');
  return broken;
}

function ofLabel(invariant: Invariant, { label, holder }: LabelState): Violation {
  return { invariant, label: label.number, order: holder?.order ?? null, line: holder?.line ?? null };
}
