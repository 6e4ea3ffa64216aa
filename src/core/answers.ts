/** What each verb answers: its outcome with everything that was done and everything that was refused, as plain data. */
import type {
  LabelDocument,
  LineDocument,
  OrderDocument,
  ReservationDocument,
  SCHEMA_VERSION,
  ShipmentDocument,
} from './documents.ts';
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

export interface FindAnswer extends Envelope {
  readonly verb: 'find';
  readonly results: readonly LabelDocument[];
}

export type Answer = ReserveAnswer | UnreserveAnswer | ShipAnswer | FindAnswer;
