/**
 * The use cases: everything above talks to a Stockroom and to nothing below it (DESIGN section 5). It answers with the
 * same documents whether the data is in this process, in another database, or behind a server.
 */
import type {
  AutoReserveCommand,
  DiagnoseAnswer,
  EndAnswer,
  EndCommand,
  FindAnswer,
  ImportKind,
  ImportNotice,
  ImportRows,
  LabelDocument,
  OnConflict,
  OperationDocument,
  Refusal,
  RepairAnswer,
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
  SwapAnswer,
  SwapCommand,
  TransferAnswer,
  TransferCommand,
  UndoAnswer,
  UndoCommand,
  UnreserveAnswer,
  UnreserveCommand,
} from '../core/index.ts';
import type { Bundle } from './bundle.ts';
import type { BundleQuery, DiagnoseQuery, RepairCommand } from './diagnosis-queries.ts';
import type {
  HistoryQuery,
  LabelQuery,
  OrderQuery,
  OrderSummary,
  ReservationQuery,
  ShipmentQuery,
} from './queries.ts';
import type { HistoryPage, HistoryProof, NamedSubject, PastQuestion, View } from './views.ts';

export type { Bundle } from './bundle.ts';
export type * from './diagnosis-queries.ts';
export type * from './views.ts';

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
  /** Moves reservations to another line (rule 13). */
  transfer(command: TransferCommand, intent: Intent): Promise<TransferAnswer>;
  /** Exchanges two reservations, or a reserved and an active label (rule 13). */
  swap(command: SwapCommand, intent: Intent): Promise<SwapAnswer>;
  /** Cancels an order, which frees its labels (rule 14). */
  cancelOrder(command: EndCommand, intent: Intent): Promise<EndAnswer>;
  /** Closes an order, which frees its labels (rule 14). */
  closeOrder(command: EndCommand, intent: Intent): Promise<EndAnswer>;
  /** Takes an operation or a group of them back (rule 17). */
  undo(command: UndoCommand, intent: Intent): Promise<UndoAnswer>;
  /** Says who holds labels, or held them at a moment (rules 12 and 16). */
  find(labels: readonly string[], past?: PastQuestion): Promise<FindAnswer>;
  /** Labels that would cover what an order's lines are short of; chosen on a read, nothing is reserved. */
  suggest(query: SuggestQuery): Promise<Suggestion>;

  labels(query: LabelQuery): AsyncIterable<readonly LabelDocument[]>;
  orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]>;
  reservations(query: ReservationQuery): AsyncIterable<readonly LabelDocument[]>;
  shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]>;

  /** Everything about one thing, now or at a moment. A bare name is looked for among orders, labels and operations. */
  show(ref: Ref, past?: PastQuestion): Promise<View>;

  /** What history can be asked about by that name; a group of operations has one, too. */
  subject(ref: Ref): Promise<NamedSubject>;
  /** Who did what when and why, oldest first unless asked otherwise (rule 16). */
  history(query: HistoryQuery): AsyncIterable<HistoryPage>;
  /** Where history ends now: nothing will ever be added before that place. */
  historyEnd(): Promise<string>;
  /** A digest of all history up to now; or whether what an earlier digest covers is still the same. */
  proveHistory(digest?: string): Promise<HistoryProof>;

  /** Looks for what keeps stock from where it is needed, and for what is wrong with the data. Changes nothing. */
  diagnose(query: DiagnoseQuery): Promise<DiagnoseAnswer>;
  /** Frees, or puts back to what history says, what `diagnose` finds (rules 16 and 17). */
  repair(command: RepairCommand, intent: Intent): Promise<RepairAnswer>;

  /** The rows that a colleague needs to look into some orders and labels elsewhere, with what `diagnose` says of them. */
  bundle(query: BundleQuery): Promise<Bundle>;

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

export interface ImportOptions {
  readonly onConflict: OnConflict;
  readonly releaseClosed: boolean;
  /** Everything in one transaction, which keeps all others waiting while it lasts. */
  readonly atomic: boolean;
  /** Most problems that an answer lists; they are all counted. */
  readonly problemLimit: number;
}

/** Told now and then how many of all rows have been sent to a server, checked or applied. */
export type ImportProgress = (phase: 'sent' | 'checked' | 'imported', done: number, of: number) => void;

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
