/** Loading what a scope names from SQLite. Each statement is prepared once and takes whole sets. */
import type Database from 'better-sqlite3';
import {
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
import { lastShipmentOf } from './shipments.ts';

/** Unknown labels that get near misses in one answer; each costs some hundred index probes. */
const EXPLAINED = 20;
const NEAREST = 3;

const ORDER = `
  select o.id, o.number, o.customer, o.ordered, o.due, o.status,
    coalesce((select e.at from events e where e.order_id = o.id order by e.id desc limit 1), o.recorded_at) as last_at
  from orders o where o.number = ?`;

const LINES = `
  select k.id, k.line, k.ordered, k.shipped, i.id as item_id, i.sku, i.name, i.unit, i.tracking,
    coalesce(sum(l.quantity), 0) as reserved, count(r.label_id) as reserved_labels
  from order_lines k join items i on i.id = k.item_id
    left join reservations r on r.line_id = k.id left join labels l on l.id = r.label_id
  where k.order_id = ? group by k.id order by k.line`;

/** A text names a label by its number, or else by its code. Last comes which of the texts it was. */
const LABELS = `
  select ${LABEL_COLUMNS}, t.key
  from json_each(?) t
    join labels l on l.id = coalesce(
      (select id from labels where number = t.value), (select id from labels where code = t.value))
    ${LABEL_JOINS}`;

const HELD = `
  select ${LABEL_COLUMNS}
  from order_lines h join reservations hr on hr.line_id = h.id join labels l on l.id = hr.label_id ${LABEL_JOINS}
  where h.order_id = ? order by l.number`;

const NEAR_LABELS = `
  select l.number from json_each(?) t join labels l on l.number = t.value order by t.key limit ${NEAREST}`;
const NEAR_ORDERS = `
  select o.number from json_each(?) t join orders o on o.number = t.value order by t.key limit ${NEAREST}`;

export class Loader {
  readonly #db: Database.Database;
  readonly #order: Database.Statement<[string], OrderRecord>;
  readonly #lines: Database.Statement<[number], LineRecord>;
  readonly #labels: Database.Statement<[string], readonly unknown[]>;
  #held: Database.Statement<[number], readonly unknown[]> | undefined;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#order = db.prepare(ORDER);
    this.#lines = db.prepare(LINES);
    this.#labels = db.prepare<[string], readonly unknown[]>(LABELS).raw();
  }

  /** Must run inside a transaction, so that all it reads is of one moment. */
  snapshot(scope: Scope): Snapshot {
    const near = new Map<string, readonly string[]>();
    const order = scope.order === undefined ? null : this.order(scope.order);
    if (scope.order !== undefined && order === null)
      near.set(scope.order, this.#near(NEAR_ORDERS, scope.order));
    const labels = this.#labelsOf(scope.labels ?? [], near);
    return {
      order,
      labels,
      held: scope.held === true && order !== null ? this.held(order.id) : [],
      lastShipment: scope.lastShipment === true && order !== null ? this.#lastShipment(order) : null,
      near,
    };
  }

  order(number: string): OrderState | null {
    const record = this.#order.get(number);
    return record === undefined ? null : orderState(record, this.#lines.all(record.id));
  }

  held(orderId: number): LabelState[] {
    this.#held ??= this.#db.prepare<[number], readonly unknown[]>(HELD).raw();
    return this.#held.all(orderId).map((row) => labelState(labelRecord(row)));
  }

  #labelsOf(texts: readonly string[], near: Map<string, readonly string[]>): Map<string, LabelState> {
    const found = new Map<string, LabelState>();
    if (texts.length === 0) return found;
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
