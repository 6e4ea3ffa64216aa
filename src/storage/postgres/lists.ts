/** The filtered reads on connections of their own, so that a long list never stands in anybody's way. */
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import { postgresHistory } from '../history/sql.ts';
import { KyselyLists, type Lists } from '../lists.ts';
import type { Schema } from '../schema.ts';

/** Takes the pool over: closing the lists ends it. */
export function openLists(pool: pg.Pool): Lists {
  return new KyselyLists(
    new Kysely<Schema>({ dialect: new PostgresDialect({ pool, cursor: Cursor }) }),
    postgresHistory,
  );
}
