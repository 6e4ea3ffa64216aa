/** Filtered reads, for both databases, in Kysely (DESIGN section 6). Rows come in batches, so that memory is bounded. */
import { type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LabelState, LabelStatus, ShipmentDocument } from '../core/index.ts';
import type { HistoryReads } from '../stockroom/history-reads.ts';
import type { StockCounts } from '../stockroom/ledger.ts';
import { USUAL_SORTS } from '../stockroom/positions.ts';
import type {
  LABEL_SORTS,
  LabelQuery,
  NearestQuery,
  ORDER_SORTS,
  OrderQuery,
  OrderSummary,
  RESERVATION_SORTS,
  ReservationQuery,
  ShipmentQuery,
} from '../stockroom/queries.ts';
import { stockCounts } from './counts.ts';
import { KyselyHistory } from './history/kysely-history.ts';
import type { HistorySql } from './history/sql.ts';
import { behind, ordering, type SortColumn } from './keyset.ts';
import { shipmentRows } from './list-shipments.ts';
import { type LabelRecord, labelState } from './rows.ts';
import type { Schema } from './schema.ts';

const BATCH = 500;

export interface Lists {
  labels(query: LabelQuery): AsyncIterable<readonly LabelState[]>;
  orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]>;
  reservations(query: ReservationQuery): AsyncIterable<readonly LabelState[]>;
  shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]>;
  nearestLabels(query: NearestQuery): Promise<readonly LabelState[]>;
  readonly history: HistoryReads;
  counts(): Promise<StockCounts>;
  close(): Promise<void>;
}

export class KyselyLists implements Lists {
  readonly history: HistoryReads;
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>, dialect: HistorySql) {
    this.#db = db;
    this.history = new KyselyHistory(db, dialect);
  }

  async *labels(query: LabelQuery): AsyncIterable<readonly LabelState[]> {
    let rows = labelRows(this.#db);
    if (query.item !== undefined) rows = rows.where('i.sku', '=', query.item);
    if (query.location !== undefined) rows = rows.where('l.location', '=', query.location);
    if (query.bin !== undefined) rows = rows.where('l.bin', '=', query.bin);
    if (query.lot !== undefined) rows = rows.where('l.lot', '=', query.lot);
    if (query.order !== undefined) rows = rows.where('o.number', '=', query.order);
    if (query.status !== undefined) rows = rows.where(hasStatus(query.status));
    if (query.search !== undefined) {
      rows = rows.where(matches(query.search, ['l.number', 'l.code', 'l.bin', 'l.location', 'l.lot']));
    }
    if (query.expired !== undefined) {
      const { on, is } = query.expired;
      rows = rows.where(
        is ? sql<SqlBool>`l.expiry < ${on}` : sql<SqlBool>`(l.expiry is null or l.expiry >= ${on})`,
      );
    }
    yield* batches(paged(rows, LABEL_COLUMNS[query.sort ?? USUAL_SORTS.labels], query), labelState);
  }

  async *reservations(query: ReservationQuery): AsyncIterable<readonly LabelState[]> {
    let rows = labelRows(this.#db).where('r.label_id', 'is not', null);
    if (query.order !== undefined) rows = rows.where('o.number', '=', query.order);
    if (query.line !== undefined) rows = rows.where('k.line', '=', query.line);
    if (query.item !== undefined) rows = rows.where('i.sku', '=', query.item);
    if (query.status !== undefined) rows = rows.where('o.status', 'in', query.status);
    if (query.by !== undefined) rows = rows.where('r.by', '=', query.by);
    if (query.before !== undefined) rows = rows.where('r.since', '<', query.before);
    const { operation } = query;
    if (operation !== undefined) {
      // The names of a group's operations begin with its own and a slash; `0` is what comes after the slash.
      rows = rows.where((where) =>
        where.or([
          where('n.name', '=', operation),
          where.and([where('n.name', '>=', `${operation}/`), where('n.name', '<', `${operation}0`)]),
        ]),
      );
    }
    yield* batches(
      paged(rows, RESERVATION_COLUMNS[query.sort ?? USUAL_SORTS.reservations], query),
      labelState,
    );
  }

  async *orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]> {
    let rows = orderRows(this.#db);
    if (query.status !== undefined) rows = rows.where('o.status', 'in', query.status);
    if (query.customer !== undefined) rows = rows.where('o.customer', '=', query.customer);
    if (query.dueBy !== undefined) rows = rows.where('o.due', '<=', query.dueBy);
    if (query.search !== undefined) rows = rows.where(matches(query.search, ['o.number', 'o.customer']));
    const { item } = query;
    if (item !== undefined) {
      rows = rows.where('o.id', 'in', (from) => {
        const lines = from.selectFrom('order_lines as w').innerJoin('items as wi', 'wi.id', 'w.item_id');
        return lines.select('w.order_id').where('wi.sku', '=', item);
      });
    }
    if (query.holding !== undefined) {
      const holds = sql<SqlBool>`exists (
        select 1 from order_lines h join reservations hr on hr.line_id = h.id where h.order_id = o.id)`;
      rows = rows.where(query.holding ? holds : sql<SqlBool>`not ${holds}`);
    }
    yield* batches(paged(rows, ORDER_COLUMNS[query.sort ?? USUAL_SORTS.orders], query), (row) => ({
      ...row,
      lines: Number(row.lines),
      openLines: Number(row.openLines),
      reservedLabels: Number(row.reservedLabels),
    }));
  }

  async *shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]> {
    yield* shipmentRows(this.#db, query);
  }

  async nearestLabels(query: NearestQuery): Promise<readonly LabelState[]> {
    let rows = labelRows(this.#db)
      .where('i.sku', '=', query.item)
      .where(hasStatus(['active']))
      .where(sql<SqlBool>`(l.expiry is null or l.expiry >= ${query.on})`);
    if (query.except.length > 0) rows = rows.where('l.number', 'not in', query.except);
    if (query.location !== null) {
      rows = rows.orderBy(sql`case when l.location = ${query.location} then 0 else 1 end`);
    }
    const sorted = rows.orderBy(sql`abs(l.quantity - ${query.need})`).orderBy('l.number');
    return (await sorted.limit(query.limit).execute()).map(labelState);
  }

  async counts(): Promise<StockCounts> {
    return await stockCounts(this.#db);
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}

/** A label with all that `labelState` reads. */
function labelRows(db: Kysely<Schema>) {
  return db
    .selectFrom('labels as l')
    .innerJoin('items as i', 'i.id', 'l.item_id')
    .leftJoin('reservations as r', 'r.label_id', 'l.id')
    .leftJoin('order_lines as k', 'k.id', 'r.line_id')
    .leftJoin('orders as o', 'o.id', 'k.order_id')
    .leftJoin('operations as n', 'n.id', 'r.operation_id')
    .select([
      'l.id',
      'l.number',
      'l.code',
      'l.quantity',
      'l.location',
      'l.bin',
      'l.lot',
      'l.expiry',
      'l.created',
    ])
    .select(['i.id as item_id', 'i.sku', 'i.name', 'i.unit', 'i.tracking'])
    .select(['r.line_id', 'r.since', 'r.by', 'n.name as operation', 'k.line', 'k.order_id'])
    .select([
      'o.number as order_number',
      'o.status as order_status',
      'o.customer',
      'l.recorded_at as label_at',
    ])
    .select(sql<null>`null`.as('order_at'))
    .$castTo<LabelRecord>();
}

function orderRows(db: Kysely<Schema>) {
  return db
    .selectFrom('orders as o')
    .select(['o.number', 'o.customer', 'o.ordered', 'o.due', 'o.status'])
    .select((from) => [
      from
        .selectFrom('order_lines as c')
        .whereRef('c.order_id', '=', 'o.id')
        .select((lines) => lines.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('lines'),
      from
        .selectFrom('order_lines as c')
        .whereRef('c.order_id', '=', 'o.id')
        .whereRef('c.shipped', '<', 'c.ordered')
        .select((lines) => lines.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('openLines'),
      from
        .selectFrom('order_lines as c')
        .innerJoin('reservations as cr', 'cr.line_id', 'c.id')
        .whereRef('c.order_id', '=', 'o.id')
        .select((lines) => lines.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('reservedLabels'),
    ]);
}

const STATUS_CONDITIONS: Record<LabelStatus, Expression<SqlBool>> = {
  depleted: sql<SqlBool>`l.quantity = 0`,
  reserved: sql<SqlBool>`(l.quantity > 0 and r.label_id is not null)`,
  active: sql<SqlBool>`(l.quantity > 0 and r.label_id is null)`,
};

function hasStatus(statuses: readonly LabelStatus[]): Expression<SqlBool> {
  const conditions = statuses.map((status) => STATUS_CONDITIONS[status]);
  return sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}

/** Whether any of the columns contains the text, in any case of the letters A to Z: the databases know no others. */
function matches(text: string, columns: readonly string[]): Expression<SqlBool> {
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const pattern = `%${lower.replace(/[\\%_]/g, '\\$&')}%`;
  const conditions = columns.map((column) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`);
  return sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}

type SortColumns<S extends string> = Readonly<Record<S, readonly SortColumn[]>>;

const byLabel: SortColumn = { column: 'l.number' };
const LABEL_COLUMNS: SortColumns<(typeof LABEL_SORTS)[number]> = {
  number: [byLabel],
  item: [{ column: 'i.sku' }, byLabel],
  created: [{ column: 'l.created', nullable: true }, byLabel],
  expiry: [{ column: 'l.expiry', nullable: true }, byLabel],
  quantity: [{ column: 'l.quantity' }, byLabel],
  location: [{ column: 'l.location', nullable: true }, byLabel],
  bin: [{ column: 'l.bin', nullable: true }, byLabel],
};

const RESERVATION_COLUMNS: SortColumns<(typeof RESERVATION_SORTS)[number]> = {
  since: [{ column: 'r.since' }, byLabel],
  label: [byLabel],
  order: [{ column: 'o.number' }, { column: 'k.line' }, byLabel],
};

const byOrder: SortColumn = { column: 'o.number' };
const ORDER_COLUMNS: SortColumns<(typeof ORDER_SORTS)[number]> = {
  number: [byOrder],
  customer: [{ column: 'o.customer', nullable: true }, byOrder],
  ordered: [{ column: 'o.ordered', nullable: true }, byOrder],
  due: [{ column: 'o.due', nullable: true }, byOrder],
  status: [{ column: 'o.status' }, byOrder],
};

interface Pageable<Q> {
  where(condition: Expression<SqlBool>): Q;
  orderBy(order: RawBuilder<unknown>): Q;
  limit(rows: number): Q;
}

/** Sorted, from behind `after`, at most `limit`. Only the first column goes the other way round; ties stay in order. */
function paged<Q extends Pageable<Q>>(
  rows: Q,
  columns: readonly SortColumn[],
  { descending = false, after, limit }: Pick<LabelQuery, 'descending' | 'after' | 'limit'>,
): Q {
  const directed = columns.map((column, at) => (at === 0 ? { ...column, descending } : column));
  const begun = after === undefined ? rows : rows.where(behind(directed, after));
  const sorted = begun.orderBy(ordering(directed));
  return limit === undefined ? sorted : sorted.limit(limit);
}

async function* batches<R, T>(
  query: { stream(chunkSize?: number): AsyncIterableIterator<R> },
  each: (row: R) => T,
): AsyncIterable<readonly T[]> {
  let batch: T[] = [];
  for await (const row of query.stream(BATCH)) {
    batch.push(each(row));
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
