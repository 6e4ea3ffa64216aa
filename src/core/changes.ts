/**
 * What a decision changes. Every change of state is made through a ChangeSet, which writes the state and its event in
 * one call; so no change can be forgotten by the history (DESIGN rule 16).
 */
import { isoMoment } from './calendar.ts';
import type { Holder, Label, LabelState, LineState, OrderState, OrderStatus } from './model.ts';
import { type Quantity, toDecimal } from './quantity.ts';

export const EVENT_KINDS = [
  'reserved',
  'unreserved',
  'restored',
  'label_changed',
  'line_changed',
  'order_changed',
  'item_changed',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Fields with their values; which fields, the event's kind says. */
export type Fields = Readonly<Record<string, string | number | null>>;

export interface NewEvent {
  readonly kind: EventKind;
  readonly itemId: number | null;
  readonly labelId: number | null;
  readonly orderId: number | null;
  readonly lineId: number | null;
  readonly before: Fields | null;
  readonly after: Fields | null;
}

/** Which row an event is about. */
export type RowIds = Pick<NewEvent, 'itemId' | 'labelId' | 'orderId' | 'lineId'>;

/** Fields of a row, by the names and values that history gives them, that are put back. */
export interface RestoredRow {
  readonly ids: RowIds;
  readonly fields: Fields;
}

export interface NewReservation {
  readonly labelId: number;
  readonly lineId: number;
  readonly itemId: number;
  /** Since when (milliseconds, UTC), by whom and by which operation, where it is an earlier reservation that comes back. */
  readonly restored?: Pick<Holder, 'since' | 'by' | 'operation'>;
}

export interface NewShipment {
  readonly orderId: number;
  readonly lines: readonly { readonly lineId: number; readonly quantity: Quantity }[];
  readonly labels: readonly {
    readonly lineId: number;
    readonly labelId: number;
    readonly quantity: Quantity;
    readonly remaining: Quantity;
  }[];
}

/** The rows that an order and line hold a label with, as history keeps them. */
export function holderFields(holder: Holder): Fields {
  return {
    order: holder.order,
    line: holder.line,
    since: isoMoment(holder.since),
    by: holder.by,
    operation: holder.operation,
  };
}

export class ChangeSet {
  readonly events: NewEvent[] = [];
  readonly reservations: NewReservation[] = [];
  readonly freedLabels: number[] = [];
  /** By label id, as they are afterwards: a label may be drawn from twice. */
  readonly labelQuantities = new Map<number, Quantity>();
  readonly lineShipped: { readonly lineId: number; readonly shipped: Quantity }[] = [];
  readonly orderStatuses: { readonly orderId: number; readonly status: OrderStatus }[] = [];
  readonly shipments: NewShipment[] = [];
  readonly restoredRows: RestoredRow[] = [];

  /** Sets a label aside for a line. */
  reserve(label: Label, order: OrderState, line: LineState, holder: Holder): void {
    this.reservations.push({ labelId: label.id, lineId: line.id, itemId: label.item.id });
    this.#event('reserved', label, order.id, line.id, null, holderFields(holder));
  }

  /** Frees a label from its holder. */
  unreserve({ label }: LabelState, holder: Holder): void {
    this.freedLabels.push(label.id);
    this.#event('unreserved', label, holder.orderId, holder.lineId, holderFields(holder), null);
  }

  /** Hands a label over to another line, in one step: nobody sees it free in between (DESIGN rule 13). */
  move(state: LabelState, from: Holder, order: OrderState, line: LineState, to: Holder): void {
    this.unreserve(state, from);
    this.reserve(state.label, order, line, to);
  }

  /** Puts an earlier reservation back as it was (DESIGN rule 17). */
  restore(label: Label, holder: Holder): void {
    const { lineId, orderId, since, by, operation } = holder;
    this.reservations.push({
      labelId: label.id,
      lineId,
      itemId: label.item.id,
      restored: { since, by, operation },
    });
    this.#event('reserved', label, orderId, lineId, null, holderFields(holder));
  }

  /** Draws stock from a label for a line. */
  draw(label: Label, order: OrderState, line: LineState, remaining: Quantity): void {
    this.labelQuantities.set(label.id, remaining);
    const before = { quantity: toDecimal(label.quantity) };
    this.#event('label_changed', label, order.id, line.id, before, { quantity: toDecimal(remaining) });
  }

  /** Raises what a line has shipped. */
  shipLine(order: OrderState, line: LineState, shipped: Quantity): void {
    this.lineShipped.push({ lineId: line.id, shipped });
    const before = { shipped: toDecimal(line.shipped) };
    this.#event('line_changed', null, order.id, line.id, before, { shipped: toDecimal(shipped) });
  }

  /** Moves an order to another status. */
  orderStatus(order: OrderState, status: OrderStatus): void {
    this.orderStatuses.push({ orderId: order.id, status });
    this.#event('order_changed', null, order.id, null, { status: order.status }, { status });
  }

  /** Puts fields of a row back to what history says, or to what they were before that. */
  putBack(ids: RowIds, before: Fields, after: Fields): void {
    this.restoredRows.push({ ids, fields: after });
    this.events.push({ kind: 'restored', ...ids, before, after });
  }

  /** Puts back who holds a label, since when, by whom and by which operation; null for nobody. */
  putBackHolder({ label, holder }: LabelState, to: Holder | null): void {
    if (holder !== null) this.freedLabels.push(label.id);
    if (to !== null) {
      const { since, by, operation } = to;
      const restored = { since, by, operation };
      this.reservations.push({ labelId: label.id, lineId: to.lineId, itemId: label.item.id, restored });
    }
    // One that replaces another is told of in two events, because each names its own order.
    if (holder !== null) this.#restored(label, holder, null);
    if (to !== null) this.#restored(label, null, to);
  }

  /** Writes down that what is there counts, where history has a gap. */
  accept(ids: RowIds, fields: Fields): void {
    this.events.push({ kind: 'restored', ...ids, before: fields, after: fields });
  }

  /** The same for who holds a label. */
  acceptHolder({ label, holder }: LabelState): void {
    this.#restored(label, holder, holder);
  }

  #restored(label: Label, from: Holder | null, to: Holder | null): void {
    const where = to ?? from;
    const [before, after] = [from, to].map((holder) => (holder === null ? null : holderFields(holder)));
    this.events.push({
      kind: 'restored',
      itemId: null,
      labelId: label.id,
      orderId: where?.orderId ?? null,
      lineId: where?.lineId ?? null,
      before: before ?? null,
      after: after ?? null,
    });
  }

  #event(
    kind: EventKind,
    label: Label | null,
    orderId: number,
    lineId: number | null,
    before: Fields | null,
    after: Fields | null,
  ): void {
    this.events.push({ kind, itemId: null, labelId: label?.id ?? null, orderId, lineId, before, after });
  }
}
