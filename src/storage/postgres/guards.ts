/** What must still be so when a decision is written: everything that it was made from. */
import { numberArray, textArray } from './arrays.ts';
import type { Part } from './parts.ts';
import type { Writing } from './write.ts';

/** The orders, each with all its lines and no others. */
const ORDERS: Part<Writing> = {
  name: 'orders',
  sql: `(select count(*)
      from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) t(id, status, customer, ordered, due)
        join orders o on o.id = t.id
      where o.status = t.status and o.customer is not distinct from t.customer
        and o.ordered is not distinct from t.ordered and o.due is not distinct from t.due
    ) = cardinality($1::bigint[])
    and (select count(*) from order_lines where order_id = any($1::bigint[])) = cardinality($6::bigint[])
    and (select count(*)
      from unnest($6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) t(id, item_id, ordered, shipped)
        join order_lines k on k.id = t.id
      where (k.item_id, k.ordered, k.shipped) = (t.item_id, t.ordered, t.shipped)
    ) = cardinality($6::bigint[])`,
  values: ({ loaded: { orders } }) => {
    if (orders.length === 0) return undefined;
    const lines = orders.flatMap((order) => order.lines);
    return [
      numberArray(orders.map(({ id }) => id)),
      textArray(orders.map(({ status }) => status)),
      textArray(orders.map(({ customer }) => customer)),
      textArray(orders.map(({ ordered }) => ordered)),
      textArray(orders.map(({ due }) => due)),
      numberArray(lines.map(({ id }) => id)),
      numberArray(lines.map((line) => line.item_id)),
      numberArray(lines.map(({ ordered }) => ordered)),
      numberArray(lines.map(({ shipped }) => shipped)),
    ];
  },
};

/**
 * The labels with their holders. That no event has come since also tells when a label was reserved and freed again in
 * between: its values are the same, but what is written now must not say that it happened earlier.
 */
const LABELS: Part<Writing> = {
  name: 'labels',
  sql: `(select count(*)
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[])
        t(id, item_id, quantity, number, code, line_id, since, version)
        join labels l on l.id = t.id left join reservations r on r.label_id = l.id
      where (l.item_id, l.quantity, l.number) = (t.item_id, t.quantity, t.number)
        and l.code is not distinct from t.code
        and r.line_id is not distinct from t.line_id and r.since is not distinct from t.since
        and (select max(e.id) from events e where e.label_id = l.id) is not distinct from t.version
    ) = cardinality($1::bigint[])`,
  values: ({ loaded: { labels } }) => {
    if (labels.length === 0) return undefined;
    return [
      numberArray(labels.map((label) => label.id)),
      numberArray(labels.map((label) => label.item_id)),
      numberArray(labels.map((label) => label.quantity)),
      textArray(labels.map((label) => label.number)),
      textArray(labels.map((label) => label.code)),
      numberArray(labels.map((label) => label.line_id)),
      numberArray(labels.map((label) => label.since)),
      numberArray(labels.map((label) => label.version)),
    ];
  },
};

/** That nothing has happened to the orders at a later time than what is written now. */
const TIME: Part<Writing> = {
  name: 'time',
  sql: `not exists (select from unnest($1::bigint[]) t(id)
    where (select e.at from events e where e.order_id = t.id order by e.id desc limit 1) > $2::bigint)`,
  values: ({ touched, at }) => (touched.length === 0 ? undefined : [numberArray(touched), at]),
};

/** That what named no label names none still. */
const MISSING: Part<Writing> = {
  name: 'missing',
  sql: 'not exists (select from labels where number = any($1::text[]) or code = any($1::text[]))',
  values: ({ loaded: { missing } }) => (missing.length === 0 ? undefined : [textArray(missing)]),
};

export const GUARDS = [ORDERS, LABELS, TIME, MISSING];
