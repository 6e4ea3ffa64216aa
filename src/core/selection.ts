/** Choosing labels for a line automatically (`reserve --auto`). Expired labels are never chosen (DESIGN rule 5). */
import { isExpired } from './calendar.ts';
import { byAge, byDrawOrder } from './draw.ts';
import type { LabelState } from './model.ts';
import { minus, type Quantity, total } from './quantity.ts';

export const STRATEGIES = ['fifo', 'fefo', 'best-fit', 'fewest'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/**
 * Labels that cover `needed`, or as many as there are when they don't. `fifo` takes the oldest first, `fefo` the
 * earliest expiry; `fewest` the largest labels, so that few are touched; `best-fit` the ones that set little more aside
 * than the need, and never more than `fifo` would.
 */
export function selectLabels(
  strategy: Strategy,
  choices: readonly LabelState[],
  needed: Quantity,
  today: string,
): LabelState[] {
  const usable = choices.filter(({ label, holder }) => {
    return holder === null && label.quantity > 0 && !isExpired(label.expiry, today);
  });
  switch (strategy) {
    case 'fifo':
      return takeUntil(usable.sort(byAge), needed);
    case 'fefo':
      return takeUntil(usable.sort(byDrawOrder), needed);
    case 'fewest':
      return takeUntil(usable.sort(byLargest), needed);
    case 'best-fit':
      return least([bestFit(usable.sort(byLargest), needed), takeUntil(usable.sort(byAge), needed)]);
  }
}

function byLargest(a: LabelState, b: LabelState): number {
  return b.label.quantity - a.label.quantity || byDrawOrder(a, b);
}

function takeUntil(ordered: readonly LabelState[], needed: Quantity): LabelState[] {
  const chosen: LabelState[] = [];
  let missing = needed;
  for (const state of ordered) {
    if (missing <= 0) break;
    chosen.push(state);
    missing = minus(missing, state.label.quantity);
  }
  return chosen;
}

/** Largest first while they fit whole; what is missing then is closed by the one label that leaves the least over. */
function bestFit(largestFirst: readonly LabelState[], needed: Quantity): LabelState[] {
  const whole: LabelState[] = [];
  let closing: { readonly after: number; readonly state: LabelState; readonly over: Quantity } | undefined;
  let missing = needed;
  for (const state of largestFirst) {
    if (missing <= 0) return whole;
    if (state.label.quantity <= missing) {
      whole.push(state);
      missing = minus(missing, state.label.quantity);
      continue;
    }
    const over = minus(state.label.quantity, missing);
    if (closing === undefined || over < closing.over) closing = { after: whole.length, state, over };
  }
  if (missing <= 0 || closing === undefined) return whole;
  return [...whole.slice(0, closing.after), closing.state];
}

/** The choice that sets the least aside; the first of several. Each covers the need, or is all there is. */
function least(choices: readonly [LabelState[], LabelState[]]): LabelState[] {
  const [first, second] = choices;
  return quantityOf(second) < quantityOf(first) ? second : first;
}

function quantityOf(states: readonly LabelState[]): Quantity {
  return total(states.map(({ label }) => label.quantity));
}
