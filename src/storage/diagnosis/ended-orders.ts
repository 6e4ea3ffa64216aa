/** Orders that have ended and hold labels still, with who ended them. */
import { type Kysely, sql } from 'kysely';
import type { EndedOrderFacts, Item, OrderStatus, Tracking } from '../../core/index.ts';
import type { DiagnosisScope } from '../../stockroom/diagnosis-store.ts';
import type { Schema } from '../schema.ts';
import { holdFact } from './items.ts';
import { isOneOf, LIVE } from './scope.ts';

/** Orders in a batch. */
const BATCH = 200;

/** With a scope: the orders that are named, those that hold a named label, and those that hold what a named order needs. */
export async function* endedOrders(
  db: Kysely<Schema>,
  scope: DiagnosisScope | undefined,
): AsyncIterable<readonly EndedOrderFacts[]> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const orders: readonly EndedRecord[] = await holdingOrders(db, scope, after);
    if (orders.length > 0) yield await factsOf(db, orders);
    after = orders.length < BATCH ? undefined : orders.at(-1)?.number;
  }
}

interface EndedRecord {
  readonly id: number;
  readonly number: string;
  readonly customer: string | null;
  readonly status: OrderStatus;
}

async function holdingOrders(
  db: Kysely<Schema>,
  scope: DiagnosisScope | undefined,
  after: string,
): Promise<EndedRecord[]> {
  const named =
    scope === undefined
      ? sql``
      : sql`and (${isOneOf('o.number', scope.orders)} or o.id in (
          select sk.order_id from labels sl join reservations sr on sr.label_id = sl.id
            join order_lines sk on sk.id = sr.line_id where ${isOneOf('sl.number', scope.labels)})
          or r.item_id in (
            select nk.item_id from order_lines nk join orders no on no.id = nk.order_id
            where ${isOneOf('no.number', scope.orders)} and no.status in (${LIVE}) and nk.ordered > nk.shipped))`;
  const { rows } = await sql<EndedRecord>`
    select distinct o.id, o.number, o.customer, o.status
    from reservations r join order_lines k on k.id = r.line_id join orders o on o.id = k.order_id
    where o.status not in (${LIVE}) and o.number > ${after} ${named}
    order by o.number limit ${sql.lit(BATCH)}`.execute(db);
  return rows;
}

async function factsOf(db: Kysely<Schema>, orders: readonly EndedRecord[]): Promise<EndedOrderFacts[]> {
  const holds = await holdsOf(
    db,
    orders.map(({ id }) => id),
  );
  const facts: EndedOrderFacts[] = [];
  for (const order of orders) {
    const { id, number, customer, status } = order;
    facts.push({
      order: number,
      customer,
      status,
      ended: await endOf(db, order),
      holds: holds
        .filter(({ order_id }) => order_id === id)
        .map((row) => ({
          ...holdFact(row),
          line: row.line,
          item: itemOf(row),
        })),
    });
  }
  return facts;
}

interface HeldRecord {
  readonly order_id: number;
  readonly line: number;
  readonly label: string;
  readonly quantity: number;
  readonly expiry: string | null;
  readonly since: number;
  readonly by: string;
  readonly operation: string;
  readonly item_id: number;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly tracking: Tracking;
}

async function holdsOf(db: Kysely<Schema>, orders: readonly number[]): Promise<HeldRecord[]> {
  const { rows } = await sql<HeldRecord>`
    select k.order_id, k.line, l.number as label, l.quantity, l.expiry, r.since, r."by", n.name as operation,
      i.id as item_id, i.sku, i.name, i.unit, i.tracking
    from order_lines k join reservations r on r.line_id = k.id join labels l on l.id = r.label_id
      join items i on i.id = l.item_id join operations n on n.id = r.operation_id
    where ${isOneOf('k.order_id', orders)}
    order by k.line, l.number`.execute(db);
  return rows;
}

function itemOf({ item_id, sku, name, unit, tracking }: HeldRecord): Item {
  return { id: item_id, sku, name, unit, tracking };
}

/** The last event that gave the order its status. */
async function endOf(db: Kysely<Schema>, { id, status }: EndedRecord): Promise<EndedOrderFacts['ended']> {
  const events = await db
    .selectFrom('events as e')
    .innerJoin('operations as n', 'n.id', 'e.operation_id')
    .select(['e.at', 'e.after', 'n.actor as by', 'n.verb', 'n.name as operation'])
    .where('e.order_id', '=', id)
    .where('e.label_id', 'is', null)
    .where('e.line_id', 'is', null)
    .orderBy('e.id', 'desc')
    .limit(20)
    .execute();
  for (const { after, ...event } of events) {
    const fields = JSON.parse(after ?? '{}') as { readonly status?: string };
    if (fields.status === status) return event;
  }
  return null;
}
