/** The Ledger on a SQLite file. */
import type Database from 'better-sqlite3';
import type { Decision, LabelState, Scope, ShipmentDocument, Snapshot } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { ImportStore } from '../../stockroom/import-store.ts';
import type {
  Ledger,
  OperationRequest,
  RecordedEvent,
  RecordedOperation,
  Transacted,
} from '../../stockroom/ledger.ts';
import type {
  LabelQuery,
  OrderQuery,
  OrderSummary,
  ReservationQuery,
  ShipmentQuery,
} from '../../stockroom/queries.ts';
import type { Lists } from '../lists.ts';
import { connect, type OpenOptions, refuseOtherSchema, schemaVersion } from './connection.ts';
import { asFault } from './errors.ts';
import { Loader } from './load.ts';
import { untilUnlocked } from './retry.ts';
import { Writer } from './write.ts';

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
  const db = await connect(path, { ...options, create: true });
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
  const db = await connect(path, options);
  try {
    refuseOtherSchema(await untilUnlocked(options.deadline, () => schemaVersion(db, path)), path);
    return { db, loader: new Loader(db), writer: new Writer(db), operation: db.prepare(OPERATION) };
  } catch (error) {
    db.close();
    throw asFault(error, path);
  }
}

export class SqliteLedger implements Ledger {
  readonly place: string;
  readonly #options: OpenOptions;
  #session: Session;
  #lists: Promise<Lists> | undefined;
  /** Transactions of this process follow one another; the connection can hold one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(place: string, options: OpenOptions, session: Session) {
    this.place = place;
    this.#options = options;
    this.#session = session;
  }

  async transact<A extends { readonly ok: boolean }>(
    operation: OperationRequest,
    scope: Scope,
    decide: (snapshot: Snapshot) => Decision<A>,
    deadline: number,
  ): Promise<Transacted<A>> {
    return await this.exclusively(operation, deadline, ({ loader, writer, operation: find }) => {
      const recorded = find.get(operation.id);
      if (recorded !== undefined) return { kind: 'recorded', operation: recorded };
      const { answer, at, changes } = decide(loader.snapshot(scope));
      if (answer.ok) {
        const id = writer.operation(operation, at, JSON.stringify(answer));
        writer.changes(changes, id, at, operation.actor);
      }
      return { kind: 'decided', answer };
    });
  }

  async snapshot(scope: Scope, deadline: number): Promise<Snapshot> {
    return await this.reading(deadline, ({ loader }) => loader.snapshot(scope));
  }

  async operation(id: string): Promise<RecordedOperation | null> {
    return await this.reading(this.#options.deadline, ({ operation }) => operation.get(id) ?? null);
  }

  async *labels(query: LabelQuery): AsyncIterable<readonly LabelState[]> {
    yield* (await this.#listing()).labels(query);
  }

  async *orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]> {
    yield* (await this.#listing()).orders(query);
  }

  async *reservations(query: ReservationQuery): AsyncIterable<readonly LabelState[]> {
    yield* (await this.#listing()).reservations(query);
  }

  async *shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]> {
    yield* (await this.#listing()).shipments(query);
  }

  async events(
    of: { label: string } | { order: string } | { operation: string },
    limit: number,
  ): Promise<RecordedEvent[]> {
    return await (await this.#listing()).events(of, limit);
  }

  async imports(): Promise<ImportStore> {
    const { SqliteImports } = await import('./imports.ts');
    return new SqliteImports(this);
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    if (this.#lists !== undefined) await (await this.#lists).close();
    this.#session.db.close();
  }

  /**
   * One durable transaction under the write lock. A COMMIT that fails is unknown, not failed: it is never tried again;
   * the file is opened anew and asked by the operation's id (DESIGN section 6).
   */
  async exclusively<T>(
    operation: OperationRequest,
    deadline: number,
    work: (session: Session) => T | Promise<T>,
  ): Promise<T> {
    const turn = this.#last.then(async () => {
      const session = this.#session;
      try {
        await untilUnlocked(deadline, () => session.db.exec('begin immediate'));
        return await this.#finish(session, operation, await work(session));
      } catch (error) {
        if (session.db.open && session.db.inTransaction) session.db.exec('rollback');
        throw asFault(error, this.place);
      }
    });
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #finish<T>(session: Session, operation: OperationRequest, result: T): Promise<T> {
    try {
      session.db.exec('commit');
      return result;
    } catch (error) {
      const recorded = await this.#askAgain(operation, error);
      if (recorded) return result;
      throw error;
    }
  }

  /** Whether the operation is in the file after all. */
  async #askAgain(operation: OperationRequest, cause: unknown): Promise<boolean> {
    try {
      if (this.#session.db.inTransaction) this.#session.db.exec('rollback');
      this.#session.db.close();
      this.#session = await openSession(this.place, this.#options);
      return this.#session.operation.get(operation.id) !== undefined;
    } catch {
      const message = `the commit failed, and whether ${operation.id} was done can not be learnt now; run it again with --operation-id ${operation.id}`;
      throw new Fault('outcome_unknown', message, { cause });
    }
  }

  /** A read of one moment. */
  async reading<T>(deadline: number, read: (session: Session) => T): Promise<T> {
    const turn = this.#last.then(async () => {
      const { db } = this.#session;
      return await untilUnlocked(deadline, () => {
        db.exec('begin');
        try {
          return read(this.#session);
        } finally {
          db.exec('commit');
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

  /** Lists read on a connection of their own, so that a long one never stands in the way of a transaction. */
  async #listing(): Promise<Lists> {
    this.#lists ??= import('./lists.ts').then(async ({ openLists }) => {
      return openLists(await connect(this.place, this.#options));
    });
    return await this.#lists;
  }
}
