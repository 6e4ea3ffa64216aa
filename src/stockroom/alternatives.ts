/** What could be taken in place of labels that somebody else holds; looked up only when they were refused. */
import {
  type Alternative,
  alternativeOf,
  fromDecimal,
  MOST_ALTERNATIVES,
  neededInstead,
  type OrderDocument,
  type Refusal,
} from '../core/index.ts';
import type { Ledger } from './ledger.ts';

/** Of so many refused labels alternatives are looked up; of more nobody reads. */
const EXPLAINED = 20;

type ReservedElsewhere = Extract<Refusal, { code: 'label_reserved_elsewhere' }>;

interface Looking {
  readonly ledger: Ledger;
  readonly today: string;
  readonly deadline: number;
  /** The order that the labels were wanted for, as it is. */
  readonly order: OrderDocument | null;
  /** Labels that were asked for besides, and need not be offered. */
  readonly asked: readonly string[];
}

/** The refusals with the nearest active labels beside those that somebody holds; no label is offered twice. */
export async function withAlternatives(
  refusals: readonly Refusal[],
  looking: Looking,
): Promise<readonly Refusal[]> {
  const explained = refusals.filter((each) => each.code === 'label_reserved_elsewhere').slice(0, EXPLAINED);
  const { labels } = await looking.ledger.snapshot(
    { labels: [...explained.map(({ label }) => label), ...looking.asked] },
    looking.deadline,
  );
  const offered = new Set([...labels.values()].map(({ label }) => label.number));
  const found = new Map<string, readonly Alternative[]>();
  for (const { label } of explained) {
    const state = labels.get(label);
    if (state === undefined) continue;
    const { item, location } = state.label;
    const line = looking.order?.lines.find(
      (each) => each.item === item.sku && each.shortfall > 0 && each.tracking === 'serialized',
    );
    const need = neededInstead(state, line === undefined ? undefined : fromDecimal(line.shortfall));
    const limit = MOST_ALTERNATIVES;
    const query = { item: item.sku, location, need, except: [...offered], on: looking.today, limit };
    const nearest = (await looking.ledger.nearestLabels(query)).map(alternativeOf);
    for (const { label: number } of nearest) offered.add(number);
    found.set(label, nearest);
  }
  return refusals.map((each): Refusal => {
    const instead = each.code === 'label_reserved_elsewhere' ? found.get(each.label) : undefined;
    return instead === undefined ? each : { ...(each as ReservedElsewhere), instead };
  });
}
