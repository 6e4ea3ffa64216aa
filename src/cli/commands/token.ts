/** `earmark token`: who may use the server, and as what. */
import { type Command, Option } from 'commander';
import { isoMoment, parseKey, printable, SCHEMA_VERSION } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import { newToken, ROLES, type Role, type TokenRecord, type TokenStore } from '../../stockroom/tokens.ts';
import { examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json-text.ts';
import { openLocalLedger } from '../local-ledger.ts';
import type { Listing } from '../present/columns.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import { printListing } from '../present/listing.ts';
import { actorOf, type CommonFlags } from '../settings.ts';

interface CreateFlags extends CommonFlags {
  readonly role: Role;
}

/** What the history calls somebody whom a server could not know; nobody may be called so by a token. */
const UNVERIFIED = /\(unverified\)$/i;

export const define: Define = (command, context, finish) => {
  command.description('make, list and revoke tokens, which clients show to the server');
  examples(command, [
    'earmark token create dana --role operate',
    'earmark token list',
    'earmark token revoke k3v8q2dz',
  ]);
  const create = command
    .command('create')
    .description('make a token for a person or a program; it is printed this once and never again')
    .argument('<owner>', 'whom the history will name');
  create.addOption(roleOption());
  examples(create, [
    'earmark token create dana --role operate',
    'earmark token create nightly-import --role admin > import.token',
  ]);
  create.action(
    handler<CreateFlags>(context, finish, async ([owner], flags) => {
      return await withTokens(
        context,
        async (tokens) => await createToken(context, tokens, `${owner}`, flags),
      );
    }),
  );

  const list: Command = command
    .command('list')
    .description('the tokens that were made, and which are revoked');
  examples(list, ['earmark token list', 'earmark token list --json']);
  list.action(
    handler<CommonFlags>(context, finish, async () => {
      return await withTokens(context, async (tokens) => {
        await printListing(context, TOKENS, [(await tokens.list()).map(tokenDocument)]);
        return 0;
      });
    }),
  );

  const revoke = command
    .command('revoke')
    .description('end a token; servers that run refuse it within two seconds')
    .argument('<name>', 'its name, as the list shows it');
  examples(revoke, ['earmark token revoke k3v8q2dz']);
  revoke.action(
    handler<CommonFlags>(context, finish, async ([name]) => {
      return await withTokens(context, async (tokens) => await revokeToken(context, tokens, `${name}`));
    }),
  );
};

function roleOption(): Option {
  return new Option('--role <role>', 'read: look; operate: also every verb; admin: also imports')
    .choices(ROLES)
    .makeOptionMandatory();
}

async function withTokens(context: Context, work: (tokens: TokenStore) => Promise<number>): Promise<number> {
  const ledger = await openLocalLedger(context, 'earmark token');
  try {
    return await work(await ledger.tokens());
  } finally {
    await ledger.close();
  }
}

async function createToken(
  context: Context,
  tokens: TokenStore,
  given: string,
  { role, ...flags }: CreateFlags,
): Promise<number> {
  const { out, err, errPaint } = context;
  const parsed = parseKey(given);
  if ('problem' in parsed) throw new Fault('input', `the owner's name ${parsed.problem}`);
  const owner = parsed.key;
  if (UNVERIFIED.test(owner)) throw new Fault('input', `the owner's name may not end with "(unverified)"`);
  const createdBy = actorOf(flags, context.streams.env);
  const { token, record } = newToken({ owner, role, createdAt: context.clock.now(), createdBy });
  await tokens.add(record);
  if (isDocument(formatOf(context))) {
    const made = {
      schemaVersion: SCHEMA_VERSION,
      verb: 'token',
      outcome: 'created',
      ...tokenDocument(record),
    };
    out.line(jsonText({ ...made, token }));
    return 0;
  }
  // The token alone, so that it can be sent into a file.
  out.line(token);
  if (flags.quiet !== true) {
    err.line(`${errPaint.good('✓')} made token ${record.name} for ${printable(owner)} with the role ${role}`);
    err.line('  keep it now: it is not shown again');
    err.line(`  revoke: earmark token revoke ${record.name}`);
  }
  return 0;
}

async function revokeToken(context: Context, tokens: TokenStore, name: string): Promise<number> {
  if (!(await tokens.revoke(name, context.clock.now()))) {
    const next = [{ label: 'list', command: 'earmark token list' }];
    throw new Fault('token_not_found', `no token has the name ${name}`, { next });
  }
  if (context.flags.quiet === true) return 0;
  const { out, paint } = context;
  const format = formatOf(context);
  if (isDocument(format)) {
    out.line(jsonText({ schemaVersion: SCHEMA_VERSION, verb: 'token', outcome: 'revoked', name }));
  } else if (format === 'table' || format === 'wide') {
    out.line(`${paint.good('✓')} token ${name} is revoked`);
  } else out.line(`revoked\t${name}`);
  return 0;
}

interface TokenDocument {
  readonly name: string;
  readonly owner: string;
  readonly role: Role;
  readonly created: string;
  readonly createdBy: string;
  readonly revoked: string | null;
}

function tokenDocument({ name, owner, role, createdAt, createdBy, revokedAt }: TokenRecord): TokenDocument {
  const revoked = revokedAt === null ? null : isoMoment(revokedAt);
  return { name, owner, role, created: isoMoment(createdAt), createdBy, revoked };
}

const TOKENS: Listing<TokenDocument> = {
  name: 'tokens',
  nameOf: ({ name }) => `token/${name}`,
  columns: [
    { field: 'name', title: 'name', value: ({ name }) => name },
    { field: 'owner', title: 'owner', value: ({ owner }) => owner },
    { field: 'role', title: 'role', value: ({ role }) => role },
    {
      field: 'created',
      title: 'created',
      value: ({ created }) => created,
      shown: ({ created }, sayMoment) => sayMoment(created),
    },
    { field: 'createdBy', title: 'by', value: ({ createdBy }) => createdBy },
    {
      field: 'revoked',
      title: 'revoked',
      value: ({ revoked }) => revoked,
      shown: ({ revoked }, sayMoment) => (revoked === null ? '' : sayMoment(revoked)),
    },
  ],
};
