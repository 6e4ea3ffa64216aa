/**
 * What history tells (DESIGN rule 16): the fields of a row at any moment, from its first values and events alone, and
 * whether the events agree with one another and with what is there. Both follow events one by one, in the order in which
 * they happened, so that a thing with a million events needs no more memory than one with two.
 */
import { isoMoment } from './calendar.ts';
import type { EventKind, Fields } from './changes.ts';

/** An event as it is stored. `id` orders all events; `at` is in milliseconds, UTC. */
export interface HistoryEvent {
  readonly id: number;
  readonly at: number;
  readonly kind: EventKind;
  readonly operation: string;
  readonly labelId: number | null;
  readonly lineId: number | null;
  readonly before: Fields | null;
  readonly after: Fields | null;
}

type Change = Pick<HistoryEvent, 'at' | 'kind' | 'before' | 'after'>;

/**
 * Whether the event is about who holds a label, and not about the fields of a row. One that puts nothing back for nothing
 * writes down that nobody holds it.
 */
export function tellsOfHolder({ kind, before, after }: Pick<Change, 'kind' | 'before' | 'after'>): boolean {
  switch (kind) {
    case 'reserved':
    case 'unreserved':
      return true;
    case 'restored':
      return (before === null && after === null) || 'since' in (before ?? after ?? {});
    case 'label_changed':
    case 'line_changed':
    case 'order_changed':
    case 'item_changed':
      return false;
  }
}

/**
 * The fields of a row as they were at a moment. Those that the row keeps its `first` values of are told forwards from
 * them; of the others it is known what they are `now` and what each event changed, so before its first change a field had
 * the `before` of that.
 */
export class FieldsThen {
  readonly #now: Fields;
  readonly #told: Record<string, string | number | null>;
  readonly #moment: number;

  /** `moment` in milliseconds, UTC; what happened in that very millisecond counts. */
  constructor(now: Fields, first: Fields, moment: number) {
    this.#now = now;
    this.#told = { ...first };
    this.#moment = moment;
  }

  /** Takes the next event that changed fields of the row. */
  follow({ at, before, after }: Pick<Change, 'at' | 'before' | 'after'>): void {
    const happened = at <= this.#moment;
    for (const [field, value] of Object.entries((happened ? after : before) ?? {})) {
      if (happened || !(field in this.#told)) this.#told[field] = value;
    }
  }

  get fields(): Fields {
    return { ...this.#now, ...this.#told };
  }
}

/** A row, or a line of an order, whose fields history follows. */
export interface HistoryPart {
  /** Null for the label, order or item itself. */
  readonly lineId: number | null;
  readonly line: number | null;
  readonly first: Fields;
  readonly now: Fields;
}

/** A label, an item, or an order with its lines: first values, and what is there now. */
export interface HistoryFacts {
  readonly kind: 'label' | 'order' | 'item';
  readonly name: string;
  /** When it came in. */
  readonly recordedAt: number;
  readonly parts: readonly HistoryPart[];
  /** Who holds a label now, as events say it. */
  readonly holder: Fields | null;
}

export const HISTORY_PROBLEMS = [
  /** What an event found is not what the event before it left. */
  'does_not_follow',
  /** An event is earlier than the one before it, or than the thing itself. */
  'runs_backwards',
  /** What is there is not what history says. */
  'state_differs',
  /** An event is about a row, or of an operation, that does not exist. */
  'of_nothing_known',
] as const;

/** Something in history that can't be, and where. */
export interface HistoryProblem {
  readonly problem: (typeof HISTORY_PROBLEMS)[number];
  readonly label: string | null;
  readonly order: string | null;
  readonly line: number | null;
  readonly item: string | null;
  /** `holder`, or the name of a field; null where it is about the event as a whole. */
  readonly field: string | null;
  /** The operation of the event, and when it was; null where no event is to blame. */
  readonly operation: string | null;
  readonly at: string | null;
  /** What history says, and what the event or the row says. */
  readonly told: HistoryValue;
  readonly found: HistoryValue;
}

export type HistoryValue = string | number | null | Fields;

/** Most problems that are told of one thing; whatever broke it, more say no more. */
const MOST_PROBLEMS = 50;
const HOLDER = 'holder';

interface Aspect {
  readonly part: HistoryPart | null;
  readonly field: string;
}

interface Found {
  readonly problem: HistoryProblem;
  /** What it is a problem of, where putting that back settles it. */
  readonly aspect: string | null;
}

/** Follows the events of one thing, and tells what can't be. */
export class HistoryCheck {
  readonly #facts: HistoryFacts;
  readonly #parts = new Map<number | null, HistoryPart>();
  readonly #told = new Map<string, HistoryValue>();
  #found: Found[] = [];
  #lastAt: number;

  constructor(facts: HistoryFacts) {
    this.#facts = facts;
    this.#lastAt = facts.recordedAt;
    if (facts.kind === 'label') this.#told.set(nameOf({ part: null, field: HOLDER }), null);
    for (const part of facts.parts) {
      this.#parts.set(part.lineId, part);
      for (const [field, value] of Object.entries(part.first)) this.#told.set(nameOf({ part, field }), value);
    }
  }

  /** Takes the thing's next event. Events of labels that touch an order count there for their time alone. */
  follow(event: HistoryEvent): void {
    if (event.at < this.#lastAt) {
      this.#note('runs_backwards', null, event, isoMoment(this.#lastAt), isoMoment(event.at));
    }
    this.#lastAt = Math.max(this.#lastAt, event.at);
    if (this.#facts.kind === 'order' && event.labelId !== null) return;
    if (tellsOfHolder(event)) {
      this.#step({ part: null, field: HOLDER }, event, event.before, event.after);
      return;
    }
    const part = this.#parts.get(this.#facts.kind === 'order' ? event.lineId : null);
    if (part === undefined) {
      this.#note('of_nothing_known', null, event, null, null);
      return;
    }
    const fields = new Set([...Object.keys(event.before ?? {}), ...Object.keys(event.after ?? {})]);
    for (const field of fields) {
      this.#step({ part, field }, event, event.before?.[field] ?? null, event.after?.[field] ?? null);
    }
  }

  /** All that can't be, once the last event was taken. */
  problems(): HistoryProblem[] {
    const { parts, kind, holder } = this.#facts;
    if (kind === 'label') this.#compare({ part: null, field: HOLDER }, holder);
    for (const part of parts) {
      for (const [field, value] of Object.entries(part.now)) this.#compare({ part, field }, value);
    }
    return this.#found.map(({ problem }) => problem);
  }

  #step(aspect: Aspect, event: HistoryEvent, before: HistoryValue, after: HistoryValue): void {
    const name = nameOf(aspect);
    if (event.kind === 'restored') {
      // It says what was found, whatever that was, and puts back what is right: what was wrong before is settled.
      this.#found = this.#found.filter((each) => each.aspect !== name);
    } else if (this.#told.has(name) && !sameValue(this.#told.get(name) ?? null, before)) {
      this.#note('does_not_follow', aspect, event, this.#told.get(name) ?? null, before);
    }
    this.#told.set(name, after);
  }

  #compare(aspect: Aspect, found: HistoryValue): void {
    const name = nameOf(aspect);
    const told = this.#told.get(name) ?? null;
    if (this.#told.has(name) && !sameValue(told, found)) {
      this.#note('state_differs', aspect, null, told, found);
    }
  }

  #note(
    problem: HistoryProblem['problem'],
    aspect: Aspect | null,
    event: HistoryEvent | null,
    told: HistoryValue,
    found: HistoryValue,
  ): void {
    if (this.#found.length >= MOST_PROBLEMS) return;
    const { kind, name } = this.#facts;
    this.#found.push({
      aspect: aspect === null ? null : nameOf(aspect),
      problem: {
        problem,
        label: kind === 'label' ? name : null,
        order: kind === 'order' ? name : null,
        line: aspect?.part?.line ?? null,
        item: kind === 'item' ? name : null,
        field: aspect?.field ?? null,
        operation: event?.operation ?? null,
        at: event === null ? null : isoMoment(event.at),
        told,
        found,
      },
    });
  }
}

function nameOf({ part, field }: Aspect): string {
  return `${part?.lineId ?? ''} ${part === null ? HOLDER : field}`;
}

/** Fields are the same whatever order they stand in; a field that is not there is null. */
function sameValue(a: HistoryValue, b: HistoryValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? null) === (b[name] ?? null));
}
