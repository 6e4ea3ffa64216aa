/** The labels that orders hold, or held at any time by what history says. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { inParts, isOneOf } from './scope.ts';

export async function labelsOf(db: Kysely<Schema>, orders: readonly string[]): Promise<string[]> {
  const labels = new Set<string>();
  for (const part of inParts(orders)) {
    const named = sql`select o.id from orders o where ${isOneOf('o.number', part)}`;
    const { rows } = await sql<{ number: string }>`
      select l.number from labels l where l.id in (
        select e.label_id from events e where e.order_id in (${named}) and e.label_id is not null
        union
        select r.label_id from order_lines k join reservations r on r.line_id = k.id where k.order_id in (${named}))
      order by l.number`.execute(db);
    for (const { number } of rows) labels.add(number);
  }
  return [...labels];
}
