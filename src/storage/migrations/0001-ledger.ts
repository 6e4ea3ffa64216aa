/** The first schema. Every rule that a constraint can state is stated here too (DESIGN sections 3 and 6). */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import { MAX_QUANTITY, ORDER_STATUSES, TRACKINGS } from '../../core/index.ts';
import type { Dialect } from './dialect.ts';

const MAX_LINE = 1_000_000;
/** The kinds of event that there were at the time; a later migration adds to them. */
const EVENT_KINDS = [
  'reserved',
  'unreserved',
  'label_changed',
  'line_changed',
  'order_changed',
  'item_changed',
];

export async function createLedger(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await createOperations(db, dialect);
  await createStock(db, dialect);
  await createOrders(db, dialect);
  await createEvents(db, dialect, EVENT_KINDS);
  await createReservations(db, dialect);
  await createShipments(db, dialect);
}

async function createOperations(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await dialect
    .table(db, 'operations')
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('verb', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull().check(sql`length(actor) > 0`))
    .addColumn('reason', 'text')
    .addColumn('fingerprint', 'text', (column) => column.notNull().check(sql`length(fingerprint) = 64`))
    .addColumn('at', dialect.integer, (column) => column.notNull())
    .addColumn('answer', 'text')
    .$call((table) => dialect.finish(table))
    .execute();
}

async function createStock(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await dialect
    .table(db, 'items')
    .addColumn('sku', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('tracking', 'text', (column) => column.notNull().check(oneOf('tracking', TRACKINGS)))
    .$call((table) => recorded(table, dialect))
    .execute();
  await dialect
    .table(db, 'labels')
    .addColumn('number', 'text', (column) => column.notNull().unique())
    .addColumn('code', 'text', (column) => column.unique())
    .addColumn('item_id', dialect.integer, (column) => column.notNull().references('items.id'))
    .addColumn('quantity', dialect.integer, (column) => column.notNull().check(quantity('quantity')))
    .addColumn('location', 'text')
    .addColumn('bin', 'text')
    .addColumn('lot', 'text')
    .addColumn('expiry', 'text', (column) => column.check(sql`length(expiry) = 10`))
    .addColumn('created', 'text', (column) => column.check(sql`length(created) = 10`))
    .addColumn('source_quantity', dialect.integer, (column) =>
      column.notNull().check(quantity('source_quantity')),
    )
    .addColumn('first_quantity', dialect.integer, (column) =>
      column.notNull().check(quantity('first_quantity')),
    )
    .$call((table) => recorded(table, dialect))
    // What reservations refer to, so that the database itself keeps a label on a line of its own item.
    .addUniqueConstraint('labels_id_item', ['id', 'item_id'])
    .execute();
  await db.schema
    .createIndex('labels_choices')
    .on('labels')
    .columns(['item_id', 'created', 'number'])
    .where(sql.ref('quantity'), '>', 0)
    .execute();
}

async function createOrders(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await dialect
    .table(db, 'orders')
    .addColumn('number', 'text', (column) => column.notNull().unique())
    .addColumn('customer', 'text')
    .addColumn('ordered', 'text', (column) => column.check(sql`length(ordered) = 10`))
    .addColumn('due', 'text', (column) => column.check(sql`length(due) = 10`))
    .addColumn('status', 'text', (column) => column.notNull().check(oneOf('status', ORDER_STATUSES)))
    .addColumn('source_status', 'text', (column) =>
      column.notNull().check(oneOf('source_status', ORDER_STATUSES)),
    )
    .addColumn('first_status', 'text', (column) =>
      column.notNull().check(oneOf('first_status', ORDER_STATUSES)),
    )
    .$call((table) => recorded(table, dialect))
    .execute();
  await dialect
    .table(db, 'order_lines')
    .addColumn('order_id', dialect.integer, (column) => column.notNull().references('orders.id'))
    .addColumn('line', dialect.integer, (column) =>
      column.notNull().check(sql`line between 1 and ${sql.lit(MAX_LINE)}`),
    )
    .addColumn('item_id', dialect.integer, (column) => column.notNull().references('items.id'))
    .addColumn('ordered', dialect.integer, (column) => column.notNull().check(quantity('ordered')))
    .addColumn('shipped', dialect.integer, (column) =>
      column.notNull().check(sql`shipped between 0 and ordered`),
    )
    .addColumn('source_ordered', dialect.integer, (column) =>
      column.notNull().check(quantity('source_ordered')),
    )
    .addColumn('source_shipped', dialect.integer, (column) =>
      column.notNull().check(quantity('source_shipped')),
    )
    .addColumn('first_ordered', dialect.integer, (column) =>
      column.notNull().check(quantity('first_ordered')),
    )
    .addColumn('first_shipped', dialect.integer, (column) =>
      column.notNull().check(quantity('first_shipped')),
    )
    .$call((table) => recorded(table, dialect))
    .addUniqueConstraint('order_lines_order_line', ['order_id', 'line'])
    .addUniqueConstraint('order_lines_id_item', ['id', 'item_id'])
    .execute();
}

export async function createEvents(
  db: Kysely<unknown>,
  dialect: Dialect,
  kinds: readonly string[],
): Promise<void> {
  await dialect
    .table(db, 'events')
    .addColumn('operation_id', dialect.integer, (column) => column.notNull().references('operations.id'))
    .addColumn('at', dialect.integer, (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull().check(oneOf('kind', kinds)))
    .addColumn('item_id', dialect.integer, (column) => column.references('items.id'))
    .addColumn('label_id', dialect.integer, (column) => column.references('labels.id'))
    .addColumn('order_id', dialect.integer, (column) => column.references('orders.id'))
    .addColumn('line_id', dialect.integer, (column) => column.references('order_lines.id'))
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .$call((table) => dialect.finish(table))
    .execute();
  for (const column of ['item_id', 'label_id', 'order_id']) {
    const index = db.schema.createIndex(`events_${column}`).on('events').columns([column, 'id']);
    await index.where(sql.ref(column), 'is not', null).execute();
  }
  await db.schema.createIndex('events_operation_id').on('events').columns(['operation_id', 'id']).execute();
}

/** The label is the key: the database itself allows one holder only (DESIGN rule 3). */
async function createReservations(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('reservations')
    .addColumn('label_id', dialect.integer, (column) => column.primaryKey().notNull())
    .addColumn('line_id', dialect.integer, (column) => column.notNull())
    .addColumn('item_id', dialect.integer, (column) => column.notNull())
    .addColumn('since', dialect.integer, (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull().check(sql`length("by") > 0`))
    .addColumn('operation_id', dialect.integer, (column) => column.notNull().references('operations.id'))
    .addForeignKeyConstraint('reservations_label', ['label_id', 'item_id'], 'labels', ['id', 'item_id'])
    .addForeignKeyConstraint('reservations_line', ['line_id', 'item_id'], 'order_lines', ['id', 'item_id'])
    .$call((table) => dialect.finish(table))
    .execute();
  await db.schema.createIndex('reservations_line_id').on('reservations').column('line_id').execute();
}

async function createShipments(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await dialect
    .table(db, 'shipments')
    .addColumn('operation_id', dialect.integer, (column) => column.notNull().references('operations.id'))
    .addColumn('order_id', dialect.integer, (column) => column.notNull().references('orders.id'))
    .addColumn('at', dialect.integer, (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .$call((table) => dialect.finish(table))
    .execute();
  await db.schema.createIndex('shipments_order_id').on('shipments').columns(['order_id', 'id']).execute();
  await db.schema
    .createTable('shipment_lines')
    .addColumn('shipment_id', dialect.integer, (column) => column.notNull().references('shipments.id'))
    .addColumn('line_id', dialect.integer, (column) => column.notNull().references('order_lines.id'))
    .addColumn('quantity', dialect.integer, (column) => column.notNull().check(sql`quantity > 0`))
    .addPrimaryKeyConstraint('shipment_lines_key', ['shipment_id', 'line_id'])
    .$call((table) => dialect.finish(table))
    .execute();
  await db.schema
    .createTable('shipment_labels')
    .addColumn('shipment_id', dialect.integer, (column) => column.notNull().references('shipments.id'))
    .addColumn('line_id', dialect.integer, (column) => column.notNull().references('order_lines.id'))
    .addColumn('label_id', dialect.integer, (column) => column.notNull().references('labels.id'))
    .addColumn('quantity', dialect.integer, (column) => column.notNull().check(sql`quantity > 0`))
    .addColumn('remaining', dialect.integer, (column) => column.notNull().check(sql`remaining >= 0`))
    .addPrimaryKeyConstraint('shipment_labels_key', ['shipment_id', 'line_id', 'label_id'])
    .$call((table) => dialect.finish(table))
    .execute();
  await db.schema.createIndex('shipment_labels_label_id').on('shipment_labels').column('label_id').execute();
  await db.schema.createIndex('shipment_labels_line_id').on('shipment_labels').column('line_id').execute();
  await db.schema.createIndex('shipment_lines_line_id').on('shipment_lines').column('line_id').execute();
}

/** The end of a table whose rows carry when and by which operation they came in. */
function recorded(
  table: CreateTableBuilder<string, string>,
  dialect: Dialect,
): CreateTableBuilder<string, string> {
  const ended = table
    .addColumn('recorded_at', dialect.integer, (column) => column.notNull())
    .addColumn('operation_id', dialect.integer, (column) => column.notNull().references('operations.id'));
  return dialect.finish(ended);
}

function oneOf(column: string, values: readonly string[]) {
  return sql`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`;
}

function quantity(column: string) {
  return sql`${sql.ref(column)} between 0 and ${sql.lit(MAX_QUANTITY)}`;
}
