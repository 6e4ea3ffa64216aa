/** Shipments as a list shows them, with what left on each line and from each label. */
import { type Kysely, sql } from 'kysely';
import { isoMoment, quantityOfMillionths, type ShipmentDocument, toDecimal } from '../core/index.ts';
import { Fault } from '../stockroom/fault.ts';
import { SHIPMENT_PLACES, USUAL_SORTS } from '../stockroom/positions.ts';
import type { Position, ShipmentQuery } from '../stockroom/queries.ts';
import { behind, ordering } from './keyset.ts';
import type { Schema } from './schema.ts';

const PAGE = 200;

/** In pages, each from behind the last shipment of the one before. */
export async function* shipmentRows(
  db: Kysely<Schema>,
  query: ShipmentQuery,
): AsyncIterable<readonly ShipmentDocument[]> {
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  let after = query.after;
  while (left > 0) {
    const size = Math.min(PAGE, left);
    const heads = await headsOf(db, { ...query, ...(after !== undefined && { after }) }, size);
    const shipments = heads.length === 0 ? [] : await withContents(db, heads);
    const last = shipments.at(-1);
    if (last === undefined) return;
    yield shipments;
    if (heads.length < size) return;
    left -= heads.length;
    after = SHIPMENT_PLACES[query.sort ?? USUAL_SORTS.shipments].of(last);
  }
}

type Head = Awaited<ReturnType<typeof headsOf>>[number];

async function headsOf(db: Kysely<Schema>, query: ShipmentQuery, limit: number) {
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
  const { descending = false, after } = query;
  const byId = { column: 's.id', descending };
  const columns = query.sort === 'order' ? [{ column: 'o.number', descending }, byId] : [byId];
  if (after !== undefined) rows = rows.where(behind(columns, await withId(db, after)));
  return await rows.orderBy(ordering(columns)).limit(limit).execute();
}

/** The position with the shipment's id, which follows its time, in place of its operation's. */
async function withId(db: Kysely<Schema>, position: Position): Promise<Position> {
  const operation = String(position.at(-1));
  const shipment = await db
    .selectFrom('shipments as s')
    .innerJoin('operations as n', 'n.id', 's.operation_id')
    .select('s.id')
    .where('n.name', '=', operation)
    .executeTakeFirst();
  if (shipment === undefined)
    throw new Fault('input', 'the list goes on behind a shipment that is not there');
  return [...position.slice(0, -1), shipment.id];
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
