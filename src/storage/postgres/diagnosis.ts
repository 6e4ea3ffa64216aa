/** What a PostgreSQL database says of itself, for `diagnose`. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { LostReference, SchemaDifference } from '../../core/index.ts';
import type { DiagnosisStore } from '../../stockroom/diagnosis-store.ts';
import { diagnosisStore } from '../diagnosis/store.ts';
import type { Schema } from '../schema.ts';
import { ask, type Connections, type Session } from './connection.ts';
import { asFault, sqlState } from './errors.ts';
import { schemaDifferences } from './schema-differences.ts';

/** How long a check of all rows may take, in milliseconds. */
const PATIENCE = 600_000;
/** Ids of broken rows that are told. */
const NAMED_ROWS = 5;

export function openDiagnosis(connections: Connections): DiagnosisStore {
  const pool = connections.forLists();
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const using = async <T>(read: (session: Session, deadline: number) => Promise<T>): Promise<T> => {
    const deadline = Date.now() + PATIENCE;
    return await connections.use(deadline, async (session) => await read(session, deadline));
  };
  const own = {
    integrity: async () => await using(unreadable),
    lostReferences: async () => await using(lostReferences),
    schemaDifferences: async (): Promise<SchemaDifference[]> => await using(schemaDifferences),
    place: async () => null,
    clock: async () =>
      await using(async (session, deadline) => await clockOf(session, connections.place, deadline)),
    // A bundle is a file.
    bundled: async () => undefined,
    settings: async () => ({ database: await using(versionOf), place: connections.place }),
    close: async () => await kysely.destroy(),
  };
  return diagnosisStore(kysely, own, (error) => asFault(error, connections.place));
}

async function clockOf(session: Session, place: string, deadline: number) {
  const text = 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now';
  const { rows } = await ask<{ now: number }>(session, { text }, deadline);
  return { whose: place, now: rows[0]?.now ?? 0 };
}

async function versionOf(session: Session, deadline: number): Promise<string> {
  const text = "select 'PostgreSQL ' || current_setting('server_version') as version";
  const { rows } = await ask<{ version: string }>(session, { text }, deadline);
  return rows[0]?.version ?? 'PostgreSQL';
}

const TABLES = `
  select relname as table from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace
  order by relname`;

/** What the database says of tables that it can't read whole: more can't be asked without an administrator's rights. */
async function unreadable(session: Session, deadline: number): Promise<string[]> {
  const { rows } = await ask<{ table: string }>(session, { text: TABLES }, deadline);
  const told: string[] = [];
  for (const { table } of rows) {
    try {
      await ask(
        session,
        { text: `select count(length(t::text)) from ${pg.escapeIdentifier(table)} t` },
        deadline,
      );
    } catch (error) {
      // Data or an index that is corrupted; a checksum that fails is that, too.
      if (sqlState(error)?.startsWith('XX') !== true) throw error;
      told.push((error as Error).message);
    }
  }
  return told;
}

interface ForeignKey {
  readonly table: string;
  readonly parent: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
}

const FOREIGN_KEYS = `
  select t.relname as table, p.relname as parent,
    (select json_agg(a.attname order by k.n) from unnest(c.conkey) with ordinality k(num, n)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num) as columns,
    (select json_agg(a.attname order by k.n) from unnest(c.confkey) with ordinality k(num, n)
      join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num) as keys
  from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class p on p.oid = c.confrelid
  where c.contype = 'f' and t.relnamespace = current_schema()::regnamespace
  order by t.relname, c.conname`;

/** Constraints keep references whole, unless somebody with the right to it has switched them off for a while. */
async function lostReferences(session: Session, deadline: number): Promise<LostReference[]> {
  const { rows: keys } = await ask<ForeignKey>(session, { text: FOREIGN_KEYS }, deadline);
  const lost: LostReference[] = [];
  for (const key of keys) {
    const { rows } = await ask<{ ids: number[] | null; rows: number }>(
      session,
      { text: lostBy(key) },
      deadline,
    );
    const [found] = rows;
    if (found === undefined || found.rows === 0) continue;
    lost.push({ table: key.table, rows: found.rows, ids: found.ids ?? [], refersTo: key.parent });
  }
  return lost;
}

/** How many rows refer to none, and the ids of the first of them; rows without an id go by their first column. */
function lostBy({ table, parent, columns, keys }: ForeignKey): string {
  const name = pg.escapeIdentifier;
  const given = columns.map((column) => `w.${name(column)} is not null`);
  const same = columns.map((column, at) => `p.${name(keys[at] ?? '')} = w.${name(column)}`);
  return `
    select count(*) as rows, to_json((array_agg(id order by id))[1:${NAMED_ROWS}]) as ids
    from (select ${WITHOUT_ID[table] ?? 'w.id'} as id from ${name(table)} w
      where ${given.join(' and ')} and not exists (select from ${name(parent)} p where ${same.join(' and ')})) x`;
}

const WITHOUT_ID: Readonly<Record<string, string>> = {
  reservations: 'w.label_id',
  shipment_lines: 'w.shipment_id',
  shipment_labels: 'w.shipment_id',
};
