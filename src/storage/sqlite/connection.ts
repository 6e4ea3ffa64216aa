/** Opening a SQLite file as DESIGN section 6 asks: durable, checked, and refused where locks or the file are not safe. */
import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../../stockroom/fault.ts';
import { SCHEMA } from '../schema-version.ts';
import { asFault } from './errors.ts';
import { nativeAddonPath } from './native-addon.ts';
import { untilUnlocked } from './retry.ts';

/** Marks a file as earmark's, so that another program's database is never taken for one ("EARM"). */
export const APPLICATION_ID = 0x4541524d;

const OLDEST_SQLITE = [3, 51, 3] as const;

/** What statfs says for file systems that are reached over a network: NFS, SMB (three generations), AFS, Coda, 9P. */
const NETWORK_FILE_SYSTEMS = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x73757245, 0x01021997,
]);

export interface OpenOptions {
  /** Make the file, and its folder, if it is not there. */
  readonly create: boolean;
  /** Take a file on a network file system all the same. */
  readonly allowNetwork: boolean;
  /** Milliseconds, UTC. */
  readonly deadline: number;
}

export interface Connection {
  readonly db: Database.Database;
  /** The version of its schema; 0 for a file that `create` may set up. */
  readonly version: number;
}

/**
 * An open connection with its pragmas set and read back. A file that is not earmark's is refused before anything in it
 * is touched.
 */
export async function connect(path: string, options: OpenOptions): Promise<Connection> {
  const kind = kindOf(path);
  if (kind === 'folder') throw new Fault('not_a_database', `${path} is a folder, not an earmark database`);
  if (kind === 'nothing') {
    if (!options.create) {
      const next = [
        { label: 'create', command: 'earmark init' },
        { label: 'try', command: 'earmark demo' },
      ];
      throw new Fault('database_not_found', `there is no earmark database at ${path}`, { next });
    }
    makeFolder(dirname(path));
  }
  refuseNetwork(path, options);
  try {
    const db = openFile(path);
    try {
      return { db, version: await untilUnlocked(options.deadline, () => configure(db, path, options)) };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw asFault(error, path);
  }
}

/** What can't be asked counts as a file: opening it says why. */
function kindOf(path: string): 'file' | 'folder' | 'nothing' {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing' : 'file';
  }
}

/** 0 for a file without earmark's tables. */
export function schemaVersion(db: Database.Database, path: string): number {
  const application = db.pragma('application_id', { simple: true });
  if (application === APPLICATION_ID) {
    return db.prepare<[], number>('select max(version) from earmark_schema').pluck().get() ?? 0;
  }
  const tables = db.prepare<[], number>('select count(*) from sqlite_schema').pluck().get() ?? 0;
  if (tables === 0) return 0;
  throw new Fault('not_a_database', `${path} is a SQLite file of another program, not an earmark database`);
}

/** Refuses a schema that this earmark can't work with. */
export function refuseOtherSchema(version: number, path: string): void {
  if (version === SCHEMA) return;
  if (version > SCHEMA) {
    const message = `${path} was made by a newer earmark (schema ${version}; this one knows ${SCHEMA}); update earmark`;
    throw new Fault('schema_newer', message);
  }
  const message =
    version === 0
      ? `${path} is not set up yet`
      : `${path} has the older schema ${version}; this earmark needs ${SCHEMA}`;
  throw new Fault('schema_older', message, { next: [{ label: 'set up', command: 'earmark init' }] });
}

function openFile(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0, nativeBinding: nativeAddonPath() });
  } catch (error) {
    if (
      error instanceof Error &&
      /NODE_MODULE_VERSION|ERR_DLOPEN_FAILED|Cannot find module/.test(`${error.message}`)
    ) {
      const message =
        'the SQLite module is missing or was built for another Node; run: npm rebuild better-sqlite3';
      throw new Fault('native_module', message, { cause: error });
    }
    throw error;
  }
}

/** Gives the version of the schema. */
function configure(db: Database.Database, path: string, options: OpenOptions): number {
  const sqlite = db.prepare<[], string>('select sqlite_version()').pluck().get() ?? '0';
  if (isOlder(sqlite)) {
    const needs = OLDEST_SQLITE.join('.');
    throw new Fault(
      'sqlite_too_old',
      `SQLite ${sqlite} can corrupt a file in use; earmark needs ${needs} or newer`,
    );
  }
  const version = schemaVersion(db, path);
  if (version === 0 && !options.create) refuseOtherSchema(version, path);
  if (db.pragma('journal_mode', { simple: true }) !== 'wal') db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('foreign_keys = on');
  db.pragma('trusted_schema = off');
  // 2 is FULL: with less, a power loss takes back what was acknowledged.
  if (db.pragma('synchronous', { simple: true }) !== 2)
    throw new Error('SQLite did not take synchronous=FULL');
  return version;
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, needed] of OLDEST_SQLITE.entries()) {
    const has = parts[at] ?? 0;
    if (has !== needed) return has < needed;
  }
  return false;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Fault('read_only', `the folder ${folder} can not be made`, { cause: error });
  }
}

function refuseNetwork(path: string, options: OpenOptions): void {
  if (options.allowNetwork) return;
  let type: number;
  try {
    type = statfsSync(dirname(path)).type >>> 0;
  } catch {
    // The folder can't be asked; opening the file will say why.
    return;
  }
  if (NETWORK_FILE_SYSTEMS.has(type)) {
    const message = `${path} is on a network file system, where locks are not safe`;
    const next = [{ label: 'use it all the same', command: 'export EARMARK_ALLOW_NETWORK_FILE=1' }];
    throw new Fault('network_file_system', message, { next });
  }
}
