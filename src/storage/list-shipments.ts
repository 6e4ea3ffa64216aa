/** Shipments as a list shows them, with what left on each line and from each label. */
import { type Kysely, sql } from 'kysely';
import { isoMoment, quantityOfMillionths, type ShipmentDocument, toDecimal } from '../core/index.ts';
import type { ShipmentQuery } from '../stockroom/queries.ts';
import type { Schema } from './schema.ts';

const PAGE = 200;

/** Pages by id and direction: the ids of shipments follow their time. */
export async function* shipmentRows(
  db: Kysely<Schema>,
  query: ShipmentQuery,
): AsyncIterable<readonly ShipmentDocument[]> {
  let offset = 0;
  for (;;) {
    const left = query.limit === undefined ? PAGE : Math.min(PAGE, query.limit - offset);
    if (left <= 0) return;
    const heads = await headsOf(db, query, offset, left);
    if (heads.length === 0) return;
    yield await withContents(db, heads);
    offset += heads.length;
    if (heads.length < left) return;
  }
}

type Head = Awaited<ReturnType<typeof headsOf>>[number];

async function headsOf(db: Kysely<Schema>, query: ShipmentQuery, offset: number, limit: number) {
  let rows = db
    .selectFrom('shipments as s')
    .innerJoin('orders as o', 'o.id', 's.order_id')
    .innerJoin('operations as n', 'n.id', 's.operation_id')
    .select(['s.id', 's.at', 's.by', 'n.name as operation', 'o.number as order', 'o.customer']);
  if (query.order !== undefined) rows = rows.where('o.number', '=', query.order);
  if (query.since !== undefined) rows = rows.where('s.at', '>=', query.since);
  if (query.until !== undefined) rows = rows.where('s.at', '<', query.until);
  const { label } = query;
  if (label !== undefined) {
    rows = rows.where('s.id', 'in', (from) => {
      const drawn = from.selectFrom('shipment_labels as d').innerJoin('labels as l', 'l.id', 'd.label_id');
      return drawn
        .select('d.shipment_id')
        .where((where) => where.or([where('l.number', '=', label), where('l.code', '=', label)]));
    });
  }
  const direction = query.descending === true ? 'desc' : 'asc';
  if (query.sort === 'order') rows = rows.orderBy('o.number', direction);
  return await rows.orderBy('s.id', direction).limit(limit).offset(offset).execute();
}

async function withContents(db: Kysely<Schema>, heads: readonly Head[]): Promise<ShipmentDocument[]> {
  const ids = heads.map(({ id }) => id);
  const lines = await db
    .selectFrom('shipment_lines as d')
    .innerJoin('order_lines as k', 'k.id', 'd.line_id')
    .innerJoin('items as i', 'i.id', 'k.item_id')
    .select(['d.shipment_id', 'k.line', 'i.sku as item', 'i.unit', 'd.quantity'])
    .where('d.shipment_id', 'in', ids)
    .orderBy('k.line')
    .execute();
  const labels = await db
    .selectFrom('shipment_labels as d')
    .innerJoin('order_lines as k', 'k.id', 'd.line_id')
    .innerJoin('labels as l', 'l.id', 'd.label_id')
    .select(['d.shipment_id', 'l.number as label', 'k.line', 'd.quantity', 'd.remaining'])
    .where('d.shipment_id', 'in', ids)
    .orderBy(sql`k.line, l.number`)
    .execute();
  return heads.map(({ id, at, ...head }) => ({
    ...head,
    at: isoMoment(at),
    lines: lines
      .filter((line) => line.shipment_id === id)
      .map(({ line, item, unit, quantity }) => {
        return { line, item, unit, quantity: decimal(quantity) };
      }),
    labels: labels
      .filter((row) => row.shipment_id === id)
      .map(({ label, line, quantity, remaining }) => {
        return { label, line, quantity: decimal(quantity), remaining: decimal(remaining) };
      }),
  }));
}

function decimal(millionths: number): number {
  return toDecimal(quantityOfMillionths(millionths));
}
