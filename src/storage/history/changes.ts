/** The rows that history follows, and the events that changed their fields. */
import type { Kysely } from 'kysely';
import {
  type EventKind,
  type Fields,
  FieldsThen,
  type HistoryEvent,
  quantityOfMillionths,
  toDecimal,
} from '../../core/index.ts';
import type { Schema } from '../schema.ts';

const BATCH = 500;

/** An event with the ids of all that it touches. */
export interface StoredEvent extends HistoryEvent {
  readonly itemId: number | null;
  readonly orderId: number | null;
}

export type Touched = 'item_id' | 'label_id' | 'order_id';

/** The parts of a list that one statement may be given at once. */
export function* inParts<T>(all: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}

/**
 * The events of some labels, orders or items, whose ids rise: thing by thing, each in the order in which they happened. An
 * order's `own` are without those of labels.
 */
export async function* eventsOf(
  db: Kysely<Schema>,
  touched: Touched,
  ids: readonly number[],
  which: 'all' | 'own' = 'all',
): AsyncIterable<StoredEvent> {
  for (const part of inParts(ids)) yield* someEventsOf(db, touched, part, which);
}

async function* someEventsOf(
  db: Kysely<Schema>,
  touched: Touched,
  ids: readonly number[],
  which: 'all' | 'own',
): AsyncIterable<StoredEvent> {
  const rows = db
    .selectFrom('events as e')
    .leftJoin('operations as n', 'n.id', 'e.operation_id')
    .select(['e.id', 'e.at', 'e.kind', 'e.item_id', 'e.label_id', 'e.order_id', 'e.line_id'])
    .select(['e.before', 'e.after', 'n.name as operation'])
    .where(`e.${touched}`, 'in', ids)
    .$if(which === 'own', (own) => own.where('e.label_id', 'is', null))
    .orderBy(`e.${touched}`)
    .orderBy('e.id');
  for await (const row of rows.stream(BATCH)) {
    yield {
      id: row.id,
      at: row.at,
      kind: row.kind,
      operation: row.operation ?? '',
      itemId: row.item_id,
      labelId: row.label_id,
      orderId: row.order_id,
      lineId: row.line_id,
      before: fieldsOf(row.before),
      after: fieldsOf(row.after),
    };
  }
}

/** The fields of an event as they are stored. */
export function fieldsOf(json: string | null): Fields | null {
  return json === null ? null : (JSON.parse(json) as Fields);
}

/** A row with its fields as history names them. */
export interface Row {
  readonly id: number;
  readonly recordedAt: number;
  /** What it came in with, as far as the row itself keeps it. */
  readonly first: Fields;
  readonly now: Fields;
}

/** The fields of rows as they were at a moment, while the events of their things are followed. */
export class RowsThen {
  readonly #rows: ReadonlyMap<number, FieldsThen>;

  constructor(rows: readonly Row[], moment: number) {
    this.#rows = new Map(rows.map(({ id, now, first }) => [id, new FieldsThen(now, first, moment)]));
  }

  follow(id: number | null, event: StoredEvent): void {
    if (id !== null) this.#rows.get(id)?.follow(event);
  }

  fields(id: number): Fields {
    return this.#rows.get(id)?.fields ?? {};
  }
}

/** Before every event. */
export const FIRST_OF_ALL: number = Number.NEGATIVE_INFINITY;

/** The row that an event changed the fields of, if it is of the kind. */
export function changedRow(kind: EventKind, row: 'item' | 'label' | 'order' | 'line', event: StoredEvent) {
  if (kind !== 'restored' && kind !== `${row}_changed`) return null;
  const { itemId, labelId, orderId, lineId } = event;
  switch (row) {
    case 'item':
      return itemId;
    case 'label':
      return labelId;
    case 'line':
      return labelId === null ? lineId : null;
    case 'order':
      return labelId === null && lineId === null ? orderId : null;
  }
}

export function labelRows(db: Kysely<Schema>) {
  return db
    .selectFrom('labels as l')
    .innerJoin('items as i', 'i.id', 'l.item_id')
    .select([
      'l.id',
      'l.number',
      'l.recorded_at',
      'l.first_quantity',
      'l.quantity',
      'i.sku as item',
      'l.code',
    ])
    .select(['l.location', 'l.bin', 'l.lot', 'l.expiry', 'l.created']);
}

type Result<Q extends (db: Kysely<Schema>) => { executeTakeFirstOrThrow(): Promise<unknown> }> = Awaited<
  ReturnType<ReturnType<Q>['executeTakeFirstOrThrow']>
>;

export function labelRow(row: Result<typeof labelRows>): Row & { readonly number: string } {
  const { id, number, recorded_at, first_quantity, item, code, quantity, ...plain } = row;
  const { location, bin, lot, expiry, created } = plain;
  return {
    ...{ id, number, recordedAt: recorded_at, first: { quantity: decimal(first_quantity) } },
    now: { item, code, quantity: decimal(quantity), location, bin, lot, expiry, created },
  };
}

export function orderRows(db: Kysely<Schema>) {
  return db
    .selectFrom('orders as o')
    .select(['o.id', 'o.number', 'o.recorded_at', 'o.first_status', 'o.status'])
    .select(['o.customer', 'o.ordered', 'o.due']);
}

export function orderRow(row: Result<typeof orderRows>): Row & { readonly number: string } {
  const { id, number, recorded_at, first_status, status, customer, ordered, due } = row;
  const now = { customer, ordered, due, status };
  return { id, number, recordedAt: recorded_at, first: { status: first_status }, now };
}

export function lineRows(db: Kysely<Schema>) {
  return db
    .selectFrom('order_lines as k')
    .innerJoin('items as i', 'i.id', 'k.item_id')
    .select(['k.id', 'k.order_id', 'k.line', 'k.recorded_at', 'i.sku as item'])
    .select(['k.first_ordered', 'k.first_shipped', 'k.ordered', 'k.shipped']);
}

export function lineRow(
  row: Result<typeof lineRows>,
): Row & { readonly orderId: number; readonly line: number } {
  const { id, order_id, line, recorded_at, item, first_ordered, first_shipped, ordered, shipped } = row;
  return {
    ...{ id, orderId: order_id, line, recordedAt: recorded_at },
    first: { ordered: decimal(first_ordered), shipped: decimal(first_shipped) },
    now: { item, ordered: decimal(ordered), shipped: decimal(shipped) },
  };
}

export function itemRows(db: Kysely<Schema>) {
  return db
    .selectFrom('items as i')
    .select(['i.id', 'i.sku', 'i.recorded_at', 'i.name', 'i.unit', 'i.tracking']);
}

export function itemRow(row: Result<typeof itemRows>): Row & { readonly sku: string } {
  const { id, sku, recorded_at, name, unit, tracking } = row;
  return { id, sku, recordedAt: recorded_at, first: {}, now: { name, unit, tracking } };
}

function decimal(millionths: number): number {
  return toDecimal(quantityOfMillionths(millionths));
}
