/** Orders and items by their names, for decisions about many of them. Each statement takes a whole set. */
import type Database from 'better-sqlite3';
import type { KnownItem, OrderState, Tracking } from '../../core/index.ts';
import type { Loader } from './load.ts';

const ORDER_IDS = 'select o.id from json_each(?) t join orders o on o.number = t.value';

const ITEM_COLUMNS = `
  i.id, i.sku, i.name, i.unit, i.tracking,
    exists (select 1 from labels l where l.item_id = i.id) as has_labels,
    coalesce((select e.at from events e where e.item_id = i.id order by e.id desc limit 1), i.recorded_at) as last_at`;
const ITEMS = `select ${ITEM_COLUMNS} from json_each(?) t join items i on i.sku = t.value`;
const ITEMS_BY_ID = `select ${ITEM_COLUMNS} from json_each(?) t join items i on i.id = t.value`;

export function ordersNamed(
  db: Database.Database,
  loader: Loader,
  numbers: readonly string[],
): Map<string, OrderState> {
  const ids = db.prepare<[string], number>(ORDER_IDS).pluck().all(JSON.stringify(numbers));
  return new Map([...loader.orders(ids).values()].map((order) => [order.number, order]));
}

interface ItemRecord {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly tracking: Tracking;
  readonly has_labels: number;
  readonly last_at: number;
}

export function itemsNamed(db: Database.Database, skus: readonly string[]): Map<string, KnownItem> {
  const rows = db.prepare<[string], ItemRecord>(ITEMS).all(JSON.stringify(skus));
  return new Map(rows.map((row) => [row.sku, knownItem(row)]));
}

export function itemsById(db: Database.Database, ids: readonly number[]): Map<number, KnownItem> {
  if (ids.length === 0) return new Map();
  const rows = db.prepare<[string], ItemRecord>(ITEMS_BY_ID).all(JSON.stringify(ids));
  return new Map(rows.map((row) => [row.id, knownItem(row)]));
}

function knownItem({ has_labels, last_at, ...item }: ItemRecord): KnownItem {
  return { item, hasLabels: has_labels === 1, lastEventAt: last_at };
}
