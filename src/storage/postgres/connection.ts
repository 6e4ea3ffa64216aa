/** Connections to a PostgreSQL server: pooled, set up for what they are used for, and checked when the first is made. */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { Fault } from '../../stockroom/fault.ts';
import { targetOf } from './address.ts';
import { inOneTrip, type Prepared, type Rows, type Statement } from './batch.ts';
import { asFault, isAboutTls } from './errors.ts';

const MOST_CONNECTIONS = 10;
/** All times are in milliseconds. A connection that nobody uses is closed after this long. */
const IDLE = 10_000;
/** How long a server may take to answer a login. */
const LONGEST_LOGIN = 10_000;
/** How long a lock is waited for unless a request says otherwise. */
const LONGEST_WAIT = 30_000;
/** How long a transaction may stand still while it holds locks, before the server ends it. */
const LONGEST_SILENCE = 30_000;
/** How much longer than a statement its answer may be on its way before the connection counts as lost. */
const GRACE = 2_000;

export interface PostgresOptions {
  /** Milliseconds, UTC. */
  readonly deadline: number;
  /** The schema with earmark's tables; otherwise the one that the search path comes to. */
  readonly schema?: string | undefined;
}

/** A connection that is nobody else's until it is given back. */
export type Session = pg.PoolClient;

/** bigint and numeric come as numbers: ids, counts, moments and quantities are safe integers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) => {
    const isLarge = oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC;
    return isLarge ? Number : pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text');
  },
};

export class Connections {
  /** Host and database, for sentences. */
  readonly place: string;
  readonly #config: pg.ClientConfig;
  readonly #schema: string | undefined;
  readonly #pool: pg.Pool;
  #closed: Promise<void> | undefined;

  private constructor(place: string, config: pg.ClientConfig, schema: string | undefined) {
    this.place = place;
    this.#config = config;
    this.#schema = schema;
    this.#pool = this.#newPool({ pipeline: true });
    // They are sent at once, and whatever is asked first right behind them.
    this.#pool.on('connect', (client) => {
      for (const setting of this.#settings(HOT_SETTINGS)) client.query(setting).catch(() => client.end());
    });
  }

  /** Logs in by the first way that works. What is wrong is thrown as a fault. */
  static async open(address: string, { deadline, schema }: PostgresOptions): Promise<Connections> {
    const { place, ways } = await targetOf(address, process.env);
    let last: unknown;
    for (const way of ways) {
      const left = Math.max(1, deadline - Date.now());
      const longest = way.connectionTimeoutMillis ?? LONGEST_LOGIN;
      const config = { ...way, connectionTimeoutMillis: Math.min(longest, left) };
      const connections = new Connections(place, config, schema);
      try {
        (await connections.#pool.connect()).release();
        return connections;
      } catch (error) {
        await connections.close();
        last = error;
        if (!isAboutTls(error)) break;
      }
    }
    throw asFault(last, place);
  }

  /**
   * Lends a connection whose queries are sent as soon as they are asked for, without waiting for the answers to those
   * before. One on which anything failed is not used again. Errors of queries are thrown as they come; if there is no
   * connection to be had, that is a fault.
   */
  async use<T>(deadline: number, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#borrow(deadline);
    let sound = false;
    try {
      const result = await work(session);
      sound = true;
      return result;
    } finally {
      session.release(!sound);
    }
  }

  /** Connections apart for lists, which may be read slowly; closed by who takes them. */
  forLists(): pg.Pool {
    const setUp = async (client: pg.ClientBase): Promise<void> => {
      for (const setting of this.#settings(LIST_SETTINGS)) await client.query(setting);
    };
    return this.#newPool({ onConnect: setUp as (client: pg.ClientBase) => void });
  }

  /** The same connections for Kysely, whose end is not theirs. What is wrong is thrown as a fault. */
  forKysely(): PostgresPool {
    const faulting = (error: unknown): never => {
      throw asFault(error, this.place);
    };
    const connect = async (): Promise<PostgresPoolClient> => {
      const session = await this.#borrow(Date.now() + LONGEST_WAIT);
      const query = (text: string, values: unknown[]) => session.query(text, values).catch(faulting);
      // Without cursors, which are another kind of query to Kysely.
      return { query: query as unknown as PostgresPoolClient['query'], release: () => session.release() };
    };
    return { connect, end: async () => undefined };
  }

  async close(): Promise<void> {
    this.#closed ??= this.#pool.end();
    await this.#closed;
  }

  async #borrow(deadline: number): Promise<Session> {
    const { idleCount, totalCount, waitingCount } = this.#pool;
    const pending = this.#pool.connect().catch((error: unknown) => {
      throw asFault(error, this.place);
    });
    if (idleCount > waitingCount || totalCount < MOST_CONNECTIONS) return await pending;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const message = `all connections to ${this.place} stayed in use until the timeout; nothing was done, try again`;
      timer = setTimeout(() => reject(new Fault('busy', message)), Math.max(0, deadline - Date.now()));
    });
    try {
      return await Promise.race([pending, tooLate]);
    } catch (error) {
      pending.then(
        (session) => session.release(),
        () => undefined,
      );
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #newPool(more: pg.PoolConfig): pg.Pool {
    const limits = { max: MOST_CONNECTIONS, idleTimeoutMillis: IDLE, allowExitOnIdle: true };
    const pool = new pg.Pool({ ...this.#config, ...more, ...limits, types });
    // The server may end a connection at any time; whoever uses it is told by the query that fails.
    pool.on('connect', (client) => client.on('error', () => undefined));
    pool.on('error', () => undefined);
    return pool;
  }

  /** What a connection is told when it is made. */
  #settings(settings: readonly string[]): string[] {
    const path = this.#schema === undefined ? [] : [`search_path = ${pg.escapeIdentifier(this.#schema)}`];
    return [...path, settings.join('; set ')].map((setting) => `set ${setting}`);
  }
}

const COMMON_SETTINGS = [
  'default_transaction_isolation = "read committed"',
  `idle_in_transaction_session_timeout = ${LONGEST_SILENCE}`,
  `lock_timeout = ${LONGEST_WAIT}`,
  'jit = off',
];

/** What the planner may do with whole tables and sets. */
const SET_WISE = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'memoize', 'material'];

/**
 * The hot statements go by keys, and take sets. Left to itself the planner may read a whole table that looks small because
 * it was so when it was last counted, and keep to that plan while the table grows to millions of rows.
 */
const HOT_SETTINGS = [
  ...COMMON_SETTINGS,
  `statement_timeout = ${LONGEST_WAIT + GRACE}`,
  'plan_cache_mode = force_generic_plan',
  ...SET_WISE.map((way) => `enable_${way} = off`),
];

const LIST_SETTINGS = COMMON_SETTINGS;

/**
 * Said in a transaction of an import, whose statements take thousands of rows: each is planned for the tables as they are by
 * then, with everything that the planner has.
 */
export const PLAN_AS_USUAL: Statement = {
  text: [
    'set local plan_cache_mode = force_custom_plan',
    ...SET_WISE.map((way) => `set local enable_${way} to default`),
  ].join('; '),
};

/** Sends a statement, behind those that were sent before it. */
export async function ask<R extends pg.QueryResultRow>(
  session: Session,
  { name, text, values = [] }: Statement,
  deadline: number,
): Promise<pg.QueryResult<R>> {
  const named = name === undefined ? {} : { name: preparedName(name) };
  const query = { text, values: [...values], ...named, query_timeout: patience(deadline) };
  return await session.query<R>(query);
}

/** Sends statements in one trip (`batch.ts`), and gives the rows of each. */
export async function askAll(
  session: Session,
  statements: readonly Prepared[],
  deadline: number,
): Promise<readonly Rows[]> {
  const named = statements.map((statement) => ({ ...statement, name: preparedName(statement.name) }));
  return await inOneTrip(session, named, patience(deadline));
}

/** How long an answer may be on its way before the connection counts as lost. */
function patience(deadline: number): number {
  return Math.max(1, deadline - Date.now()) + 2 * GRACE;
}

/** PostgreSQL cuts longer names off, so that two statements could have the same one. */
const LONGEST_NAME = 63;
const shortNames = new Map<string, string>();

function preparedName(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const short = shortNames.get(name) ?? `${name.slice(0, LONGEST_NAME - 8)} ${shortNames.size + 1}`;
  shortNames.set(name, short);
  return short;
}

export const BEGIN: Prepared = { name: 'begin', text: 'begin isolation level read committed' };
export const COMMIT: Prepared = { name: 'commit', text: 'commit' };

/**
 * Lets the transaction that is open, or that the batch is, wait for locks until `deadline`, and no longer. Nothing needs to
 * be said where that is what the connection was set up for.
 */
export function limits(deadline: number): Prepared[] {
  const left = Math.max(1, Math.ceil(deadline - Date.now()));
  if (left <= LONGEST_WAIT && left > 0.95 * LONGEST_WAIT) return [];
  const text = "select set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)";
  return [{ name: 'limits', text, values: [left, left + GRACE] }];
}

/** Begins a transaction in which locks are waited for until `deadline`, and no longer. */
export function begin(deadline: number): Statement {
  const left = Math.max(1, Math.ceil(deadline - Date.now()));
  const limits = `set local lock_timeout = ${left}; set local statement_timeout = ${left + GRACE}`;
  return { text: `begin isolation level read committed; ${limits}` };
}

/** Waits until all queries were answered, then throws the first error, if there was one. */
export async function allOf<const P extends readonly Promise<unknown>[]>(
  queries: P,
): Promise<{ -readonly [I in keyof P]: Awaited<P[I]> }> {
  await Promise.allSettled(queries);
  return (await Promise.all(queries)) as { -readonly [I in keyof P]: Awaited<P[I]> };
}
