/** Undoing what `diagnose --fix` put back in rows (DESIGN rule 17): the fields become again what was found then. */
import { isoMoment } from './calendar.ts';
import type { Fields } from './changes.ts';
import { fieldsOf, lastEventOf, type Row, sameFields } from './diagnosis/rows.ts';
import { tellsOfHolder } from './history.ts';
import { isLive, type OrderState, type OrderStatus } from './model.ts';
import type { LaterOperation, Refusal } from './outcomes.ts';
import { type Past, type PastEvent, trailOf } from './past.ts';

/** A row of which fields go back. */
export interface RowReturn {
  readonly row: Row;
  readonly now: Fields;
  readonly to: Fields;
}

/** Whether the event puts fields of a row back, and not a holder. */
export function isRowRestored(event: PastEvent): boolean {
  return event.kind === 'restored' && !tellsOfHolder(event);
}

/** What becomes of each row that the operations put back. */
export function rowReturns(
  past: Past,
  own: ReadonlySet<string>,
): { readonly rows: readonly RowReturn[]; readonly refusals: readonly Refusal[] } {
  const rows: RowReturn[] = [];
  const refusals: Refusal[] = [];
  const seen = new Set<string>();
  for (const event of past.events) {
    const key = rowKey(event);
    if (!own.has(event.operation.id) || !isRowRestored(event) || seen.has(key)) continue;
    seen.add(key);
    const row = rowOfEvent(event, past);
    const events = past.events.filter((each) => rowKey(each) === key && !tellsOfHolder(each));
    if (row === undefined) continue;
    const verdict = judgeRow(row, events, own);
    if ('code' in verdict) refusals.push(verdict);
    else if (!sameFields(verdict.now, verdict.to)) rows.push(verdict);
  }
  return { rows, refusals };
}

/** What the fields are now and what they become again, which may be the same; or why they stay. */
function judgeRow(
  row: Row,
  events: readonly PastEvent[],
  own: ReadonlySet<string>,
): RowReturn | Extract<Refusal, { code: 'changed_since' | 'order_holds_labels' }> {
  const mine = events.filter(({ operation }) => own.has(operation.id));
  const names = new Set(mine.flatMap(({ after }) => Object.keys(after ?? {})));
  // Whatever others did to the line since, the numbers of a line hang together.
  const counts = (event: PastEvent) =>
    own.has(event.operation.id) ||
    row.kind === 'line' ||
    Object.keys(event.after ?? {}).some((name) => names.has(name));
  const trail = trailOf(events.filter(counts), own);
  const now = pick(fieldsOf(row), names);
  // Somebody else was last; it may be as it was all the same, if the operations were undone before.
  const tail = trail?.tail ?? [];
  if (tail.length === 0) {
    return sameFields(now, { ...now, ...earliest(mine) })
      ? { row, now, to: now }
      : changedSince(row, trail?.later ?? null);
  }
  const left = Object.assign({}, ...tail.map(({ after }) => after)) as Fields;
  const to = { ...now, ...earliest(tail) };
  if (sameFields(now, to)) return { row, now, to };
  if (!sameFields(now, { ...now, ...left })) return changedSince(row, null);
  return forbidden(row, to, events, mine) ?? { row, now, to };
}

/** What each field was before the first event that changed it. */
function earliest(events: readonly PastEvent[]): Fields {
  return Object.assign({}, ...events.map(({ before }) => before).reverse()) as Fields;
}

/** Constraints and rules that what was found then would break by now. */
function forbidden(
  row: Row,
  to: Fields,
  events: readonly PastEvent[],
  mine: readonly PastEvent[],
): Extract<Refusal, { code: 'changed_since' | 'order_holds_labels' }> | undefined {
  const isHeld =
    (row.kind === 'label' && row.state.holder !== null) ||
    (row.kind === 'line' && row.state.reservedLabels > 0);
  if ('item' in to && isHeld) return changedSince(row, events.at(-1) ?? null);
  const status = to['status'] as OrderStatus | undefined;
  if (row.kind !== 'order' || status === undefined || isLive(status)) return undefined;
  const labels = heldBy(row.state);
  const doneAt = Math.max(...mine.map(({ operation }) => operation.at));
  // An order that had ended and held labels all the same is put back so; one that has got labels since is not.
  if (labels === 0 || (row.state.lastEventAt ?? 0) <= doneAt) return undefined;
  return {
    code: 'order_holds_labels',
    order: row.state.number,
    status: row.state.status,
    wanted: status,
    labels,
  };
}

function heldBy({ lines }: OrderState): number {
  return lines.reduce((sum, { reservedLabels }) => sum + reservedLabels, 0);
}

function changedSince(row: Row, later: PastEvent | null): Extract<Refusal, { code: 'changed_since' }> {
  const names = {
    label: row.kind === 'label' ? row.state.label.number : null,
    order: row.kind === 'order' ? row.state.number : row.kind === 'line' ? row.order.number : null,
    ...(row.kind === 'item' ? { item: row.state.item.sku } : {}),
  };
  return { code: 'changed_since', ...names, later: laterOf(later) };
}

function laterOf(event: PastEvent | null): LaterOperation | null {
  if (event === null) return null;
  const { id, verb, at, by } = event.operation;
  return { operation: id, verb, at: isoMoment(at), by };
}

function pick(fields: Fields, names: ReadonlySet<string>): Fields {
  return Object.fromEntries([...names].map((name) => [name, fields[name] ?? null]));
}

function rowKey({ itemId, labelId, orderId, lineId }: PastEvent): string {
  if (labelId !== null) return `label ${labelId}`;
  if (lineId !== null) return `line ${lineId}`;
  return orderId === null ? `item ${itemId}` : `order ${orderId}`;
}

function rowOfEvent({ itemId, labelId, orderId, lineId }: PastEvent, past: Past): Row | undefined {
  if (labelId !== null) {
    const state = past.labels.get(labelId);
    return state === undefined ? undefined : { kind: 'label', state };
  }
  const order = past.orders.get(orderId ?? 0);
  if (lineId !== null) {
    const state = order?.lines.find(({ id }) => id === lineId);
    return order === undefined || state === undefined ? undefined : { kind: 'line', state, order };
  }
  if (order !== undefined) return { kind: 'order', state: order };
  const item = past.items?.get(itemId ?? 0);
  return item === undefined ? undefined : { kind: 'item', state: item };
}

/** When something last happened to what goes back. */
export function lastEventAt({ row }: RowReturn): { readonly lastEventAt: number | null } {
  return { lastEventAt: lastEventOf(row) };
}
