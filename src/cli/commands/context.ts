/** `earmark context`: gives places a name, and chooses the one that is used where nothing else says where the data is. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { printable, SCHEMA_VERSION } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import { examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import {
  checkedToken,
  contextPlace,
  type ContextPlace,
  DEFAULT_CONTEXT,
  dropToken,
  hasToken,
  keepToken,
  readContexts,
  tokenIn,
  writeContexts,
} from '../contexts.ts';
import { jsonText } from '../json-text.ts';
import { defaultPlace, placeByFlags } from '../place.ts';
import type { Listing } from '../present/columns.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import { printListing } from '../present/listing.ts';
import type { CommonFlags } from '../settings.ts';

interface AddFlags extends CommonFlags {
  readonly tokenFile?: string;
}

export const define: Define = (command, context, finish) => {
  command.description(
    'give places a name, and choose the one that is used unless a flag or variable says otherwise',
  );
  examples(command, [
    'earmark context add main --server https://stock.example.com',
    'earmark context use main',
    'earmark context list',
  ]);
  const name = (child: Command) => child.argument('<name>');

  const add = name(command.command('add')).description(
    'name a place that --db or --server says; a token for the server is asked for, or read from a file',
  );
  add.option('--token-file <file>', 'the file that holds the token; - for standard input');
  examples(add, [
    'earmark context add main --server https://stock.example.com',
    'earmark context add main --server https://stock.example.com --token-file token.txt',
    'earmark context add yard --db /srv/yard.db',
  ]);
  add.action(
    handler<AddFlags>(context, finish, async ([word], flags) => {
      return await addContext(context, String(word), flags);
    }),
  );

  const use = name(command.command('use')).description(
    'use this place from now on; default is the default file again',
  );
  examples(use, ['earmark context use main', 'earmark context use default']);
  use.action(
    handler<CommonFlags>(context, finish, async ([word]) => {
      return useContext(context, String(word));
    }),
  );

  const list = command.command('list').description('the places that have a name, and which of them is used');
  examples(list, ['earmark context list', 'earmark context list --json']);
  list.action(handler<CommonFlags>(context, finish, async () => await listContexts(context)));

  const remove = name(command.command('remove')).description(
    'forget the name of a place, and its token; the data stays where it is',
  );
  examples(remove, ['earmark context remove main']);
  remove.action(
    handler<CommonFlags>(context, finish, async ([word]) => {
      return removeContext(context, String(word));
    }),
  );
};

async function addContext(context: Context, name: string, flags: AddFlags): Promise<number> {
  const { env } = context.streams;
  const contexts = readContexts(env);
  refuseName(name);
  if (name === DEFAULT_CONTEXT || Object.hasOwn(contexts.contexts, name)) {
    const next =
      name === DEFAULT_CONTEXT ? [] : [{ label: 'remove', command: `earmark context remove ${name}` }];
    throw new Fault('input', `there is a context ${name} already`, { next });
  }
  const place = namedPlace(context, flags);
  const token = 'server' in place ? await tokenFor(context, place.server, flags) : undefined;
  if (token === undefined && flags.tokenFile !== undefined) {
    throw new Fault('input', '--token-file is for a server');
  }
  if ('server' in place) {
    const { serverAddress } = await import('../../http/client/server-address.ts');
    serverAddress(place.server, token);
  }
  // The token first: a context that is there without it would be used without it.
  if (token === undefined) dropToken(env, name);
  else keepToken(env, name, token);
  writeContexts(env, { ...contexts, contexts: { ...contexts.contexts, [name]: place } });
  say(context, 'added', { name, place, current: false, token: token !== undefined }, [
    `next: earmark context use ${name}`,
  ]);
  return 0;
}

function useContext(context: Context, name: string): number {
  const { env } = context.streams;
  const contexts = readContexts(env);
  const row = rowOf(env, name, name === DEFAULT_CONTEXT ? undefined : contextPlace(contexts, name), true);
  writeContexts(env, { ...contexts, current: name });
  say(context, 'used', row);
  return 0;
}

async function listContexts(context: Context): Promise<number> {
  const { env } = context.streams;
  const { current, contexts } = readContexts(env);
  const rows = [
    rowOf(env, DEFAULT_CONTEXT, undefined, current === DEFAULT_CONTEXT),
    ...Object.entries(contexts).map(([name, place]) => rowOf(env, name, place, name === current)),
  ];
  await printListing(context, CONTEXTS, [rows]);
  return 0;
}

function removeContext(context: Context, name: string): number {
  const { env } = context.streams;
  const { current, contexts, ...rest } = readContexts(env);
  if (name === DEFAULT_CONTEXT) throw new Fault('input', 'the default context is always there');
  const place = contextPlace({ current, contexts, ...rest }, name);
  const row = rowOf(env, name, place, name === current);
  const { [name]: _, ...others } = contexts;
  writeContexts(env, { ...rest, contexts: others, current: row.current ? DEFAULT_CONTEXT : current });
  dropToken(env, name);
  say(context, 'removed', row);
  if (row.current && context.flags.quiet !== true) {
    context.err.line(`from now on ${printable(defaultPlace(env).path)} is used`);
  }
  return 0;
}

/** A context's name is a word of the command line and the name of a file. */
function refuseName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return;
  throw new Fault('input', 'a context is named by up to 64 letters, digits and . _ -');
}

/** The place that --db or --server says; a file by its whole path, so that it is the same from everywhere. */
function namedPlace(context: Context, { context: other, ...flags }: AddFlags): ContextPlace {
  const place = placeByFlags(flags, context.streams.env);
  if (place === undefined || other !== undefined) {
    throw new Fault('input', 'say where the data is with --db FILE, --db postgres://… or --server URL');
  }
  switch (place.kind) {
    case 'file':
      return { db: place.path };
    case 'postgres':
      return { db: place.url };
    case 'server':
      return { server: place.url };
  }
}

/** The token that a file or standard input holds, or that a person types; undefined for none. */
async function tokenFor(
  context: Context,
  server: string,
  { tokenFile }: AddFlags,
): Promise<string | undefined> {
  if (tokenFile === '-') return checkedToken(standardInput(), 'standard input');
  if (tokenFile !== undefined) {
    const token = tokenIn(tokenFile);
    if (token === undefined) throw new Fault('input', `can't read ${tokenFile}: there is no such file`);
    return token;
  }
  if (!context.interactive) return undefined;
  const prompts = await context.prompts('');
  const typed = await prompts.input({
    message: `The token for ${server} (Enter alone for none)`,
    secret: true,
    check: (text) => (/^[\x21-\x7e]*$/.test(text) ? undefined : 'a token is one word'),
  });
  return typed === '' ? undefined : checkedToken(typed, 'the answer');
}

function standardInput(): string {
  try {
    return readFileSync(0, 'utf8');
  } catch (error) {
    throw new Fault('input', "can't read standard input", { cause: error });
  }
}

interface ContextRow {
  readonly name: string;
  readonly place: ContextPlace;
  readonly current: boolean;
  /** Whether a token is kept for it; the token itself is never shown. */
  readonly token: boolean;
}

function rowOf(
  env: NodeJS.ProcessEnv,
  name: string,
  place: ContextPlace | undefined,
  current: boolean,
): ContextRow {
  return { name, place: place ?? { db: defaultPlace(env).path }, current, token: hasToken(env, name) };
}

const placeText = (place: ContextPlace) => ('db' in place ? place.db : place.server);

const CONTEXTS: Listing<ContextRow> = {
  name: 'contexts',
  columns: [
    {
      field: 'current',
      title: '',
      value: ({ current }) => current,
      shown: ({ current }) => (current ? '*' : ''),
    },
    { field: 'name', title: 'context', value: ({ name }) => name },
    { field: 'place.db', title: 'database', value: ({ place }) => ('db' in place ? place.db : null) },
    { field: 'place.server', title: 'server', value: ({ place }) => ('db' in place ? null : place.server) },
    {
      field: 'token',
      title: 'token',
      value: ({ token }) => token,
      shown: ({ token }) => (token ? 'kept' : ''),
    },
  ],
  nameOf: ({ name }) => name,
};

type Outcome = 'added' | 'used' | 'removed';

function say(context: Context, outcome: Outcome, row: ContextRow, more: readonly string[] = []): void {
  const { out, paint, flags } = context;
  if (flags.quiet === true) return;
  const format = formatOf(context);
  if (isDocument(format)) {
    out.line(jsonText({ schemaVersion: SCHEMA_VERSION, verb: 'context', outcome, ...row }));
  } else if (format === 'table' || format === 'wide') {
    const what = { added: 'is named', used: 'is used from now on:', removed: 'is forgotten:' }[outcome];
    out.line(`${paint.good('✓')} ${row.name} ${what} ${printable(placeText(row.place))}`);
    for (const line of more) out.line(`  ${line}`);
  } else out.line([outcome, row.name, printable(placeText(row.place))].join('\t'));
}
