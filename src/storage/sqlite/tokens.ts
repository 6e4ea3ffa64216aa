/** Tokens in a SQLite file, on a connection of their own. */
import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Schema } from '../schema.ts';
import { KyselyTokens } from '../tokens.ts';
import { untilUnlocked } from './retry.ts';

/** How long a write waits for locks, in milliseconds. */
const PATIENCE = 30_000;

/** The connection stays the caller's to close. */
export function tokensOn(database: Database.Database): KyselyTokens {
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
  return new KyselyTokens(db, async (write) => await untilUnlocked(Date.now() + PATIENCE, write));
}
