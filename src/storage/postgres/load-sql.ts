/**
 * The parts of the statement that loads a scope. Each takes one parameter, $1, and gives JSON whose fields are those of the
 * shared records.
 */
import { LABEL_COLUMNS, ofLastEvent } from '../rows.ts';
import { rowsOf, rowsWith, withRow } from './by-id.ts';

/** What LABEL_JOINS joins to a label `l`. */
const JOINS = [
  withRow('items', 'i', 'id', 'l.item_id'),
  withRow('reservations', 'r', 'label_id', 'l.id'),
  withRow('order_lines', 'k', 'id', 'r.line_id'),
  withRow('orders', 'o', 'id', 'k.order_id'),
  withRow('operations', 'n', 'id', 'r.operation_id'),
].join('\n');

export const OPERATION = `
  select to_json(x) from (
    select name as id, verb, actor, reason, fingerprint, at, answer from operations where name = $1) x`;

const LINES = `
  select k.id, k.line, k.ordered, k.shipped, i.id as item_id, i.sku, i.name, i.unit, i.tracking, h.reserved, h.reserved_labels
  from ${rowsWith('order_lines', 'order_id', 'o.id')} k ${withRow('items', 'i', 'id', 'k.item_id')}
    cross join lateral (
      select coalesce(sum(l.quantity), 0) as reserved, count(*) as reserved_labels
      from ${rowsWith('reservations', 'line_id', 'k.id')} r ${withRow('labels', 'l', 'id', 'r.label_id')}) h`;

const ORDER_FIELDS = `
  o.id, o.number, o.customer, o.ordered, o.due, o.status,
  coalesce(${ofLastEvent('at', 'order_id', 'o.id')}, o.recorded_at) as last_at,
  (select coalesce(json_agg(y order by y.line), '[]') from (${LINES}) y) as lines`;

/** Orders, in the order of their numbers, whose ids a query gives. */
const ordersIn = (ids: string): string => `
  select coalesce(json_agg(x order by x.number), '[]')
  from (select ${ORDER_FIELDS} from ${rowsOf('orders', ids)} o) x`;

export const ORDER = `select to_json(x) from (select ${ORDER_FIELDS} from orders o where o.number = $1) x`;
export const ORDERS = ordersIn('select id from orders where number = any($1::text[])');

/** The id of a label's last event: nothing has happened to the label while it is the same. */
const LABEL_FIELDS = `
  ${LABEL_COLUMNS}, ${ofLastEvent('id', 'label_id', 'l.id')} as version`;

/** The ids of the labels that texts name, by number or else by code, with the place of each text, from 1. */
export const NAMED = `
  select coalesce((select id from labels where number = t.value), (select id from labels where code = t.value)) as id, t.key
  from unnest($1::text[]) with ordinality t(value, key)`;

export const LABELS = `
  select coalesce(json_agg(x), '[]') from (
    select ${LABEL_FIELDS}, t.key from (${NAMED} offset 0) t
      cross join lateral (select * from labels w where w.id = t.id offset 0) l ${JOINS}) x`;

/** The orders that hold the labels that texts name. */
export const HOLDER_IDS = `
  select k.order_id
  from (${NAMED} offset 0) t
    ${withRow('reservations', 'r', 'label_id', 't.id')} ${withRow('order_lines', 'k', 'id', 'r.line_id')}`;
export const HOLDERS = ordersIn(HOLDER_IDS);

const labelsIn = (ids: string): string => `
  select coalesce(json_agg(x order by x.number), '[]')
  from (select ${LABEL_FIELDS} from ${rowsOf('labels', ids)} l ${JOINS}) x`;

/** The labels that an order holds. */
export const HELD_IDS = `
  select hr.label_id
  from orders ho
    cross join lateral ${rowsWith('order_lines', 'order_id', 'ho.id')} h
    cross join lateral ${rowsWith('reservations', 'line_id', 'h.id')} hr
  where ho.number = $1`;
export const HELD = labelsIn(HELD_IDS);

const itemsIn = (ids: string): string => `
  select coalesce(json_agg(x), '[]') from (
    select i.id, i.sku, i.name, i.unit, i.tracking,
      exists (select from labels l where l.item_id = i.id) as has_labels,
      coalesce(${ofLastEvent('at', 'item_id', 'i.id')}, i.recorded_at) as last_at
    from ${rowsOf('items', ids)} i) x`;
export const ITEMS = itemsIn('select id from items where sku = any($1::text[])');

/** An operation, or else those of a group: their names go on with a slash, after which comes `0`, and a number. */
export const NAMED_OPERATIONS = `
  select n.id as row, n.name as id, n.verb, n.at, n.actor as "by" from ${rowsWith('operations', 'name', '$1')} n
  union all
  select n.id, n.name, n.verb, n.at, n.actor
  from (select * from operations w where w.name > $1 || '/' and w.name < $1 || '0' order by w.name offset 0) n
  where substr(n.name, length($1) + 2) !~ '[^0-9]' and not exists (select from ${rowsWith('operations', 'name', '$1')} w)`;

/** Events `e` of the operations that a query gives, each as its row. */
export const eventsOf = (operations: string): string => `
  from (${operations}) n cross join lateral ${rowsWith('events', 'operation_id', 'n.row')} e`;

/** What happened, from the first event of the operations on, to whatever stands in the column. */
const since = (column: 'label_id' | 'order_id' | 'item_id', condition = 'true'): string => `
  select e.id from (select ${column}, min(id) as first from own where ${column} is not null group by ${column}) t
    cross join lateral ${rowsWith('events', column, `t.${column}`, `w.id >= t.first and ${condition}`)} e`;

/** Every event of the operations, and what befell their labels and items, and their orders themselves, since. */
export const PAST = `
  with named as materialized (${NAMED_OPERATIONS}),
  own as materialized (
    select e.id, e.item_id, e.label_id, e.order_id ${eventsOf('select row from named')}),
  wanted as (
    select id from own
    union ${since('label_id')}
    union ${since('order_id', 'w.label_id is null')}
    union ${since('item_id')})
  select json_build_object(
    'operations', (
      select json_agg(json_build_object('id', id, 'verb', verb, 'at', at, 'by', "by") order by row desc) from named),
    'events', (
      select coalesce(json_agg(json_build_object('id', e.id, 'kind', e.kind, 'itemId', e.item_id,
        'labelId', e.label_id, 'orderId', e.order_id, 'lineId', e.line_id, 'before', e.before::json, 'after', e.after::json,
        'operation', json_build_object('id', n.name, 'verb', n.verb, 'at', n.at, 'by', n.actor)) order by e.id), '[]')
      from wanted ${withRow('events', 'e', 'id', 'wanted.id')} ${withRow('operations', 'n', 'id', 'e.operation_id')}),
    'labels', (${labelsIn('select label_id from own')}),
    'orders', (${ordersIn('select order_id from own')}),
    'items', (${itemsIn('select item_id from own')}))
  where exists (select from named)`;
