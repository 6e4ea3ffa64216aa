/** Writing merged rows to SQLite: new rows with their first values, and known rows whole. */
import type Database from 'better-sqlite3';
import type { ImportKind, ImportWrites } from '../../core/index.ts';

/** One row as the parameters of its statement, without the id, `recorded_at` and the operation. */
type Parameters = readonly (string | number | null)[];

interface Table<W> {
  readonly insert: string;
  readonly update: string;
  readonly inserted: (write: W) => Parameters;
  readonly updated: (write: W) => Parameters;
}

const TABLES: { readonly [K in ImportKind]: Table<ImportWrites[K]> } = {
  items: {
    insert: insertOf('items', ['sku', 'name', 'unit', 'tracking']),
    update: updateOf('items', ['name', 'unit', 'tracking']),
    inserted: ({ sku, name, unit, tracking }) => [sku, name, unit, tracking],
    updated: ({ name, unit, tracking }) => [name, unit, tracking],
  },
  labels: {
    insert: insertOf('labels', [
      ...['number', 'code', 'item_id', 'quantity', 'location', 'bin', 'lot', 'expiry', 'created'],
      ...['source_quantity', 'first_quantity'],
    ]),
    update: updateOf('labels', [
      ...['code', 'item_id', 'quantity', 'location', 'bin', 'lot', 'expiry', 'created', 'source_quantity'],
    ]),
    inserted: (label) => [label.number, ...labelFields(label), label.source, label.quantity],
    updated: (label) => [...labelFields(label), label.source],
  },
  orders: {
    insert: insertOf('orders', [
      'number',
      'customer',
      'ordered',
      'due',
      'status',
      'source_status',
      'first_status',
    ]),
    update: updateOf('orders', ['customer', 'ordered', 'due', 'status', 'source_status']),
    inserted: ({ number, customer, ordered, due, status, source }) => [
      ...[number, customer, ordered, due],
      ...[status, source, status],
    ],
    updated: ({ customer, ordered, due, status, source }) => [customer, ordered, due, status, source],
  },
  lines: {
    insert: insertOf('order_lines', [
      ...['order_id', 'line', 'item_id', 'ordered', 'shipped', 'source_ordered', 'source_shipped'],
      ...['first_ordered', 'first_shipped'],
    ]),
    update: updateOf('order_lines', ['item_id', 'ordered', 'shipped', 'source_ordered', 'source_shipped']),
    inserted: ({ orderId, line, itemId, ordered, shipped, sourceOrdered, sourceShipped }) => [
      ...[orderId, line, itemId, ordered, shipped, sourceOrdered, sourceShipped],
      ...[ordered, shipped],
    ],
    updated: ({ itemId, ordered, shipped, sourceOrdered, sourceShipped }) => [
      ...[itemId, ordered, shipped, sourceOrdered, sourceShipped],
    ],
  },
};

function labelFields(label: ImportWrites['labels']): Parameters {
  const { code, itemId, quantity, location, bin, lot, expiry, created } = label;
  return [code, itemId, quantity, location, bin, lot, expiry, created];
}

function insertOf(table: string, columns: readonly string[]): string {
  const all = [...columns, 'recorded_at', 'operation_id'];
  return `insert into ${table} (${all.join(', ')}) values (${all.map(() => '?').join(', ')})`;
}

function updateOf(table: string, columns: readonly string[]): string {
  return `update ${table} set ${columns.map((column) => `${column} = ?`).join(', ')} where id = ?`;
}

/** Writes rows one by one through two prepared statements, which SQLite does faster than taking them as a set. */
export function writeRows<K extends ImportKind>(
  db: Database.Database,
  kind: K,
  writes: readonly ImportWrites[K][],
  operationId: number,
  at: number,
): void {
  const table = TABLES[kind];
  const insert = db.prepare(table.insert);
  const update = db.prepare(table.update);
  for (const write of writes) {
    if (write.id === null) insert.run(...table.inserted(write), at, operationId);
    else update.run(...table.updated(write), write.id);
  }
}
