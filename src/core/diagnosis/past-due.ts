/** `past-due-coverable`: orders past their due date that are short while others hold what would help. */
import { compareKeys } from '../draw.ts';
import { minus, type Quantity, smaller, toDecimal } from '../quantity.ts';
import type { Finding, HeldEvidence } from './finding.ts';
import { evidenceOf, type Holding, shortEvidence, sumOf, theLabels } from './holding.ts';
import { amount, freeSteps, type Judging, PASTEABLE, repairing } from './judging.ts';
import type { HoldFact, ItemFacts, ShortLineFact } from './stock-facts.ts';

interface Source {
  readonly holding: Holding;
  readonly hold: HoldFact;
}

/** Each past-due line gets what it needs from the others, those due first first; no label is promised twice. */
export function pastDue(facts: ItemFacts, holdings: readonly Holding[], { today }: Judging): Finding[] {
  const promised = new Set<string>();
  return facts.short.flatMap((short): Finding[] => {
    if (short.due === null || short.due >= today) return [];
    const sources = holdings
      .filter(({ held }) => held.order.number !== short.order)
      .flatMap((holding): Source[] => {
        const holds = holding.forgotten ? holding.usable : holding.spare;
        return holds.filter(({ label }) => !promised.has(label)).map((hold) => ({ holding, hold }));
      });
    const chosen = chooseFor(short.missing, sources);
    if (chosen.length === 0) return [];
    for (const { hold } of chosen) promised.add(hold.label);
    return [findingOf(short, chosen, facts)];
  });
}

/** Largest first while they fit whole; what is missing then is closed by the smallest label that does. */
function chooseFor(missing: Quantity, sources: readonly Source[]): Source[] {
  const largestFirst = [...sources].sort(
    (a, b) => b.hold.quantity - a.hold.quantity || compareKeys(a.hold.label, b.hold.label),
  );
  const chosen: Source[] = [];
  let left = missing;
  for (const source of largestFirst) {
    if (source.hold.quantity > left) continue;
    chosen.push(source);
    left = minus(left, source.hold.quantity);
  }
  const closing = left === 0 ? undefined : largestFirst.findLast((source) => !chosen.includes(source));
  return closing === undefined ? chosen : [...chosen, closing];
}

function findingOf(short: ShortLineFact, chosen: readonly Source[], facts: ItemFacts): Finding {
  const check = 'past-due-coverable';
  const { item, free } = facts;
  const { order, line, due, missing } = short;
  const labels = chosen.flatMap(({ holding, hold }) => evidenceOf([hold], holding, item));
  const covered = smaller(missing, sumOf(chosen.map(({ hold }) => hold)));
  const all = covered === missing ? 'cover it' : `cover ${amount(covered, item)} of it`;
  return {
    check,
    thing: { order, line, label: null, item: item.sku },
    message: `${order} line ${line} was due ${due} and misses ${amount(missing, item)} of ${item.sku}; ${theLabels(labels)} of ${orders(labels)} would ${all}`,
    labels,
    short: [shortEvidence(short, covered, item)],
    facts: { due, free: toDecimal(free) },
    fix: fixOf(short, labels, free),
    repair: freeSteps(check, labels),
  };
}

/** Free stock is nearer than what others hold. */
function fixOf(
  { order, line, missing }: ShortLineFact,
  labels: readonly HeldEvidence[],
  free: Quantity,
): Finding['fix'] {
  if (free >= missing) {
    return { kind: 'operation', verb: 'reserve', keys: [order], flags: ['--line', String(line), '--auto'] };
  }
  if (labels.length > PASTEABLE) return repairing('past-due-coverable', [`order/${order}`]);
  const keys = labels.map(({ label }) => label);
  return { kind: 'operation', verb: 'transfer', keys, flags: ['--to', `${order}:${line}`] };
}

function orders(labels: readonly HeldEvidence[]): string {
  const names = [...new Set(labels.map(({ order }) => order))];
  return names.length === 1 ? (names[0] ?? '') : `${names.length} other orders`;
}
