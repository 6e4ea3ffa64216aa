/**
 * Loading what a scope names from PostgreSQL: one statement, so that all of it is of one moment and takes one trip. Each
 * part of it gives JSON, whose fields are those of the shared records.
 */
import {
  type KnownItem,
  type LabelState,
  nearKeys,
  type OrderState,
  type Past,
  type Scope,
  type ShipmentDocument,
  type Snapshot,
} from '../../core/index.ts';
import type { RecordedOperation } from '../../stockroom/ledger.ts';
import { type LabelRecord, type LineRecord, labelState, type OrderRecord, orderState } from '../rows.ts';
import { textArray } from './arrays.ts';
import type { Prepared, Rows } from './batch.ts';
import { ask, askAll, type Session } from './connection.ts';
import { LAST_SHIPMENT, type ShipmentRecord, shipmentOf } from './last-shipment.ts';
import { HELD, HOLDERS, ITEMS, LABELS, OPERATION, ORDER, ORDERS, PAST } from './load-sql.ts';
import { textOf } from './parts.ts';

/** Unknown labels and orders that get near misses in one answer; each costs some hundred index probes. */
const EXPLAINED = 20;
const NEAREST = 3;

/** For each unknown text, in its turn, the keys that exist of those that are near it, the likeliest first. */
const near = (table: 'labels' | 'orders') => `
  select n.number from unnest($1::text[]) with ordinality t(value, key) join ${table} n on n.number = t.value
  order by t.key limit ${NEAREST}`;

export interface VersionedLabel extends LabelRecord {
  /** The id of the label's last event; null if it has had none. */
  readonly version: number | null;
}

export type LoadedOrder = OrderRecord & { readonly lines: readonly LineRecord[] };

type ItemRecord = KnownItem['item'] & { readonly has_labels: boolean; readonly last_at: number };

/** A snapshot, with the rows that it was made of: what a write must find unchanged. */
export interface Loaded {
  /** The operation, if its id was used before. */
  readonly operation: RecordedOperation | null;
  readonly snapshot: Snapshot;
  /** Every order and every label that was found, once. */
  readonly orders: readonly LoadedOrder[];
  readonly labels: readonly VersionedLabel[];
  /** Texts that name no label. */
  readonly missing: readonly string[];
}

/** What the statement may give; a part that was not asked for is absent. */
interface LoadedRow {
  readonly operation?: RecordedOperation | null;
  readonly order?: LoadedOrder | null;
  readonly labels?: readonly (VersionedLabel & { readonly key: number })[];
  readonly holders?: readonly LoadedOrder[];
  readonly held?: readonly VersionedLabel[];
  readonly shipment?: ShipmentRecord | null;
  readonly orders?: readonly LoadedOrder[];
  readonly items?: readonly ItemRecord[];
  readonly past?: PastRow | null;
}

type PastRow = Pick<Past, 'operations' | 'events'> & {
  readonly labels: readonly VersionedLabel[];
  readonly orders: readonly LoadedOrder[];
  readonly items: readonly ItemRecord[];
};

/** `operation` is an id to look up besides. */
export async function load(
  session: Session,
  scope: Scope,
  operation: string | null,
  deadline: number,
): Promise<Loaded> {
  const statement = loading(scope, operation);
  const [rows] = await askAll(session, [statement], deadline);
  return await loaded(session, scope, rowOf(statement, rows), deadline);
}

/** A statement with the names of its columns, each of which is JSON. */
export interface Loading extends Prepared {
  readonly parts: readonly (keyof LoadedRow)[];
}

/** The statement that loads a scope. */
export function loading(scope: Scope, operation: string | null): Loading {
  const { order, labels = [], orders, items } = scope;
  const parts: [name: keyof LoadedRow, sql: string, value: unknown][] = [];
  if (operation !== null) parts.push(['operation', OPERATION, operation]);
  if (order !== undefined) parts.push(['order', ORDER, order]);
  if (labels.length > 0) parts.push(['labels', LABELS, textArray(labels)]);
  if (scope.holders === true) parts.push(['holders', HOLDERS, textArray(labels)]);
  if (scope.held === true) parts.push(['held', HELD, order]);
  if (scope.lastShipment === true) parts.push(['shipment', LAST_SHIPMENT, order]);
  if (orders !== undefined) parts.push(['orders', ORDERS, textArray(orders)]);
  if (items !== undefined) parts.push(['items', ITEMS, textArray(items)]);
  if (scope.operation !== undefined) parts.push(['past', PAST, scope.operation]);
  const name = `load ${parts.map(([part]) => part).join(' ')}`;
  const text = textOf(name, () => {
    const columns = parts.map(([part, sql], at) => `(${sql.replaceAll('$1', `$${at + 1}`)}) as "${part}"`);
    return `select ${columns.join(', ')}`;
  });
  return { name, text, values: parts.map(([, , value]) => value), parts: parts.map(([part]) => part) };
}

/** The one row that `loading` gives. */
export function rowOf({ parts }: Loading, rows: Rows | undefined): LoadedRow {
  const columns = rows?.[0] ?? [];
  return Object.fromEntries(parts.map((part, at) => [part, JSON.parse(columns[at] ?? 'null')]));
}

/** What the row of `loading` says, with near misses for what was not found, which cost another trip. */
export async function loaded(
  session: Session,
  scope: Scope,
  row: LoadedRow,
  deadline: number,
): Promise<Loaded> {
  const { operation = null, order = null, labels = [], holders = [], held = [], past = null } = row;
  const found = labelsByText(scope, labels);
  const missing = scope.labels?.filter((text) => !found.has(text)) ?? [];
  const orders = new Map(row.orders?.map((record) => [record.number, stateOf(record)]));
  const unknown = scope.orders?.filter((number) => !orders.has(number)) ?? [];
  if (scope.order !== undefined && order === null) unknown.unshift(scope.order);
  const state = order === null ? null : stateOf(order);
  const snapshot: Snapshot = {
    order: state,
    labels: found,
    held: held.map(labelState),
    lastShipment: lastShipment(state, row.shipment ?? null),
    holders: ordersById(holders),
    orders,
    items: new Map(row.items?.map((record) => [record.sku, itemOf(record)])),
    past: past === null ? null : pastOf(past),
    near: await nearMisses(session, unknown, missing, deadline),
  };
  const allOrders = [
    ...(order === null ? [] : [order]),
    ...holders,
    ...(row.orders ?? []),
    ...(past?.orders ?? []),
  ];
  return {
    operation,
    snapshot,
    orders: distinct(allOrders),
    labels: distinct([...labels, ...held, ...(past?.labels ?? [])]),
    missing,
  };
}

function pastOf({ labels, orders, items, ...past }: PastRow): Past {
  return {
    ...past,
    labels: labelsById(labels),
    orders: ordersById(orders),
    items: new Map(items.map((record) => [record.id, itemOf(record)])),
  };
}

function labelsByText({ labels: texts = [] }: Scope, records: readonly (VersionedLabel & { key: number })[]) {
  const found = new Map<string, LabelState>();
  for (const record of records) {
    const text = texts[record.key - 1];
    if (text !== undefined) found.set(text, labelState(record));
  }
  return found;
}

function stateOf(record: LoadedOrder): OrderState {
  return orderState(record, record.lines);
}

function ordersById(records: readonly LoadedOrder[]): Map<number, OrderState> {
  return new Map(records.map((record) => [record.id, stateOf(record)]));
}

function labelsById(records: readonly LabelRecord[]): Map<number, LabelState> {
  return new Map(records.map((record) => [record.id, labelState(record)]));
}

function itemOf({ has_labels, last_at, ...item }: ItemRecord): KnownItem {
  return { item, hasLabels: has_labels, lastEventAt: last_at };
}

function distinct<R extends { readonly id: number }>(records: readonly R[]): R[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

function lastShipment(order: OrderState | null, shipment: ShipmentRecord | null): ShipmentDocument | null {
  return order?.status === 'shipped' && shipment !== null ? shipmentOf(order, shipment) : null;
}

async function nearMisses(
  session: Session,
  orders: readonly string[],
  labels: readonly string[],
  deadline: number,
): Promise<Map<string, readonly string[]>> {
  const misses = new Map<string, readonly string[]>();
  const find = async (table: 'labels' | 'orders', text: string): Promise<void> => {
    const statement = { name: `near ${table}`, text: near(table), values: [textArray(nearKeys(text))] };
    const { rows } = await ask<{ number: string }>(session, statement, deadline);
    // A bare name may be looked for as an order and as a label at once; both kinds of near misses count.
    misses.set(text, [...(misses.get(text) ?? []), ...rows.map(({ number }) => number)]);
  };
  const some = (texts: readonly string[]) => [...new Set(texts)].slice(0, EXPLAINED);
  await Promise.all([
    ...some(orders).map((text) => find('orders', text)),
    ...some(labels).map((text) => find('labels', text)),
  ]);
  return misses;
}
