/** Merging the rows of an import into what the ledger holds (DESIGN rule 15). Pure: it says what to write. */
import type { Item } from '../model.ts';
import { mergeLabels } from './merge-labels.ts';
import { mergeLines } from './merge-lines.ts';
import { mergeOrders } from './merge-orders.ts';
import { MergeLog } from './merge-log.ts';
import type {
  ImportKnown,
  ImportWrites,
  ItemWrite,
  KnownItem,
  MergeOptions,
  MergeResult,
  Staged,
} from './known.ts';
import type { ImportKind, ImportRows, ItemRow } from './row.ts';

export * from './known.ts';

type Merge<K extends ImportKind> = (
  rows: readonly Staged<ImportRows[K]>[],
  known: ImportKnown[K],
  options: MergeOptions,
) => MergeResult<ImportWrites[K]>;

/** One merge for each kind: which rows are new, which change what, which are refused, and what must be said. */
export const MERGE: { readonly [K in ImportKind]: Merge<K> } = {
  items: mergeItems,
  labels: mergeLabels,
  orders: mergeOrders,
  lines: mergeLines,
};

function mergeItems(
  rows: readonly Staged<ItemRow>[],
  known: ImportKnown['items'],
  options: MergeOptions,
): MergeResult<ItemWrite> {
  const log = new MergeLog<ItemWrite>(options.now);
  for (const staged of rows) {
    const found = known.items.get(staged.row.sku);
    if (found === undefined) log.added(newItem(staged.row));
    else mergeItem(staged, found, log);
  }
  return log.result();
}

function newItem({ sku, name, unit, tracking }: ItemRow): ItemWrite {
  return { id: null, sku, name: name ?? sku, unit: unit ?? 'each', tracking: tracking ?? 'serialized' };
}

function mergeItem(
  { row, origin }: Staged<ItemRow>,
  { item, hasLabels, lastEventAt }: KnownItem,
  log: MergeLog<ItemWrite>,
): void {
  const merged = mergedItem(item, row);
  if (merged.tracking !== item.tracking && hasLabels) {
    log.problem(
      origin,
      'tracking',
      `item ${item.sku} is ${item.tracking} and has labels; its tracking stays`,
    );
    return;
  }
  const ids = { itemId: item.id, labelId: null, orderId: null, lineId: null };
  log.changed('item_changed', ids, item, merged, ['name', 'unit', 'tracking'], lastEventAt, false);
}

/** An item as it is with the fields of a row over it; also what rows that refer to it may rely on. */
export function mergedItem(item: Item, row: ItemRow): Item {
  return {
    ...item,
    name: row.name ?? item.name,
    unit: row.unit ?? item.unit,
    tracking: row.tracking ?? item.tracking,
  };
}
