/** What deciding needs and gives: a snapshot of what the scope names goes in; an answer with its changes comes out. */
import type { ChangeSet } from './changes.ts';
import type { Occasion } from './commands.ts';
import { isoMoment } from './calendar.ts';
import { type ShipmentDocument, SCHEMA_VERSION } from './documents.ts';
import type { Envelope, OperationDocument } from './answers.ts';
import type { KnownItem } from './import/known.ts';
import type { LabelState, OrderState } from './model.ts';
import type { Past } from './past.ts';
import { firstInPrecedence, OUTCOMES, type OutcomeCode, type Refusal, type Verb } from './outcomes.ts';

/** What to load before deciding. Labels and the order are named by the keys that people give. */
export interface Scope {
  readonly order?: string;
  readonly labels?: readonly string[];
  /** Also the labels that the order holds. */
  readonly held?: boolean;
  /** Also the order's last shipment. */
  readonly lastShipment?: boolean;
  /** Also the orders that hold the labels. */
  readonly holders?: boolean;
  /** Also these orders, and these items by their skus. */
  readonly orders?: readonly string[];
  readonly items?: readonly string[];
  /** An operation, or a group of them by the part of their names before the `/`, with what became of what it touched. */
  readonly operation?: string;
}

export interface Snapshot {
  readonly order: OrderState | null;
  /** By the text that named them; what is not found is absent. */
  readonly labels: ReadonlyMap<string, LabelState>;
  /** In label number order. */
  readonly held: readonly LabelState[];
  readonly lastShipment: ShipmentDocument | null;
  /** The orders that hold the labels, by id. */
  readonly holders: ReadonlyMap<number, OrderState>;
  /** By number and by sku, where the scope names several; what is not found is absent. */
  readonly orders?: ReadonlyMap<string, OrderState>;
  readonly items?: ReadonlyMap<string, KnownItem>;
  /** Null if there is no operation or group of that name. */
  readonly past: Past | null;
  /** For each order or label text that was not found: existing keys that may have been meant. */
  readonly near: ReadonlyMap<string, readonly string[]>;
}

export interface Decision<A> {
  readonly answer: A;
  /** When it happens, in milliseconds: now, but never before the last event of what it touches. */
  readonly at: number;
  readonly changes: ChangeSet;
}

/** Now, or the last event of anything that is touched if a clock was ahead then (DESIGN section 2). */
export function momentFor(
  now: number,
  touched: Iterable<{ readonly lastEventAt: number | null } | null>,
): number {
  let at = now;
  for (const state of touched)
    if (state?.lastEventAt != null && state.lastEventAt > at) at = state.lastEventAt;
  return at;
}

/** The parts that all answers share, from the codes of all that was asked, refusals and successes alike. */
export function envelope<V extends Verb>(
  verb: V,
  occasion: Occasion,
  at: number,
  refusals: readonly Refusal[],
  successes: readonly OutcomeCode[],
  keepGoing = false,
): Envelope & { readonly verb: V } {
  const first = firstInPrecedence(verb, refusals.length > 0 ? refusals.map(({ code }) => code) : successes);
  if (first === undefined) throw new Error(`${verb} was decided without an outcome`);
  const ok = refusals.length === 0 || (keepGoing && successes.length > 0);
  return {
    schemaVersion: SCHEMA_VERSION,
    verb,
    ok,
    complete: refusals.length === 0,
    code: first,
    dryRun: occasion.dryRun,
    operation: ok && !occasion.dryRun ? operationDocument(occasion, at) : null,
    refusals,
  };
}

function operationDocument(occasion: Occasion, at: number): OperationDocument {
  return { id: occasion.operation, at: isoMoment(at), by: occasion.by, reason: occasion.reason };
}

/** The exit code of an answer: 7 where only a part was done, else its outcome's own. */
export function exitCodeOf(answer: Pick<Envelope, 'ok' | 'complete' | 'code'>): number {
  return answer.ok && !answer.complete ? 7 : OUTCOMES[answer.code].exit;
}
