/** Loading what a scope names from SQLite. Each statement is prepared when it is first used, once, and takes whole sets. */
import type Database from 'better-sqlite3';
import {
  type KnownItem,
  type LabelState,
  nearKeys,
  type OrderState,
  type Scope,
  type ShipmentDocument,
  type Snapshot,
} from '../../core/index.ts';
import {
  LABEL_COLUMNS,
  LABEL_JOINS,
  type LineRecord,
  labelRecord,
  labelState,
  type OrderRecord,
  orderState,
} from '../rows.ts';
import { pastOf } from './past.ts';
import { itemsNamed, ordersNamed } from './named.ts';
import { lastShipmentOf } from './shipments.ts';

/** Unknown labels that get near misses in one answer; each costs some hundred index probes. */
const EXPLAINED = 20;
const NEAREST = 3;

const ORDER_COLUMNS = `
  o.id, o.number, o.customer, o.ordered, o.due, o.status,
    coalesce((select e.at from events e where e.order_id = o.id order by e.id desc limit 1), o.recorded_at) as last_at`;
const ORDER = `select ${ORDER_COLUMNS} from orders o where o.number = ?`;
const ORDERS = `
  select ${ORDER_COLUMNS} from json_each(?) t join orders o on o.id = t.value order by o.number`;

const LINES_OF = `
  select k.order_id, k.id, k.line, k.ordered, k.shipped, i.id as item_id, i.sku, i.name, i.unit, i.tracking,
    coalesce(sum(l.quantity), 0) as reserved, count(r.label_id) as reserved_labels
  from order_lines k join items i on i.id = k.item_id
    left join reservations r on r.line_id = k.id left join labels l on l.id = r.label_id
  where k.order_id`;
const LINES = `${LINES_OF} = ? group by k.id order by k.line`;
const LINES_OF_ORDERS = `${LINES_OF} in (select value from json_each(?)) group by k.id order by k.order_id, k.line`;

/** A text names a label by its number, or else by its code. Last comes which of the texts it was. */
const LABELS = `
  select ${LABEL_COLUMNS}, t.key
  from json_each(?) t
    join labels l on l.id = coalesce(
      (select id from labels where number = t.value), (select id from labels where code = t.value))
    ${LABEL_JOINS}`;

const LABELS_BY_ID = `
  select ${LABEL_COLUMNS} from json_each(?) t join labels l on l.id = t.value ${LABEL_JOINS} order by l.number`;

const HELD = `
  select ${LABEL_COLUMNS}
  from order_lines h join reservations hr on hr.line_id = h.id join labels l on l.id = hr.label_id ${LABEL_JOINS}
  where h.order_id = ? order by l.number`;

const NEAR_LABELS = `
  select l.number from json_each(?) t join labels l on l.number = t.value order by t.key limit ${NEAREST}`;
const NEAR_ORDERS = `
  select o.number from json_each(?) t join orders o on o.number = t.value order by t.key limit ${NEAREST}`;

const NO_ORDERS: ReadonlyMap<string, OrderState> = new Map();
const NO_ITEMS: ReadonlyMap<string, KnownItem> = new Map();
const NONE: ReadonlyMap<number, OrderState> = new Map();

function* holdersOf(labels: Iterable<LabelState>): Generator<number> {
  for (const { holder } of labels) if (holder !== null) yield holder.orderId;
}

export class Loader {
  readonly #db: Database.Database;
  #order: Database.Statement<[string], OrderRecord> | undefined;
  #lines: Database.Statement<[number], LineRecord> | undefined;
  #labels: Database.Statement<[string], readonly unknown[]> | undefined;
  #held: Database.Statement<[number], readonly unknown[]> | undefined;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Must run inside a transaction, so that all it reads is of one moment. */
  snapshot(scope: Scope): Snapshot {
    const near = new Map<string, readonly string[]>();
    const order = scope.order === undefined ? null : this.order(scope.order);
    if (scope.order !== undefined && order === null)
      near.set(scope.order, this.#near(NEAR_ORDERS, scope.order));
    const labels = this.#labelsOf(scope.labels ?? [], near);
    const orders = scope.orders === undefined ? NO_ORDERS : this.#ordersOf(scope.orders, near);
    return {
      order,
      labels,
      held: scope.held === true && order !== null ? this.held(order.id) : [],
      lastShipment: scope.lastShipment === true && order !== null ? this.#lastShipment(order) : null,
      holders: scope.holders === true ? this.orders(holdersOf(labels.values())) : NONE,
      past: scope.operation === undefined ? null : pastOf(this.#db, this, scope.operation),
      orders,
      items: scope.items === undefined ? NO_ITEMS : itemsNamed(this.#db, scope.items),
      near,
    };
  }

  #ordersOf(
    numbers: readonly string[],
    near: Map<string, readonly string[]>,
  ): ReadonlyMap<string, OrderState> {
    const orders = ordersNamed(this.#db, this, numbers);
    const unknown = numbers.filter((number) => !orders.has(number));
    for (const number of unknown.slice(0, EXPLAINED)) {
      near.set(number, [...(near.get(number) ?? []), ...this.#near(NEAR_ORDERS, number)]);
    }
    return orders;
  }

  order(number: string): OrderState | null {
    this.#order ??= this.#db.prepare(ORDER);
    const record = this.#order.get(number);
    if (record === undefined) return null;
    this.#lines ??= this.#db.prepare(LINES);
    return orderState(record, this.#lines.all(record.id));
  }

  /** Orders by id, in the order of their numbers. */
  orders(ids: Iterable<number>): Map<number, OrderState> {
    const set = JSON.stringify([...new Set(ids)]);
    const lines = new Map<number, LineRecord[]>();
    const ofOrders = this.#db.prepare<[string], LineRecord & { readonly order_id: number }>(LINES_OF_ORDERS);
    for (const line of ofOrders.all(set)) {
      const known = lines.get(line.order_id);
      if (known === undefined) lines.set(line.order_id, [line]);
      else known.push(line);
    }
    const records = this.#db.prepare<[string], OrderRecord>(ORDERS).all(set);
    return new Map(records.map((record) => [record.id, orderState(record, lines.get(record.id) ?? [])]));
  }

  /** Labels by id, in the order of their numbers. */
  labels(ids: Iterable<number>): Map<number, LabelState> {
    const rows = this.#db.prepare<[string], readonly unknown[]>(LABELS_BY_ID).raw();
    const states = rows.all(JSON.stringify([...new Set(ids)])).map((row) => labelState(labelRecord(row)));
    return new Map(states.map((state) => [state.label.id, state]));
  }

  held(orderId: number): LabelState[] {
    this.#held ??= this.#db.prepare<[number], readonly unknown[]>(HELD).raw();
    return this.#held.all(orderId).map((row) => labelState(labelRecord(row)));
  }

  #labelsOf(texts: readonly string[], near: Map<string, readonly string[]>): Map<string, LabelState> {
    const found = new Map<string, LabelState>();
    if (texts.length === 0) return found;
    this.#labels ??= this.#db.prepare<[string], readonly unknown[]>(LABELS).raw();
    for (const row of this.#labels.all(JSON.stringify(texts))) {
      const text = texts[Number(row.at(-1))];
      if (text !== undefined) found.set(text, labelState(labelRecord(row)));
    }
    if (found.size < texts.length) {
      const unknown = [...new Set(texts)].filter((text) => !found.has(text));
      for (const text of unknown.slice(0, EXPLAINED)) {
        // A bare name may be looked for as an order and as a label at once; both kinds of near misses count.
        near.set(text, [...(near.get(text) ?? []), ...this.#near(NEAR_LABELS, text)]);
      }
    }
    return found;
  }

  #near(statement: string, key: string): string[] {
    return this.#db
      .prepare<[string], string>(statement)
      .pluck()
      .all(JSON.stringify(nearKeys(key)));
  }

  #lastShipment(order: OrderState): ShipmentDocument | null {
    return order.status === 'shipped' ? lastShipmentOf(this.#db, order) : null;
  }
}
