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

export interface NewReservation {
  readonly labelId: number;
  readonly lineId: number;
  readonly itemId: number;
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
function holderFields(holder: Holder): Fields {
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
