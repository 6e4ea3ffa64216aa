/** Which labels a shipment draws from, and how much of each (DESIGN rules 9 to 11). Pure arithmetic on a snapshot. */
import { type LabelState, type LineState, outstanding } from './model.ts';
import { minus, plus, type Quantity, smaller, ZERO } from './quantity.ts';

export interface Draw {
  readonly state: LabelState;
  readonly line: LineState;
  readonly quantity: Quantity;
}

export interface DrawPlan {
  readonly draws: readonly Draw[];
  /** What leaves on each line, lines with nothing left out. */
  readonly lines: readonly { readonly line: LineState; readonly quantity: Quantity }[];
  /** Serialized lines that stay partly uncovered, with what is missing. */
  readonly short: readonly {
    readonly line: LineState;
    readonly covered: Quantity;
    readonly missing: Quantity;
  }[];
}

/**
 * Draws each serialized line's outstanding quantity from the labels held for it, then from the labels offered besides;
 * standard lines ship by quantity. Earliest expiry first, then oldest, then label number (rule 9).
 */
export function planDraws(
  lines: readonly LineState[],
  held: readonly LabelState[],
  offered: readonly LabelState[],
): DrawPlan {
  const left = new Map<number, Quantity>();
  for (const { label } of [...held, ...offered]) left.set(label.id, label.quantity);
  const draws: Draw[] = [];
  const shipped: { line: LineState; quantity: Quantity }[] = [];
  const short: { line: LineState; covered: Quantity; missing: Quantity }[] = [];
  for (const line of lines) {
    const needed = outstanding(line);
    if (needed <= 0) continue;
    if (line.item.tracking === 'standard') {
      shipped.push({ line, quantity: needed });
      continue;
    }
    const own = held.filter(({ holder }) => holder?.lineId === line.id).sort(byDrawOrder);
    const besides = offered.filter(({ label }) => label.item.id === line.item.id).sort(byDrawOrder);
    const drawn = drawFrom([...own, ...besides], line, needed, left);
    const covered = drawn.reduce((sum, { quantity }) => plus(sum, quantity), ZERO);
    draws.push(...drawn);
    if (covered > 0) shipped.push({ line, quantity: covered });
    if (covered < needed) short.push({ line, covered, missing: minus(needed, covered) });
  }
  return { draws, lines: shipped, short };
}

function drawFrom(
  states: readonly LabelState[],
  line: LineState,
  needed: Quantity,
  left: Map<number, Quantity>,
): Draw[] {
  const draws: Draw[] = [];
  let missing = needed;
  for (const state of states) {
    const quantity = smaller(left.get(state.label.id) ?? ZERO, missing);
    if (quantity <= 0) continue;
    left.set(state.label.id, minus(left.get(state.label.id) ?? ZERO, quantity));
    missing = minus(missing, quantity);
    draws.push({ state, line, quantity });
  }
  return draws;
}

/** Earliest expiry, then oldest, then label number; a missing expiry or date sorts last. */
export function byDrawOrder(a: LabelState, b: LabelState): number {
  return (
    compareDates(a.label.expiry, b.label.expiry) ||
    compareDates(a.label.created, b.label.created) ||
    compareKeys(a.label.number, b.label.number)
  );
}

/** Oldest, then label number; a missing date sorts last. */
export function byAge(a: LabelState, b: LabelState): number {
  return compareDates(a.label.created, b.label.created) || compareKeys(a.label.number, b.label.number);
}

/** Dates as texts; a missing one sorts last. */
export function compareDates(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return compareKeys(a, b);
}

/** By code unit, which no locale changes. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
