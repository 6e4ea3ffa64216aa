/** What a SQLite ledger holds already of the rows of an import: a statement for each question, over the whole set. */
import type Database from 'better-sqlite3';
import type { ImportKind, ImportKnown, ImportRows, Item, KnownItem, KnownOrder } from '../../core/index.ts';
import {
  type ItemRecord,
  itemsBySku,
  type KnownItemRecord,
  type KnownLabelRecord,
  type KnownLineRecord,
  knownItems,
  knownLabels,
  knownLines,
  knownOrders,
  type OrderRecord,
  orderReferences,
} from '../import-rows.ts';
import { LABEL_COLUMNS, LABEL_JOINS, type LabelRecord } from '../rows.ts';

const ITEM_REFERENCES = `
  select i.id as item_id, i.sku, i.name, i.unit, i.tracking from json_each(?) t join items i on i.sku = t.value`;

const ITEMS = `
  select i.id as item_id, i.sku, i.name, i.unit, i.tracking, i.recorded_at
  from json_each(?) t join items i on i.sku = t.value`;

/** These two have no index to go by, so they are asked only of items that change, and change their tracking. */
const LAST_ITEM_EVENTS = `
  select t.value as item_id, (select e.at from events e where e.item_id = t.value order by e.id desc limit 1) as at
  from json_each(?) t`;
const ITEMS_WITH_LABELS = `
  select t.value as item_id from json_each(?) t
  where exists (select 1 from labels l where l.item_id = t.value and l.quantity > 0)
    or exists (select 1 from labels l where l.item_id = t.value)`;

const LABELS = `
  select ${LABEL_COLUMNS}, l.source_quantity,
    exists (select 1 from shipment_labels d where d.label_id = l.id) as has_shipped
  from json_each(?) t join labels l on l.number = t.value ${LABEL_JOINS}`;

const CODE_OWNERS = 'select l.code, l.number from json_each(?) t join labels l on l.code = t.value';
const NUMBERS = 'select l.number from json_each(?) t join labels l on l.number = t.value';

const ORDERS = `
  select o.id, o.number, o.customer, o.ordered, o.due, o.status, o.source_status,
    coalesce((select e.at from events e where e.order_id = o.id order by e.id desc limit 1), o.recorded_at) as last_at
  from json_each(?) t join orders o on o.number = t.value`;

const HELD = `
  select ${LABEL_COLUMNS}
  from json_each(?) t join order_lines h on h.order_id = t.value
    join reservations hr on hr.line_id = h.id join labels l on l.id = hr.label_id ${LABEL_JOINS}
  order by l.number`;

const LINES = `
  select t.value->>0 as order_number, k.id, k.line as line_number, k.ordered, k.shipped, k.source_ordered, k.source_shipped,
    i.id as item_id, i.sku, i.name, i.unit, i.tracking,
    (exists (select 1 from reservations r where r.line_id = k.id)
      or exists (select 1 from shipment_lines d where d.line_id = k.id)) as in_use,
    max(k.recorded_at, coalesce((select e.at from events e where e.order_id = k.order_id order by e.id desc limit 1), 0))
      as last_at
  from json_each(?) t join orders o on o.number = t.value->>0
    join order_lines k on k.order_id = o.id and k.line = t.value->>1
    join items i on i.id = k.item_id`;

export class ImportReader {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement<[string]>>();

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Must run inside a transaction. */
  known<K extends ImportKind>(kind: K, rows: readonly ImportRows[K][]): ImportKnown[K] {
    const readers: { [Kind in ImportKind]: (rows: readonly ImportRows[Kind][]) => ImportKnown[Kind] } = {
      items: (items) => ({ items: this.#items(items) }),
      labels: (labels) => this.#labels(labels),
      orders: (orders) => ({ orders: this.#orders(orders.map(({ number }) => number)) }),
      lines: (lines) => this.#lines(lines),
    };
    return readers[kind](rows);
  }

  #items(rows: readonly ImportRows['items'][]): Map<string, KnownItem> {
    const incoming = new Map(rows.map((row) => [row.sku, row]));
    const found = this.#all<KnownItemRecord>(ITEMS, [...incoming.keys()]);
    const differing = (...fields: readonly ('name' | 'unit' | 'tracking')[]): number[] => {
      return found
        .filter((item) =>
          fields.some((field) => (incoming.get(item.sku)?.[field] ?? item[field]) !== item[field]),
        )
        .map(({ item_id }) => item_id);
    };
    const lastEvents = new Map(
      this.#all<{ item_id: number; at: number | null }>(
        LAST_ITEM_EVENTS,
        differing('name', 'unit', 'tracking'),
      ).map(({ item_id, at }) => [item_id, at]),
    );
    const withLabels = new Set(
      this.#all<{ item_id: number }>(ITEMS_WITH_LABELS, differing('tracking')).map(({ item_id }) => item_id),
    );
    return knownItems(found, lastEvents, withLabels);
  }

  #itemReferences(skus: Iterable<string | undefined>): Map<string, Item> {
    const distinct = [...new Set(skus)].filter((sku) => sku !== undefined);
    return itemsBySku(this.#all<ItemRecord>(ITEM_REFERENCES, distinct));
  }

  #labels(rows: readonly ImportRows['labels'][]): ImportKnown['labels'] {
    const numbers = rows.map(({ number }) => number);
    const codes = rows.flatMap(({ code }) => (code === undefined || code === null ? [] : [code]));
    const owners = this.#all<{ code: string; number: string }>(CODE_OWNERS, [...numbers, ...codes]);
    const namesakes = codes.length === 0 ? [] : this.#all<{ number: string }>(NUMBERS, codes);
    return {
      labels: knownLabels(this.#all<KnownLabelRecord>(LABELS, numbers)),
      items: this.#itemReferences(rows.map(({ item }) => item)),
      codeOwners: new Map(owners.map(({ code, number }) => [code, number])),
      numbers: new Set(namesakes.map(({ number }) => number)),
    };
  }

  #orders(numbers: readonly string[]): Map<string, KnownOrder> {
    const rows = this.#orderRecords(numbers);
    const ids = rows.map(({ id }) => id);
    return knownOrders(rows, this.#all<LabelRecord>(HELD, ids));
  }

  #orderRecords(numbers: readonly string[]): OrderRecord[] {
    return this.#all<OrderRecord>(ORDERS, numbers);
  }

  #lines(rows: readonly ImportRows['lines'][]): ImportKnown['lines'] {
    const keys = rows.map(({ order, line }) => [order, line]);
    const numbers = [...new Set(rows.map(({ order }) => order))];
    return {
      orders: orderReferences(this.#orderRecords(numbers)),
      items: this.#itemReferences(rows.map(({ item }) => item)),
      lines: knownLines(this.#all<KnownLineRecord>(LINES, keys)),
    };
  }

  #all<R>(sql: string, set: readonly unknown[]): R[] {
    if (set.length === 0) return [];
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<[string]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(JSON.stringify(set)) as R[];
  }
}
