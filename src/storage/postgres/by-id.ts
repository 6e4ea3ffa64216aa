/**
 * Rows by their keys. Written so that the planner can only go from the keys to the rows, by the index: a plan is kept for
 * long, and one that was made while a table was small, and went through all of it, would go on doing so.
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

/** A left join of the one row that has the key. */
export function withRow(table: string, alias: string, key: string, value: string): string {
  return `left join lateral (select * from ${table} w where w.${key} = ${value} offset 0) ${alias} on true`;
}

/**
 * All rows with a value in a column that has an index, for `from`, or those for which a condition on the row `w` holds as well.
 * The range, in this order, leaves that index alone: what any other gives would have to be sorted.
 */
export function rowsWith(table: string, column: string, value: string, condition = 'true'): string {
  return `(select * from ${table} w where w.${column} between ${value} and ${value} and ${condition}
    order by w.${column} offset 0)`;
}
