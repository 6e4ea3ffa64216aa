/** What `show` and `history` give. */
import type {
  LabelDocument,
  Obstacle,
  OperationDocument,
  OrderDocument,
  OrderStatus,
  Refusal,
  SCHEMA_VERSION,
  ShipmentDocument,
  ShortLine,
} from '../core/index.ts';
import type { RecordedEvent } from './ledger.ts';
import type { HistorySubject } from './queries.ts';

/** An event as a document; a row that came in is one of the kind `recorded`. */
export interface EventDocument extends Omit<RecordedEvent, 'at'> {
  readonly at: string;
}

/** Stock that would help a line which is short: the first labels that nobody holds, and that other orders hold. */
export interface StockForLine {
  readonly line: ShortLine;
  readonly free: readonly LabelDocument[];
  readonly held: readonly LabelDocument[];
  /** Whether there are more than are given. */
  readonly moreFree: boolean;
  readonly moreHeld: boolean;
}

/** A line of a live order that is short of a label's item. */
export interface WantingLine {
  readonly order: string;
  readonly customer: string | null;
  readonly due: string | null;
  readonly status: OrderStatus;
  readonly line: ShortLine;
}

export interface OrderView {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly kind: 'order';
  /** The moment that this is of; absent for now. */
  readonly asOf?: string;
  readonly order: OrderDocument;
  /** The labels that it holds. */
  readonly labels: readonly LabelDocument[];
  /** What keeps it from being shipped in full. */
  readonly obstacles: readonly Obstacle[];
  /** For each short line; nothing where it is of the past. */
  readonly stock: readonly StockForLine[];
  readonly shipments: readonly ShipmentDocument[];
  /** The latest, oldest first. */
  readonly events: readonly EventDocument[];
}

export interface LabelView {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly kind: 'label';
  readonly asOf?: string;
  readonly label: LabelDocument;
  /** Why it can not ship, or only with its holder. */
  readonly obstacles: readonly Obstacle[];
  /** The most urgent lines that an active label could be reserved for; nothing where it is of the past. */
  readonly wanted: readonly WantingLine[];
  readonly shipments: readonly ShipmentDocument[];
  readonly events: readonly EventDocument[];
}

export interface OperationView {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly kind: 'operation';
  readonly asOf?: string;
  readonly operation: OperationDocument & { readonly verb: string };
  readonly events: readonly EventDocument[];
}

export interface RefusedView {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly kind: 'refused';
  readonly refusal: Refusal;
}

export type View = OrderView | LabelView | OperationView | RefusedView;

/** A question about the past. */
export interface PastQuestion {
  /** In milliseconds, UTC; what happened in that very millisecond counts. Absent for now. */
  readonly asOf?: number;
}

/** What a REF names, for asking history about it. */
export type NamedSubject =
  | {
      readonly schemaVersion: typeof SCHEMA_VERSION;
      readonly kind: 'found';
      readonly subject: HistorySubject;
    }
  | RefusedView;

/** A part of history. */
export interface HistoryPage {
  readonly events: readonly EventDocument[];
  /** Where it ended: what to give as `after` to go on. */
  readonly position: string;
}

/** What all history up to a digest's own end comes to. */
export interface HistoryProof {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** The digest that was given, or where none was, of all history up to now. */
  readonly digest: string;
  /** Null where nothing has changed. */
  readonly refusal: Refusal | null;
}
