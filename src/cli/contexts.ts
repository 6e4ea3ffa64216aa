/**
 * Contexts: places with a name, in the config file. The tokens for their servers lie in files of their own beside it,
 * which only their owner may read.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { shellWord } from '../core/index.ts';
import { Fault } from '../stockroom/fault.ts';
import { holdsPassword } from './database-url.ts';

/** The name that the default file goes by, so that it can be chosen again. */
export const DEFAULT_CONTEXT = 'default';

/** What a context says: a file's whole path or a postgres:// URL without a password, or a server's URL. */
export type ContextPlace = { readonly db: string } | { readonly server: string };

export interface Contexts {
  readonly version: 1;
  readonly current: string;
  readonly contexts: Readonly<Record<string, ContextPlace>>;
}

const NONE: Contexts = { version: 1, current: DEFAULT_CONTEXT, contexts: {} };

/** What the config file says; no contexts if there is none. */
export function readContexts(env: NodeJS.ProcessEnv): Contexts {
  const path = configPath(env);
  const text = textOf(path);
  if (text === undefined) return NONE;
  const read = contextsIn(text);
  if ('wrong' in read) throw new Fault('input', `${path} is not a config file of earmark: ${read.wrong}`);
  return read;
}

/** Written beside it first and then exchanged in one step, so that nobody ever reads half of it. */
export function writeContexts(env: NodeJS.ProcessEnv, contexts: Contexts): void {
  writePrivately(configPath(env), `${JSON.stringify(contexts, null, 2)}\n`);
}

/** The place that a context names; the fault `input` if there is none of that name. */
export function contextPlace({ contexts }: Contexts, name: string): ContextPlace {
  const place = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (place !== undefined) return place;
  const known = [DEFAULT_CONTEXT, ...Object.keys(contexts)].join(', ');
  throw new Fault('input', `there is no context ${JSON.stringify(name)}, only ${known}`, {
    next: [{ label: 'add', command: `earmark context add ${shellWord(name)} --server URL` }],
  });
}

/** The token that was kept with a context, if one was. A file that others can read is refused: they have the token too. */
export function readToken(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return tokenIn(tokenPath(env, name));
}

/** The token in a file, for the fault's sentence if others can read it; undefined where there is no such file. */
export function tokenIn(path: string): string | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Fault('input', `others can read the token in ${path}`, {
      next: [{ label: 'keep it to yourself', command: `chmod 600 ${shellWord(path)}` }],
    });
  }
  return checkedToken(text, path);
}

/** A token goes into a header, so it is one word of visible ASCII. The sentence names where it is, and never repeats it. */
export function checkedToken(text: string, where: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]{1,1000}$/.test(token))
    throw new Fault('input', `${where} holds no token, which is one word`);
  return token;
}

/** Whether a token is kept, without reading it. */
export function hasToken(env: NodeJS.ProcessEnv, name: string): boolean {
  return existsSync(tokenPath(env, name));
}

export function keepToken(env: NodeJS.ProcessEnv, name: string, token: string): void {
  writePrivately(tokenPath(env, name), `${token}\n`);
}

export function dropToken(env: NodeJS.ProcessEnv, name: string): void {
  rmSync(tokenPath(env, name), { force: true });
}

function tokenPath(env: NodeJS.ProcessEnv, name: string): string {
  return join(configFolder(env), 'tokens', name);
}

function configPath(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), 'config.json');
}

function configFolder(env: NodeJS.ProcessEnv): string {
  const folder = env['XDG_CONFIG_HOME'];
  // A relative path is invalid by the XDG rules, and is ignored.
  return join(folder?.startsWith('/') ? folder : join(homedir(), '.config'), 'earmark');
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Fault('input', `can't read ${path}: ${code ?? String(error)}`, { cause: error });
  }
}

function writePrivately(path: string, text: string): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(beside, text, { mode: 0o600 });
    // A file that was left there by a run that was killed keeps its own mode.
    chmodSync(beside, 0o600);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Fault('input', `can't write ${path}: ${reason}`, { cause: error });
  }
}

/** People may edit the file, so what it says is looked at. */
function contextsIn(text: string): Contexts | { readonly wrong: string } {
  const { version, current, contexts } = fieldsOf(parsed(text));
  if (version !== 1) return { wrong: 'it says no version that this earmark knows' };
  const places: Record<string, ContextPlace> = {};
  for (const [name, place] of Object.entries(fieldsOf(contexts))) {
    const { db, server } = fieldsOf(place);
    if (typeof db === 'string' && holdsPassword(db)) {
      return { wrong: `context ${JSON.stringify(name)} holds a password, whose place is ~/.pgpass` };
    }
    if (typeof db === 'string') places[name] = { db };
    else if (typeof server === 'string') places[name] = { server };
    else return { wrong: `context ${JSON.stringify(name)} has neither db nor server` };
  }
  return { version, current: typeof current === 'string' ? current : DEFAULT_CONTEXT, contexts: places };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of an object; none of anything else. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
