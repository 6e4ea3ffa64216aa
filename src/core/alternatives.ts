/** Labels that could be taken in place of one that somebody else holds. */
import type { LabelState } from './model.ts';
import { type Quantity, toDecimal } from './quantity.ts';
import type { Alternative } from './refusals.ts';

/** Most that are offered. */
export const MOST_ALTERNATIVES = 3;

export function alternativeOf({ label }: LabelState): Alternative {
  const { number, item, quantity, location, bin, lot, expiry } = label;
  return {
    label: number,
    quantity: toDecimal(quantity),
    unit: item.unit,
    ...{ location, bin, lot, expiry },
  };
}

/** How much is wanted of a label's item: what its line is short of, or else as much as the label holds. */
export function neededInstead(label: LabelState, shortfall: Quantity | undefined): Quantity {
  return shortfall !== undefined && shortfall > 0 ? shortfall : label.label.quantity;
}
