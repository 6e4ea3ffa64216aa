/**
 * What undoing an operation needs to know (DESIGN rule 17): what the operation, or the operations of a group, did, and what
 * has become since of everything that they touched.
 */
import type { EventKind, Fields } from './changes.ts';
import type { KnownItem } from './import/known.ts';
import type { LabelState, OrderState } from './model.ts';

export interface Past {
  /** The one operation, or those of the group, the newest first. */
  readonly operations: readonly PastOperation[];
  /**
   * As they happened: every event of these operations; every event that befell one of their labels after the first of
   * them, and every change of one of their orders and its lines.
   */
  readonly events: readonly PastEvent[];
  /** The labels that their events name, by id, as they are now; in label number order. */
  readonly labels: ReadonlyMap<number, LabelState>;
  /** The orders that their events name, by id, as they are now; in order number order. */
  readonly orders: ReadonlyMap<number, OrderState>;
  /** The items that their events name, by id; what befell them since is told, too. */
  readonly items?: ReadonlyMap<number, KnownItem>;
}

export interface PastOperation {
  readonly id: string;
  readonly verb: string;
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly by: string;
}

export interface PastEvent {
  /** Grows with time. */
  readonly id: number;
  readonly kind: EventKind;
  readonly itemId?: number | null;
  readonly labelId: number | null;
  readonly orderId: number | null;
  readonly lineId: number | null;
  readonly before: Fields | null;
  readonly after: Fields | null;
  readonly operation: PastOperation;
}

/** What the operations that are undone did to one thing, and who came after them. */
export interface Trail {
  /** Their events that nobody else's follows, in a row; none if somebody else was last. */
  readonly tail: readonly PastEvent[];
  /** Their first event of all. */
  readonly first: PastEvent;
  /** The last event of others that follows one of theirs; null if the tail is all that there is of theirs. */
  readonly later: PastEvent | null;
}

/** The trail of one thing, whose events are given as they happened; undefined if `own` are none of them. */
export function trailOf(events: readonly PastEvent[], own: ReadonlySet<string>): Trail | undefined {
  const isOwn = ({ operation }: PastEvent): boolean => own.has(operation.id);
  const first = events.find(isOwn);
  if (first === undefined) return undefined;
  const last = events.findLastIndex((event) => !isOwn(event));
  const before = events.slice(0, last + 1);
  return { tail: events.slice(last + 1), first, later: before.some(isOwn) ? (before.at(-1) ?? null) : null };
}
