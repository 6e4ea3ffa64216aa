/**
 * Row locks, always taken in the same order, so that nobody waits in a circle: items, orders, labels, each by id. Whoever
 * changes a label, or who holds it, locks the label, and before it the orders whose history that is told in: so the events
 * of a label, and of an order, are written one after another, and none says that it happened before the one before it.
 * The locks are those that leave room for what foreign keys lock by themselves.
 */
import type { Scope } from '../../core/index.ts';
import { numberArray, textArray } from './arrays.ts';
import type { Prepared } from './batch.ts';
import { rowsOf, rowsOfArray, type Table, withRow } from './by-id.ts';
import { eventsOf, HELD_IDS, HOLDER_IDS, NAMED, NAMED_OPERATIONS } from './load-sql.ts';
import { textOf } from './parts.ts';

export function lockRows(table: Table, ids: readonly number[]): Prepared {
  if (ids.length === 1) {
    return {
      name: `lock one of ${table}`,
      text: `select id from ${table} where id = $1 ${LOCK}`,
      values: ids,
    };
  }
  return {
    name: `lock ${table}`,
    text: `select l.id from ${rowsOfArray(table, LOCK)} l`,
    values: [numberArray(ids.toSorted((a, b) => a - b))],
  };
}

const LOCK = 'for no key update';

/** A statement that locks rows of a table, and gives their ids. */
interface Lock extends Prepared {
  readonly table: Table;
}

/** Whether a scope is of what must not change hands, or hold less or more, from before it is loaded. */
export function locksFirst({ held, orders, items, operation }: Scope): boolean {
  return held === true || orders !== undefined || items !== undefined || operation !== undefined;
}

/**
 * Locks what a scope names before it is loaded: its items, its orders, those that hold its labels, and then in a statement
 * of its own, which sees what was reserved until the orders' locks were had, the labels.
 */
export function lockScope(scope: Scope): Lock[] {
  const { order, labels = [], held, orders, items, operation } = scope;
  const ordersOf: Source[] = [];
  const labelsOf: Source[] = [];
  const itemsOf: Source[] = [];
  if (order !== undefined) ordersOf.push(['order', ORDER_ID, order]);
  if (orders !== undefined) ordersOf.push(['orders', ORDER_IDS, textArray(orders)]);
  if (labels.length > 0) {
    labelsOf.push(['labels', `select id from (${NAMED}) t`, textArray(labels)]);
    if (held !== true) ordersOf.push(['holders', HOLDER_IDS, textArray(labels)]);
  }
  if (held === true) labelsOf.push(['held', HELD_IDS, order]);
  if (operation !== undefined) {
    ordersOf.push(['past', `${pastIds('order_id')} union all ${PAST_HOLDERS}`, operation]);
    labelsOf.push(['past', pastIds('label_id'), operation]);
    itemsOf.push(['past', pastIds('item_id'), operation]);
  }
  const statements: Lock[] = [];
  if (items !== undefined) itemsOf.push(['items', ITEM_IDS, textArray(items)]);
  if (itemsOf.length > 0) statements.push(lockIn('items', itemsOf));
  if (ordersOf.length > 0) statements.push(lockIn('orders', ordersOf));
  if (labelsOf.length > 0) statements.push(lockIn('labels', labelsOf));
  return statements;
}

const ORDER_ID = 'select id from orders where number = $1';
const ORDER_IDS = 'select id from orders where number = any($1::text[])';
const ITEM_IDS = 'select id from items where sku = any($1::text[])';
const pastIds = (column: 'item_id' | 'order_id' | 'label_id'): string => `
  select e.${column} ${eventsOf(NAMED_OPERATIONS)} where e.${column} is not null`;

/** The orders that now hold what the operation touched. */
const PAST_HOLDERS = `
  select k.order_id
  from (${pastIds('label_id')} offset 0) t
    ${withRow('reservations', 'r', 'label_id', 't.label_id')} ${withRow('order_lines', 'k', 'id', 'r.line_id')}`;

/** Ids to lock: a query with one parameter, $1, and its value. */
type Source = readonly [name: string, sql: string, value: unknown];

function lockIn(table: Table, sources: readonly Source[]): Lock {
  const name = `lock ${table} of ${sources.map(([source]) => source).join(' ')}`;
  const text = textOf(name, () => {
    const ids = sources.map(([, sql], at) => sql.replaceAll('$1', `$${at + 1}`)).join(' union all ');
    return `select l.id from ${rowsOf(table, ids, LOCK)} l`;
  });
  return { table, name, text, values: sources.map(([, , value]) => value) };
}
