/** What is refused when a file is opened: one clear sentence each, and nothing in the file is touched. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initSqliteLedger, openSqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { SCHEMA } from '../../src/storage/schema-version.ts';
import { Fault, type FaultCode } from '../../src/stockroom/fault.ts';
import { temporaryFolder, waitingLong } from '../support/backends.ts';
import { rawly } from './raw-file.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Makes something at the path and says how it must be refused when opened, and when set up. */
interface Case {
  readonly make: (path: string) => unknown;
  readonly open: FaultCode;
  readonly init: FaultCode | 'done';
  readonly says: RegExp;
}

function otherProgram(path: string, journal: 'delete' | 'wal'): void {
  const db = new Database(path);
  db.pragma(`journal_mode = ${journal}`);
  db.exec('create table theirs (x); insert into theirs values (1)');
  db.close();
}

async function ledger(path: string): Promise<void> {
  await initSqliteLedger(path, waitingLong());
}

const CASES: Readonly<Record<string, Case>> = {
  'nothing there': {
    make: () => undefined,
    open: 'database_not_found',
    init: 'done',
    says: /there is no earmark database at/,
  },
  'an empty file': {
    make: (path) => writeFileSync(path, ''),
    open: 'schema_older',
    init: 'done',
    says: /is not set up yet/,
  },
  'a folder': {
    make: (path) => mkdirSync(path),
    open: 'not_a_database',
    init: 'not_a_database',
    says: /is a folder/,
  },
  'a text': {
    make: (path) => writeFileSync(path, 'number,item,quantity\n'.repeat(400)),
    ...{ open: 'not_a_database', init: 'not_a_database', says: /is not an earmark database/ },
  },
  'a short text': {
    make: (path) => writeFileSync(path, 'hello'),
    ...{ open: 'not_a_database', init: 'not_a_database', says: /is not an earmark database/ },
  },
  'another program’s database': {
    make: (path) => otherProgram(path, 'delete'),
    ...{ open: 'not_a_database', init: 'not_a_database', says: /of another program/ },
  },
  'another program’s database in WAL mode': {
    make: (path) => otherProgram(path, 'wal'),
    ...{ open: 'not_a_database', init: 'not_a_database', says: /of another program/ },
  },
  'a newer schema': {
    make: async (path) => {
      await ledger(path);
      rawly(path, (db) => db.exec(`insert into earmark_schema values (${SCHEMA + 1}, 'later', 1)`));
    },
    ...{
      open: 'schema_newer',
      init: 'schema_newer',
      says: new RegExp(`was made by a newer earmark \\(schema ${SCHEMA + 1}; this one knows ${SCHEMA}\\)`),
    },
  },
  'a file cut off after its first page': {
    make: async (path) => {
      await ledger(path);
      truncateSync(path, 4096);
    },
    ...{ open: 'not_a_database', init: 'not_a_database', says: /is damaged: / },
  },
  'a file cut off within its first page': {
    make: async (path) => {
      await ledger(path);
      truncateSync(path, 1000);
    },
    ...{ open: 'not_a_database', init: 'not_a_database', says: /is damaged: |is not an earmark database/ },
  },
};

describe.each(Object.entries(CASES))('%s', (_, { make, open, init, says }) => {
  const contents = () => readdirSync(folder).map((name) => [name, bytesOf(join(folder, name))]);

  it(`is refused when opened: ${open}`, async () => {
    const path = join(folder, 'x.db');
    await make(path);
    const before = contents();
    const fault = await faultOf(openSqliteLedger(path, waitingLong()));
    expect([fault.code, fault.message]).toEqual([open, expect.stringMatching(says)]);
    expect(fault.message).toContain(path);
    expect(fault.message).toMatch(/^[^\n]+[^.\n]$/);
    expect(contents()).toEqual(before);
  });

  it(`when set up: ${init}`, async () => {
    const path = join(folder, 'x.db');
    await make(path);
    const before = contents();
    if (init === 'done') {
      expect(await initSqliteLedger(path, waitingLong())).toBe(0);
      await (await openSqliteLedger(path, waitingLong())).close();
      return;
    }
    expect((await faultOf(initSqliteLedger(path, waitingLong()))).code).toBe(init);
    expect(contents()).toEqual(before);
  });
});

it('an older schema is named, with what to do', async () => {
  const path = join(folder, 'x.db');
  await ledger(path);
  rawly(path, (db) => db.exec('delete from earmark_schema where version > 1'));
  const fault = await faultOf(openSqliteLedger(path, waitingLong()));
  expect(fault).toMatchObject({
    code: 'schema_older',
    message: `${path} has the older schema 1; this earmark needs ${SCHEMA}`,
  });
  expect(fault.next).toEqual([{ label: 'set up', command: 'earmark init' }]);
});

it('an older schema is brought up to date, with its history as it was', async () => {
  const path = join(folder, 'x.db');
  await ledger(path);
  const all = 'select * from events order by id';
  const written = rawly(path, (db) => {
    db.exec(`
      insert into operations (name, verb, actor, fingerprint, at) values ('o', 'import', 'dana', '${'0'.repeat(64)}', 1);
      insert into items (sku, name, unit, tracking, recorded_at, operation_id) values ('A', 'A', 'each', 'standard', 1, 1);
      insert into events (id, operation_id, at, kind, item_id, before, after) values (7, 1, 2, 'item_changed', 1, '{}', '{}');
      drop table tokens;
      delete from earmark_schema where version > 1`);
    return db.prepare(all).all();
  });
  expect(await initSqliteLedger(path, waitingLong())).toBe(1);
  await (await openSqliteLedger(path, waitingLong())).close();
  rawly(path, (db) => {
    expect(db.prepare(all).all()).toEqual(written);
    expect(db.prepare('select * from tokens').all()).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
  });
});

describe('a folder that is not there', () => {
  it('is made when a file is set up', async () => {
    const path = join(folder, 'a', 'b', 'x.db');
    expect((await faultOf(openSqliteLedger(path, waitingLong()))).code).toBe('database_not_found');
    expect(readdirSync(folder)).toEqual([]);
    expect(await initSqliteLedger(path, waitingLong())).toBe(0);
  });

  it('can not be made within a file', async () => {
    const path = join(folder, 'file', 'b', 'x.db');
    writeFileSync(dirname(dirname(path)), '');
    const fault = await faultOf(initSqliteLedger(path, waitingLong()));
    expect(fault).toMatchObject({
      code: 'read_only',
      message: `the folder ${dirname(path)} can not be made`,
    });
    expect((await faultOf(openSqliteLedger(path, waitingLong()))).code).toBe('database_not_found');
  });
});

function bytesOf(path: string): string {
  return statSync(path).isDirectory() ? 'folder' : readFileSync(path).toString('base64');
}

async function faultOf(opening: Promise<unknown>): Promise<Fault> {
  const result = await opening.then(
    () => 'opened',
    (error: unknown) => error,
  );
  if (!(result instanceof Fault)) throw new Error(`no fault: ${String(result)}`);
  return result;
}
