/** Merging order lines (DESIGN rule 15). */
import type { Item } from '../model.ts';
import { formatQuantity, type Quantity, toDecimal, ZERO } from '../quantity.ts';
import {
  type ImportKnown,
  type KnownLine,
  type LineWrite,
  lineKey,
  type MergeOptions,
  type MergeResult,
  type OrderReference,
  type Staged,
} from './known.ts';
import { type Merged, MergeLog, mergeThreeWays } from './merge-log.ts';
import type { LineRow } from './row.ts';

type Log = MergeLog<LineWrite>;
type NamedWrite = LineWrite & { readonly item: string };

export function mergeLines(
  rows: readonly Staged<LineRow>[],
  known: ImportKnown['lines'],
  options: MergeOptions,
): MergeResult<LineWrite> {
  const log = new MergeLog<LineWrite>(options.now);
  for (const staged of rows) {
    const { row, origin } = staged;
    const order = known.orders.get(row.order);
    const found = known.lines.get(lineKey(row.order, row.line));
    const item = row.item === undefined ? found?.item : known.items.get(row.item);
    if (order === undefined) log.problem(origin, 'order', `no order ${row.order}`);
    else if (item === undefined) {
      const why =
        row.item === undefined ? 'is new and names no item' : `names item ${row.item}, which does not exist`;
      log.problem(origin, 'item', `line ${row.line} of ${row.order} ${why}`);
    } else if (found === undefined) addLine(staged, order, item, log);
    else mergeLine(staged, order, item, found, options, log);
  }
  return log.result();
}

function addLine({ row, origin }: Staged<LineRow>, order: OrderReference, item: Item, log: Log): void {
  if (row.ordered === undefined) {
    log.problem(origin, 'ordered', `line ${row.line} of ${row.order} is new and has no quantity`);
    return;
  }
  const shipped = row.shipped ?? ZERO;
  if (refuseBelowShipped(row, origin, row.ordered, shipped, log)) return;
  log.added({
    id: null,
    orderId: order.id,
    line: row.line,
    itemId: item.id,
    ordered: row.ordered,
    shipped,
    sourceOrdered: row.ordered,
    sourceShipped: shipped,
  });
}

function mergeLine(
  { row, origin }: Staged<LineRow>,
  order: OrderReference,
  item: Item,
  found: KnownLine,
  options: MergeOptions,
  log: Log,
): void {
  if (item.id !== found.item.id && found.inUse) {
    const why = `line ${row.line} of ${row.order} has labels reserved or shipped`;
    log.problem(origin, 'item', `${why}; its item stays ${found.item.sku}`);
    return;
  }
  const ordered = mergeThreeWays(found.sourceOrdered, row.ordered, found.ordered, options.onConflict);
  const shipped = mergeThreeWays(found.sourceShipped, row.shipped, found.shipped, options.onConflict);
  if (ordered === 'conflict')
    conflict(row, origin, 'ordered', row.ordered, found.sourceOrdered, found.ordered, log);
  if (shipped === 'conflict')
    conflict(row, origin, 'shipped', row.shipped, found.sourceShipped, found.shipped, log);
  if (ordered === 'conflict' || shipped === 'conflict') return;
  if (refuseBelowShipped(row, origin, ordered.value, shipped.value, log)) return;
  const after: NamedWrite = {
    ...{ id: found.id, orderId: order.id, line: row.line, itemId: item.id, item: item.sku },
    ...{ ordered: ordered.value, shipped: shipped.value },
    ...{ sourceOrdered: ordered.source, sourceShipped: shipped.source },
  };
  const before = { item: found.item.sku, ordered: found.ordered, shipped: found.shipped };
  const ids = { itemId: null, labelId: null, orderId: order.id, lineId: found.id };
  const sourceChanged = differs(ordered, found.sourceOrdered) || differs(shipped, found.sourceShipped);
  log.changed(
    'line_changed',
    ids,
    before,
    after,
    ['item', 'ordered', 'shipped'],
    found.lastEventAt,
    sourceChanged,
    show,
  );
}

function differs(merged: Exclude<Merged<Quantity>, 'conflict'>, said: Quantity): boolean {
  return merged.source !== said;
}

function refuseBelowShipped(
  row: LineRow,
  origin: Staged<LineRow>['origin'],
  ordered: Quantity,
  shipped: Quantity,
  log: Log,
): boolean {
  if (ordered >= shipped) return false;
  const amounts = `ordered ${formatQuantity(ordered)} is below shipped ${formatQuantity(shipped)}`;
  log.problem(origin, 'ordered', `line ${row.line} of ${row.order}: ${amounts}`);
  return true;
}

function conflict(
  row: LineRow,
  origin: Staged<LineRow>['origin'],
  column: string,
  says: Quantity | undefined,
  said: Quantity,
  ours: Quantity,
  log: Log,
): void {
  const file = `the file says ${formatQuantity(says ?? said)}`;
  const was = `it said ${formatQuantity(said)} before, and ${formatQuantity(ours)} is recorded here`;
  log.problem(origin, column, `line ${row.line} of ${row.order}, ${column}: ${file}; ${was}`);
}

function show(row: object, field: string): string | number | null {
  const value: unknown = (row as Record<string, unknown>)[field];
  if (typeof value === 'number') return toDecimal(value as Quantity);
  return typeof value === 'string' ? value : null;
}
