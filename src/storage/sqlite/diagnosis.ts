/** What a SQLite file says of itself, for `diagnose`. */
import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { LostReference, SchemaDifference } from '../../core/index.ts';
import type { DiagnosisScope, DiagnosisStore } from '../../stockroom/diagnosis-store.ts';
import { diagnosisStore } from '../diagnosis/store.ts';
import type { Schema } from '../schema.ts';
import { connect, type OpenOptions } from './connection.ts';
import { asFault } from './errors.ts';
import { tablesAsMade } from './migrate.ts';
import { placeOf } from './place.ts';
import { sqliteCode } from './retry.ts';

/** Most faults of the file that SQLite is asked to tell. */
const MOST_FAULTS = 20;
/** Ids of broken rows that are told. */
const NAMED_ROWS = 5;

/** On a connection of its own, so that a long check stands in nobody's way but its process's. */
export async function openDiagnosis(path: string, options: OpenOptions): Promise<DiagnosisStore> {
  const { db } = await connect(path, options);
  const kysely = new Kysely<Schema>({ dialect: new SqliteDialect({ database: db }) });
  const own = {
    integrity: async () => integrity(db),
    lostReferences: async () => lostReferences(db),
    schemaDifferences: async () => await schemaDifferences(db),
    place: async () => placeOf(path),
    clock: async () => null,
    bundled: async () => bundledScope(db),
    settings: async () => ({ database: `SQLite ${sqliteVersion(db)}`, place: path }),
    close: async () => await kysely.destroy(),
  };
  return diagnosisStore(kysely, own, (error) => asFault(error, path));
}

/** SQLite reads every page, index and row, and tries every CHECK, NOT NULL and UNIQUE. */
function integrity(db: Database.Database): string[] {
  try {
    const told = db.pragma(`integrity_check(${MOST_FAULTS})`) as { readonly integrity_check: string }[];
    return told.map(({ integrity_check: text }) => text).filter((text) => text !== 'ok');
  } catch (error) {
    // A file can be so damaged that not even its check runs.
    if (sqliteCode(error)?.startsWith('SQLITE_CORRUPT') !== true) throw error;
    return [(error as Error).message];
  }
}

interface Violation {
  readonly table: string;
  readonly rowid: number;
  readonly parent: string;
}

function lostReferences(db: Database.Database): LostReference[] {
  const lost = new Map<string, LostReference & { readonly ids: number[] }>();
  for (const { table, rowid, parent } of db.pragma('foreign_key_check') as Violation[]) {
    const key = `${table} ${parent}`;
    const { rows, ids } = lost.get(key) ?? { rows: 0, ids: [] as number[] };
    if (ids.length < NAMED_ROWS) ids.push(rowid);
    lost.set(key, { table, rows: rows + 1, ids, refersTo: parent });
  }
  return [...lost.values()];
}

interface SchemaObject {
  readonly type: 'table' | 'index' | 'trigger' | 'view';
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

/** Every constraint stands in the text of its table or index, so equal texts guard alike. */
async function schemaDifferences(db: Database.Database): Promise<SchemaDifference[]> {
  const made = await tablesAsMade(objectsOf);
  const there = new Map(objectsOf(db).map((object) => [object.name, object]));
  const ours = new Set(made.map(({ name }) => name));
  const tables = new Set(made.map(({ tbl_name }) => tbl_name));
  const differences = made.flatMap(({ type, name, sql }): SchemaDifference[] => {
    const found = there.get(name);
    if (found !== undefined && sameText(found.sql, sql)) return [];
    return [{ object: `${type} ${name}`, difference: found === undefined ? 'missing' : 'changed' }];
  });
  const added = [...there.values()].filter((object) => {
    return !ours.has(object.name) && tables.has(object.tbl_name) && mayRefuse(object);
  });
  return [
    ...differences,
    ...added.map(({ type, name }): SchemaDifference => ({ object: `${type} ${name}`, difference: 'added' })),
  ];
}

function objectsOf(db: Database.Database): SchemaObject[] {
  return db
    .prepare<[], SchemaObject>(
      "select type, name, tbl_name, sql from sqlite_schema where name not like 'sqlite\\_%' escape '\\' order by rowid",
    )
    .all();
}

function sameText(a: string, b: string): boolean {
  return a.replaceAll(/\s+/g, ' ') === b.replaceAll(/\s+/g, ' ');
}

/** An index that only makes somebody's query faster changes nothing. */
function mayRefuse({ type, sql }: SchemaObject): boolean {
  return type === 'trigger' || (type === 'index' && /^create unique/i.test(sql));
}

function sqliteVersion(db: Database.Database): string {
  return db.prepare<[], string>('select sqlite_version()').pluck().get() ?? '';
}

/** A bundle holds many rows only because others refer to them; what it is about, it says. */
function bundledScope(db: Database.Database): DiagnosisScope | undefined {
  const isBundle = db
    .prepare("select 1 from sqlite_schema where type = 'table' and name = 'bundle_about'")
    .get();
  if (isBundle === undefined) return undefined;
  const rows = db.prepare<[string], string>('select name from bundle_about where kind = ?').pluck();
  return { orders: rows.all('order'), labels: rows.all('label') };
}
