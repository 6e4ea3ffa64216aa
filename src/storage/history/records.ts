/**
 * All that ever happened as canonical texts, for a digest: what was done, by whom, and what rows came in with. What is
 * true only now is no part of it, so that the texts up to a place never change.
 */
import { type Kysely, sql } from 'kysely';
import type { HistoryPosition } from '../../core/index.ts';
import type { Schema } from '../schema.ts';

/** Most rows of a page, and how long a page may be in characters: the answer to one operation may be megabytes. */
const MOST_ROWS = 1000;
const PAGE = 500_000;

interface Recorded {
  readonly table: string;
  /** The first one is the id that pages go by; together they put the rows in their order. */
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/**
 * What each place counts, with the tables that hang on it. An import's `at` and `answer` are written at its end, which may
 * come later; when its rows came in, they say themselves.
 */
const RECORDED: readonly (readonly [keyof HistoryPosition, readonly Recorded[]])[] = [
  [
    'operations',
    [
      {
        table: `(select id, name, verb, actor, reason, fingerprint, case when verb <> 'import' then at end as at,
          case when verb <> 'import' then answer end as answer from operations) o`,
        key: ['id'],
        columns: ['name', 'verb', 'actor', 'reason', 'fingerprint', 'at', 'answer'],
      },
    ],
  ],
  ['items', [recorded('items', ['sku'])]],
  ['labels', [recorded('labels', ['number', 'first_quantity'])]],
  ['orders', [recorded('orders', ['number', 'first_status'])]],
  ['lines', [recorded('order_lines', ['order_id', 'line', 'first_ordered', 'first_shipped'])]],
  [
    'events',
    [
      {
        table: 'events',
        key: ['id'],
        columns: [
          ...['operation_id', 'at', 'kind', 'item_id', 'label_id', 'order_id', 'line_id'],
          ...['before', 'after'],
        ],
      },
    ],
  ],
  [
    'shipments',
    [
      { table: 'shipments', key: ['id'], columns: ['operation_id', 'order_id', 'at', 'by'] },
      { table: 'shipment_lines', key: ['shipment_id', 'line_id'], columns: ['quantity'] },
      {
        table: 'shipment_labels',
        key: ['shipment_id', 'line_id', 'label_id'],
        columns: ['quantity', 'remaining'],
      },
    ],
  ],
];

function recorded(table: string, columns: readonly string[]): Recorded {
  return { table, key: ['id'], columns: [...columns, 'recorded_at', 'operation_id'] };
}

/** Each text is a JSON array: the table that it is of, and the row's values. */
export async function* historyRecords(
  db: Kysely<Schema>,
  upTo: HistoryPosition,
): AsyncIterable<readonly string[]> {
  for (const [place, [main, ...hanging]] of RECORDED) {
    if (main === undefined) continue;
    let size = 10;
    // From the very lowest id on, so that nobody can slip in a row before the first one.
    for (let after = Number.MIN_SAFE_INTEGER; after < upTo[place]; ) {
      const rows = await read(db, main, after, upTo[place], size);
      if (rows.length === 0) break;
      const texts = rows.map((values) => JSON.stringify([place, ...values]));
      yield texts;
      const last = Number(rows.at(-1)?.[0]);
      for (const [at, below] of hanging.entries()) {
        const own = await read(db, below, after, last);
        if (own.length > 0) yield own.map((values) => JSON.stringify([`${place} ${at + 1}`, ...values]));
      }
      after = last;
      const length = texts.reduce((sum, text) => sum + text.length, 0);
      size = Math.max(1, Math.min(MOST_ROWS, Math.floor((rows.length * PAGE) / length)));
    }
  }
}

/** Rows behind an id and up to another. */
async function read(
  db: Kysely<Schema>,
  { table, key, columns }: Recorded,
  after: number,
  upTo: number,
  limit?: number,
): Promise<unknown[][]> {
  const all = [...key, ...columns];
  const by = sql.ref(key[0] ?? 'id');
  const most = limit === undefined ? sql`` : sql`limit ${limit}`;
  const order = sql.join(key.map((column) => sql.ref(column)));
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.join(all.map((column) => sql.ref(column)))} from ${sql.raw(table)}
    where ${by} > ${after} and ${by} <= ${upTo} order by ${order} ${most}`.execute(db);
  return rows.map((row) => all.map((column) => row[column] ?? null));
}
