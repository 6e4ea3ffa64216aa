/** What a PostgreSQL ledger holds already of the rows of an import: a statement for each question, over the whole set. */
import type { ImportKind, ImportKnown, ImportRows, Item } from '../../core/index.ts';
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
import { LABEL_COLUMNS, LABEL_JOINS, type LabelRecord, ofLastEvent } from '../rows.ts';
import { numberArray, textArray } from './arrays.ts';
import { ask, type Session } from './connection.ts';

const TEXTS = 'unnest($1::text[]) t(value)';
const IDS = 'unnest($1::bigint[]) t(value)';

const ITEM_REFERENCES = `
  select i.id as item_id, i.sku, i.name, i.unit, i.tracking from ${TEXTS} join items i on i.sku = t.value`;

const ITEMS = `
  select i.id as item_id, i.sku, i.name, i.unit, i.tracking, i.recorded_at
  from ${TEXTS} join items i on i.sku = t.value`;

const LAST_ITEM_EVENTS = `
  select t.value as item_id, ${ofLastEvent('at', 'item_id', 't.value')} as at
  from ${IDS}`;

/** No index has all labels of an item, so it is asked only of items that change their tracking. */
const ITEMS_WITH_LABELS = `
  select t.value as item_id from ${IDS}
  where exists (select from labels l where l.item_id = t.value and l.quantity > 0)
    or exists (select from labels l where l.item_id = t.value)`;

const LABELS = `
  select ${LABEL_COLUMNS}, l.source_quantity,
    exists (select from shipment_labels d where d.label_id = l.id) as has_shipped
  from ${TEXTS} join labels l on l.number = t.value ${LABEL_JOINS}`;

const CODE_OWNERS = `select l.code, l.number from ${TEXTS} join labels l on l.code = t.value`;
const NUMBERS = `select l.number from ${TEXTS} join labels l on l.number = t.value`;

const ORDERS = `
  select o.id, o.number, o.customer, o.ordered, o.due, o.status, o.source_status,
    coalesce(${ofLastEvent('at', 'order_id', 'o.id')}, o.recorded_at) as last_at
  from ${TEXTS} join orders o on o.number = t.value`;

const HELD = `
  select ${LABEL_COLUMNS}
  from ${IDS} join order_lines h on h.order_id = t.value
    join reservations hr on hr.line_id = h.id join labels l on l.id = hr.label_id ${LABEL_JOINS}
  order by l.number`;

const LINES = `
  select t.number as order_number, k.id, k.line as line_number, k.ordered, k.shipped, k.source_ordered, k.source_shipped,
    i.id as item_id, i.sku, i.name, i.unit, i.tracking,
    (exists (select from reservations r where r.line_id = k.id)
      or exists (select from shipment_lines d where d.line_id = k.id)) as in_use,
    greatest(k.recorded_at,
      ${ofLastEvent('at', 'order_id', 'k.order_id')}) as last_at
  from unnest($1::text[], $2::bigint[]) t(number, line) join orders o on o.number = t.number
    join order_lines k on k.order_id = o.id and k.line = t.line
    join items i on i.id = k.item_id`;

export class ImportReader {
  readonly #session: Session;
  readonly #deadline: number;

  constructor(session: Session, deadline: number) {
    this.#session = session;
    this.#deadline = deadline;
  }

  /** Questions that belong together are answered of one moment only inside a transaction that sees to it. */
  async known<K extends ImportKind>(kind: K, rows: readonly ImportRows[K][]): Promise<ImportKnown[K]> {
    const readers: {
      [Kind in ImportKind]: (rows: readonly ImportRows[Kind][]) => Promise<ImportKnown[Kind]>;
    } = {
      items: async (items) => await this.#items(items),
      labels: async (labels) => await this.#labels(labels),
      orders: async (orders) => await this.#orders(orders),
      lines: async (lines) => await this.#lines(lines),
    };
    return await readers[kind](rows);
  }

  async #items(rows: readonly ImportRows['items'][]): Promise<ImportKnown['items']> {
    const incoming = new Map(rows.map((row) => [row.sku, row]));
    const found = await this.#ofTexts<KnownItemRecord>('known items', ITEMS, [...incoming.keys()]);
    const differing = (...fields: readonly ('name' | 'unit' | 'tracking')[]): number[] => {
      return found
        .filter((item) =>
          fields.some((field) => (incoming.get(item.sku)?.[field] ?? item[field]) !== item[field]),
        )
        .map(({ item_id }) => item_id);
    };
    const [events, labelled] = await Promise.all([
      this.#ofIds<{ item_id: number; at: number | null }>(
        ...(['item events', LAST_ITEM_EVENTS] as const),
        differing('name', 'unit', 'tracking'),
      ),
      this.#ofIds<{ item_id: number }>('items with labels', ITEMS_WITH_LABELS, differing('tracking')),
    ]);
    const lastEvents = new Map(events.map(({ item_id, at }) => [item_id, at]));
    return { items: knownItems(found, lastEvents, new Set(labelled.map(({ item_id }) => item_id))) };
  }

  async #itemReferences(skus: Iterable<string | undefined>): Promise<Map<string, Item>> {
    const distinct = [...new Set(skus)].filter((sku) => sku !== undefined);
    return itemsBySku(await this.#ofTexts<ItemRecord>('item references', ITEM_REFERENCES, distinct));
  }

  async #labels(rows: readonly ImportRows['labels'][]): Promise<ImportKnown['labels']> {
    const numbers = rows.map(({ number }) => number);
    const codes = rows.flatMap(({ code }) => (code === undefined || code === null ? [] : [code]));
    const [labels, items, owners, namesakes] = await Promise.all([
      this.#ofTexts<KnownLabelRecord>('known labels', LABELS, numbers),
      this.#itemReferences(rows.map(({ item }) => item)),
      this.#ofTexts<{ code: string; number: string }>('code owners', CODE_OWNERS, [...numbers, ...codes]),
      this.#ofTexts<{ number: string }>('namesakes', NUMBERS, codes),
    ]);
    return {
      labels: knownLabels(labels),
      items,
      codeOwners: new Map(owners.map(({ code, number }) => [code, number])),
      numbers: new Set(namesakes.map(({ number }) => number)),
    };
  }

  async #orders(rows: readonly ImportRows['orders'][]): Promise<ImportKnown['orders']> {
    const found = await this.#orderRecords(rows.map(({ number }) => number));
    const ids = found.map(({ id }) => id);
    return { orders: knownOrders(found, await this.#ofIds<LabelRecord>('held labels', HELD, ids)) };
  }

  async #orderRecords(numbers: readonly string[]): Promise<OrderRecord[]> {
    return await this.#ofTexts<OrderRecord>('known orders', ORDERS, numbers);
  }

  async #lines(rows: readonly ImportRows['lines'][]): Promise<ImportKnown['lines']> {
    const keys = [textArray(rows.map(({ order }) => order)), numberArray(rows.map(({ line }) => line))];
    const [orders, items, lines] = await Promise.all([
      this.#orderRecords([...new Set(rows.map(({ order }) => order))]),
      this.#itemReferences(rows.map(({ item }) => item)),
      this.#all<KnownLineRecord>('known lines', LINES, keys),
    ]);
    return { orders: orderReferences(orders), items, lines: knownLines(lines) };
  }

  async #ofTexts<R extends object>(name: string, text: string, set: readonly string[]): Promise<R[]> {
    return set.length === 0 ? [] : await this.#all<R>(name, text, [textArray(set)]);
  }

  async #ofIds<R extends object>(name: string, text: string, set: readonly number[]): Promise<R[]> {
    return set.length === 0 ? [] : await this.#all<R>(name, text, [numberArray(set)]);
  }

  async #all<R extends object>(name: string, text: string, values: unknown[]): Promise<R[]> {
    return (await ask<R>(this.#session, { name, text, values }, this.#deadline)).rows;
  }
}
