/**
 * Whether history agrees with itself and with what is there. Some hundred things are looked at in one consistent read, then
 * the next ones, so that a check of millions holds nobody up.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import { HistoryCheck, type HistoryFacts, type HistoryProblem, isoMoment } from '../../core/index.ts';
import type { HistoryScope } from '../../stockroom/history-reads.ts';
import type { Schema } from '../schema.ts';
import {
  eventsOf,
  itemRow,
  itemRows,
  labelRow,
  labelRows,
  lineRow,
  lineRows,
  orderRow,
  orderRows,
  type Row,
  type Touched,
} from './changes.ts';

const PAGE = 500;
/** Most events of nothing known that are told. */
const MOST_LOST = 100;

type Facts = ReadonlyMap<number, HistoryFacts>;

interface Things {
  readonly touched: Touched;
  /** Which of them are looked at, by their names. */
  readonly named: (scope: HistoryScope) => readonly string[];
  /** At most PAGE of them behind an id, by their ids, which rise; of those that are named, if any are. */
  readonly page: (db: Kysely<Schema>, after: number, names?: readonly string[]) => Promise<Facts>;
}

const THINGS: readonly Things[] = [
  { touched: 'label_id', named: ({ labels }) => labels, page: labelFacts },
  { touched: 'order_id', named: ({ orders }) => orders, page: orderFacts },
  { touched: 'item_id', named: () => [], page: itemFacts },
];

/** Of some labels and orders, or of everything. */
export async function* historyProblems(
  db: Kysely<Schema>,
  scope?: HistoryScope,
): AsyncIterable<readonly HistoryProblem[]> {
  for (const things of THINGS) {
    const names = scope === undefined ? undefined : things.named(scope);
    if (names?.length === 0) continue;
    for (let after: number | undefined = Number.MIN_SAFE_INTEGER; after !== undefined; ) {
      const begun: number = after;
      const checked = await db
        .transaction()
        // On SQLite every transaction is of one moment.
        .setIsolationLevel('repeatable read')
        .execute(async (transaction) => await checkPage(transaction, things, begun, names));
      if (checked.problems.length > 0) yield checked.problems;
      after = checked.last;
    }
  }
  const lost = await lostEvents(db, scope);
  if (lost.length > 0) yield lost;
}

async function checkPage(
  db: Transaction<Schema>,
  { touched, page }: Things,
  after: number,
  names: readonly string[] | undefined,
): Promise<{ readonly last: number | undefined; readonly problems: readonly HistoryProblem[] }> {
  const facts = await page(db, after, names);
  const problems: HistoryProblem[] = [];
  const waiting = new Map(facts);
  let current: { readonly id: number; readonly check: HistoryCheck } | undefined;
  for await (const event of eventsOf(db, touched, [...facts.keys()])) {
    const id = { label_id: event.labelId, order_id: event.orderId, item_id: event.itemId }[touched] ?? 0;
    if (current?.id !== id) {
      if (current !== undefined) problems.push(...current.check.problems());
      const own = waiting.get(id);
      waiting.delete(id);
      current = own === undefined ? undefined : { id, check: new HistoryCheck(own) };
    }
    current?.check.follow(event);
  }
  if (current !== undefined) problems.push(...current.check.problems());
  // What nothing has happened to must still be as it came in.
  for (const own of waiting.values()) problems.push(...new HistoryCheck(own).problems());
  return { last: facts.size < PAGE ? undefined : [...facts.keys()].at(-1), problems };
}

async function labelFacts(db: Kysely<Schema>, after: number, names?: readonly string[]): Promise<Facts> {
  const rows = await labelRows(db)
    .leftJoin('reservations as r', 'r.label_id', 'l.id')
    .leftJoin('order_lines as k', 'k.id', 'r.line_id')
    .leftJoin('orders as o', 'o.id', 'k.order_id')
    .leftJoin('operations as n', 'n.id', 'r.operation_id')
    .select(['r.since', 'r.by', 'k.line', 'o.number as order', 'n.name as operation'])
    .where('l.id', '>', after)
    .$if(names !== undefined, (named) => named.where('l.number', 'in', names ?? []))
    .orderBy('l.id')
    .limit(PAGE)
    .execute();
  return new Map(
    rows.map(({ since, by, line, order, operation, ...row }) => {
      const holder = since === null ? null : { order, line, since: isoMoment(since), by, operation };
      return [row.id, { ...factsOf('label', row.number, labelRow(row)), holder }];
    }),
  );
}

async function orderFacts(db: Kysely<Schema>, after: number, names?: readonly string[]): Promise<Facts> {
  const rows = await orderRows(db)
    .where('o.id', '>', after)
    .$if(names !== undefined, (named) => named.where('o.number', 'in', names ?? []))
    .orderBy('o.id')
    .limit(PAGE)
    .execute();
  const orders = rows.map((row) => orderRow(row));
  const facts = new Map(orders.map((row) => [row.id, factsOf('order', row.number, row)]));
  if (orders.length === 0) return facts;
  const lines = await lineRows(db)
    .where('k.order_id', 'in', [...facts.keys()])
    .orderBy('k.id')
    .execute();
  for (const row of lines) {
    const { id, line, first, now, orderId } = lineRow(row);
    const own = facts.get(orderId);
    if (own !== undefined) {
      facts.set(orderId, { ...own, parts: [...own.parts, { lineId: id, line, first, now }] });
    }
  }
  return facts;
}

async function itemFacts(db: Kysely<Schema>, after: number): Promise<Facts> {
  const rows = await itemRows(db).where('i.id', '>', after).orderBy('i.id').limit(PAGE).execute();
  return new Map(rows.map((row) => [row.id, factsOf('item', row.sku, itemRow(row))]));
}

function factsOf(kind: HistoryFacts['kind'], name: string, { recordedAt, first, now }: Row): HistoryFacts {
  return { kind, name, recordedAt, parts: [{ lineId: null, line: null, first, now }], holder: null };
}

/** Events whose label, order, line, item or operation is gone. */
async function lostEvents(db: Kysely<Schema>, scope?: HistoryScope): Promise<HistoryProblem[]> {
  const rows = await db
    .selectFrom('events as e')
    .leftJoin('operations as n', 'n.id', 'e.operation_id')
    .leftJoin('labels as l', 'l.id', 'e.label_id')
    .leftJoin('orders as o', 'o.id', 'e.order_id')
    .leftJoin('order_lines as k', 'k.id', 'e.line_id')
    .leftJoin('items as i', 'i.id', 'e.item_id')
    .select(['e.at', 'n.name as operation', 'l.number as label', 'o.number as order', 'k.line', 'i.sku'])
    .select(['e.kind', 'e.before', 'e.after'])
    .where(
      sql<boolean>`(n.id is null or (e.label_id is not null and l.id is null)
        or (e.order_id is not null and o.id is null) or (e.line_id is not null and k.id is null)
        or (e.item_id is not null and i.id is null))`,
    )
    .$if(scope !== undefined, (found) =>
      found.where((where) =>
        where.or([
          ...(scope?.labels.length ? [where('l.number', 'in', scope.labels)] : []),
          ...(scope?.orders.length ? [where('o.number', 'in', scope.orders)] : []),
        ]),
      ),
    )
    .orderBy('e.id')
    .limit(MOST_LOST)
    .execute();
  return rows.map(({ at, operation, label, order, line, sku, before, after }) => ({
    problem: 'of_nothing_known',
    ...{ label, order, line, item: sku, field: null, operation, at: isoMoment(at) },
    ...{ told: before, found: after },
  }));
}
