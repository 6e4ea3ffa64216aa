/** Merging orders (DESIGN rule 15): an import that ends an order never frees its stock by itself. */
import { isLive } from '../model.ts';
import type { ImportKnown, KnownOrder, MergeOptions, MergeResult, OrderWrite, Staged } from './known.ts';
import { MergeLog, mergeThreeWays } from './merge-log.ts';
import type { OrderRow } from './row.ts';

const FIELDS = ['customer', 'ordered', 'due', 'status'] as const;

export function mergeOrders(
  rows: readonly Staged<OrderRow>[],
  known: ImportKnown['orders'],
  options: MergeOptions,
): MergeResult<OrderWrite> {
  const log = new MergeLog<OrderWrite>(options.now);
  for (const staged of rows) {
    const found = known.orders.get(staged.row.number);
    if (found === undefined) log.added(newOrder(staged.row));
    else mergeOrder(staged, found, options, log);
  }
  return log.result();
}

function newOrder(row: OrderRow): OrderWrite {
  const status = row.status ?? 'open';
  return {
    id: null,
    number: row.number,
    customer: row.customer ?? null,
    ordered: row.ordered ?? null,
    due: row.due ?? null,
    status,
    source: status,
  };
}

function mergeOrder(
  { row, origin }: Staged<OrderRow>,
  found: KnownOrder,
  options: MergeOptions,
  log: MergeLog<OrderWrite>,
): void {
  const status = mergeThreeWays(found.source, row.status, found.status, options.onConflict);
  if (status === 'conflict') {
    const was = `it said ${found.source} before, and here it is ${found.status}`;
    log.problem(origin, 'status', `order ${row.number}: the file says ${row.status}; ${was}`);
    return;
  }
  const after: OrderWrite = {
    id: found.id,
    number: found.number,
    customer: row.customer === undefined ? found.customer : row.customer,
    ordered: row.ordered === undefined ? found.ordered : row.ordered,
    due: row.due === undefined ? found.due : row.due,
    status: status.value,
    source: status.source,
  };
  const ids = { itemId: null, labelId: null, orderId: found.id, lineId: null };
  log.changed('order_changed', ids, found, after, FIELDS, found.lastEventAt, status.source !== found.source);
  if (!isLive(after.status) && found.held.length > 0) endOrder(after, found, options, log);
}

function endOrder(
  after: OrderWrite,
  found: KnownOrder,
  options: MergeOptions,
  log: MergeLog<OrderWrite>,
): void {
  const labels = found.held.map(({ label }) => label.number);
  const facts = { order: found.number, status: after.status, labels };
  log.notice({ kind: options.releaseClosed ? 'released' : 'still_held', ...facts });
  if (!options.releaseClosed) return;
  for (const state of found.held) if (state.holder !== null) log.freed(state, state.holder);
}
