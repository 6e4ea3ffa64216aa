/**
 * The seam to storage (DESIGN section 5). A Ledger loads what a scope names, runs a pure decision on it and writes its
 * changes and events, all as one; and it answers consistent reads. It knows nothing of what the decisions mean.
 */
import type { Decision, LabelState, Scope, ShipmentDocument, Snapshot } from '../core/index.ts';
import type { HistoryReads } from './history-reads.ts';
import type { DiagnosisStore } from './diagnosis-store.ts';
import type { ImportStore } from './import-store.ts';
import type {
  LabelQuery,
  NearestQuery,
  OrderQuery,
  OrderSummary,
  ReservationQuery,
  ShipmentQuery,
} from './queries.ts';
import type { TokenStore } from './tokens.ts';

/** One intent, as it will be recorded. */
export interface OperationRequest {
  /** Chosen by the caller, or made before the first attempt. */
  readonly id: string;
  readonly verb: string;
  readonly actor: string;
  readonly reason: string | null;
  /** SHA-256 of the canonical request, in hexadecimal. */
  readonly fingerprint: string;
}

/** An operation that was recorded before, with the answer that it was given. */
export interface RecordedOperation {
  readonly id: string;
  readonly verb: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly fingerprint: string;
  /** Milliseconds, UTC. */
  readonly at: number;
  /** The document of the first answer; null while an import is unfinished. */
  readonly answer: string | null;
}

/** An event as the history shows it. A row that came in is one of the kind `recorded`, with its first values as `after`. */
export interface RecordedEvent {
  readonly at: number;
  readonly kind: string;
  readonly operation: string;
  readonly verb: string;
  readonly by: string;
  readonly reason: string | null;
  readonly item: string | null;
  readonly label: string | null;
  readonly order: string | null;
  readonly line: number | null;
  readonly before: Readonly<Record<string, string | number | null>> | null;
  readonly after: Readonly<Record<string, string | number | null>> | null;
}

export type Transacted<A> =
  | { readonly kind: 'decided'; readonly answer: A }
  /** The operation id was used before; nothing was decided or written. */
  | { readonly kind: 'recorded'; readonly operation: RecordedOperation };

/** How many labels have each status, for a server's figures. */
export interface StockCounts {
  readonly active: number;
  readonly reserved: number;
  readonly depleted: number;
  /** When the oldest reservation was made, in milliseconds, UTC; null without any. */
  readonly oldestReservation: number | null;
}

export interface Ledger {
  /** Where the data is, for sentences: a file's path, a server's host and database. Never a password. */
  readonly place: string;

  /**
   * Looks the operation id up; if it is new, loads the scope, decides, and if the answer is `ok` writes the operation
   * with its changes and events, durably. `decide` may run more than once and must be pure. Waits for locks until
   * `deadline` (milliseconds, UTC), then throws the fault `busy`.
   */
  transact<A extends { readonly ok: boolean }>(
    operation: OperationRequest,
    scope: Scope,
    decide: (snapshot: Snapshot) => Decision<A>,
    deadline: number,
  ): Promise<Transacted<A>>;

  /** What the scope names, read at one moment. */
  snapshot(scope: Scope, deadline: number): Promise<Snapshot>;

  /** Rows that match, in batches, in the order asked for. */
  labels(query: LabelQuery): AsyncIterable<readonly LabelState[]>;
  orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]>;
  /** Held labels; as labels, because a reservation is shown with its label. */
  reservations(query: ReservationQuery): AsyncIterable<readonly LabelState[]>;
  shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]>;
  /** The nearest first. */
  nearestLabels(query: NearestQuery): Promise<readonly LabelState[]>;

  operation(id: string): Promise<RecordedOperation | null>;

  /** What was, and whether it agrees with what is. */
  readonly history: HistoryReads;

  /** What imports need besides. */
  imports(): Promise<ImportStore>;

  /** What `diagnose` reads besides, on a connection of its own. */
  diagnosis(): Promise<DiagnosisStore>;

  /** What a server needs besides: who may use it, and its figures. The tokens close with the ledger. */
  tokens(): Promise<TokenStore>;
  counts(): Promise<StockCounts>;

  close(): Promise<void>;
}
