/**
 * Rows by their ids, in that order. Written so that the planner can only go from the ids to the rows, by the key: a plan is kept
 * for long, and one that was made while a table was small, and went through all of it, would go on doing so.
 */
export type Table = 'items' | 'orders' | 'labels';

/** The result stands in `from`, and wants an alias. `ids` is a query that may give an id several times, and nulls. */
export function rowsOf(table: Table, ids: string, lock = ''): string {
  return each(table, `(select distinct id from (${ids}) i(id) order by id offset 0)`, lock);
}

/** The same for the ids of the parameter $1, an array in which they stand in order, each once. */
export function rowsOfArray(table: Table, lock = ''): string {
  return each(table, 'unnest($1::bigint[])', lock);
}

function each(table: Table, ids: string, lock: string): string {
  return `${ids} t(id) cross join lateral (select * from ${table} w where w.id = t.id offset 0 ${lock})`;
}
