/**
 * History as it is read: events, and rows coming in. They stand in five tables, each in the order of its ids, and are laid
 * together by their times. Each table is read in pages of its own, so that a long reading is in nobody's way.
 */
import type { Kysely } from 'kysely';
import type { HistoryPosition } from '../../core/index.ts';
import type { RecordedEvents, RecordedEventsQuery } from '../../stockroom/history-reads.ts';
import type { RecordedEvent } from '../../stockroom/ledger.ts';
import type { HistorySubject } from '../../stockroom/queries.ts';
import type { Schema } from '../schema.ts';
import { operationIds } from './sql.ts';
import { type Entry, READ, type Subject, TABLES, type Table } from './tables.ts';

const PAGE = 500;

export async function* historyEvents(
  db: Kysely<Schema>,
  query: RecordedEventsQuery,
): AsyncIterable<RecordedEvents> {
  const of = await subject(db, query.of);
  if (of === undefined) return;
  const descending = query.descending === true;
  const tables = query.eventsOnly === true ? (['events'] as const) : TABLES;
  const sources = tables.map((table) => new Source(db, table, of, query));
  let position = startOf(query);
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  let batch: RecordedEvent[] = [];
  while (left > 0) {
    const next = await nextSource(sources, descending);
    const entry = await next?.take();
    if (next === undefined || entry === undefined) break;
    position = { ...position, [next.table]: entry.id };
    batch.push(entry.event);
    left -= 1;
    if (batch.length === PAGE) {
      yield { events: batch, position };
      batch = [];
    }
  }
  if (batch.length > 0) yield { events: batch, position };
}

/** Rows before every row, or behind every one where it descends. */
function startOf({ after, descending }: RecordedEventsQuery): HistoryPosition {
  if (after !== undefined) return after;
  const id = descending === true ? 999_999_999_999_999 : 0;
  return { operations: id, items: id, labels: id, orders: id, lines: id, events: id, shipments: id };
}

/** The source whose next entry is told next; of one moment, rows that come in are told before events. */
async function nextSource(sources: readonly Source[], descending: boolean): Promise<Source | undefined> {
  let best: { readonly source: Source; readonly at: number } | undefined;
  for (const source of sources) {
    const at = (await source.peek())?.event.at;
    if (at === undefined) continue;
    if (best === undefined || (descending ? at >= best.at : at < best.at)) best = { source, at };
  }
  return best?.source;
}

/** One table's entries, read ahead by a page. */
class Source {
  readonly table: Table;
  readonly #db: Kysely<Schema>;
  readonly #of: Subject;
  readonly #query: RecordedEventsQuery;
  readonly #size: number;
  #page: Entry[] = [];
  #next = 0;
  #after: number | undefined;
  #ended = false;

  constructor(db: Kysely<Schema>, table: Table, of: Subject, query: RecordedEventsQuery) {
    this.table = table;
    this.#db = db;
    this.#of = of;
    this.#query = query;
    this.#size = Math.min(PAGE, query.limit ?? PAGE);
    this.#after = query.after?.[table];
  }

  async peek(): Promise<Entry | undefined> {
    if (this.#next === this.#page.length && !this.#ended) await this.#read();
    return this.#page[this.#next];
  }

  async take(): Promise<Entry | undefined> {
    const entry = await this.peek();
    this.#next += 1;
    return entry;
  }

  async #read(): Promise<void> {
    const { descending = false, since, until, upTo } = this.#query;
    const span = { descending, since, until, after: this.#after, upTo: upTo?.[this.table] };
    this.#page = await READ[this.table](this.#db, { ...span, limit: this.#size }, this.#of);
    this.#next = 0;
    this.#ended = this.#page.length < this.#size;
    this.#after = this.#page.at(-1)?.id ?? this.#after;
  }
}

async function subject(db: Kysely<Schema>, of: HistorySubject | undefined): Promise<Subject | undefined> {
  if (of === undefined) return { kind: 'everything' };
  const { kind, name } = of;
  switch (kind) {
    case 'label':
    case 'order': {
      const table = kind === 'label' ? 'labels' : 'orders';
      const row = await db.selectFrom(table).select('id').where('number', '=', name).executeTakeFirst();
      return row === undefined ? undefined : { kind, id: row.id };
    }
    case 'operation': {
      const brought = operationIds(db, name).where('verb', '=', 'import').limit(1);
      return { kind, name, broughtRows: (await brought.executeTakeFirst()) !== undefined };
    }
  }
}
