/** The tables that history is read from, a page at a time: events, and the rows of four kinds as they came in. */
import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type { Fields, HistoryTable } from '../../core/index.ts';
import type { RecordedEvent } from '../../stockroom/ledger.ts';
import type { Schema } from '../schema.ts';
import {
  changedRow,
  eventsOf,
  fieldsOf,
  FIRST_OF_ALL,
  itemRow,
  itemRows,
  labelRow,
  labelRows,
  lineRow,
  lineRows,
  orderRow,
  orderRows,
  type Row,
  RowsThen,
  type Touched,
} from './changes.ts';
import { operationIds } from './sql.ts';

/** A table's row as history tells it. */
export interface Entry {
  readonly id: number;
  readonly event: RecordedEvent;
}

/** What to read of a table: what came in behind an id, or before it where it descends. */
export interface Span {
  readonly after: number | undefined;
  readonly upTo: number | undefined;
  readonly descending: boolean;
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly limit: number;
}

/** What is asked about, by its row id; an operation and its group by their name. */
export type Subject =
  | { readonly kind: 'everything' }
  | { readonly kind: 'label' | 'order'; readonly id: number }
  | { readonly kind: 'operation'; readonly name: string; readonly broughtRows: boolean };

/** In the order in which what happened at one moment is told. */
export const TABLES = [
  'items',
  'labels',
  'orders',
  'lines',
  'events',
] as const satisfies readonly HistoryTable[];
export type Table = (typeof TABLES)[number];

type Read = (db: Kysely<Schema>, span: Span, of: Subject) => Promise<Entry[]>;

export const READ: Readonly<Record<Table, Read>> = { items, labels, orders, lines, events };

async function events(db: Kysely<Schema>, span: Span, of: Subject): Promise<Entry[]> {
  let rows = db
    .selectFrom('events as t')
    // Whatever someone removed behind earmark's back, what happened is still told.
    .leftJoin('operations as n', 'n.id', 't.operation_id')
    .leftJoin('items as i', 'i.id', 't.item_id')
    .leftJoin('labels as l', 'l.id', 't.label_id')
    .leftJoin('orders as o', 'o.id', 't.order_id')
    .leftJoin('order_lines as k', 'k.id', 't.line_id')
    .select(['t.id', 't.at', 't.kind', 'n.name as operation', 'n.verb', 'n.actor as by', 'n.reason'])
    .select(['i.sku as item', 'l.number as label', 'o.number as order', 'k.line', 't.before', 't.after']);
  if (of.kind === 'label') rows = rows.where('t.label_id', '=', of.id);
  if (of.kind === 'order') rows = rows.where('t.order_id', '=', of.id);
  if (of.kind === 'operation') rows = rows.where('t.operation_id', 'in', operationIds(db, of.name));
  const found = await within(rows, sql.ref('t.at'), span).execute();
  return found.map(({ id, ...row }) => {
    const { operation, verb, by } = row;
    const fields = { before: fieldsOf(row.before), after: fieldsOf(row.after) };
    return { id, event: { ...row, ...fields, operation: operation ?? '', verb: verb ?? '', by: by ?? '' } };
  });
}

async function items(db: Kysely<Schema>, span: Span, of: Subject): Promise<Entry[]> {
  if (of.kind === 'label' || of.kind === 'order' || broughtNothing(of)) return [];
  let rows = itemRows(db)
    .innerJoin('items as t', 't.id', 'i.id')
    .leftJoin('operations as n', 'n.id', 't.operation_id')
    .select(['n.name as operation', 'n.verb', 'n.actor as by', 'n.reason']);
  if (of.kind === 'operation') rows = rows.where('t.operation_id', 'in', operationIds(db, of.name));
  const found = await within(rows, sql.ref('t.recorded_at'), span).execute();
  const recorded = found.map((row) => ({ ...itemRow(row), deed: deedOf(row), names: { item: row.sku } }));
  return await entries(db, 'item', 'item_id', recorded, ({ id }) => id);
}

async function labels(db: Kysely<Schema>, span: Span, of: Subject): Promise<Entry[]> {
  if (of.kind === 'order' || broughtNothing(of)) return [];
  let rows = labelRows(db)
    .innerJoin('labels as t', 't.id', 'l.id')
    .leftJoin('operations as n', 'n.id', 't.operation_id')
    .select(['n.name as operation', 'n.verb', 'n.actor as by', 'n.reason']);
  if (of.kind === 'label') rows = rows.where('t.id', '=', of.id);
  if (of.kind === 'operation') rows = rows.where('t.operation_id', 'in', operationIds(db, of.name));
  const found = await within(rows, sql.ref('t.recorded_at'), span).execute();
  const recorded = found.map((row) => ({
    ...labelRow(row),
    deed: deedOf(row),
    names: { label: row.number },
  }));
  return await entries(db, 'label', 'label_id', recorded, ({ id }) => id);
}

async function orders(db: Kysely<Schema>, span: Span, of: Subject): Promise<Entry[]> {
  if (of.kind === 'label' || broughtNothing(of)) return [];
  let rows = orderRows(db)
    .innerJoin('orders as t', 't.id', 'o.id')
    .leftJoin('operations as n', 'n.id', 't.operation_id')
    .select(['n.name as operation', 'n.verb', 'n.actor as by', 'n.reason']);
  if (of.kind === 'order') rows = rows.where('t.id', '=', of.id);
  if (of.kind === 'operation') rows = rows.where('t.operation_id', 'in', operationIds(db, of.name));
  const found = await within(rows, sql.ref('t.recorded_at'), span).execute();
  const recorded = found.map((row) => ({
    ...orderRow(row),
    deed: deedOf(row),
    names: { order: row.number },
  }));
  return await entries(db, 'order', 'order_id', recorded, ({ id }) => id);
}

async function lines(db: Kysely<Schema>, span: Span, of: Subject): Promise<Entry[]> {
  if (of.kind === 'label' || broughtNothing(of)) return [];
  let rows = lineRows(db)
    .innerJoin('order_lines as t', 't.id', 'k.id')
    .innerJoin('orders as o', 'o.id', 'k.order_id')
    .leftJoin('operations as n', 'n.id', 't.operation_id')
    .select(['o.number as order', 'n.name as operation', 'n.verb', 'n.actor as by', 'n.reason']);
  if (of.kind === 'order') rows = rows.where('t.order_id', '=', of.id);
  if (of.kind === 'operation') rows = rows.where('t.operation_id', 'in', operationIds(db, of.name));
  const found = await within(rows, sql.ref('t.recorded_at'), span).execute();
  const recorded = found.map((row) => {
    return { ...lineRow(row), deed: deedOf(row), names: { order: row.order, line: row.line } };
  });
  return await entries(db, 'line', 'order_id', recorded, ({ orderId }) => orderId);
}

/** Only imports bring rows in; to look through all rows for those of another operation would be long and in vain. */
function broughtNothing(of: Subject): boolean {
  return of.kind === 'operation' && !of.broughtRows;
}

type Deed = Pick<RecordedEvent, 'operation' | 'verb' | 'by' | 'reason'>;

interface Recorded extends Row {
  readonly deed: Deed;
  readonly names: Partial<Pick<RecordedEvent, 'item' | 'label' | 'order' | 'line'>>;
}

function deedOf(row: { readonly [F in keyof Deed]: string | null }): Deed {
  return {
    operation: row.operation ?? '',
    verb: row.verb ?? '',
    by: row.by ?? '',
    reason: row.reason,
  };
}

/** Rows with what they came in with: each field as it was before its first change. */
async function entries<R extends Recorded>(
  db: Kysely<Schema>,
  kind: 'item' | 'label' | 'order' | 'line',
  touched: Touched,
  rows: readonly R[],
  thing: (row: R) => number,
): Promise<Entry[]> {
  const first = new RowsThen(rows, FIRST_OF_ALL);
  const things = [...new Set(rows.map(thing))];
  for await (const event of eventsOf(db, touched, things, kind === 'label' ? 'all' : 'own')) {
    first.follow(changedRow(event.kind, kind, event), event);
  }
  return rows.map(({ id, recordedAt, deed, names }) => {
    const nameless = { item: null, label: null, order: null, line: null };
    const told = { at: recordedAt, kind: 'recorded', ...deed, ...nameless, ...names };
    return { id, event: { ...told, before: null, after: given(first.fields(id)) } };
  });
}

/** What a row came in without is not told. */
function given(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

interface Pageable<Q> {
  where(condition: Expression<SqlBool>): Q;
  orderBy(order: Expression<unknown>): Q;
  limit(rows: number): Q;
}

/** The part of a table, `t`, that a span names, in its order. */
function within<Q extends Pageable<Q>>(all: Q, at: Expression<unknown>, span: Span): Q {
  const id = sql.ref('t.id');
  const { after, upTo, since, until, descending } = span;
  let rows = all;
  if (after !== undefined) {
    rows = rows.where(descending ? sql<SqlBool>`${id} < ${after}` : sql<SqlBool>`${id} > ${after}`);
  }
  if (upTo !== undefined) rows = rows.where(sql<SqlBool>`${id} <= ${upTo}`);
  if (since !== undefined) rows = rows.where(sql<SqlBool>`${at} >= ${since}`);
  if (until !== undefined) rows = rows.where(sql<SqlBool>`${at} < ${until}`);
  return rows.orderBy(descending ? sql`${id} desc` : sql`${id} asc`).limit(span.limit);
}
