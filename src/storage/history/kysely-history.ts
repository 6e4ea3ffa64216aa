/** History as both databases keep it (DESIGN rule 16). */
import { type Kysely, sql } from 'kysely';
import { HISTORY_TABLES, type HistoryPosition } from '../../core/index.ts';
import type { HistoryReads, HistoryScope, RecordedEventsQuery } from '../../stockroom/history-reads.ts';
import type { ReservationQuery } from '../../stockroom/queries.ts';
import type { Schema } from '../schema.ts';
import { labelsAt, orderAt } from './as-of.ts';
import { historyProblems } from './check.ts';
import { historyEvents } from './events.ts';
import { historyRecords } from './records.ts';
import { reservationsAt } from './reservations-at.ts';
import type { HistorySql } from './sql.ts';

const TABLES = {
  operations: 'operations',
  items: 'items',
  labels: 'labels',
  orders: 'orders',
  lines: 'order_lines',
  events: 'events',
  shipments: 'shipments',
} as const satisfies Record<keyof HistoryPosition, keyof Schema>;

export class KyselyHistory implements HistoryReads {
  readonly #db: Kysely<Schema>;
  readonly #dialect: HistorySql;

  constructor(db: Kysely<Schema>, dialect: HistorySql) {
    this.#db = db;
    this.#dialect = dialect;
  }

  events(query: RecordedEventsQuery) {
    return historyEvents(this.#db, query);
  }

  async end(): Promise<HistoryPosition> {
    const ids = HISTORY_TABLES.map((table) => {
      return sql`(select coalesce(max(id), 0) from ${sql.table(TABLES[table])}) as ${sql.ref(table)}`;
    });
    return await this.#db.transaction().execute(async (transaction) => {
      await this.#dialect.settle(transaction);
      const { rows } = await sql<HistoryPosition>`select ${sql.join(ids)}`.execute(transaction);
      const [row] = rows;
      const entries = HISTORY_TABLES.map((table) => [table, Number(row?.[table] ?? 0)]);
      return Object.fromEntries(entries) as HistoryPosition;
    });
  }

  records(upTo: HistoryPosition) {
    return historyRecords(this.#db, upTo);
  }

  async labelsAt(ids: readonly number[], moment: number) {
    return await labelsAt(this.#db, ids, moment);
  }

  async orderAt(id: number, moment: number) {
    return await orderAt(this.#db, id, moment);
  }

  reservationsAt(query: ReservationQuery, moment: number) {
    return reservationsAt(this.#db, this.#dialect, query, moment);
  }

  problems(scope?: HistoryScope) {
    return historyProblems(this.#db, scope);
  }
}
