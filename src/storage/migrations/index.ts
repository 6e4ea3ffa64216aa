/** The migrations in order. They run forward only, each once, and are never edited after a release. */
import type { CreateTableBuilder, Kysely } from 'kysely';
import { createLedger } from './0001-ledger.ts';

/** What differs between the databases when tables are made. */
export interface Dialect {
  /** An integer of 64 bits. */
  readonly integer: 'integer' | 'bigint';
  /** A new table with a generated `id`. */
  table(db: Kysely<unknown>, name: string): CreateTableBuilder<string, string>;
  /** What stands after the columns. */
  finish(table: CreateTableBuilder<string, string>): CreateTableBuilder<string, string>;
}

export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: Kysely<unknown>, dialect: Dialect): Promise<void>;
}

export const MIGRATIONS: readonly Migration[] = [{ version: 1, name: 'ledger', up: createLedger }];
