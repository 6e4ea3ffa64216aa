/**
 * What was true at a moment, from first values and events alone (DESIGN rule 16). Rows are read before their events: what
 * happens in between is an event by then, and is taken back like every later one.
 */
import type { Kysely } from 'kysely';
import {
  compareKeys,
  type Fields,
  fromDecimal,
  type Holder,
  type Item,
  type LabelState,
  type LineState,
  type OrderState,
  type OrderStatus,
  plus,
  type Quantity,
  type Tracking,
  tellsOfHolder as isOfHolder,
  ZERO,
} from '../../core/index.ts';
import type { Then } from '../../stockroom/history-reads.ts';
import type { Schema } from '../schema.ts';
import {
  changedRow,
  eventsOf,
  inParts,
  itemRow,
  itemRows,
  labelRow,
  labelRows,
  lineRow,
  lineRows,
  orderRow,
  orderRows,
  RowsThen,
  type StoredEvent,
} from './changes.ts';
import { tellsOfHolder } from './sql.ts';

/** Labels as they were, by their ids. */
export async function labelsAt(
  db: Kysely<Schema>,
  ids: readonly number[],
  moment: number,
): Promise<Map<number, Then<LabelState>>> {
  const labels = new Map<number, Then<LabelState>>();
  for (const part of inParts(ids)) {
    for (const [id, then] of await someLabelsAt(db, part, moment)) labels.set(id, then);
  }
  return labels;
}

async function someLabelsAt(db: Kysely<Schema>, ids: readonly number[], moment: number) {
  const rows = (await labelRows(db).where('l.id', 'in', ids).execute()).map((row) => labelRow(row));
  const then = new RowsThen(rows, moment);
  const holders = new Map<number, StoredEvent>();
  for await (const event of eventsOf(db, 'label_id', ids)) {
    then.follow(changedRow(event.kind, 'label', event), event);
    if (event.labelId !== null && event.at <= moment && isOfHolder(event)) holders.set(event.labelId, event);
  }
  const fields = new Map(rows.map(({ id }) => [id, then.fields(id)]));
  const items = await itemsAt(db, [...fields.values()].map(itemOf), moment);
  const held = [...holders.values()].filter(({ after }) => after !== null);
  const orders = await ordersAt(
    db,
    held.flatMap(({ orderId }) => (orderId === null ? [] : [orderId])),
    moment,
  );
  return rows.map(({ id, number, recordedAt }): [number, Then<LabelState>] => {
    if (recordedAt > moment) return [id, { recordedAt, state: null }];
    const own = fields.get(id) ?? {};
    const label = { ...plainLabel(own), id, number, item: items.get(itemOf(own)) ?? unknownItem(own) };
    return [
      id,
      { recordedAt, state: { label, holder: holderOf(holders.get(id), orders), lastEventAt: null } },
    ];
  });
}

function plainLabel(fields: Fields) {
  return {
    code: textOf(fields['code']),
    location: textOf(fields['location']),
    bin: textOf(fields['bin']),
    lot: textOf(fields['lot']),
    expiry: textOf(fields['expiry']),
    created: textOf(fields['created']),
    quantity: quantityOf(fields['quantity']),
  };
}

function holderOf(event: StoredEvent | undefined, orders: ReadonlyMap<number, Fields>): Holder | null {
  if (event === undefined || event.after === null) return null;
  const { orderId, lineId, after } = event;
  const order = orders.get(orderId ?? 0) ?? {};
  return {
    orderId: orderId ?? 0,
    order: textOf(after['order']) ?? '',
    // Statuses come from the table itself or from events that wrote them there.
    orderStatus: order['status'] as OrderStatus,
    customer: textOf(order['customer']),
    lineId: lineId ?? 0,
    line: Number(after['line']),
    since: Date.parse(String(after['since'])),
    by: textOf(after['by']) ?? '',
    operation: textOf(after['operation']) ?? '',
  };
}

/** The fields of orders themselves, without their lines. */
async function ordersAt(
  db: Kysely<Schema>,
  ids: readonly number[],
  moment: number,
): Promise<Map<number, Fields>> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return new Map();
  const rows = (await orderRows(db).where('o.id', 'in', unique).execute()).map((row) => orderRow(row));
  const then = new RowsThen(rows, moment);
  for await (const event of eventsOf(db, 'order_id', unique, 'own')) {
    then.follow(changedRow(event.kind, 'order', event), event);
  }
  return new Map(rows.map(({ id }) => [id, then.fields(id)]));
}

async function itemsAt(
  db: Kysely<Schema>,
  skus: readonly string[],
  moment: number,
): Promise<Map<string, Item>> {
  const rows: ReturnType<typeof itemRow>[] = [];
  for (const part of inParts([...new Set(skus)])) {
    const found = await itemRows(db).where('i.sku', 'in', part).execute();
    rows.push(...found.map((row) => itemRow(row)));
  }
  const then = new RowsThen(rows, moment);
  const ids = rows.map(({ id }) => id);
  for await (const event of eventsOf(db, 'item_id', ids)) {
    then.follow(changedRow(event.kind, 'item', event), event);
  }
  return new Map(
    rows.map(({ id, sku }) => {
      const { name, unit, tracking } = then.fields(id);
      return [sku, { id, sku, name: String(name), unit: String(unit), tracking: tracking as Tracking }];
    }),
  );
}

/** An order as it was, with the labels that it held then. */
export async function orderAt(
  db: Kysely<Schema>,
  id: number,
  moment: number,
): Promise<Then<OrderState> & { readonly held: readonly LabelState[] }> {
  const order = orderRow(await orderRows(db).where('o.id', '=', id).executeTakeFirstOrThrow());
  if (order.recordedAt > moment) return { recordedAt: order.recordedAt, state: null, held: [] };
  const all = await lineRows(db).where('k.order_id', '=', id).orderBy('k.line').execute();
  const lines = all.map((row) => lineRow(row)).filter(({ recordedAt }) => recordedAt <= moment);
  const own = new RowsThen([order], moment);
  const then = new RowsThen(lines, moment);
  for await (const event of eventsOf(db, 'order_id', [id], 'own')) {
    own.follow(changedRow(event.kind, 'order', event), event);
    then.follow(changedRow(event.kind, 'line', event), event);
  }
  const held = await heldAt(db, id, moment);
  const fields = new Map(lines.map((line) => [line.id, then.fields(line.id)]));
  const items = await itemsAt(db, [...fields.values()].map(itemOf), moment);
  const { customer, ordered, due, status } = own.fields(id);
  const state: OrderState = {
    ...{ id, number: order.number, lastEventAt: null, status: status as OrderStatus },
    ...{ customer: textOf(customer), ordered: textOf(ordered), due: textOf(due) },
    lines: lines.map((line): LineState => {
      const now = fields.get(line.id) ?? {};
      const labels = held.filter(({ holder }) => holder?.lineId === line.id);
      return {
        ...{ id: line.id, line: line.line, item: items.get(itemOf(now)) ?? unknownItem(now) },
        ...{ ordered: quantityOf(now['ordered']), shipped: quantityOf(now['shipped']) },
        reserved: labels.reduce((sum, { label }) => plus(sum, label.quantity), ZERO),
        reservedLabels: labels.length,
      };
    }),
  };
  return { recordedAt: order.recordedAt, state, held };
}

/** The labels that an order held, in label number order: some of those that ever had to do with it. */
async function heldAt(db: Kysely<Schema>, orderId: number, moment: number): Promise<LabelState[]> {
  const touched = await db
    .selectFrom('events as e')
    .select('e.label_id')
    .distinct()
    .where('e.order_id', '=', orderId)
    .where('e.label_id', 'is not', null)
    .where('e.at', '<=', moment)
    .where(tellsOfHolder('e'))
    .execute();
  const ids = touched.flatMap(({ label_id }) => (label_id === null ? [] : [label_id]));
  const labels = [...(await labelsAt(db, ids, moment)).values()];
  return labels
    .flatMap(({ state }) => (state?.holder?.orderId === orderId ? [state] : []))
    .sort((a, b) => compareKeys(a.label.number, b.label.number));
}

function itemOf(fields: Fields): string {
  return String(fields['item']);
}

/** An item that history names and that is not there: someone removed it behind earmark's back. */
function unknownItem(fields: Fields): Item {
  const sku = itemOf(fields);
  return { id: 0, sku, name: sku, unit: 'each', tracking: 'serialized' };
}

function textOf(value: Fields[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function quantityOf(value: Fields[string] | undefined): Quantity {
  return fromDecimal(Number(value ?? 0));
}
