/** Choosing labels for a line automatically (`reserve --auto`). Expired labels are never chosen (DESIGN rule 5). */
import { isExpired } from './calendar.ts';
import { byAge, byDrawOrder } from './draw.ts';
import type { LabelState } from './model.ts';
import { minus, type Quantity } from './quantity.ts';

export const STRATEGIES = ['fifo', 'fefo', 'best-fit', 'fewest'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/**
 * Labels that cover `needed`, or as many as there are when they don't. `fifo` takes the oldest first, `fefo` the
 * earliest expiry; `fewest` the largest labels, so that few are touched; `best-fit` the one smallest label that covers
 * the need, or else the largest ones, so that little more than the need is set aside.
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
      return bestFit(usable.sort(byLargest), needed);
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

/** Largest first while they fit whole; the last gap is closed by the smallest label that covers it. */
function bestFit(largestFirst: readonly LabelState[], needed: Quantity): LabelState[] {
  const chosen: LabelState[] = [];
  const rest = [...largestFirst];
  let missing = needed;
  while (missing > 0 && rest.length > 0) {
    const covering = rest.findLastIndex(({ label }) => label.quantity >= missing);
    const exact = rest[covering]?.label.quantity === missing;
    const fitting = rest.findIndex(({ label }) => label.quantity < missing);
    const at = exact || fitting < 0 || restIsTooLittle(rest, fitting, missing) ? covering : fitting;
    const [state] = rest.splice(at < 0 ? fitting : at, 1);
    if (state === undefined) break;
    chosen.push(state);
    missing = minus(missing, state.label.quantity);
  }
  return chosen;
}

function restIsTooLittle(rest: readonly LabelState[], from: number, missing: Quantity): boolean {
  let sum = 0;
  for (const { label } of rest.slice(from)) {
    sum += label.quantity;
    if (sum >= missing) return false;
  }
  return true;
}
