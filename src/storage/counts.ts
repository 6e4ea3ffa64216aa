/** How much stock there is, for a server's figures. Each part is read from an index alone. */
import { type Kysely, sql } from 'kysely';
import type { StockCounts } from '../stockroom/ledger.ts';
import type { Schema } from './schema.ts';

export async function stockCounts(db: Kysely<Schema>): Promise<StockCounts> {
  const { rows } = await sql<Record<'total' | 'filled' | 'reserved' | 'oldest', unknown>>`
    select (select count(*) from labels) as total,
      (select count(*) from labels where quantity > 0) as filled,
      (select count(*) from reservations) as reserved,
      (select min(since) from reservations) as oldest`.execute(db);
  const [row] = rows;
  // PostgreSQL gives counts as texts.
  const [total, filled, reserved] = [Number(row?.total), Number(row?.filled), Number(row?.reserved)];
  const oldestReservation = row?.oldest == null ? null : Number(row.oldest);
  return { active: filled - reserved, reserved, depleted: total - filled, oldestReservation };
}
