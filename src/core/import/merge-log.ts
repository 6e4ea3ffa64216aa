/** Collects what a merge of rows comes to: counts, problems, whole rows to write and the events that tell of them. */
import type { EventKind, Fields, NewEvent } from '../changes.ts';
import { isoMoment } from '../calendar.ts';
import type { Holder, LabelState } from '../model.ts';
import type { ImportNotice, MergeResult, OnConflict } from './known.ts';
import type { Origin, RowProblem } from './row.ts';

type EventIds = Pick<NewEvent, 'itemId' | 'labelId' | 'orderId' | 'lineId'>;

export class MergeLog<W extends object> {
  readonly #now: number;
  #at: number;
  #added = 0;
  #changed = 0;
  #unchanged = 0;
  readonly #problems: RowProblem[] = [];
  readonly #notices: ImportNotice[] = [];
  readonly #writes: W[] = [];
  readonly #freed: number[] = [];
  readonly #events: NewEvent[] = [];

  constructor(now: number) {
    this.#now = now;
    this.#at = now;
  }

  problem(origin: Origin, column: string | null, reason: string): void {
    this.#problems.push({ ...origin, column, reason });
  }

  notice(notice: ImportNotice): void {
    this.#notices.push(notice);
  }

  added(write: W): void {
    this.#added += 1;
    this.#writes.push(write);
  }

  /**
   * Notes a known row with its merged form. Only fields that differ are written into the event; a row in which only
   * the source's own last word is new (`sourceChanged`) is written, and counted as left alone.
   */
  changed<R extends W>(
    kind: EventKind,
    ids: EventIds,
    before: object,
    after: R,
    fields: readonly (keyof R & string)[],
    lastEventAt: number | null,
    sourceChanged: boolean,
    show: (row: object, field: string) => string | number | null = plainField,
  ): void {
    const changes = fields.filter((field) => show(before, field) !== show(after, field));
    if (changes.length > 0) {
      this.#changed += 1;
      this.touch(lastEventAt);
      this.#events.push({
        kind,
        ...ids,
        before: pick(before, changes, show),
        after: pick(after, changes, show),
      });
    } else {
      this.#unchanged += 1;
    }
    if (changes.length > 0 || sourceChanged) this.#writes.push(after);
  }

  /** Frees a label as a consequence of the import. */
  freed({ label, lastEventAt }: LabelState, holder: Holder): void {
    this.touch(lastEventAt);
    this.#freed.push(label.id);
    const { order, line, since, by, operation } = holder;
    const before = { order, line, since: isoMoment(since), by, operation };
    const ids = { itemId: null, labelId: label.id, orderId: holder.orderId, lineId: holder.lineId };
    this.#events.push({ kind: 'unreserved', ...ids, before, after: null });
  }

  /** Events are never earlier than the last event of what they touch. */
  touch(lastEventAt: number | null): void {
    if (lastEventAt !== null && lastEventAt > this.#at) this.#at = lastEventAt;
  }

  result(): MergeResult<W> {
    return {
      added: this.#added,
      changed: this.#changed,
      unchanged: this.#unchanged,
      problems: this.#problems,
      notices: this.#notices,
      writes: this.#writes,
      freedLabels: this.#freed,
      events: this.#events,
      at: Math.max(this.#at, this.#now),
    };
  }
}

function plainField(row: object, field: string): string | number | null {
  const value: unknown = (row as Record<string, unknown>)[field];
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function pick(row: object, fields: readonly string[], show: typeof plainField): Fields {
  return Object.fromEntries(fields.map((field) => [field, show(row, field)]));
}

/** What a three-way merge comes to: the value to hold and what the source has said, or a conflict. */
export type Merged<T> = { readonly value: T; readonly source: T } | 'conflict';

/**
 * Last night's file must not undo this morning's shipment: a source that says what it said before changes nothing; one
 * that says something new is followed unless earmark's own value changed too.
 */
export function mergeThreeWays<T>(said: T, says: T | undefined, ours: T, onConflict: OnConflict): Merged<T> {
  if (says === undefined) return { value: ours, source: said };
  if (says === said) return { value: ours, source: said };
  if (ours === said || ours === says) return { value: says, source: says };
  switch (onConflict) {
    case 'ours':
      return { value: ours, source: says };
    case 'theirs':
      return { value: says, source: says };
    case 'report':
      return 'conflict';
  }
}
