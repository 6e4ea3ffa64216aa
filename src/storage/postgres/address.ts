/**
 * What a `postgres://` URL means to libpq, as node-postgres is told it: what the URL leaves out comes from libpq's
 * environment variables, its files in the home folder, and its defaults.
 */
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Fault } from '../../stockroom/fault.ts';

export interface Target {
  /** Ways to connect, to be tried one after another: with `sslmode=prefer`, over TLS and then without. */
  readonly ways: readonly pg.ClientConfig[];
  /** Host and database, for sentences. */
  readonly place: string;
}

type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** The modes that are tried in turn; `allow` and `prefer` are satisfied with either. */
const MODES: { readonly [M in SslMode]: readonly SslMode[] } = {
  disable: ['disable'],
  allow: ['disable', 'prefer'],
  prefer: ['prefer', 'disable'],
  require: ['require'],
  'verify-ca': ['verify-ca'],
  'verify-full': ['verify-full'],
};

/** A parameter of the URL, the variable that stands in for it, and the file that stands in for both. */
const TLS_FILES = [
  ['sslrootcert', 'PGSSLROOTCERT', 'root.crt'],
  ['sslcert', 'PGSSLCERT', 'postgresql.crt'],
  ['sslkey', 'PGSSLKEY', 'postgresql.key'],
] as const;

/** Throws the fault `input` for a URL, or a file that it names, that can't be read. */
export async function targetOf(address: string, env: NodeJS.ProcessEnv): Promise<Target> {
  const [base = '', query = ''] = splitAt(address, '?');
  const parameters = new URLSearchParams(query);
  parameters.delete('uselibpqcompat');
  const mode = sslMode(parameters, env);
  const plain = clientOf(base, parameters, 'disable');
  if (plain.user === undefined) parameters.set('user', userInfo().username);
  if (typeof plain.password !== 'string')
    await addPassword(parameters, clientOf(base, parameters, 'disable'));
  // libpq never speaks TLS over a Unix socket.
  const modes = plain.host.startsWith('/') ? (['disable'] as const) : MODES[mode];
  if (modes[0] !== 'disable') addTlsFiles(parameters, env, mode);
  const seconds = Number(parameters.get('connect_timeout') ?? env['PGCONNECT_TIMEOUT'] ?? 0);
  const ways = modes.map((each): pg.ClientConfig => {
    clientOf(base, parameters, each);
    return {
      connectionString: connectionString(base, parameters, each),
      fallback_application_name: 'earmark',
      keepAlive: true,
      enableChannelBinding: /^(require|prefer)$/.test(parameters.get('channel_binding') ?? ''),
      ...(seconds > 0 && { connectionTimeoutMillis: seconds * 1000 }),
    };
  });
  return { ways, place: placeOf(plain) };
}

/** The password of `~/.pgpass`, if it has one for this user there. */
async function addPassword(parameters: URLSearchParams, client: pg.Client): Promise<void> {
  const { default: pgpass } = await import('pgpass');
  const { host, port, database, user } = client;
  const found = await new Promise<string | undefined>((resolve) =>
    pgpass({ host, port, database, user }, resolve),
  );
  if (found !== undefined) parameters.set('password', found);
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function sslMode(parameters: URLSearchParams, env: NodeJS.ProcessEnv): SslMode {
  const chosen = parameters.get('sslmode') ?? env['PGSSLMODE'] ?? '';
  if (chosen === '') return 'prefer';
  if (chosen in MODES) return chosen as SslMode;
  throw new Fault('input', `sslmode ${chosen} is none of ${Object.keys(MODES).join(', ')}`);
}

function addTlsFiles(parameters: URLSearchParams, env: NodeJS.ProcessEnv, mode: SslMode): void {
  for (const [name, variable, file] of TLS_FILES) {
    const usual = join(homedir(), '.postgresql', file);
    const chosen = parameters.get(name) ?? env[variable] ?? (existsSync(usual) ? usual : undefined);
    parameters.delete(name);
    if (chosen === undefined || chosen === '') continue;
    // `system` means the certificates that are trusted anyway, and modes that verify nothing need none.
    if (name === 'sslrootcert' && (chosen === 'system' || mode === 'prefer' || mode === 'allow')) continue;
    parameters.set(name, chosen);
  }
}

function connectionString(base: string, parameters: URLSearchParams, mode: SslMode): string {
  const all = new URLSearchParams(parameters);
  all.set('sslmode', mode);
  all.set('uselibpqcompat', 'true');
  return `${base}?${all}`;
}

/** A client that is never connected: it has read the URL and the environment as any would. */
function clientOf(base: string, parameters: URLSearchParams, mode: SslMode): pg.Client {
  try {
    return new pg.Client({ connectionString: connectionString(base, parameters, mode) });
  } catch (error) {
    throw new Fault('input', unreadable(error), { cause: error });
  }
}

function unreadable(error: unknown): string {
  if (error instanceof Error && 'path' in error) return `the file ${error.path} can not be read`;
  if (error instanceof Error && error.message.includes('sslrootcert')) {
    return 'sslmode=verify-ca needs the certificate to trust in sslrootcert';
  }
  return 'the postgres:// URL can not be read';
}

function placeOf({ host, port, database }: pg.Client): string {
  const at = host.startsWith('/') ? host : host.includes(':') ? `[${host}]` : host;
  return `${at}${port === 5432 ? '' : `:${port}`}/${database ?? ''}`;
}
