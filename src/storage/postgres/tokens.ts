/** Tokens in a PostgreSQL database. */
import { Kysely, PostgresDialect } from 'kysely';
import type { Schema } from '../schema.ts';
import { KyselyTokens } from '../tokens.ts';
import type { Connections } from './connection.ts';

/** They are read on the ledger's own connections, and end with them. */
export function tokensOn(connections: Connections): KyselyTokens {
  return new KyselyTokens(
    new Kysely<Schema>({ dialect: new PostgresDialect({ pool: connections.forKysely() }) }),
  );
}
