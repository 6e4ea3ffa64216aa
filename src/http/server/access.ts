/** Who may do what (DESIGN section 8): tokens with roles; without any, only what comes from this machine itself. */
import { parseKey } from '../../core/index.ts';
import type { Clock } from '../../stockroom/clock.ts';
import {
  isTokenOf,
  nameOfToken,
  ROLES,
  type Role,
  type TokenRecord,
  type TokenStore,
} from '../../stockroom/tokens.ts';
import { HEADER } from '../wire.ts';
import { notAllowed, notAuthorised, wrongInput } from './request-problem.ts';

export interface Caller {
  /** Whom the history names. */
  readonly actor: string;
  readonly role: Role;
}

/** How long what the database said of a token is believed, in milliseconds: a revoked one is refused after that. */
const BELIEVED = 1_000;
const MOST_KNOWN = 1_000;
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const NOBODY_NAMED = 'unknown';

interface Known {
  readonly record: TokenRecord;
  readonly until: number;
}

export class Access {
  readonly #tokens: TokenStore | undefined;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  #openUntil = 0;
  #hasTokens = false;

  constructor(tokens: TokenStore | undefined, clock: Clock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** Who sends the request; a request that nobody may send is refused. */
  async callerOf(request: { header(name: string): string | undefined }): Promise<Caller> {
    if (await this.#needsToken()) return await this.#ownerOf(request.header('authorization'));
    if (request.header('authorization') !== undefined)
      throw notAuthorised('this server has no tokens yet, so it can not know the one that was sent');
    refuseStrangers(request.header('host'), request.header('origin'));
    return { actor: `${claimedActor(request.header(HEADER.actor))} (unverified)`, role: 'admin' };
  }

  async #needsToken(): Promise<boolean> {
    if (this.#tokens === undefined) return false;
    const now = this.#clock.now();
    // A database that has tokens never has none again; one that has none is asked again soon.
    if (this.#hasTokens || now < this.#openUntil) return this.#hasTokens;
    this.#hasTokens = await this.#tokens.any();
    this.#openUntil = now + BELIEVED;
    return this.#hasTokens;
  }

  async #ownerOf(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) throw notAuthorised('this server asks for a token');
    const token = /^Bearer +([^ ]+)$/i.exec(authorization.trim())?.[1] ?? '';
    const name = nameOfToken(token);
    if (name === undefined) throw notAuthorised('what was sent is not a token of earmark');
    const record = await this.#record(name);
    if (!isTokenOf(token, record)) throw notAuthorised('the token is unknown here, or was revoked');
    return { actor: record.owner, role: record.role };
  }

  async #record(name: string): Promise<TokenRecord | null> {
    const now = this.#clock.now();
    const known = this.#known.get(name);
    if (known !== undefined && now < known.until) return known.record;
    this.#known.delete(name);
    const record = (await this.#tokens?.find(name)) ?? null;
    if (record === null) return null;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(name, { record, until: now + BELIEVED });
    return record;
  }
}

export function requireRole({ role }: Caller, needed: Role): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(needed)) return;
  throw notAllowed(`this needs a token with the role ${needed}; the one that was sent has ${role}`);
}

/**
 * A web page that a person visits could send requests to a server on their machine. Its own name in Host (DNS rebinding)
 * or its Origin gives it away.
 */
function refuseStrangers(host: string | undefined, origin: string | undefined): void {
  if (host === undefined || !LOCAL_HOST.test(host))
    throw notAllowed('without tokens this server answers only as localhost, 127.0.0.1 or [::1]');
  if (origin !== undefined) throw notAllowed('without tokens this server answers no web page');
}

function claimedActor(header: string | undefined): string {
  if (header === undefined || header === '') return NOBODY_NAMED;
  let name: string;
  try {
    name = decodeURIComponent(header);
  } catch {
    throw wrongInput(`the header ${HEADER.actor} is not percent-encoded`);
  }
  const parsed = parseKey(name);
  if ('problem' in parsed) throw wrongInput(`the actor's name in ${HEADER.actor} ${parsed.problem}`);
  return parsed.key;
}
