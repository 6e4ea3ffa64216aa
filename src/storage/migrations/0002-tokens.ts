/** Tokens for the server (DESIGN section 8), and events that put back what history says (`restored`). */
import { type Kysely, sql } from 'kysely';
import { createEvents } from './0001-ledger.ts';
import type { Dialect } from './dialect.ts';

const ROLES = ['read', 'operate', 'admin'];
const EVENT_KINDS = [
  'reserved',
  'unreserved',
  'restored',
  'label_changed',
  'line_changed',
  'order_changed',
  'item_changed',
];

export async function addTokens(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await dialect
    .table(db, 'tokens')
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('owner', 'text', (column) => column.notNull().check(sql`length(owner) > 0`))
    .addColumn('role', 'text', (column) =>
      column.notNull().check(sql`role in (${sql.join(ROLES.map((role) => sql.lit(role)))})`),
    )
    // SHA-256 in hexadecimal; a token is random enough that a slow hash would add nothing.
    .addColumn('hash', 'text', (column) => column.notNull().check(sql`length(hash) = 64`))
    .addColumn('created_at', dialect.integer, (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('revoked_at', dialect.integer)
    .$call((table) => dialect.finish(table))
    .execute();
  await widenEvents(db, dialect);
}

/** SQLite can't change a CHECK, so the table is made anew. Ids stay, because history is told by them. */
async function widenEvents(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema.alterTable('events').renameTo('events_before').execute();
  for (const column of ['item_id', 'label_id', 'order_id', 'operation_id']) {
    await db.schema.dropIndex(`events_${column}`).execute();
  }
  await createEvents(db, dialect, EVENT_KINDS);
  const columns = sql.join(
    ['id', 'operation_id', 'at', 'kind', 'item_id', 'label_id', 'order_id', 'line_id', 'before', 'after'].map(
      (column) => sql.ref(column),
    ),
  );
  await sql`insert into events (${columns}) select ${columns} from events_before order by id`.execute(db);
  await dialect.continueIds(db, 'events');
  await db.schema.dropTable('events_before').execute();
}
