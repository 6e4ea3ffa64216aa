/** Writing what was decided to SQLite, inside the transaction that loaded it. Each statement takes a whole set. */
import type Database from 'better-sqlite3';
import type { ChangeSet, NewEvent, NewShipment } from '../../core/index.ts';
import type { OperationRequest } from '../../stockroom/ledger.ts';
import { type RestoredColumns, restoredColumns } from '../restored-rows.ts';

const OPERATION = `
  insert into operations (name, verb, actor, reason, fingerprint, at, answer) values (?, ?, ?, ?, ?, ?, ?)`;
const EVENTS = `
  insert into events (operation_id, at, kind, item_id, label_id, order_id, line_id, before, after)
  select ?, ?, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 from json_each(?)`;
const RESERVE = `
  insert into reservations (operation_id, since, "by", label_id, line_id, item_id)
  select ?, ?, ?, value->>0, value->>1, value->>2 from json_each(?)`;
/** An earlier reservation as it was; only its operation goes by another key here than in the core. */
const RESTORE = `
  insert into reservations (label_id, line_id, item_id, since, "by", operation_id)
  select t.value->>0, t.value->>1, t.value->>2, t.value->>3, t.value->>4, n.id
  from json_each(?) t join operations n on n.name = t.value->>5`;
const FREE = 'delete from reservations where label_id in (select value from json_each(?))';
const QUANTITIES =
  'update labels set quantity = t.value->>1 from json_each(?) t where labels.id = t.value->>0';
const SHIPPED =
  'update order_lines set shipped = t.value->>1 from json_each(?) t where order_lines.id = t.value->>0';
const STATUSES = 'update orders set status = t.value->>1 from json_each(?) t where orders.id = t.value->>0';
const SHIPMENT = 'insert into shipments (operation_id, at, "by", order_id) values (?, ?, ?, ?)';
const SHIPMENT_LINES = `
  insert into shipment_lines (shipment_id, line_id, quantity) select ?, value->>0, value->>1 from json_each(?)`;
const SHIPMENT_LABELS = `
  insert into shipment_labels (shipment_id, line_id, label_id, quantity, remaining)
  select ?, value->>0, value->>1, value->>2, value->>3 from json_each(?)`;

export class Writer {
  readonly #db: Database.Database;
  readonly #prepared = new Map<string, Database.Statement<unknown[]>>();

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Records an operation; `answer` is null while an import is unfinished. Gives the operation's row id. */
  operation(operation: OperationRequest, at: number, answer: string | null): number {
    const { id, verb, actor, reason, fingerprint } = operation;
    return Number(this.#run(OPERATION, id, verb, actor, reason, fingerprint, at, answer).lastInsertRowid);
  }

  changes(changes: ChangeSet, operationId: number, at: number, actor: string): void {
    this.free(changes.freedLabels);
    for (const row of changes.restoredRows) this.#putBack(restoredColumns(row));
    const { reservations, labelQuantities, lineShipped, orderStatuses } = changes;
    const reserved: unknown[] = [];
    const restored: unknown[] = [];
    for (const { labelId, lineId, itemId, restored: as } of reservations) {
      if (as === undefined) reserved.push([labelId, lineId, itemId]);
      else restored.push([labelId, lineId, itemId, as.since, as.by, as.operation]);
    }
    this.#set(RESERVE, reserved, operationId, at, actor);
    this.#set(RESTORE, restored);
    this.#set(QUANTITIES, [...labelQuantities]);
    this.#set(
      SHIPPED,
      lineShipped.map(({ lineId, shipped }) => [lineId, shipped]),
    );
    this.#set(
      STATUSES,
      orderStatuses.map(({ orderId, status }) => [orderId, status]),
    );
    for (const shipment of changes.shipments) this.#shipment(shipment, operationId, at, actor);
    this.events(changes.events, operationId, at);
  }

  free(labelIds: readonly number[]): void {
    this.#set(FREE, labelIds);
  }

  events(events: readonly NewEvent[], operationId: number, at: number): void {
    const rows = events.map(({ kind, itemId, labelId, orderId, lineId, before, after }) => {
      return [kind, itemId, labelId, orderId, lineId, jsonOrNull(before), jsonOrNull(after)];
    });
    this.#set(EVENTS, rows, operationId, at);
  }

  #putBack({ table, id, values }: RestoredColumns): void {
    const columns = values.map(([column]) => {
      return column === 'item_id' ? 'item_id = (select id from items where sku = ?)' : `${column} = ?`;
    });
    const given = values.map(([, value]) => value);
    this.#run(`update ${table} set ${columns.join(', ')} where id = ?`, ...given, id);
  }

  #shipment(shipment: NewShipment, operationId: number, at: number, actor: string): void {
    const id = Number(this.#run(SHIPMENT, operationId, at, actor, shipment.orderId).lastInsertRowid);
    this.#set(
      SHIPMENT_LINES,
      shipment.lines.map(({ lineId, quantity }) => [lineId, quantity]),
      id,
    );
    const labels = shipment.labels.map(({ lineId, labelId, quantity, remaining }) => [
      lineId,
      labelId,
      quantity,
      remaining,
    ]);
    this.#set(SHIPMENT_LABELS, labels, id);
  }

  /** Runs a statement over a set of rows. The write lock is held, so every row must take effect; else it is a bug. */
  #set(statement: string, rows: readonly unknown[], ...parameters: readonly unknown[]): void {
    if (rows.length === 0) return;
    const { changes } = this.#run(statement, ...parameters, JSON.stringify(rows));
    if (changes !== rows.length)
      throw new Error(`wrote ${changes} rows instead of ${rows.length}: ${statement}`);
  }

  #run(statement: string, ...parameters: readonly unknown[]): Database.RunResult {
    let prepared = this.#prepared.get(statement);
    if (prepared === undefined) {
      prepared = this.#db.prepare(statement);
      this.#prepared.set(statement, prepared);
    }
    return prepared.run(...parameters);
  }
}

function jsonOrNull(fields: object | null): string | null {
  return fields === null ? null : JSON.stringify(fields);
}
