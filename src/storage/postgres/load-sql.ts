/**
 * The parts of the statement that loads a scope. Each takes one parameter, $1, and gives JSON whose fields are those of the
 * shared records.
 */
import { LABEL_COLUMNS, LABEL_JOINS } from '../rows.ts';
import { rowsOf } from './by-id.ts';

/** Left joins are made from the left, whatever the planner takes for small. */
const JOINS = LABEL_JOINS.replace(/^\s*join items/, ' left join items');

export const OPERATION = `
  select to_json(x) from (
    select name as id, verb, actor, reason, fingerprint, at, answer from operations where name = $1) x`;

const LINES = `
  select k.id, k.line, k.ordered, k.shipped, i.id as item_id, i.sku, i.name, i.unit, i.tracking, h.reserved, h.reserved_labels
  from order_lines k left join items i on i.id = k.item_id
    cross join lateral (
      select coalesce(sum(l.quantity), 0) as reserved, count(*) as reserved_labels
      from reservations r left join labels l on l.id = r.label_id where r.line_id = k.id) h
  where k.order_id = o.id`;

const ORDER_FIELDS = `
  o.id, o.number, o.customer, o.ordered, o.due, o.status,
  coalesce((select e.at from events e where e.order_id = o.id order by e.id desc limit 1), o.recorded_at) as last_at,
  (select coalesce(json_agg(y order by y.line), '[]') from (${LINES}) y) as lines`;

/** Orders, in the order of their numbers, whose ids a query gives. */
const ordersIn = (ids: string): string => `
  select coalesce(json_agg(x order by x.number), '[]')
  from (select ${ORDER_FIELDS} from ${rowsOf('orders', ids)} o) x`;

export const ORDER = `select to_json(x) from (select ${ORDER_FIELDS} from orders o where o.number = $1) x`;
export const ORDERS = ordersIn('select id from orders where number = any($1::text[])');

/** The id of a label's last event: nothing has happened to the label while it is the same. */
const LABEL_FIELDS = `
  ${LABEL_COLUMNS}, (select max(e.id) from events e where e.label_id = l.id) as version`;

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
  from (${NAMED} offset 0) t left join reservations r on r.label_id = t.id left join order_lines k on k.id = r.line_id`;
export const HOLDERS = ordersIn(HOLDER_IDS);

const labelsIn = (ids: string): string => `
  select coalesce(json_agg(x order by x.number), '[]')
  from (select ${LABEL_FIELDS} from ${rowsOf('labels', ids)} l ${JOINS}) x`;

/** The labels that an order holds. */
export const HELD_IDS = `
  select hr.label_id
  from orders ho left join order_lines h on h.order_id = ho.id left join reservations hr on hr.line_id = h.id
  where ho.number = $1`;
export const HELD = labelsIn(HELD_IDS);

const itemsIn = (condition: string): string => `
  select coalesce(json_agg(x), '[]') from (
    select i.id, i.sku, i.name, i.unit, i.tracking,
      exists (select from labels l where l.item_id = i.id) as has_labels,
      coalesce((select e.at from events e where e.item_id = i.id order by e.id desc limit 1), i.recorded_at) as last_at
    from items i where ${condition}) x`;
export const ITEMS = itemsIn('i.sku = any($1::text[])');

/** An operation, or else those of a group: their names go on with a slash, after which comes `0`, and a number. */
export const NAMED_OPERATIONS = `
  select n.id as row, n.name as id, n.verb, n.at, n.actor as "by" from operations n where n.name = $1
  union all
  select n.id, n.name, n.verb, n.at, n.actor from operations n
  where n.name > $1 || '/' and n.name < $1 || '0' and substr(n.name, length($1) + 2) !~ '[^0-9]'
    and not exists (select from operations where name = $1)`;

/** Every event of the operations, and what befell their labels and items, and their orders themselves, since. */
export const PAST = `
  with named as materialized (${NAMED_OPERATIONS}),
  own as materialized (
    select e.id, e.item_id, e.label_id, e.order_id from named join events e on e.operation_id = named.row),
  wanted as (
    select id from own
    union
    select e.id from (select label_id, min(id) as first from own where label_id is not null group by label_id) t
      join events e on e.label_id = t.label_id and e.id >= t.first
    union
    select e.id from (select order_id, min(id) as first from own where order_id is not null group by order_id) t
      join events e on e.order_id = t.order_id and e.id >= t.first
    where e.label_id is null
    union
    select e.id from (select item_id, min(id) as first from own where item_id is not null group by item_id) t
      join events e on e.item_id = t.item_id and e.id >= t.first)
  select json_build_object(
    'operations', (
      select json_agg(json_build_object('id', id, 'verb', verb, 'at', at, 'by', "by") order by row desc) from named),
    'events', (
      select coalesce(json_agg(json_build_object('id', e.id, 'kind', e.kind, 'itemId', e.item_id,
        'labelId', e.label_id, 'orderId', e.order_id, 'lineId', e.line_id, 'before', e.before::json, 'after', e.after::json,
        'operation', json_build_object('id', n.name, 'verb', n.verb, 'at', n.at, 'by', n.actor)) order by e.id), '[]')
      from wanted join events e on e.id = wanted.id join operations n on n.id = e.operation_id),
    'labels', (${labelsIn('select label_id from own')}),
    'orders', (${ordersIn('select order_id from own')}),
    'items', (${itemsIn('i.id in (select item_id from own)')}))
  where exists (select from named)`;
