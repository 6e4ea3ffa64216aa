/**
 * What a line that holds labels can do without. Only whole labels can be given away (DESIGN rule 2), so a line can spare a
 * set of labels if the rest still covers what is outstanding.
 */
import { compareKeys } from '../draw.ts';
import type { Item } from '../model.ts';
import { listed } from '../phrases.ts';
import {
  formatQuantity,
  fromDecimal,
  minus,
  type Quantity,
  smaller,
  toDecimal,
  total,
  ZERO,
} from '../quantity.ts';
import type { HeldEvidence, ShortEvidence } from './finding.ts';
import { amount, countedLabels, heldEvidence, isUsable, type Judging } from './judging.ts';
import type { HoldFact, HoldingLine, ShortLineFact } from './stock-facts.ts';

/** Most short lines that one finding names. */
const NAMED = 5;

export interface Holding {
  readonly held: HoldingLine;
  /** Its labels that are not past their expiry. */
  readonly usable: readonly HoldFact[];
  readonly outstanding: Quantity;
  /** How much more they hold than is outstanding; zero if not. */
  readonly surplus: Quantity;
  /** Labels without which the line stays covered, in label number order. */
  readonly spare: readonly HoldFact[];
  /** Whether it is of a draft or open order on which nothing happened for long. */
  readonly forgotten: boolean;
}

export function holdingOf(held: HoldingLine, judging: Judging): Holding {
  const usable = held.holds.filter((hold) => isUsable(hold, judging));
  const outstanding = minus(held.ordered, held.shipped);
  const over = minus(sumOf(usable), outstanding);
  const { status, lastEventAt } = held.order;
  return {
    held,
    usable,
    outstanding,
    surplus: over > 0 ? over : ZERO,
    spare: spareLabels(usable, over),
    forgotten: (status === 'draft' || status === 'open') && lastEventAt < judging.now - judging.stale,
  };
}

/** The largest labels that fit into what is too much, one after the other. */
function spareLabels(usable: readonly HoldFact[], over: Quantity): HoldFact[] {
  const spare: HoldFact[] = [];
  let left = over;
  const largestFirst = [...usable].sort((a, b) => b.quantity - a.quantity || compareKeys(a.label, b.label));
  for (const hold of largestFirst) {
    if (hold.quantity > left) continue;
    spare.push(hold);
    left = minus(left, hold.quantity);
  }
  return spare.sort((a, b) => compareKeys(a.label, b.label));
}

export function evidenceOf(holds: readonly HoldFact[], { held }: Holding, item: Item): HeldEvidence[] {
  return holds.map((hold) => heldEvidence(hold, item, held.order.number, held.line));
}

export function sumOf(holds: readonly HoldFact[]): Quantity {
  return total(holds.map(({ quantity }) => quantity));
}

/**
 * The lines that an amount of the item would help, in their order: those that it covers whole, or else the first of them,
 * in part.
 */
export function helped(short: readonly ShortLineFact[], freed: Quantity, item: Item): ShortEvidence[] {
  const covers: ShortEvidence[] = [];
  let left = freed;
  for (const fact of short) {
    if (covers.length >= NAMED || left === 0) break;
    if (fact.missing > left) continue;
    covers.push(shortEvidence(fact, fact.missing, item));
    left = minus(left, fact.missing);
  }
  const [first] = short;
  if (covers.length > 0 || first === undefined) return covers;
  return [shortEvidence(first, smaller(first.missing, freed), item)];
}

export function shortEvidence(fact: ShortLineFact, covered: Quantity, item: Item): ShortEvidence {
  const { order, line, customer, due, missing } = fact;
  return {
    ...{ order, line, customer, due, item: item.sku, unit: item.unit },
    missing: toDecimal(missing),
    covered: toDecimal(covered),
  };
}

/** `which would cover SO-2 line 1 and SO-7 line 3`, or how much of the one line that is helped. */
export function wouldCover(covers: readonly ShortEvidence[], item: Item): string {
  const [first] = covers;
  if (first === undefined) return 'which nobody misses';
  if (covers.length === 1 && first.covered < first.missing) {
    const part = formatQuantity(fromDecimal(first.covered));
    return `which would cover ${part} of the ${amount(fromDecimal(first.missing), item)} that ${first.order} line ${first.line} misses`;
  }
  return `which would cover ${listed(
    covers.map(({ order, line }) => `${order} line ${line}`),
    '',
  )}`;
}

/** The label's number, or how many they are. */
export function theLabels(labels: readonly HeldEvidence[]): string {
  const [first] = labels;
  return labels.length === 1 && first !== undefined ? first.label : countedLabels(labels.length);
}
