/** Items of which live orders hold labels, with all that compete for them. Some items at a time, so that memory stays bounded. */
import { type Kysely, sql } from 'kysely';
import {
  type HoldFact,
  type HoldingLine,
  type Item,
  type ItemFacts,
  type OrderFact,
  type OrderStatus,
  quantityOfMillionths,
  type ShortLineFact,
  ZERO,
} from '../../core/index.ts';
import type { DiagnosisScope } from '../../stockroom/diagnosis-store.ts';
import { ofLastEvent } from '../rows.ts';
import type { Schema } from '../schema.ts';
import { inParts, isOneOf, LIVE, numberOf } from './scope.ts';

/** A batch of items ends when so many of their labels are held. */
const HOLDS = 20_000;
/** Most items in a batch. */
const ITEMS = 200;
/** Most short lines of an item that are looked at one by one; all are counted. */
const SHORT_LINES = 200;

export async function* itemFacts(
  db: Kysely<Schema>,
  scope: DiagnosisScope | undefined,
  today: string,
): AsyncIterable<readonly ItemFacts[]> {
  for (const ids of batchesOf(await heldItems(db, scope))) {
    const items = await itemsOf(db, ids);
    const lines = await holdingLines(db, ids);
    const short = await shortLines(db, ids, scope?.orders ?? []);
    const free = await freeStock(db, ids, today);
    yield items.map((item): ItemFacts => {
      const none = { short: [], shortLines: 0, missing: ZERO };
      const held = { lines: lines.get(item.id) ?? [], free: quantityOfMillionths(free.get(item.id) ?? 0) };
      return { item, ...held, ...(short.get(item.id) ?? none) };
    });
  }
}

interface HeldItem {
  readonly id: number;
  readonly holds: number;
}

async function heldItems(db: Kysely<Schema>, scope: DiagnosisScope | undefined): Promise<HeldItem[]> {
  if (scope === undefined) {
    const rows = await db
      .selectFrom('reservations')
      .select(({ fn }) => ['item_id as id', fn.countAll().as('holds')])
      .groupBy('item_id')
      .orderBy('item_id')
      .execute();
    return rows.map(({ id, holds }) => ({ id, holds: numberOf(holds) }));
  }
  const rows = await db
    .selectFrom('items as i')
    .select('i.id')
    .where(
      sql<boolean>`(i.id in (select l.item_id from labels l where ${isOneOf('l.number', scope.labels)})
        or i.id in (select k.item_id from order_lines k join orders o on o.id = k.order_id
          where ${isOneOf('o.number', scope.orders)}))`,
    )
    .orderBy('i.id')
    .execute();
  return rows.map(({ id }) => ({ id, holds: HOLDS / 10 }));
}

function* batchesOf(items: readonly HeldItem[]): Iterable<readonly number[]> {
  let batch: number[] = [];
  let sum = 0;
  for (const { id, holds } of items) {
    batch.push(id);
    sum += holds;
    if (sum < HOLDS && batch.length < ITEMS) continue;
    yield batch;
    [batch, sum] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

async function itemsOf(db: Kysely<Schema>, ids: readonly number[]): Promise<Item[]> {
  const rows = db.selectFrom('items').select(['id', 'sku', 'name', 'unit', 'tracking']);
  return await rows.where('id', 'in', ids).orderBy('sku').execute();
}

interface HoldRecord {
  readonly item_id: number;
  readonly line_id: number;
  readonly line: number;
  readonly ordered: number;
  readonly shipped: number;
  readonly order_id: number;
  readonly number: string;
  readonly customer: string | null;
  readonly status: OrderStatus;
  readonly due: string | null;
  readonly recorded_at: number;
  readonly label: string;
  readonly quantity: number;
  readonly expiry: string | null;
  readonly since: number;
  readonly by: string;
  readonly operation: string;
}

async function holdingLines(
  db: Kysely<Schema>,
  items: readonly number[],
): Promise<Map<number, readonly HoldingLine[]>> {
  const { rows } = await sql<HoldRecord>`
    select k.item_id, k.id as line_id, k.line, k.ordered, k.shipped, o.id as order_id, o.number, o.customer, o.status,
      o.due, o.recorded_at, l.number as label, l.quantity, l.expiry, r.since, r."by", n.name as operation
    from reservations r join labels l on l.id = r.label_id join order_lines k on k.id = r.line_id
      join orders o on o.id = k.order_id join operations n on n.id = r.operation_id
    where ${isOneOf('r.item_id', items)} and o.status in (${LIVE})
    order by o.number, k.line, l.number`.execute(db);
  const last = await lastEvents(db, rows);
  const lines = new Map<number, HoldingLine & { readonly holds: HoldFact[] }>();
  const byItem = new Map<number, HoldingLine[]>();
  for (const row of rows) {
    const known = lines.get(row.line_id);
    if (known !== undefined) {
      known.holds.push(holdFact(row));
      continue;
    }
    const { item_id, line_id, line, ordered, shipped } = row;
    const added = {
      order: orderFact(row, last),
      line,
      ordered: quantityOfMillionths(ordered),
      shipped: quantityOfMillionths(shipped),
      holds: [holdFact(row)],
    };
    lines.set(line_id, added);
    byItem.set(item_id, [...(byItem.get(item_id) ?? []), added]);
  }
  return byItem;
}

export function holdFact({
  label,
  quantity,
  expiry,
  since,
  by,
  operation,
}: Pick<HoldRecord, 'label' | 'quantity' | 'expiry' | 'since' | 'by' | 'operation'>): HoldFact {
  return { label, quantity: quantityOfMillionths(quantity), expiry, since, by, operation };
}

function orderFact(row: HoldRecord, last: ReadonlyMap<number, number>): OrderFact {
  const { number, customer, status, due, recorded_at, order_id } = row;
  return { number, customer, status, due, lastEventAt: last.get(order_id) ?? recorded_at };
}

/** When something last happened to the orders; of those without an event, nothing. */
async function lastEvents(db: Kysely<Schema>, rows: readonly HoldRecord[]): Promise<Map<number, number>> {
  const last = new Map<number, number>();
  for (const ids of inParts([...new Set(rows.map(({ order_id }) => order_id))])) {
    const found = await sql<{ id: number; at: number | null }>`
      select o.id, ${sql.raw(ofLastEvent('at', 'order_id', 'o.id'))} as at
      from orders o where ${isOneOf('o.id', ids)}`.execute(db);
    for (const { id, at } of found.rows) if (at !== null) last.set(id, at);
  }
  return last;
}

interface ShortRecord {
  readonly item_id: number;
  readonly number: string;
  readonly line: number;
  readonly customer: string | null;
  readonly due: string | null;
  readonly missing: unknown;
  readonly lines: unknown;
  readonly sum: unknown;
}

type Shortage = Pick<ItemFacts, 'short' | 'shortLines' | 'missing'>;

/** The lines of live orders that are short of the items: those of `first` orders first, then those due first. */
async function shortLines(
  db: Kysely<Schema>,
  items: readonly number[],
  first: readonly string[],
): Promise<Map<number, Shortage>> {
  const { rows } = await sql<ShortRecord>`
    select * from (
      select s.*, count(*) over (partition by item_id) as lines, sum(missing) over (partition by item_id) as sum,
        row_number() over (partition by item_id order by named, undated, due, number, line) as place
      from (
        select k.item_id, o.number, k.line, o.customer, o.due,
          k.ordered - k.shipped - coalesce(h.reserved, 0) as missing,
          case when ${isOneOf('o.number', first)} then 0 else 1 end as named,
          case when o.due is null then 1 else 0 end as undated
        from order_lines k join orders o on o.id = k.order_id
          left join (
            select r.line_id, sum(l.quantity) as reserved from reservations r join labels l on l.id = r.label_id
            where ${isOneOf('r.item_id', items)} group by r.line_id) h on h.line_id = k.id
        where ${isOneOf('k.item_id', items)} and k.ordered > k.shipped and o.status in (${LIVE})
          and k.ordered - k.shipped > coalesce(h.reserved, 0)) s) t
    where place <= ${sql.lit(SHORT_LINES)}
    order by item_id, place`.execute(db);
  const shortages = new Map<number, Shortage & { readonly short: ShortLineFact[] }>();
  for (const { item_id, number, line, customer, due, missing, lines, sum } of rows) {
    const known = shortages.get(item_id) ?? {
      short: [],
      shortLines: numberOf(lines),
      missing: quantityOfMillionths(numberOf(sum)),
    };
    known.short.push({
      order: number,
      line,
      customer,
      due,
      missing: quantityOfMillionths(numberOf(missing)),
    });
    shortages.set(item_id, known);
  }
  return shortages;
}

/** How much of each item is in active labels that are not past their expiry. */
async function freeStock(
  db: Kysely<Schema>,
  items: readonly number[],
  today: string,
): Promise<Map<number, number>> {
  const { rows } = await sql<{ item_id: number; free: unknown }>`
    select l.item_id, sum(l.quantity) as free from labels l left join reservations r on r.label_id = l.id
    where ${isOneOf('l.item_id', items)} and l.quantity > 0 and r.label_id is null
      and (l.expiry is null or l.expiry >= ${today})
    group by l.item_id`.execute(db);
  return new Map(rows.map(({ item_id, free }) => [item_id, numberOf(free)]));
}
