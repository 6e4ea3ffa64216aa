/** The migrations in order. They run forward only, each once, and are never edited after a release. */
import type { Kysely } from 'kysely';
import { createLedger } from './0001-ledger.ts';
import { addTokens } from './0002-tokens.ts';
import type { Dialect } from './dialect.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: Kysely<unknown>, dialect: Dialect): Promise<void>;
}

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'ledger', up: createLedger },
  { version: 2, name: 'tokens', up: addTokens },
];
