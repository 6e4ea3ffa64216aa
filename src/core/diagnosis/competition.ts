/** Who holds more of an item than they need, or forgot what they hold, while others are short of it. */
import { isoMoment } from '../calendar.ts';
import type { Item } from '../model.ts';
import { toDecimal } from '../quantity.ts';
import type { Finding, HeldEvidence, ShortEvidence } from './finding.ts';
import { evidenceOf, helped, type Holding, holdingOf, sumOf, theLabels, wouldCover } from './holding.ts';
import { amount, freeing, freeSteps, type Judging } from './judging.ts';
import { pastDue } from './past-due.ts';
import type { ItemFacts, ShortLineFact } from './stock-facts.ts';

export function competition(facts: ItemFacts, judging: Judging): Finding[] {
  const holdings = facts.lines.map((held) => holdingOf(held, judging));
  const findings = holdings.flatMap((holding) => [...tooMuch(holding, facts), ...forgotten(holding, facts)]);
  return [...findings, ...pastDue(facts, holdings, judging)];
}

/** `surplus-needed` where a whole label could go to a line that is short; else a notice if there is too much. */
function tooMuch(holding: Holding, facts: ItemFacts): Finding[] {
  const { held, usable, spare, surplus, outstanding } = holding;
  const { item } = facts;
  const place = `${held.order.number} line ${held.line}`;
  const labels = evidenceOf(spare, holding, item);
  if (isNeeded(holding, facts)) {
    const short = helped(otherLines(holding, facts), sumOf(spare), item);
    const message = `${place} would stay covered without ${theLabels(labels)}, ${wouldCover(short, item)}`;
    return [findingOf('surplus-needed', holding, item, { message, labels, short, facts: shortage(facts) })];
  }
  if (outstanding === 0 && held.shipped > 0 && usable.length > 0) {
    const all = evidenceOf(usable, holding, item);
    const message = `${place} is shipped in full and still holds ${theLabels(all)}`;
    return [findingOf('shipped-line-holds', holding, item, { message, labels: all, short: [], facts: {} })];
  }
  if (surplus === 0) return [];
  const could = labels.length > 0 ? `; ${theLabels(labels)} could be freed` : '';
  const message = `${place} holds ${amount(surplus, item)} of ${item.sku} more than it needs${could}`;
  const known = { surplus: toDecimal(surplus) };
  return [findingOf('surplus', holding, item, { message, labels, short: [], facts: known })];
}

/** `stale-needed` where another order is short of the item, else the notice `stale-held`. */
function forgotten(holding: Holding, facts: ItemFacts): Finding[] {
  const { held, usable, spare } = holding;
  const { item } = facts;
  // What could go anyway is told of as such, and not again.
  const rest = isNeeded(holding, facts) ? usable.filter((hold) => !spare.includes(hold)) : usable;
  if (!holding.forgotten || rest.length === 0) return [];
  const labels = evidenceOf(rest, holding, item);
  const { number, status, lastEventAt } = held.order;
  const last = { lastEventAt: isoMoment(lastEventAt) };
  const begin = `nothing has happened to ${number} (${status}) for long, and its line ${held.line} holds ${theLabels(labels)}`;
  const others = facts.short.filter(({ order }) => order !== number);
  if (others.length === 0) {
    const message = `${begin}, which nobody misses`;
    return [findingOf('stale-held', holding, item, { message, labels, short: [], facts: last })];
  }
  const short = helped(others, sumOf(rest), item);
  const message = `${begin}, ${wouldCover(short, item)}`;
  const known = { ...last, ...shortage(facts) };
  return [findingOf('stale-needed', holding, item, { message, labels, short, facts: known })];
}

/** Whether the line has labels to spare that another line, perhaps of the same order, is short of. */
function isNeeded(holding: Holding, facts: ItemFacts): boolean {
  return holding.spare.length > 0 && otherLines(holding, facts).length > 0;
}

function otherLines({ held }: Holding, { short }: ItemFacts): ShortLineFact[] {
  return short.filter(({ order, line }) => order !== held.order.number || line !== held.line);
}

function shortage({ free, shortLines, missing }: ItemFacts) {
  return { shortLines, missing: toDecimal(missing), free: toDecimal(free) };
}

function findingOf(
  check: 'surplus-needed' | 'shipped-line-holds' | 'surplus' | 'stale-needed' | 'stale-held',
  { held }: Holding,
  item: Item,
  told: {
    readonly message: string;
    readonly labels: readonly HeldEvidence[];
    readonly short: readonly ShortEvidence[];
    readonly facts: Finding['facts'];
  },
): Finding {
  const { labels } = told;
  return {
    check,
    thing: { order: held.order.number, line: held.line, label: null, item: item.sku },
    ...told,
    fix: freeing(check, labels, labels.length === held.holds.length),
    repair: freeSteps(check, labels),
  };
}
