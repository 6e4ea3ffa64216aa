/** What undoing needs: an operation or a group of them, and what became of all that they touched. */
import type Database from 'better-sqlite3';
import type { EventKind, Fields, Past, PastEvent, PastOperation } from '../../core/index.ts';
import type { Loader } from './load.ts';
import { itemsById } from './named.ts';

type OperationRecord = PastOperation & { readonly row: number };

const COLUMNS = 'n.id as row, n.name as id, n.verb, n.at, n.actor as "by"';
const OPERATION = `select ${COLUMNS} from operations n where n.name = ?`;
/** `0` is what comes after the slash. */
const GROUP = `
  with t(name) as (values (?))
  select ${COLUMNS} from t cross join operations n on n.name > t.name || '/' and n.name < t.name || '0'
  where substr(n.name, length(t.name) + 2) not glob '*[^0-9]*' order by n.id desc`;

/** Every event of the operations, and what befell their labels, and their orders themselves, since. */
const EVENTS = `
  with own as materialized (
    select e.id, e.item_id, e.label_id, e.order_id from json_each(?) t join events e on e.operation_id = t.value
  ),
  wanted as (
    select id from own t
    union
    select e.id
    from (select label_id, min(id) as first from own t where label_id is not null group by label_id) t
      cross join events e on e.label_id = t.label_id and e.id >= t.first
    union
    select e.id
    from (select order_id, min(id) as first from own t where order_id is not null group by order_id) t
      cross join events e on e.order_id = t.order_id and e.id >= t.first
    where e.label_id is null
    union
    select e.id
    from (select item_id, min(id) as first from own t where item_id is not null group by item_id) t
      cross join events e on e.item_id = t.item_id and e.id >= t.first
  )
  select e.id, e.kind, e.item_id, e.label_id, e.order_id, e.line_id, e.before, e.after,
    n.name as operation, n.verb, n.at, n.actor as "by"
  from wanted t cross join events e on e.id = t.id join operations n on n.id = e.operation_id order by e.id`;

interface EventRecord extends Omit<PastOperation, 'id'> {
  readonly id: number;
  readonly kind: EventKind;
  readonly item_id: number | null;
  readonly label_id: number | null;
  readonly order_id: number | null;
  readonly line_id: number | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly operation: string;
}

/** Null if there is neither an operation nor a group of that name. */
export function pastOf(db: Database.Database, loader: Loader, name: string): Past | null {
  const one = db.prepare<[string], OperationRecord>(OPERATION).all(name);
  const found = one.length > 0 ? one : db.prepare<[string], OperationRecord>(GROUP).all(name);
  if (found.length === 0) return null;
  const rows = JSON.stringify(found.map(({ row }) => row));
  const operations = found.map(({ row: _, ...operation }) => operation);
  const own = new Set(operations.map(({ id }) => id));
  const events = db.prepare<[string], EventRecord>(EVENTS).all(rows).map(pastEvent);
  const touched = events.filter(({ operation }) => own.has(operation.id));
  return {
    operations,
    events,
    labels: loader.labels(touched.flatMap(({ labelId }) => labelId ?? [])),
    orders: loader.orders(touched.flatMap(({ orderId }) => orderId ?? [])),
    items: itemsById(db, [...new Set(touched.flatMap(({ itemId }) => itemId ?? []))]),
  };
}

function pastEvent(record: EventRecord): PastEvent {
  const { id, kind, item_id, label_id, order_id, line_id, before, after, operation, verb, at, by } = record;
  return {
    ...{ id, kind, itemId: item_id, labelId: label_id, orderId: order_id, lineId: line_id },
    before: fields(before),
    after: fields(after),
    operation: { id: operation, verb, at, by },
  };
}

function fields(json: string | null): Fields | null {
  return json === null ? null : (JSON.parse(json) as Fields);
}
