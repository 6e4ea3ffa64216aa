/** Sorting, and going on behind a row: portable SQL for pages that stay right while rows come and go. */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Position } from '../stockroom/queries.ts';

/** What a list is sorted by; a missing value sorts last, whichever way. The last of a list's columns is unique. */
export interface SortColumn {
  readonly column: string;
  /** Whether a value may be missing. */
  readonly nullable?: boolean;
  readonly descending?: boolean;
}

/** For `order by`. What can't be missing is sorted by alone, so that an index on it serves. */
export function ordering(columns: readonly SortColumn[]): RawBuilder<unknown> {
  const parts = columns.flatMap(({ column, nullable = false, descending = false }) => {
    const ref = sql.ref(column);
    const sorted = descending ? sql`${ref} desc` : sql`${ref} asc`;
    return nullable ? [sql`${ref} is null`, sorted] : [sorted];
  });
  return sql.join(parts);
}

/** Rows that come after the position in the order of `ordering`. */
export function behind(columns: readonly SortColumn[], position: Position): Expression<SqlBool> {
  const [first, ...rest] = columns;
  const [value = null, ...values] = position;
  if (first === undefined) return sql<SqlBool>`1 = 0`;
  const ref = sql.ref(first.column);
  const next = behind(rest, values);
  if (value === null) return sql<SqlBool>`(${ref} is null and ${next})`;
  const down = first.descending === true;
  const later = down ? sql<SqlBool>`${ref} < ${value}` : sql<SqlBool>`${ref} > ${value}`;
  if (rest.length === 0) return later;
  const tie = sql`(${ref} = ${value} and ${next})`;
  if (first.nullable === true) return sql<SqlBool>`(${later} or ${tie} or ${ref} is null)`;
  // The range stands by itself as well, because that is what a database can begin an index scan with.
  const range = down ? sql`${ref} <= ${value}` : sql`${ref} >= ${value}`;
  return sql<SqlBool>`(${range} and (${later} or ${tie}))`;
}
