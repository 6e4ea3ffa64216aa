/** What reading history needs to be said differently to each database. */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Schema } from '../schema.ts';

export interface HistorySql {
  /** A field of the JSON object in a text column, as text; null where it is missing. */
  field(column: string, name: string): RawBuilder<string | null>;
  /**
   * Waits until nobody is writing, and lets nobody write until the transaction ends; where ids rise in the order of the
   * commits anyway, there is nothing to wait for.
   */
  settle(transaction: Transaction<Schema>): Promise<void>;
}

/** In milliseconds; far longer than any transaction of earmark takes. */
const LONGEST_SETTLING = 2_000;

export const sqliteHistory: HistorySql = {
  field: (column, name) => sql`${sql.ref(column)} ->> ${sql.lit(name)}`,
  settle: async () => undefined,
};

/**
 * Ids come from sequences, so a lower one may be committed after a higher one. Whoever writes history holds a lock on
 * `operations` that this one waits for: every write begins with an operation, and an import locks the table itself.
 */
export const postgresHistory: HistorySql = {
  field: (column, name) => sql`${sql.ref(column)}::json ->> ${sql.lit(name)}`,
  settle: async (transaction) => {
    // Whoever wants to write waits behind this, so it gives up early where someone keeps a transaction open.
    await sql`set local lock_timeout = ${sql.lit(LONGEST_SETTLING)}`.execute(transaction);
    await sql`lock table operations in share mode`.execute(transaction);
  },
};

/** The events that tell who holds a label; `restored` also tells of fields, which know no `since`. */
export function tellsOfHolder(event: string): RawBuilder<boolean> {
  const [kind, before, after] = ['kind', 'before', 'after'].map((column) => sql.ref(`${event}.${column}`));
  const ofHolder = sql`${before} like '%"since":%' or ${after} like '%"since":%' or (${before} is null and ${after} is null)`;
  const restored = sql`${kind} = 'restored' and (${ofHolder})`;
  return sql<boolean>`(${kind} in ('reserved', 'unreserved') or (${restored}))`;
}

/** The ids of an operation, or of all of a group: their names begin with its own and a slash, after which comes `0`. */
export function operationIds(db: Kysely<Schema>, name: string) {
  return db
    .selectFrom('operations')
    .select('operations.id')
    .where((where) =>
      where.or([
        where('name', '=', name),
        where.and([where('name', '>=', `${name}/`), where('name', '<', `${name}0`)]),
      ]),
    );
}
