/** Where the data is (DESIGN section 7): flags first, then the environment, then the current context, then a default file. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Fault } from '../stockroom/fault.ts';
import { checkedToken, contextPlace, DEFAULT_CONTEXT, readContexts, readToken } from './contexts.ts';
import { holdsPassword, isPostgresUrl, isUrl, withoutSecrets } from './database-url.ts';

export type LocalPlace =
  | { readonly kind: 'file'; readonly path: string }
  /** The URL may hold a password, so it is never shown. */
  | { readonly kind: 'postgres'; readonly url: string };

export type Place =
  | LocalPlace
  | { readonly kind: 'server'; readonly url: string; readonly token: string | undefined };

/** Each says where the data is, so at most one of them may be given. */
export interface PlaceFlags {
  readonly db?: string;
  readonly server?: string;
  readonly context?: string;
}

type Source = keyof PlaceFlags;
type Given = { readonly [S in Source]: string | undefined };

const FLAGS = { db: '--db', server: '--server', context: '--context' } as const;
const VARIABLES = { db: 'EARMARK_DB', server: 'EARMARK_SERVER', context: 'EARMARK_CONTEXT' } as const;

export function placeOf(flags: PlaceFlags, env: NodeJS.ProcessEnv): Place {
  return placeByFlags(flags, env) ?? placeByEnvironment(env) ?? placeByContext(undefined, env);
}

/** The place that flags name, if they name one. */
export function placeByFlags({ db, server, context }: PlaceFlags, env: NodeJS.ProcessEnv): Place | undefined {
  if (db !== undefined) refusePassword(db);
  return placeBy({ db, server, context }, FLAGS, env);
}

function placeByEnvironment(env: NodeJS.ProcessEnv): Place | undefined {
  const set = (value: string | undefined) => (value === '' ? undefined : value);
  const given = {
    db: set(env['EARMARK_DB']),
    server: set(env['EARMARK_SERVER']),
    context: set(env['EARMARK_CONTEXT']),
  };
  return placeBy(given, VARIABLES, env);
}

/** Two that are given can't both be meant, and a guess could reserve in the wrong place. */
function placeBy(
  given: Given,
  names: { readonly [S in Source]: string },
  env: NodeJS.ProcessEnv,
): Place | undefined {
  const sources = (['db', 'server', 'context'] as const).filter((source) => given[source] !== undefined);
  const [source] = sources;
  if (source === undefined) return undefined;
  const value = given[source] ?? '';
  if (sources.length > 1) {
    const all = sources.map((each) => names[each]).join(' and ');
    throw new Fault('input', `${all} each say where the data is; give one of them`);
  }
  if (value === '') throw new Fault('input', `${names[source]} is empty`);
  switch (source) {
    case 'db':
      return databasePlace(value);
    case 'server':
      return { kind: 'server', url: checkedServer(value, names.server), token: tokenVariable(env) };
    case 'context':
      return placeByContext(value, env);
  }
}

/** The place of the context with this name, else of the current one. */
function placeByContext(named: string | undefined, env: NodeJS.ProcessEnv): Place {
  const contexts = readContexts(env);
  const name = named ?? contexts.current;
  if (name === DEFAULT_CONTEXT) return defaultPlace(env);
  const place = contextPlace(contexts, name);
  if ('db' in place) return databasePlace(place.db);
  // A context's own token belongs to its server, so it goes before one in the environment, which may be another's.
  const token = readToken(env, name) ?? tokenVariable(env);
  return { kind: 'server', url: checkedServer(place.server, `context ${name}`), token };
}

/** The default file under the XDG data folder. */
export function defaultPlace(env: NodeJS.ProcessEnv): Extract<Place, { kind: 'file' }> {
  const folder = env['XDG_DATA_HOME'];
  // A relative path is invalid by the XDG rules, and is ignored.
  const data = folder?.startsWith('/') ? folder : join(homedir(), '.local', 'share');
  return { kind: 'file', path: join(data, 'earmark', 'earmark.db') };
}

function databasePlace(text: string): LocalPlace {
  if (isPostgresUrl(text)) return { kind: 'postgres', url: text };
  if (isUrl(text)) {
    throw new Fault('input', 'the database is neither the path of a SQLite file nor a postgres:// URL');
  }
  return { kind: 'file', path: resolve(text) };
}

/** The database's name for sentences. */
export function databaseName(place: LocalPlace): string {
  return place.kind === 'file' ? place.path : withoutSecrets(place.url);
}

/** Everybody on the machine can read the command line of a process, so no secret may stand there. */
function refusePassword(text: string): void {
  if (!holdsPassword(text)) return;
  throw new Fault(
    'input',
    '--db takes no password, because others can read it there; put it into ~/.pgpass, or the whole URL into EARMARK_DB',
  );
}

/** An http:// or https:// URL, perhaps with a path below which a proxy has the server; `name` is who gave it. */
function checkedServer(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new Fault('input', `${name} takes a URL such as https://stock.example.com`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Fault(
      'input',
      `${name} takes no user or password; a token goes into EARMARK_TOKEN or a context`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new Fault('input', `${name} takes a URL without ? and #`);
  }
  return url.href.replace(/\/+$/, '');
}

function tokenVariable(env: NodeJS.ProcessEnv): string | undefined {
  const token = env['EARMARK_TOKEN'] ?? '';
  return token === '' ? undefined : checkedToken(token, 'EARMARK_TOKEN');
}
