/** The Ledger on a SQLite file. */
import type Database from 'better-sqlite3';
import type { Decision, LabelState, Scope, ShipmentDocument, Snapshot } from '../../core/index.ts';
import type { DiagnosisStore } from '../../stockroom/diagnosis-store.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { HistoryReads } from '../../stockroom/history-reads.ts';
import type { ImportStore } from '../../stockroom/import-store.ts';
import type {
  Ledger,
  OperationRequest,
  RecordedOperation,
  StockCounts,
  Transacted,
} from '../../stockroom/ledger.ts';
import type {
  LabelQuery,
  NearestQuery,
  OrderQuery,
  OrderSummary,
  ReservationQuery,
  ShipmentQuery,
} from '../../stockroom/queries.ts';
import type { TokenStore } from '../../stockroom/tokens.ts';
import { LentHistory } from '../history/lent-history.ts';
import type { Lists } from '../lists.ts';
import { connect, type OpenOptions, refuseOtherSchema } from './connection.ts';
import { asFault } from './errors.ts';
import { Loader } from './load.ts';
import { type Decided, WaitingRoom } from './group.ts';
import { untilUnlocked } from './retry.ts';
import { Writer } from './write.ts';

/** How long what has no deadline of its own waits for locks, in milliseconds. */
const PATIENCE = 30_000;
/** Most connections for lists that are kept while no list is read. */
const IDLE_LISTS = 4;

const OPERATION = `
  select name as id, verb, actor, reason, fingerprint, at, answer from operations where name = ?`;

/** A connection with its statements; replaced as a whole when it has to be opened again. */
export interface Session {
  readonly db: Database.Database;
  readonly loader: Loader;
  readonly writer: Writer;
  readonly operation: Database.Statement<[string], RecordedOperation>;
}

/** Opens the ledger in a file that has this earmark's schema already; `init` makes one. */
export async function openSqliteLedger(path: string, options: OpenOptions): Promise<SqliteLedger> {
  return new SqliteLedger(path, options, await openSession(path, options));
}

/** Makes the file if need be and brings its schema up to date. Gives the version that it had before. */
export async function initSqliteLedger(path: string, options: Omit<OpenOptions, 'create'>): Promise<number> {
  const { db } = await connect(path, { ...options, create: true });
  try {
    const { migrate } = await import('./migrate.ts');
    return await migrate(db, path, options.deadline);
  } catch (error) {
    throw asFault(error, path);
  } finally {
    db.close();
  }
}

async function openSession(path: string, options: OpenOptions): Promise<Session> {
  const { db, version } = await connect(path, options);
  try {
    refuseOtherSchema(version, path);
    return { db, loader: new Loader(db), writer: new Writer(db), operation: db.prepare(OPERATION) };
  } catch (error) {
    db.close();
    throw asFault(error, path);
  }
}

function closeAfterFailure(db: Database.Database): void {
  if (db.inTransaction) db.exec('rollback');
  db.close();
}

export class SqliteLedger implements Ledger {
  readonly place: string;
  readonly history: HistoryReads;
  readonly #options: OpenOptions;
  #session: Session;
  #closed = false;
  readonly #mutations = new WaitingRoom<Session>();
  /** Lists read on connections of their own, so that a long one never stands in anybody's way. */
  readonly #idleLists: Lists[] = [];
  /** A connection for tokens, if they were asked for. */
  #tokens: Database.Database | undefined;
  /** Transactions of this process follow one another; the connection can hold one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(place: string, options: OpenOptions, session: Session) {
    this.place = place;
    this.#options = options;
    this.#session = session;
    this.history = new LentHistory((read) => this.#listing(({ history }) => read(history)));
  }

  async transact<A extends { readonly ok: boolean }>(
    operation: OperationRequest,
    scope: Scope,
    decide: (snapshot: Snapshot) => Decision<A>,
    deadline: number,
  ): Promise<Transacted<A>> {
    const work = ({ loader, writer, operation: find }: Session): Transacted<A> => {
      const recorded = find.get(operation.id);
      if (recorded !== undefined) return { kind: 'recorded', operation: recorded };
      const { answer, at, changes } = decide(loader.snapshot(scope));
      if (answer.ok) {
        const id = writer.operation(operation, at, JSON.stringify(answer));
        writer.changes(changes, id, at, operation.actor);
      }
      return { kind: 'decided', answer };
    };
    return await new Promise<Transacted<A>>((resolve, reject) => {
      this.#mutations.add({
        operation,
        deadline,
        work: (session) => {
          const result = work(session);
          return () => resolve(result);
        },
        reject: (error) => reject(asFault(error, this.place)),
      });
      if (this.#mutations.size === 1) this.#beginGroup();
    });
  }

  async snapshot(scope: Scope, deadline: number): Promise<Snapshot> {
    return await this.reading(deadline, ({ loader }) => loader.snapshot(scope));
  }

  async operation(id: string): Promise<RecordedOperation | null> {
    return await this.reading(Date.now() + PATIENCE, ({ operation }) => operation.get(id) ?? null);
  }

  async *labels(query: LabelQuery): AsyncIterable<readonly LabelState[]> {
    yield* this.#listing((lists) => lists.labels(query));
  }

  async *orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]> {
    yield* this.#listing((lists) => lists.orders(query));
  }

  async *reservations(query: ReservationQuery): AsyncIterable<readonly LabelState[]> {
    yield* this.#listing((lists) => lists.reservations(query));
  }

  async *shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]> {
    yield* this.#listing((lists) => lists.shipments(query));
  }

  async nearestLabels(query: NearestQuery): Promise<readonly LabelState[]> {
    return await this.#withLists(async (lists) => await lists.nearestLabels(query));
  }

  async imports(): Promise<ImportStore> {
    const { SqliteImports } = await import('./imports.ts');
    return new SqliteImports(this);
  }

  async diagnosis(): Promise<DiagnosisStore> {
    const { openDiagnosis } = await import('./diagnosis.ts');
    return await openDiagnosis(this.place, this.#reopening());
  }

  async tokens(): Promise<TokenStore> {
    const { tokensOn } = await import('./tokens.ts');
    this.#tokens ??= (await connect(this.place, this.#reopening())).db;
    return tokensOn(this.#tokens);
  }

  async counts(): Promise<StockCounts> {
    return await this.#withLists(async (lists) => await lists.counts());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last.catch(() => undefined);
    this.#tokens?.close();
    for (const lists of this.#idleLists.splice(0)) await lists.close();
    this.#session.db.close();
  }

  /** Lets the mutations that are waiting by then have the next turn together. */
  #beginGroup(): void {
    // One turn of the event loop lets requests that arrived while the last group was committed join this one.
    const turn = this.#last.then(() => new Promise((resolve) => setImmediate(resolve)));
    this.#last = turn.then(async () => await this.#runGroup());
  }

  async #runGroup(): Promise<void> {
    try {
      const session = await this.#current();
      const { db } = session;
      if (!(await this.#mutations.lock(db))) return;
      const decided = this.#mutations.run(db, session);
      if (decided.length > 0) await this.#commitGroup(db, decided);
      else if (db.inTransaction) db.exec('rollback');
    } catch (error) {
      this.#mutations.rejectAll(error);
    }
    if (this.#mutations.size > 0) this.#beginGroup();
  }

  /**
   * A COMMIT that fails is unknown, not failed: it is never tried again; the file is opened anew and asked whether the
   * operations are there (DESIGN section 6). One transaction is there as a whole or not at all.
   */
  async #commitGroup(db: Database.Database, decided: readonly Decided[]): Promise<void> {
    try {
      db.exec('commit');
    } catch (cause) {
      const error = await this.#unlessThere(db, decided, cause);
      if (error !== undefined) {
        for (const { operation, reject } of decided) reject(error(operation.id));
        return;
      }
    }
    for (const { deliver } of decided) deliver();
  }

  /** What to say of each operation after a failed commit; undefined if the commit was done after all. */
  async #unlessThere(
    db: Database.Database,
    decided: readonly Decided[],
    cause: unknown,
  ): Promise<((id: string) => unknown) | undefined> {
    try {
      closeAfterFailure(db);
      const { operation: find } = await this.#current();
      return decided.some(({ operation }) => find.get(operation.id) !== undefined) ? undefined : () => cause;
    } catch {
      return (id) => {
        const message = `the commit failed, and whether ${id} was done can not be learnt now; run it again with --operation-id ${id}`;
        return new Fault('outcome_unknown', message, { cause });
      };
    }
  }

  /** One durable transaction under the write lock. After a COMMIT that failed it stays open what was written. */
  async exclusively<T>(
    operation: OperationRequest,
    deadline: number,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const turn = this.#last.then(async () => {
      let session: Session | undefined;
      try {
        session = await this.#current();
        const { db } = session;
        await untilUnlocked(deadline, () => db.exec('begin immediate'));
        const result = await work(session);
        this.#commit(db, operation);
        return result;
      } catch (error) {
        if (session?.db.open === true && session.db.inTransaction) session.db.exec('rollback');
        throw asFault(error, this.place);
      }
    });
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  #commit(db: Database.Database, operation: OperationRequest): void {
    try {
      db.exec('commit');
    } catch (error) {
      closeAfterFailure(db);
      const fault = asFault(error, this.place);
      if (fault instanceof Fault) throw fault;
      throw new Fault('outcome_unknown', `a commit of ${operation.id} failed half-way`, { cause: error });
    }
  }

  /** The connection, opened anew if a failed commit closed it. */
  async #current(): Promise<Session> {
    if (this.#closed) throw new Error('the ledger is closed');
    if (!this.#session.db.open) this.#session = await openSession(this.place, this.#reopening());
    return this.#session;
  }

  #reopening(): OpenOptions {
    return { ...this.#options, create: false, deadline: Date.now() + PATIENCE };
  }

  /** A read of one moment. */
  async reading<T>(deadline: number, read: (session: Session) => T): Promise<T> {
    const turn = this.#last.then(async () => {
      const session = await this.#current();
      return await untilUnlocked(deadline, () => {
        session.db.exec('begin');
        try {
          return read(session);
        } finally {
          session.db.exec('commit');
        }
      });
    });
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (error) {
      throw asFault(error, this.place);
    }
  }

  async *#listing<T>(read: (lists: Lists) => AsyncIterable<T>): AsyncIterable<T> {
    const lists = await this.#takeLists();
    try {
      yield* read(lists);
    } catch (error) {
      throw asFault(error, this.place);
    } finally {
      await this.#giveBack(lists);
    }
  }

  async #withLists<T>(read: (lists: Lists) => Promise<T>): Promise<T> {
    const lists = await this.#takeLists();
    try {
      return await read(lists);
    } catch (error) {
      throw asFault(error, this.place);
    } finally {
      await this.#giveBack(lists);
    }
  }

  async #takeLists(): Promise<Lists> {
    const idle = this.#idleLists.pop();
    if (idle !== undefined) return idle;
    const { openLists } = await import('./lists.ts');
    return openLists((await connect(this.place, this.#reopening())).db);
  }

  async #giveBack(lists: Lists): Promise<void> {
    if (this.#closed || this.#idleLists.length >= IDLE_LISTS) await lists.close();
    else this.#idleLists.push(lists);
  }
}
