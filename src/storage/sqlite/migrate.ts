/** Bringing a SQLite file to this earmark's schema, in one transaction under the write lock. */
import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { Dialect } from '../migrations/dialect.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { SCHEMA } from '../schema-version.ts';
import { APPLICATION_ID, refuseOtherSchema, schemaVersion } from './connection.ts';
import { nativeAddonPath } from './native-addon.ts';
import { untilUnlocked } from './retry.ts';

const SQLITE: Dialect = {
  integer: 'integer',
  table: (db, name) =>
    db.schema.createTable(name).addColumn('id', 'integer', (column) => column.primaryKey().notNull()),
  // SQLite takes the highest id and one.
  continueIds: async () => undefined,
  finish: (table) => table.modifyEnd(sql`strict`),
};

/**
 * Runs the migrations that the file lacks. Another earmark that does the same waits, and then finds nothing to do.
 * Gives the version that the file had before.
 */
export async function migrate(db: Database.Database, path: string, deadline: number): Promise<number> {
  await untilUnlocked(deadline, () => db.exec('begin immediate'));
  try {
    const before = schemaVersion(db, path);
    if (before > SCHEMA) refuseOtherSchema(before, path);
    if (before < SCHEMA) await runFrom(before, db);
    db.exec('commit');
    return before;
  } catch (error) {
    if (db.inTransaction) db.exec('rollback');
    throw error;
  }
}

/** What `look` sees in tables as this earmark makes them: a database in memory, which is gone afterwards. */
export async function tablesAsMade<T>(look: (db: Database.Database) => T): Promise<T> {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(':memory:', { nativeBinding: nativeAddonPath() });
  try {
    await runFrom(0, db);
    return look(db);
  } finally {
    db.close();
  }
}

async function runFrom(before: number, db: Database.Database): Promise<void> {
  // Kysely builds the tables on this very connection, inside the transaction that is open; it is not destroyed, because
  // that would close the connection.
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database: db }) });
  if (before === 0) {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.exec(
      'create table earmark_schema (version integer primary key, name text not null, applied_at integer not null) strict',
    );
  }
  const record = db.prepare('insert into earmark_schema (version, name, applied_at) values (?, ?, ?)');
  for (const migration of MIGRATIONS.filter(({ version }) => version > before)) {
    await migration.up(kysely, SQLITE);
    record.run(migration.version, migration.name, Date.now());
  }
}
