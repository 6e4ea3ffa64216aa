import type { CreateTableBuilder, Kysely } from 'kysely';

/** What differs between the databases when tables are made. */
export interface Dialect {
  /** An integer of 64 bits. */
  readonly integer: 'integer' | 'bigint';
  /** A new table with a generated `id`. */
  table(db: Kysely<unknown>, name: string): CreateTableBuilder<string, string>;
  /** Lets the generated ids of a table go on after rows that came with theirs. */
  continueIds(db: Kysely<unknown>, name: string): Promise<void>;
  /** What stands after the columns. */
  finish(table: CreateTableBuilder<string, string>): CreateTableBuilder<string, string>;
}
