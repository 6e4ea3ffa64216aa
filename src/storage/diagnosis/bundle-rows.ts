/**
 * The rows of some orders and labels, with all that they refer to, for a bundle. What is wholly there is what it is about:
 * its state, its events and its shipments. Other orders and labels that these name come with their state alone, so that
 * every reservation has its label and its line, and no order seems to hold less than it does.
 */
import { type Kysely, sql } from 'kysely';
import { Fault } from '../../stockroom/fault.ts';
import type {
  BundleRows,
  BundleTable,
  BundleValue,
  DiagnosisScope,
} from '../../stockroom/diagnosis-store.ts';
import type { Schema } from '../schema.ts';
import { inParts } from './scope.ts';

/** Most labels of a bundle, which is to be small. */
const MOST_LABELS = 20_000;

type Table =
  | 'operations'
  | 'items'
  | 'labels'
  | 'orders'
  | 'order_lines'
  | 'reservations'
  | 'events'
  | 'shipments'
  | 'shipment_lines'
  | 'shipment_labels';

/** In an order in which each refers only to those before it. */
const COLUMNS: Readonly<Record<Table, readonly string[]>> = {
  operations: ['id', 'name', 'verb', 'actor', 'reason', 'fingerprint', 'at', 'answer'],
  items: ['id', 'sku', 'name', 'unit', 'tracking', 'recorded_at', 'operation_id'],
  labels: [
    ...['id', 'number', 'code', 'item_id', 'quantity', 'location', 'bin', 'lot', 'expiry', 'created'],
    ...['source_quantity', 'first_quantity', 'recorded_at', 'operation_id'],
  ],
  orders: [
    ...['id', 'number', 'customer', 'ordered', 'due', 'status', 'source_status', 'first_status'],
    ...['recorded_at', 'operation_id'],
  ],
  order_lines: [
    ...['id', 'order_id', 'line', 'item_id', 'ordered', 'shipped', 'source_ordered', 'source_shipped'],
    ...['first_ordered', 'first_shipped', 'recorded_at', 'operation_id'],
  ],
  reservations: ['label_id', 'line_id', 'item_id', 'since', 'by', 'operation_id'],
  events: [
    'id',
    'operation_id',
    'at',
    'kind',
    'item_id',
    'label_id',
    'order_id',
    'line_id',
    'before',
    'after',
  ],
  shipments: ['id', 'operation_id', 'order_id', 'at', 'by'],
  shipment_lines: ['shipment_id', 'line_id', 'quantity'],
  shipment_labels: ['shipment_id', 'line_id', 'label_id', 'quantity', 'remaining'],
};

export async function bundleRows(
  db: Kysely<Schema>,
  about: DiagnosisScope,
): Promise<Pick<BundleRows, 'tables' | 'customers'>> {
  const rows = new Rows(db);
  const tables = await rows.collect(about);
  return { tables, customers: await customersOf(db, tables) };
}

class Rows {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async collect(about: DiagnosisScope): Promise<BundleTable[]> {
    const own = await this.#ownIds(about);
    const events = new Map<BundleValue, readonly BundleValue[]>();
    for (const [column, ids] of [
      ['label_id', own.labels],
      ['order_id', own.orders],
      ['item_id', own.items],
    ] as const) {
      for (const row of await this.#select('events', column, ids)) events.set(row[0] ?? null, row);
    }
    const shipments = await this.#shipments(own);
    const eventRows = [...events.values()].sort((a, b) => Number(a[0]) - Number(b[0]));
    const orders = union(
      own.orders,
      values('events', 'order_id', eventRows),
      values('shipments', 'order_id', shipments.shipments),
    );
    const labels = union(
      own.labels,
      values('events', 'label_id', eventRows),
      values('shipment_labels', 'label_id', shipments.shipment_labels),
    );
    const stock = await this.#stock(orders, labels);
    const found = { ...stock, events: eventRows, ...shipments };
    const operations = union(
      ...Object.entries(found).map(([table, rows]) => values(table as Table, 'operation_id', rows)),
    );
    const all: Record<Table, readonly (readonly BundleValue[])[]> = {
      ...found,
      operations: (await this.#select('operations', 'id', operations)).map(withoutAnswer),
    };
    return (Object.keys(COLUMNS) as Table[]).map((table) => ({
      table,
      columns: COLUMNS[table],
      rows: all[table],
    }));
  }

  /**
   * The ids of what is named, of the orders that hold named labels, of the labels that these hold or that a named order
   * ever held, and of their items.
   */
  async #ownIds({ orders, labels }: DiagnosisScope) {
    const named = await this.#ids('labels', 'number', labels);
    const namedOrders = await this.#ids('orders', 'number', orders);
    const ownOrders = union(namedOrders, await this.#holders(named));
    const past = values('events', 'label_id', await this.#select('events', 'order_id', namedOrders));
    const ownLabels = union(named, past, await this.#held(ownOrders));
    const lines = await this.#select('order_lines', 'order_id', ownOrders);
    const rows = await this.#select('labels', 'id', ownLabels);
    const items = union(values('order_lines', 'item_id', lines), values('labels', 'item_id', rows));
    return { orders: ownOrders, labels: ownLabels, items };
  }

  /** Shipments of the orders, and those that drew from the labels. */
  async #shipments(own: { readonly orders: readonly number[]; readonly labels: readonly number[] }) {
    const drawn = await this.#select('shipment_labels', 'label_id', own.labels);
    const ofOrders = await this.#select('shipments', 'order_id', own.orders);
    const ids = union(values('shipments', 'id', ofOrders), values('shipment_labels', 'shipment_id', drawn));
    return {
      shipments: await this.#select('shipments', 'id', ids),
      shipment_lines: await this.#select('shipment_lines', 'shipment_id', ids),
      shipment_labels: await this.#select('shipment_labels', 'shipment_id', ids),
    };
  }

  /** Orders, lines, labels, items and reservations, with whoever holds one of the labels and all that these hold. */
  async #stock(orders: readonly number[], labels: readonly number[]) {
    const allOrders = union(orders, await this.#holders(labels));
    const allLabels = union(labels, await this.#held(allOrders));
    if (allLabels.length > MOST_LABELS) {
      throw new Fault(
        'input',
        `that would take ${allLabels.length} labels, which is no small bundle; name fewer orders and labels`,
      );
    }
    const [orderRows, lines, labelRows] = [
      await this.#select('orders', 'id', allOrders),
      await this.#select('order_lines', 'order_id', allOrders),
      await this.#select('labels', 'id', allLabels),
    ];
    const items = union(values('order_lines', 'item_id', lines), values('labels', 'item_id', labelRows));
    return {
      items: await this.#select('items', 'id', items),
      labels: labelRows,
      orders: orderRows,
      order_lines: lines,
      reservations: await this.#select('reservations', 'label_id', allLabels),
    };
  }

  async #ids(table: 'labels' | 'orders', column: 'number', names: readonly string[]): Promise<number[]> {
    return values(table, 'id', await this.#select(table, column, names));
  }

  /** The orders that hold the labels. */
  async #holders(labels: readonly number[]): Promise<number[]> {
    const lines = values('reservations', 'line_id', await this.#select('reservations', 'label_id', labels));
    return values('order_lines', 'order_id', await this.#select('order_lines', 'id', lines));
  }

  /** The labels that the orders hold. */
  async #held(orders: readonly number[]): Promise<number[]> {
    const lines = values('order_lines', 'id', await this.#select('order_lines', 'order_id', orders));
    return values('reservations', 'label_id', await this.#select('reservations', 'line_id', lines));
  }

  /** Whole rows, in the order of their first column. */
  async #select(
    table: Table,
    column: string,
    among: readonly (string | number)[],
  ): Promise<(readonly BundleValue[])[]> {
    const columns = COLUMNS[table];
    const found: BundleValue[][] = [];
    for (const part of inParts([...new Set(among)])) {
      const { rows } = await sql<Record<string, BundleValue>>`
        select ${sql.join(columns.map((name) => sql.ref(name)))} from ${sql.table(table)}
        where ${sql.ref(column)} in (${sql.join(part)}) order by 1`.execute(this.#db);
      for (const row of rows) found.push(columns.map((name) => row[name] ?? null));
    }
    return found;
  }
}

function values(table: Table, column: string, rows: readonly (readonly BundleValue[])[]): number[] {
  const at = COLUMNS[table].indexOf(column);
  if (at === -1) return [];
  return rows.flatMap((row) => (typeof row[at] === 'number' ? [row[at]] : []));
}

function union(...sets: readonly (readonly number[])[]): number[] {
  return [...new Set(sets.flat())].sort((a, b) => a - b);
}

/** An answer may be long and name what is not here; that there was one is all that a bundle tells. */
function withoutAnswer(row: readonly BundleValue[]): readonly BundleValue[] {
  const at = COLUMNS.operations.indexOf('answer');
  return row.map((value, index) => (index === at && value !== null ? '{}' : value));
}

/** Each customer with the lowest id of its orders. */
async function customersOf(db: Kysely<Schema>, tables: readonly BundleTable[]): Promise<Map<string, number>> {
  const orders = tables.find(({ table }) => table === 'orders');
  const at = COLUMNS.orders.indexOf('customer');
  const names = new Set(
    (orders?.rows ?? []).flatMap((row) => (typeof row[at] === 'string' ? [row[at]] : [])),
  );
  const numbers = new Map<string, number>();
  for (const part of inParts([...names])) {
    const rows = await db
      .selectFrom('orders')
      .select(({ fn }) => ['customer', fn.min('id').as('first')])
      .where('customer', 'in', part)
      .groupBy('customer')
      .execute();
    for (const { customer, first } of rows) if (customer !== null) numbers.set(customer, Number(first));
  }
  return numbers;
}
