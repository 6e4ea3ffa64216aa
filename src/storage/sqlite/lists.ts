/** The filtered reads on a SQLite connection. */
import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { sqliteHistory } from '../history/sql.ts';
import { KyselyLists, type Lists } from '../lists.ts';
import type { Schema } from '../schema.ts';

/** Takes the connection over: closing the lists closes it. */
export function openLists(database: Database.Database): Lists {
  return new KyselyLists(new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }), sqliteHistory);
}
