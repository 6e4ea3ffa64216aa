/** What was (DESIGN rule 16): the part of the seam to storage that reads history. */
import type { HistoryPosition, HistoryProblem, LabelState, OrderState } from '../core/index.ts';
import type { RecordedEvent } from './ledger.ts';
import type { HistorySubject, ReservationQuery } from './queries.ts';

/** As `HistoryQuery`, with places as the storage has them. */
export interface RecordedEventsQuery {
  readonly of?: HistorySubject;
  readonly since?: number;
  readonly until?: number;
  readonly descending?: boolean;
  readonly limit?: number;
  /** Begin behind this place; where it descends, before it. */
  readonly after?: HistoryPosition;
  /** Nothing that came in behind this place. */
  readonly upTo?: HistoryPosition;
  /** Without the first values of rows, which are no events. */
  readonly eventsOnly?: boolean;
}

export interface RecordedEvents {
  readonly events: readonly RecordedEvent[];
  /** Where the last of them stands. */
  readonly position: HistoryPosition;
}

/** A row as it was at a moment; `state` is null where it came in later. */
export interface Then<S> {
  /** When it came in, in milliseconds, UTC. */
  readonly recordedAt: number;
  readonly state: S | null;
}

/** Labels and orders, by their numbers. */
export interface HistoryScope {
  readonly labels: readonly string[];
  readonly orders: readonly string[];
}

export interface HistoryReads {
  /** Events, and rows coming in, oldest first. In pages, so that a long reading is in nobody's way. */
  events(query: RecordedEventsQuery): AsyncIterable<RecordedEvents>;

  /**
   * Where history ends now: everything up to there is committed, and nothing will be added before it. Waits for whoever
   * is writing.
   */
  end(): Promise<HistoryPosition>;

  /** All that happened up to a place, row by row as canonical texts; the same for ever, unless someone changed the past. */
  records(upTo: HistoryPosition): AsyncIterable<readonly string[]>;

  /** Labels as they were, by their row ids. */
  labelsAt(ids: readonly number[], moment: number): Promise<ReadonlyMap<number, Then<LabelState>>>;
  /** An order as it was, with the labels that it held then, in label number order. */
  orderAt(id: number, moment: number): Promise<Then<OrderState> & { readonly held: readonly LabelState[] }>;
  /** Labels that were held. */
  reservationsAt(query: ReservationQuery, moment: number): AsyncIterable<readonly LabelState[]>;

  /** Where history disagrees with itself or with what is there; nothing where all is well. Of everything without a scope. */
  problems(scope?: HistoryScope): AsyncIterable<readonly HistoryProblem[]>;
}
