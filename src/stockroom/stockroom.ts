/**
 * The use cases: everything above talks to a Stockroom and to nothing below it (DESIGN section 5). It answers with the
 * same documents whether the data is in this process, in another database, or behind a server.
 */
import type {
  AutoReserveCommand,
  FindAnswer,
  ImportKind,
  ImportNotice,
  ImportRows,
  LabelDocument,
  OnConflict,
  OperationDocument,
  OrderDocument,
  Refusal,
  ReserveAnswer,
  ReserveCommand,
  RowProblem,
  SCHEMA_VERSION,
  ShipAnswer,
  ShipCommand,
  ShipmentDocument,
  ShortLine,
  Staged,
  Strategy,
  UnreserveAnswer,
  UnreserveCommand,
} from '../core/index.ts';
import type { RecordedEvent } from './ledger.ts';
import type { LabelQuery, OrderQuery, OrderSummary, ReservationQuery, ShipmentQuery } from './queries.ts';

/** Who wants a change, and how; the operation's id is made before the first attempt (DESIGN rule 18). */
export interface Intent {
  readonly operation: string;
  readonly actor: string;
  readonly reason?: string | undefined;
  /** Decide and answer, and record nothing. */
  readonly dryRun?: boolean | undefined;
  /** Most milliseconds to wait for locks. */
  readonly timeout?: number | undefined;
}

export interface Stockroom {
  /** Where the data is, for sentences. */
  readonly place: string;

  /** Sets labels aside for an order's lines (rules 1 to 7). */
  reserve(command: ReserveCommand, intent: Intent): Promise<ReserveAnswer>;
  /** Sets labels aside that it chooses itself (`reserve --auto`). */
  reserveAutomatically(command: AutoReserveCommand, intent: Intent): Promise<ReserveAnswer>;
  /** Frees labels (rule 8). */
  unreserve(command: UnreserveCommand, intent: Intent): Promise<UnreserveAnswer>;
  /** Ships an order from its labels (rules 9 to 11). */
  ship(command: ShipCommand, intent: Intent): Promise<ShipAnswer>;
  /** Says who holds labels (rule 12). */
  find(labels: readonly string[]): Promise<FindAnswer>;
  /** Labels that would cover what an order's lines are short of; chosen on a read, nothing is reserved. */
  suggest(query: SuggestQuery): Promise<Suggestion>;

  labels(query: LabelQuery): AsyncIterable<readonly LabelDocument[]>;
  orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]>;
  reservations(query: ReservationQuery): AsyncIterable<readonly LabelDocument[]>;
  shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]>;

  /** Everything about one thing. A bare name is looked for among orders, labels and operations. */
  show(ref: Ref): Promise<View>;

  /** Begins an import; rows are staged, checked, and then applied (rule 15). */
  beginImport(options: ImportOptions, intent: Intent): Promise<ImportSession>;

  close(): Promise<void>;
}

export const REF_KINDS = ['order', 'label', 'operation'] as const;
export type RefKind = (typeof REF_KINDS)[number];

export interface Ref {
  /** Absent for a bare name. */
  readonly kind?: RefKind | undefined;
  readonly name: string;
}

export interface SuggestQuery {
  readonly order: string;
  readonly line?: number | undefined;
  readonly strategy: Strategy;
}

export interface Suggestion {
  /** Why nothing can be suggested, or null. */
  readonly refusal: Refusal | null;
  readonly labels: readonly { readonly label: string; readonly line: number }[];
  /** Lines that stay short even with the suggested labels. */
  readonly short: readonly ShortLine[];
}

/** An event as a document. */
export interface EventDocument extends Omit<RecordedEvent, 'at'> {
  readonly at: string;
}

export type View =
  | {
      readonly schemaVersion: typeof SCHEMA_VERSION;
      readonly kind: 'order';
      readonly order: OrderDocument;
      /** The labels that it holds. */
      readonly labels: readonly LabelDocument[];
      readonly shipments: readonly ShipmentDocument[];
      /** The latest, oldest first. */
      readonly events: readonly EventDocument[];
    }
  | {
      readonly schemaVersion: typeof SCHEMA_VERSION;
      readonly kind: 'label';
      readonly label: LabelDocument;
      readonly shipments: readonly ShipmentDocument[];
      readonly events: readonly EventDocument[];
    }
  | {
      readonly schemaVersion: typeof SCHEMA_VERSION;
      readonly kind: 'operation';
      readonly operation: OperationDocument & { readonly verb: string };
      readonly events: readonly EventDocument[];
    }
  | { readonly schemaVersion: typeof SCHEMA_VERSION; readonly kind: 'refused'; readonly refusal: Refusal };

export interface ImportOptions {
  readonly onConflict: OnConflict;
  readonly releaseClosed: boolean;
  /** Everything in one transaction, which keeps all others waiting while it lasts. */
  readonly atomic: boolean;
  /** Most problems that an answer lists; they are all counted. */
  readonly problemLimit: number;
}

/** Told now and then how many of all rows have been checked or applied. */
export type ImportProgress = (phase: 'checked' | 'imported', done: number, of: number) => void;

export interface ImportSession {
  /** Stages a row that was read. */
  add<K extends ImportKind>(kind: K, staged: Staged<ImportRows[K]>): void;
  /** Notes a row that could not be read. */
  problem(problem: RowProblem): void;
  /** How many rows are staged. */
  readonly staged: number;
  /** Checks all rows and says what `finish` would do, as a dry run. */
  preview(): Promise<ImportAnswer>;
  /**
   * Checks all rows against the ledger and, if none is wrong and it is no dry run, applies them in the order items,
   * labels, orders, lines. A killed run is finished by running it again.
   */
  finish(progress?: ImportProgress): Promise<ImportAnswer>;
  close(): void;
}

export interface ImportCounts {
  readonly added: number;
  readonly changed: number;
  /** Rows that are as the ledger has them. */
  readonly unchanged: number;
}

export interface ImportAnswer {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly verb: 'import';
  readonly ok: boolean;
  readonly complete: boolean;
  readonly code: 'imported' | 'import_refused' | 'operation_id_reused';
  readonly dryRun: boolean;
  readonly operation: OperationDocument | null;
  readonly refusals: readonly Refusal[];
  readonly counts: Readonly<Record<ImportKind, ImportCounts>>;
  /** The first problems, and how many there are in all. */
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
  readonly notices: readonly ImportNotice[];
}
