/** Rows as history names their fields, so that what was found and what is there can be compared. */
import { type Fields, holderFields, type RowIds } from '../changes.ts';
import type { Snapshot } from '../decision.ts';
import type { KnownItem } from '../import/known.ts';
import type { LabelState, LineState, OrderState } from '../model.ts';
import { toDecimal } from '../quantity.ts';
import type { RepairThing } from './repair-step.ts';

/** A row that was loaded: what it is, and its fields now. */
export type Row =
  | { readonly kind: 'label'; readonly state: LabelState }
  | { readonly kind: 'order'; readonly state: OrderState }
  | { readonly kind: 'line'; readonly state: LineState; readonly order: OrderState }
  | { readonly kind: 'item'; readonly state: KnownItem };

/** Undefined for what is not there any more. */
export function rowOf(thing: RepairThing, { labels, orders, items }: Snapshot): Row | undefined {
  switch (thing.kind) {
    case 'label': {
      const state = labels.get(thing.label);
      return state === undefined ? undefined : { kind: 'label', state };
    }
    case 'order': {
      const state = orders?.get(thing.order);
      return state === undefined ? undefined : { kind: 'order', state };
    }
    case 'line': {
      const order = orders?.get(thing.order);
      const state = order?.lines.find(({ line }) => line === thing.line);
      return order === undefined || state === undefined ? undefined : { kind: 'line', state, order };
    }
    case 'item': {
      const state = items?.get(thing.item);
      return state === undefined ? undefined : { kind: 'item', state };
    }
  }
}

export function fieldsOf(row: Row): Fields {
  switch (row.kind) {
    case 'label': {
      const { code, location, bin, lot, expiry, created, item, quantity } = row.state.label;
      return { item: item.sku, code, quantity: toDecimal(quantity), location, bin, lot, expiry, created };
    }
    case 'order': {
      const { customer, ordered, due, status } = row.state;
      return { customer, ordered, due, status };
    }
    case 'line': {
      const { item, ordered, shipped } = row.state;
      return { item: item.sku, ordered: toDecimal(ordered), shipped: toDecimal(shipped) };
    }
    case 'item': {
      const { name, unit, tracking } = row.state.item;
      return { name, unit, tracking };
    }
  }
}

export function idsOf(row: Row): RowIds {
  const none = { itemId: null, labelId: null, orderId: null, lineId: null };
  switch (row.kind) {
    case 'label':
      return { ...none, labelId: row.state.label.id };
    case 'order':
      return { ...none, orderId: row.state.id };
    case 'line':
      return { ...none, orderId: row.order.id, lineId: row.state.id };
    case 'item':
      return { ...none, itemId: row.state.item.id };
  }
}

export function thingOf(row: Row): RepairThing {
  switch (row.kind) {
    case 'label':
      return { kind: 'label', label: row.state.label.number };
    case 'order':
      return { kind: 'order', order: row.state.number };
    case 'line':
      return { kind: 'line', order: row.order.number, line: row.state.line };
    case 'item':
      return { kind: 'item', item: row.state.item.sku };
  }
}

export function lastEventOf(row: Row): number | null {
  return row.kind === 'line' ? row.order.lastEventAt : row.state.lastEventAt;
}

/** Who holds a label, as history says it. */
export function holderOf({ holder }: LabelState): Fields | null {
  return holder === null ? null : holderFields(holder);
}

/** A field that is not there is null. */
export function sameFields(a: Fields | null, b: Fields | null): boolean {
  if (a === null || b === null) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? null) === (b[name] ?? null));
}
