/** Labels that are held where they can't be shipped from: by orders that have ended, and past their expiry. */
import { isoMoment } from '../calendar.ts';
import { type Finding, NOTHING } from './finding.ts';
import { countedLabels, freeing, freeSteps, heldEvidence, isUsable, type Judging } from './judging.ts';
import type { EndedOrderFacts, HoldFact, HoldingLine, ItemFacts } from './stock-facts.ts';

/**
 * `ended-order-holds`: importing an order's end frees nothing by itself (DESIGN rule 15). An end that history does not tell
 * of was written by somebody else, and is put back before anything is freed.
 */
export function endedOrder({ order, status, customer, ended, holds }: EndedOrderFacts): Finding {
  const check = 'ended-order-holds';
  const labels = holds.map(({ item, line, ...hold }) => heldEvidence(hold, item, order, line));
  const who = customer === null ? order : `${order} (${customer})`;
  const holding = `${who} is ${status} and still holds ${countedLabels(labels.length)}`;
  return {
    check,
    thing: { ...NOTHING, order },
    message: ended === null ? `${holding}, but history does not tell of its end` : holding,
    labels,
    short: [],
    facts:
      ended === null
        ? {}
        : { endedAt: isoMoment(ended.at), by: ended.by, verb: ended.verb, operation: ended.operation },
    fix:
      ended === null
        ? { kind: 'operation', verb: 'diagnose', keys: [`order/${order}`], flags: ['--fix'] }
        : { kind: 'operation', verb: 'unreserve', keys: [], flags: ['--order', order] },
    repair: freeSteps(check, labels),
  };
}

/** `expired-held`, of each line that holds such labels. */
export function expiredHolds({ item, lines }: ItemFacts, judging: Judging): Finding[] {
  return lines.flatMap((held): Finding[] => {
    const expired = held.holds.filter((hold) => !isUsable(hold, judging));
    return expired.length === 0 ? [] : [expiredFinding(held, expired, item)];
  });
}

function expiredFinding(
  { order, line, holds }: HoldingLine,
  expired: readonly HoldFact[],
  item: ItemFacts['item'],
): Finding {
  const check = 'expired-held';
  const labels = expired.map((hold) => heldEvidence(hold, item, order.number, line));
  const [first] = labels;
  const which =
    labels.length === 1 && first !== undefined
      ? `${first.label}, which expired on ${first.expiry}`
      : `${countedLabels(labels.length)} of ${item.sku} past their expiry`;
  return {
    check,
    thing: { order: order.number, line, label: null, item: item.sku },
    message: `${order.number} line ${line} holds ${which}`,
    labels,
    short: [],
    facts: {},
    fix: freeing(check, labels, expired.length === holds.length),
    repair: freeSteps(check, labels),
  };
}
