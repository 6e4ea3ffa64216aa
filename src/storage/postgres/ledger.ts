/** The Ledger on PostgreSQL. */
import type { Decision, LabelState, Scope, ShipmentDocument, Snapshot } from '../../core/index.ts';
import type { DiagnosisStore } from '../../stockroom/diagnosis-store.ts';
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
import { Connections, type PostgresOptions, type Session } from './connection.ts';
import { asFault, isLost } from './errors.ts';
import { load } from './load.ts';
import { refuseOtherSchema, schemaVersion } from './set-up.ts';
import { transact } from './transact.ts';

/** How long what has no deadline of its own may take, in milliseconds. */
const PATIENCE = 30_000;

/** Opens the ledger at a `postgres://` URL that has this earmark's schema already; `init` makes one. */
export async function openPostgresLedger(url: string, options: PostgresOptions): Promise<PostgresLedger> {
  const connections = await Connections.open(url, options);
  try {
    const { deadline } = options;
    const version = await connections.use(deadline, (session) =>
      schemaVersion(session, connections.place, deadline),
    );
    refuseOtherSchema(version, connections);
    return new PostgresLedger(connections);
  } catch (error) {
    await connections.close();
    throw asFault(error, connections.place);
  }
}

/** Makes the tables if need be and brings them up to date. Gives the version that they had before. */
export async function initPostgresLedger(url: string, options: PostgresOptions): Promise<number> {
  const connections = await Connections.open(url, options);
  try {
    const { migrate } = await import('./migrate.ts');
    return await migrate(connections, options.schema, options.deadline);
  } catch (error) {
    throw asFault(error, connections.place);
  } finally {
    await connections.close();
  }
}

export class PostgresLedger implements Ledger {
  readonly history: HistoryReads;
  readonly #connections: Connections;
  #lists: Promise<Lists> | undefined;

  constructor(connections: Connections) {
    this.#connections = connections;
    this.history = new LentHistory((read) => this.#listing(({ history }) => read(history)));
  }

  get place(): string {
    return this.#connections.place;
  }

  async transact<A extends { readonly ok: boolean }>(
    operation: OperationRequest,
    scope: Scope,
    decide: (snapshot: Snapshot) => Decision<A>,
    deadline: number,
  ): Promise<Transacted<A>> {
    return await this.#faulting(transact(this.#connections, { operation, scope, decide, deadline }));
  }

  async snapshot(scope: Scope, deadline: number): Promise<Snapshot> {
    const { snapshot } = await this.reading(deadline, (session) => load(session, scope, null, deadline));
    return snapshot;
  }

  async operation(id: string): Promise<RecordedOperation | null> {
    const deadline = Date.now() + PATIENCE;
    const { operation } = await this.reading(deadline, (session) => load(session, {}, id, deadline));
    return operation;
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
    return await this.#faulting(this.#openLists().then((lists) => lists.nearestLabels(query)));
  }

  async counts(): Promise<StockCounts> {
    return await this.#faulting(this.#openLists().then((lists) => lists.counts()));
  }

  async diagnosis(): Promise<DiagnosisStore> {
    const { openDiagnosis } = await import('./diagnosis.ts');
    return openDiagnosis(this.#connections);
  }

  async tokens(): Promise<TokenStore> {
    const { tokensOn } = await import('./tokens.ts');
    return tokensOn(this.#connections);
  }

  async imports(): Promise<ImportStore> {
    const { PostgresImports } = await import('./imports.ts');
    return new PostgresImports(this, this.#connections);
  }

  async close(): Promise<void> {
    await (await this.#lists)?.close();
    await this.#connections.close();
  }

  /** A read, done again if the connection had ended without being noticed. */
  async reading<T>(deadline: number, read: (session: Session) => Promise<T>): Promise<T> {
    const attempt = () => this.#connections.use(deadline, read);
    return await this.#faulting(
      attempt().catch((error: unknown) => {
        if (!isLost(error)) throw error;
        return attempt();
      }),
    );
  }

  async *#listing<T>(read: (lists: Lists) => AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* read(await this.#openLists());
    } catch (error) {
      throw asFault(error, this.place);
    }
  }

  async #openLists(): Promise<Lists> {
    this.#lists ??= import('./lists.ts').then(({ openLists }) => openLists(this.#connections.forLists()));
    return await this.#lists;
  }

  async #faulting<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw asFault(error, this.place);
    }
  }
}
