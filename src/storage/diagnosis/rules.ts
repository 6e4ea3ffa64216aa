/** Rows that earmark itself would not have written, and imports that did not end. Constraints guard against most; these can't be said as one. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { NOTHING, type RuleBreach, type UnfinishedImport } from '../../core/index.ts';
import type { DiagnosisScope } from '../../stockroom/diagnosis-store.ts';
import type { Schema } from '../schema.ts';
import { isOneOf } from './scope.ts';

/** Most breaches of one rule that are told. */
const MOST = 100;

interface BreachRecord {
  readonly breach: string;
  readonly label: string | null;
  readonly order: string | null;
  readonly line: number | null;
  readonly item: string | null;
}

const HOLDS = sql`
  from reservations r join labels l on l.id = r.label_id join items i on i.id = l.item_id
    join order_lines k on k.id = r.line_id join orders o on o.id = k.order_id`;

/** Each gives the clause of its breaches, with what they are about. */
const RULES: readonly RawBuilder<unknown>[] = [
  sql`select l.number || ' is empty and held for ' || o.number as breach, l.number as label, o.number as "order", k.line,
      i.sku as item ${HOLDS} where l.quantity = 0`,
  sql`select l.number || ' is held, and ' || i.sku || ' is a standard item' as breach, l.number as label,
      o.number as "order", k.line, i.sku as item ${HOLDS} where i.tracking = 'standard'`,
  sql`select l.number || ' is held for ' || o.number || ' line ' || k.line || ', which is for another item' as breach,
      l.number as label, o.number as "order", k.line, i.sku as item ${HOLDS}
    where k.item_id <> l.item_id or r.item_id <> l.item_id`,
  sql`select l.number || ' is a label of ' || i.sku || ', which is a standard item' as breach, l.number as label,
      null as "order", null as line, i.sku as item
    from labels l join items i on i.id = l.item_id left join reservations r on r.label_id = l.id
    where i.tracking = 'standard' and r.label_id is null`,
  sql`select l.code || ' means two labels: it is the scan code of ' || l.number || ', and a number' as breach,
      l.number as label, null as "order", null as line, null as item
    from labels l join labels other on other.number = l.code where other.id <> l.id`,
  sql`select 'a shipment of ' || o.number || ' (' || n.name || ') drew something else from labels than it shipped on line ' || k.line
      as breach, null as label, o.number as "order", k.line, i.sku as item
    from shipment_lines d join shipments s on s.id = d.shipment_id join order_lines k on k.id = d.line_id
      join items i on i.id = k.item_id join orders o on o.id = s.order_id join operations n on n.id = s.operation_id
    where i.tracking = 'serialized' and d.quantity <> (select coalesce(sum(b.quantity), 0) from shipment_labels b
      where b.shipment_id = d.shipment_id and b.line_id = d.line_id)`,
];

export async function ruleBreaches(
  db: Kysely<Schema>,
  scope: DiagnosisScope | undefined,
): Promise<RuleBreach[]> {
  const breaches: RuleBreach[] = [];
  for (const rule of RULES) {
    const named =
      scope === undefined
        ? sql``
        : sql`where ${isOneOf('b.label', scope.labels)} or ${isOneOf('b.order', scope.orders)}`;
    const { rows } = await sql<BreachRecord>`
      select * from (${rule}) b ${named} order by b.breach limit ${sql.lit(MOST)}`.execute(db);
    for (const { breach, ...thing } of rows) breaches.push({ breach, thing: { ...NOTHING, ...thing } });
  }
  return breaches;
}

export async function unfinishedImports(db: Kysely<Schema>): Promise<UnfinishedImport[]> {
  return await db
    .selectFrom('operations')
    .select(['name as operation', 'actor as by', 'at'])
    .where('answer', 'is', null)
    .orderBy('id')
    .limit(MOST)
    .execute();
}

export async function latestOperation(db: Kysely<Schema>): Promise<{ at: number; operation: string } | null> {
  const rows = db.selectFrom('operations').select(['at', 'name as operation']);
  return (await rows.orderBy('at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst()) ?? null;
}
