/** Merging labels (DESIGN rule 15). */
import type { Item } from '../model.ts';
import { formatQuantity, type Quantity, toDecimal } from '../quantity.ts';
import type { ImportKnown, KnownLabel, LabelWrite, MergeOptions, MergeResult, Staged } from './known.ts';
import { MergeLog, mergeThreeWays } from './merge-log.ts';
import type { LabelRow } from './row.ts';

type Known = ImportKnown['labels'];

/** A label as it is written, with the sku beside the id because history names items by sku. */
type NamedWrite = LabelWrite & { readonly item: string };

const FIELDS = ['item', 'code', 'quantity', 'location', 'bin', 'lot', 'expiry', 'created'] as const;

export function mergeLabels(
  rows: readonly Staged<LabelRow>[],
  known: Known,
  options: MergeOptions,
): MergeResult<LabelWrite> {
  const log = new MergeLog<LabelWrite>(options.now);
  for (const staged of rows) {
    const item = itemOf(staged, known, log);
    if (item === undefined || clashes(staged, known, log)) continue;
    const found = known.labels.get(staged.row.number);
    if (found === undefined) addLabel(staged, item, log);
    else mergeLabel(staged, item, found, options, log);
  }
  return log.result();
}

function itemOf(
  { row, origin }: Staged<LabelRow>,
  known: Known,
  log: MergeLog<LabelWrite>,
): Item | undefined {
  const held = known.labels.get(row.number)?.state.label.item;
  if (row.item === undefined) {
    if (held === undefined) log.problem(origin, 'item', `label ${row.number} is new and names no item`);
    return held;
  }
  const item = known.items.get(row.item);
  if (item === undefined) log.problem(origin, 'item', `no item ${row.item} for label ${row.number}`);
  else if (item.tracking !== 'serialized') {
    log.problem(origin, 'item', `item ${row.item} is standard; only serialized items have labels`);
    return undefined;
  }
  return item;
}

/** A scan must mean one label: a code is no other label's code or number, and a number is no other label's code. */
function clashes({ row, origin }: Staged<LabelRow>, known: Known, log: MergeLog<LabelWrite>): boolean {
  const namesake = known.codeOwners.get(row.number);
  if (namesake !== undefined && namesake !== row.number) {
    log.problem(origin, 'number', `${row.number} is the scan code of label ${namesake} already`);
    return true;
  }
  if (row.code === undefined || row.code === null || row.code === row.number) return false;
  const owner = known.codeOwners.get(row.code);
  if (owner !== undefined && owner !== row.number) {
    log.problem(origin, 'code', `code ${row.code} is the scan code of label ${owner} already`);
    return true;
  }
  if (known.numbers.has(row.code)) {
    log.problem(origin, 'code', `code ${row.code} is the number of another label`);
    return true;
  }
  return false;
}

function addLabel({ row, origin }: Staged<LabelRow>, item: Item, log: MergeLog<LabelWrite>): void {
  if (row.quantity === undefined) {
    log.problem(origin, 'quantity', `label ${row.number} is new and has no quantity`);
    return;
  }
  log.added({
    id: null,
    number: row.number,
    code: row.code ?? null,
    itemId: item.id,
    quantity: row.quantity,
    location: row.location ?? null,
    bin: row.bin ?? null,
    lot: row.lot ?? null,
    expiry: row.expiry ?? null,
    created: row.created ?? null,
    source: row.quantity,
  });
}

function mergeLabel(
  { row, origin }: Staged<LabelRow>,
  item: Item,
  found: KnownLabel,
  options: MergeOptions,
  log: MergeLog<LabelWrite>,
): void {
  const { label, holder, lastEventAt } = found.state;
  if (item.id !== label.item.id && (holder !== null || found.hasShipped)) {
    const why = holder === null ? 'has been shipped from' : `is reserved for ${holder.order}`;
    log.problem(origin, 'item', `label ${row.number} ${why}; its item stays ${label.item.sku}`);
    return;
  }
  const quantity = mergeThreeWays(found.source, row.quantity, label.quantity, options.onConflict);
  if (quantity === 'conflict') {
    const says = formatQuantity(row.quantity ?? label.quantity);
    const was = `it said ${formatQuantity(found.source)} before, and ${formatQuantity(label.quantity)} is left here`;
    log.problem(origin, 'quantity', `label ${row.number}: the file says ${says}; ${was}`);
    return;
  }
  const { item: _, ...plain } = label;
  const after: NamedWrite = {
    ...plain,
    itemId: item.id,
    item: item.sku,
    quantity: quantity.value,
    code: row.code === undefined ? label.code : row.code,
    location: row.location === undefined ? label.location : row.location,
    bin: row.bin === undefined ? label.bin : row.bin,
    lot: row.lot === undefined ? label.lot : row.lot,
    expiry: row.expiry === undefined ? label.expiry : row.expiry,
    created: row.created === undefined ? label.created : row.created,
    source: quantity.source,
  };
  const ids = { itemId: null, labelId: label.id, orderId: null, lineId: null };
  const before = { ...plain, item: label.item.sku };
  const sourceChanged = quantity.source !== found.source;
  log.changed('label_changed', ids, before, after, FIELDS, lastEventAt, sourceChanged, showField);
  if (quantity.value === 0 && holder !== null) {
    log.freed(found.state, holder);
    log.notice({ kind: 'reservation_lost', label: label.number, order: holder.order, line: holder.line });
  }
}

/** Quantities go into history as decimals, like everywhere outside the rules. */
function showField(row: object, field: string): string | number | null {
  const value: unknown = (row as Record<string, unknown>)[field];
  if (typeof value === 'number') return toDecimal(value as Quantity);
  return typeof value === 'string' ? value : null;
}
