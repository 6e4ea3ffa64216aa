/** What a row refers to may come with the same import: staged items and orders count as known while rows are checked. */
import type { ImportKind, ImportKnown, ImportRows, Item, OrderReference } from '../core/index.ts';
import { mergedItem } from '../core/index.ts';
import type { StagedRows } from './import-store.ts';

/** `known` with the staged items and orders laid over it. They have no ids yet, so they get ones that no row has. */
export function overlayStaged<K extends ImportKind>(
  kind: K,
  rows: readonly ImportRows[K][],
  known: ImportKnown[K],
  staged: StagedRows,
): ImportKnown[K] {
  const overlays: {
    [Kind in ImportKind]: (rows: readonly ImportRows[Kind][], known: ImportKnown[Kind]) => ImportKnown[Kind];
  } = {
    items: (_, items) => items,
    orders: (_, orders) => orders,
    labels: (labels, found) => ({ ...found, items: withItems(labels, found.items, staged) }),
    lines: (lines, found) => ({
      ...found,
      items: withItems(lines, found.items, staged),
      orders: withOrders(lines, found.orders, staged),
    }),
  };
  return overlays[kind](rows, known);
}

function withItems(
  rows: readonly { readonly item?: string }[],
  known: ReadonlyMap<string, Item>,
  staged: StagedRows,
): ReadonlyMap<string, Item> {
  if (staged.count('items') === 0) return known;
  const items = new Map(known);
  for (const sku of new Set(rows.map(({ item }) => item))) {
    const row = sku === undefined ? undefined : staged.get('items', sku);
    if (sku === undefined || row === undefined) continue;
    const unsaved: Item = { id: -1 - items.size, sku, name: sku, unit: 'each', tracking: 'serialized' };
    items.set(sku, mergedItem(items.get(sku) ?? unsaved, row));
  }
  return items;
}

function withOrders(
  rows: readonly { readonly order: string }[],
  known: ReadonlyMap<string, OrderReference>,
  staged: StagedRows,
): ReadonlyMap<string, OrderReference> {
  if (staged.count('orders') === 0) return known;
  const orders = new Map(known);
  for (const number of new Set(rows.map(({ order }) => order))) {
    if (orders.has(number) || staged.get('orders', number) === undefined) continue;
    orders.set(number, { id: -1 - orders.size, lastEventAt: null });
  }
  return orders;
}
