/** Bringing a PostgreSQL database to this earmark's schema, in one transaction that others wait for. */
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import pg from 'pg';
import { Fault } from '../../stockroom/fault.ts';
import type { Dialect } from '../migrations/dialect.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { SCHEMA } from '../schema-version.ts';
import { BinaryTexts } from './binary-texts.ts';
import { ask, begin, type Connections, type Session } from './connection.ts';
import { sqlState } from './errors.ts';
import { refuseOtherSchema, schemaVersion } from './set-up.ts';

const POSTGRES: Dialect = {
  integer: 'bigint',
  table: (db, name) =>
    db.schema
      .createTable(name)
      .addColumn('id', 'bigint', (column) => column.generatedByDefaultAsIdentity().primaryKey()),
  finish: (table) => table,
  continueIds: async (db, name) => {
    await sql`select setval(pg_get_serial_sequence(${name}, 'id'), coalesce(max(id), 0) + 1, false)
      from ${sql.table(name)}`.execute(db);
  },
};

/** Two that make the first table at once meet in the catalogue: the later one finds it there when it tries again. */
const MET = ['23505', '42P07'];
const MEETINGS = 3;

/**
 * Runs the migrations that the database lacks. Another earmark that does the same waits, and then finds nothing to do.
 * Gives the version that the database had before.
 */
export async function migrate(
  connections: Connections,
  schema: string | undefined,
  deadline: number,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connections.use(deadline, (session) =>
        migrateOnce(session, connections, schema, deadline),
      );
    } catch (error) {
      if (!MET.includes(sqlState(error) ?? '')) throw error;
      if (attempt < MEETINGS) continue;
      const message = `${connections.place} has tables of another program where earmark's would be`;
      throw new Fault('not_a_database', message, { cause: error });
    }
  }
}

async function migrateOnce(
  session: Session,
  connections: Connections,
  schema: string | undefined,
  deadline: number,
): Promise<number> {
  const found = await schemaVersion(session, connections.place, deadline);
  if (found >= SCHEMA) {
    refuseOtherSchema(found, connections);
    return found;
  }
  const run = async (text: string) => await ask(session, { text }, deadline);
  await ask(session, begin(deadline), deadline);
  if (schema !== undefined) await run(`create schema if not exists ${pg.escapeIdentifier(schema)}`);
  await run(VERSIONS);
  await run('lock table earmark_schema in exclusive mode');
  // The lock may have been waited for while another did the work.
  const before = await schemaVersion(session, connections.place, deadline);
  if (before < SCHEMA) await runFrom(before, session);
  await run('commit');
  return before;
}

const VERSIONS = `
  create table if not exists earmark_schema (
    version bigint primary key, name text collate "C" not null, applied_at bigint not null)`;

/** Makes all tables anew in the current schema, inside the transaction that is open. */
export async function makeTables(session: Session, deadline: number): Promise<void> {
  await ask(session, { text: VERSIONS }, deadline);
  await runFrom(0, session);
}

async function runFrom(before: number, session: Session): Promise<void> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: only(session) }),
    plugins: [new BinaryTexts()],
  });
  for (const { version, name, up } of MIGRATIONS.filter((migration) => migration.version > before)) {
    await up(db, POSTGRES);
    const values = sql`${version}, ${name}, ${Date.now()}`;
    await sql`insert into earmark_schema (version, name, applied_at) values (${values})`.execute(db);
  }
}

/** Lets Kysely work on this very connection, inside the transaction that is open. */
function only(session: Session): PostgresPool {
  const query = session.query.bind(session) as PostgresPoolClient['query'];
  const client: PostgresPoolClient = { query, release: () => undefined };
  return { connect: async () => client, end: async () => undefined };
}
