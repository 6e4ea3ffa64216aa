/** What each verb answers: its outcome with everything that was done and everything that was refused, as plain data. */
import type {
  LabelDocument,
  LineDocument,
  OrderDocument,
  ReservationDocument,
  SCHEMA_VERSION,
  ShipmentDocument,
} from './documents.ts';
import type { Fields } from './changes.ts';
import type { RepairStep, RepairThing } from './diagnosis/repair-step.ts';
import type { OrderStatus } from './model.ts';
import type { OutcomeCode, Refusal, Verb } from './outcomes.ts';

/** The operation that an answer belongs to, or null where nothing was recorded: a dry run, a refusal, a read. */
export interface OperationDocument {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly reason: string | null;
}

export interface Envelope {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly verb: Verb;
  /** Whether the request was done, or was so already; with `--keep-going` also when only some of it was. */
  readonly ok: boolean;
  /** False where `ok` holds for a part of the request only. */
  readonly complete: boolean;
  /** The first outcome in the verb's order of precedence. */
  readonly code: OutcomeCode;
  readonly dryRun: boolean;
  readonly operation: OperationDocument | null;
  /** Every refusal, in the order of the request. */
  readonly refusals: readonly Refusal[];
}

export interface ReserveResult {
  readonly code: 'reserved' | 'already_reserved';
  readonly label: LabelDocument;
}

export interface ReserveAnswer extends Envelope {
  readonly verb: 'reserve';
  readonly order: OrderDocument | null;
  readonly results: readonly ReserveResult[];
  /** The lines that the labels went to, as they are afterwards. */
  readonly lines: readonly LineDocument[];
}

export interface UnreserveResult {
  readonly code: 'unreserved' | 'not_reserved';
  readonly label: LabelDocument;
  /** Who held the label until now. */
  readonly was: ReservationDocument | null;
}

export interface UnreserveAnswer extends Envelope {
  readonly verb: 'unreserve';
  readonly results: readonly UnreserveResult[];
}

export interface ShipAnswer extends Envelope {
  readonly verb: 'ship';
  /** The order as it is afterwards. */
  readonly order: OrderDocument | null;
  /** What leaves; for `already_shipped`, what left last. */
  readonly shipment: ShipmentDocument | null;
  /** Labels of the order that became active with stock left in them. */
  readonly released: readonly LabelDocument[];
  /** Labels of the order that stay reserved for what is still outstanding. */
  readonly kept: readonly LabelDocument[];
  /** Labels of `--from` that nothing was drawn from. */
  readonly unused: readonly string[];
  /** Names exactly what this answer says would happen; given back, it makes sure of it (`plan_stale`). */
  readonly plan: string | null;
}

/** A line that gained or lost labels, as it is afterwards. */
export interface OrderLineDocument extends LineDocument {
  readonly order: string;
}

/** A label that was moved or freed, with who held it until now. */
export interface MovedLabel {
  readonly label: LabelDocument;
  readonly was: ReservationDocument | null;
}

export interface TransferResult extends MovedLabel {
  readonly code: 'transferred' | 'already_reserved';
}

export interface TransferAnswer extends Envelope {
  readonly verb: 'transfer';
  /** The order that gets the labels, as it is afterwards. */
  readonly order: OrderDocument | null;
  readonly results: readonly TransferResult[];
  /** The lines that the labels left and went to. */
  readonly lines: readonly OrderLineDocument[];
  /** Names exactly what this answer says would happen; given back, it makes sure of it (`plan_stale`). */
  readonly plan: string | null;
}

export interface SwapAnswer extends Envelope {
  readonly verb: 'swap';
  /** Both labels, or none. */
  readonly results: readonly MovedLabel[];
  readonly lines: readonly OrderLineDocument[];
  readonly plan: string | null;
}

/** What `cancel` and `close` answer. */
export interface EndAnswer extends Envelope {
  readonly verb: 'cancel' | 'close';
  /** The order as it is afterwards. */
  readonly order: OrderDocument | null;
  /** The labels that it held. */
  readonly released: readonly MovedLabel[];
  readonly plan: string | null;
}

/** An operation that is undone. */
export interface UndoneOperation {
  readonly id: string;
  readonly verb: string;
  readonly at: string;
  readonly by: string;
}

export interface UndoResult extends MovedLabel {
  readonly code: 'undone' | 'nothing_to_undo';
}

export interface UndoOrderResult {
  readonly code: 'undone' | 'nothing_to_undo';
  readonly order: OrderDocument;
  readonly was: OrderStatus;
}

/** A row of which `diagnose --fix` had put fields back. */
export interface UndoRowResult {
  readonly code: 'undone';
  readonly thing: RepairThing;
  readonly was: Fields;
  readonly now: Fields;
}

export interface UndoAnswer extends Envelope {
  readonly verb: 'undo';
  /** The newest first; those that can't be undone are among the refusals instead. */
  readonly operations: readonly UndoneOperation[];
  /** Every label that is as it was before them now. */
  readonly results: readonly UndoResult[];
  /** Every order whose status is as it was before them now. */
  readonly orders: readonly UndoOrderResult[];
  /** Every row whose fields are as they were before them now; absent if there are none. */
  readonly rows?: readonly UndoRowResult[];
  readonly lines: readonly OrderLineDocument[];
  readonly plan: string | null;
}

/** What `diagnose --fix` did, or would do. */
export interface RepairAnswer extends Envelope {
  readonly verb: 'diagnose';
  readonly steps: readonly RepairStep[];
  /** What a rule forbids, with the reason as a clause; it is left as it is. */
  readonly left: readonly { readonly step: RepairStep; readonly reason: string }[];
  /** Names exactly what this answer says would happen; given back, it makes sure of it (`plan_stale`). */
  readonly plan: string | null;
}

export interface FindAnswer extends Envelope {
  readonly verb: 'find';
  /** The moment that this is of; absent for now. */
  readonly asOf?: string;
  readonly results: readonly LabelDocument[];
}

/** The answers of the verbs that change something. */
export type ChangeAnswer =
  | ReserveAnswer
  | UnreserveAnswer
  | ShipAnswer
  | TransferAnswer
  | SwapAnswer
  | EndAnswer
  | UndoAnswer
  | RepairAnswer;

export type Answer = ChangeAnswer | FindAnswer;
