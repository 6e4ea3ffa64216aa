/** What the queries of a diagnosis share. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { LIVE_STATUSES } from '../../core/index.ts';

/** Most ids or names that one statement is given. */
export const MOST_IN_ONE = 500;

export const LIVE: RawBuilder<unknown> = sql.join(LIVE_STATUSES.map((status) => sql.lit(status)));

/** `column in (…)`, which no database takes without a value. */
export function isOneOf(column: string, values: readonly (string | number)[]): RawBuilder<SqlBool> {
  return values.length === 0
    ? sql<SqlBool>`1 = 0`
    : sql<SqlBool>`${sql.ref(column)} in (${sql.join(values)})`;
}

export function* inParts<T>(all: readonly T[], size: number = MOST_IN_ONE): Iterable<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** PostgreSQL gives sums and counts as texts. */
export function numberOf(value: unknown): number {
  return Number(value ?? 0);
}
