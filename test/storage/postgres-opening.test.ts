/** What can be wrong with a PostgreSQL database, or on the way to it: one clear sentence each, and nothing is touched. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initPostgresLedger, openPostgresLedger } from '../../src/storage/postgres/ledger.ts';
import { SCHEMA } from '../../src/storage/schema-version.ts';
import { Fault, type FaultCode } from '../../src/stockroom/fault.ts';
import { initLedger, type PostgresAddress } from '../support/backends.ts';
import { freshAddress, rawly, sharedPostgres } from '../support/postgres-for-tests.ts';
import { GUARDED, OWNER, ROOT_CERTIFICATE, TLS_ONLY } from '../support/postgres-server.ts';

let port: number;
let socketFolder: string;

beforeEach(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('PG')) vi.stubEnv(name, undefined);
  ({ port, folder: socketFolder } = await sharedPostgres());
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function open(url: string, schema?: string): Promise<void> {
  const ledger = await openPostgresLedger(url, { deadline: Date.now() + 10_000, schema });
  await ledger.close();
}

async function faultOf(opening: Promise<unknown>): Promise<Fault> {
  const result = await opening.then(
    () => 'opened',
    (error: unknown) => error,
  );
  if (!(result instanceof Fault)) throw new Error(`no fault: ${String(result)}`);
  expect(result.message).toMatch(/^[^\n]+[^.\n]$/);
  return result;
}

/** The URL of somebody on this server. */
function as(user: string, query = 'sslmode=disable', host = '127.0.0.1'): string {
  return `postgres://${user}@${host}:${port}/${OWNER}?${query}`;
}

const secret = encodeURIComponent(GUARDED.password);

describe('the server', () => {
  const CASES: Readonly<Record<string, readonly [url: () => string, code: FaultCode, says: RegExp]>> = {
    'not there': [
      () => 'postgres://earmark@127.0.0.1:1/stock',
      'database_down',
      /^127\.0\.0\.1:1\/stock can not be reached: nothing listens there$/,
    ],
    'not there, over IPv6': [
      () => 'postgres://earmark@[::1]:1/stock',
      'database_down',
      /^\[::1\]:1\/stock can not be reached: /,
    ],
    'at an unknown host': [
      () => 'postgres://earmark@nowhere.invalid/stock',
      'database_down',
      /^nowhere\.invalid\/stock can not be reached: (there is no such host|the name of the host)/,
    ],
    'at an unknown socket': [
      () => 'postgres://earmark@%2Fno%2Fsuch%2Ffolder/stock',
      'database_down',
      /^\/no\/such\/folder\/stock can not be reached: nothing listens there$/,
    ],
    'without such a database': [
      () => `postgres://${OWNER}@127.0.0.1:${port}/nothing?sslmode=disable`,
      'database_not_found',
      /^there is no database at 127\.0\.0\.1:\d+\/nothing; make it with createdb$/,
    ],
    'without such a user': [() => as('nobody'), 'database_refused', /does not let this user in: .*nobody/],
    'asked with a wrong password': [
      () => as(`${GUARDED.user}:wrong`),
      'database_refused',
      /does not let this user in: password authentication failed for user "guarded"$/,
    ],
    'asked without a password': [
      () => as(GUARDED.user),
      'database_refused',
      /asks for a password; put it into ~\/\.pgpass, or the whole URL into EARMARK_DB$/,
    ],
  };

  it.each(Object.entries(CASES))('%s', async (_, [url, code, says]) => {
    const fault = await faultOf(open(url()));
    expect([fault.code, fault.message]).toEqual([code, expect.stringMatching(says)]);
    expect((await faultOf(initPostgresLedger(url(), { deadline: Date.now() + 10_000 }))).code).toBe(code);
  });

  it('that does not answer is given up at the timeout', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const at = address !== null && typeof address === 'object' ? address.port : 0;
    const started = performance.now();
    const opening = openPostgresLedger(`postgres://x@127.0.0.1:${at}/x?sslmode=disable`, {
      deadline: Date.now() + 200,
    });
    expect(await faultOf(opening)).toMatchObject({
      code: 'database_down',
      message: expect.stringMatching(/no answer came in time$/),
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    silent.close();
  });

  it('is named without the password', async () => {
    const fault = await faultOf(open(as(`${GUARDED.user}:not%20this`)));
    expect(`${fault.message} ${JSON.stringify(fault.next)}`).not.toContain('not this');
    await initLedger(await freshAddress());
  });
});

describe('what libpq knows', () => {
  let address: PostgresAddress;
  beforeEach(async () => {
    address = await freshAddress();
    await initLedger(address);
    await rawly(address, async (client) => {
      await client.query(`grant usage on schema ${address.schema} to ${GUARDED.user};
        grant select on all tables in schema ${address.schema} to ${GUARDED.user}`);
    });
  });

  it('the password stands in the URL, in PGPASSWORD or in ~/.pgpass', async () => {
    await open(as(`${GUARDED.user}:${secret}`), address.schema);
    vi.stubEnv('PGPASSWORD', GUARDED.password);
    await open(as(GUARDED.user), address.schema);
    vi.stubEnv('PGPASSWORD', undefined);
    const folder = mkdtempSync(join(tmpdir(), 'earmark-test-'));
    const escaped = GUARDED.password.replaceAll(':', '\\:');
    writeFileSync(join(folder, '.pgpass'), `127.0.0.1:${port}:*:${GUARDED.user}:${escaped}\n`);
    chmodSync(join(folder, '.pgpass'), 0o600);
    vi.stubEnv('HOME', folder);
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    await open(as(GUARDED.user), address.schema);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
    rmSync(folder, { recursive: true });
  });

  it('what the URL leaves out comes from the environment', async () => {
    vi.stubEnv('PGHOST', '127.0.0.1');
    vi.stubEnv('PGPORT', String(port));
    vi.stubEnv('PGUSER', OWNER);
    vi.stubEnv('PGDATABASE', OWNER);
    vi.stubEnv('PGSSLMODE', 'disable');
    vi.stubEnv('PGOPTIONS', `-c search_path=${address.schema}`);
    for (const url of ['postgres://', 'postgresql:///', `postgres:///${OWNER}`]) await open(url);
    vi.stubEnv('PGOPTIONS', '-c search_path=nowhere');
    expect((await faultOf(open('postgres://'))).code).toBe('database_not_found');
  });

  it('a folder stands for the Unix socket in it', async () => {
    const folder = encodeURIComponent(socketFolder);
    await open(`postgres://${OWNER}@${folder}:${port}/${OWNER}`, address.schema);
    await open(`postgres://${OWNER}@/${OWNER}?host=${folder}&port=${port}`, address.schema);
    await open(`postgres://${OWNER}@/${OWNER}?host=${folder}&port=${port}&sslmode=require`, address.schema);
  });

  it.each([
    ['', '127.0.0.1', 'opened'],
    ['sslmode=prefer', '127.0.0.1', 'opened'],
    ['sslmode=allow', '127.0.0.1', 'opened'],
    ['sslmode=require', '127.0.0.1', 'opened'],
    [`sslmode=verify-ca&sslrootcert=${ROOT_CERTIFICATE}`, '127.0.0.1', 'opened'],
    [`sslmode=verify-full&sslrootcert=${ROOT_CERTIFICATE}`, 'localhost', 'opened'],
    [`sslmode=require&sslrootcert=${ROOT_CERTIFICATE}`, '127.0.0.1', 'opened'],
    [`sslmode=verify-full&sslrootcert=${ROOT_CERTIFICATE}`, '127.0.0.1', 'database_refused'],
    ['sslmode=verify-full', 'localhost', 'database_refused'],
    ['sslmode=disable', '127.0.0.1', 'database_refused'],
    ['sslmode=verify-ca', '127.0.0.1', 'input'],
    ['sslmode=always', '127.0.0.1', 'input'],
    ['sslmode=verify-full&sslrootcert=/no/such/file', '127.0.0.1', 'input'],
  ])('TLS with %s to %s: %s', async (query, host, expected) => {
    // A home without certificates, whoever runs the tests.
    vi.stubEnv('HOME', tmpdir());
    const opening = open(as(TLS_ONLY, query, host), address.schema);
    if (expected === 'opened') await opening;
    else expect((await faultOf(opening)).code).toBe(expected);
    if (!query.startsWith('sslmode')) return;
    const [mode = '', file = ''] = query.split('&').map((each) => each.slice(each.indexOf('=') + 1));
    vi.stubEnv('PGSSLMODE', mode);
    vi.stubEnv('PGSSLROOTCERT', file);
    const again = open(as(TLS_ONLY, '', host), address.schema);
    if (expected === 'opened') await again;
    else expect((await faultOf(again)).code).toBe(expected);
  });

  it('a user who may only read can look, and is refused what would change something', async () => {
    const ledger = await openPostgresLedger(as(`${GUARDED.user}:${secret}`), {
      deadline: Date.now() + 10_000,
      schema: address.schema,
    });
    expect(await ledger.operation('none')).toBeNull();
    const store = await ledger.imports();
    const operation = { id: 'x', verb: 'import', actor: 'x', reason: null, fingerprint: '0'.repeat(64) };
    const writing = store.transaction(operation, Date.now() + 10_000, async () => undefined);
    expect(await faultOf(writing)).toMatchObject({
      code: 'database_refused',
      message: expect.stringMatching(/does not allow this user to do it: permission denied/),
    });
    await ledger.close();
  });

  it('a database that is read-only is called so', async () => {
    const readOnly = as(OWNER, 'sslmode=disable&options=-c%20default_transaction_read_only%3Don');
    const ledger = await openPostgresLedger(readOnly, {
      deadline: Date.now() + 10_000,
      schema: address.schema,
    });
    const store = await ledger.imports();
    const operation = { id: 'x', verb: 'import', actor: 'x', reason: null, fingerprint: '0'.repeat(64) };
    const writing = store.transaction(operation, Date.now() + 10_000, async () => undefined);
    expect((await faultOf(writing)).code).toBe('read_only');
    await ledger.close();
  });
});

describe('the tables', () => {
  let address: PostgresAddress;
  beforeEach(async () => {
    address = await freshAddress();
  });
  const init = async (): Promise<number> => await initLedger(address);
  const opening = async (): Promise<void> => await open(address.url, address.schema);
  const sql = async (text: string): Promise<void> => {
    await rawly(address, async (client) => await client.query(text));
  };

  it('that are not there yet are named, with what to do', async () => {
    const fault = await faultOf(opening());
    expect(fault).toMatchObject({
      code: 'database_not_found',
      message: `there is no earmark ledger at 127.0.0.1:${port}/${OWNER} yet`,
      next: [{ label: 'set up', command: 'earmark init' }],
    });
    expect(await init()).toBe(0);
    await opening();
    expect(await init()).toBe(SCHEMA);
  });

  it('of another program are left alone', async () => {
    await sql(`create schema ${address.schema}; create table ${address.schema}.items (x integer)`);
    expect((await faultOf(opening())).code).toBe('database_not_found');
    expect(await faultOf(init())).toMatchObject({
      code: 'not_a_database',
      message: expect.stringMatching(/has tables of another program where earmark's would be$/),
    });
    const names = await rawly(address, async (client) => {
      return (await client.query('select tablename from pg_tables where schemaname = current_schema()')).rows;
    });
    expect(names).toEqual([{ tablename: 'items' }]);
  });

  it('of a newer earmark are refused', async () => {
    await init();
    await sql(`insert into earmark_schema values (${SCHEMA + 1}, 'later', 1)`);
    for (const act of [opening, init]) {
      const fault = await faultOf(act());
      expect(fault.code).toBe('schema_newer');
      expect(fault.message).toMatch(
        /was made by a newer earmark \(schema 3; this one knows 2\); update earmark$/,
      );
    }
  });

  it('of an older earmark are brought up to date, with their history as it was', async () => {
    await init();
    await sql(`
      insert into operations (name, verb, actor, fingerprint, at) values ('o', 'import', 'dana', '${'0'.repeat(64)}', 1);
      insert into items (sku, name, unit, tracking, recorded_at, operation_id) values ('A', 'A', 'each', 'standard', 1, 1);
      insert into events (id, operation_id, at, kind, item_id, before, after) values (7, 1, 2, 'item_changed', 1, '{}', '{}');
      drop table tokens;
      delete from earmark_schema where version > 1`);
    const fault = await faultOf(opening());
    expect(fault).toMatchObject({
      code: 'schema_older',
      message: `127.0.0.1:${port}/${OWNER} has the older schema 1; this earmark needs ${SCHEMA}`,
    });
    expect(await init()).toBe(1);
    await opening();
    await sql(`insert into events (operation_id, at, kind, item_id, before, after)
      values (1, 3, 'item_changed', 1, '{}', '{}')`);
    const ids = await rawly(address, async (client) => {
      return (await client.query('select id::integer from events order by id')).rows;
    });
    expect(ids).toEqual([{ id: 7 }, { id: 8 }]);
  });

  it('are made once, however many make them at once', async () => {
    const versions = await Promise.all(Array.from({ length: 6 }, init));
    expect(versions.sort()).toEqual([0, ...Array.from({ length: 5 }, () => SCHEMA)]);
    await opening();
  });
});
