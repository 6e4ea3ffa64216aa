/** Everything about one order, label or operation, for one screen: as it is, or as it was. */
import {
  isoMoment,
  labelDocument,
  labelObstacles,
  type LabelState,
  orderDocument,
  orderObstacles,
  type OrderState,
  type Refusal,
  SCHEMA_VERSION,
  type ShipmentDocument,
} from '../core/index.ts';
import type { Then } from './history-reads.ts';
import type { Ledger, RecordedEvent, RecordedOperation } from './ledger.ts';
import type { HistorySubject, ShipmentQuery } from './queries.ts';
import { stockForLines, wantingLines } from './shortages.ts';
import type { Ref } from './stockroom.ts';
import { lookUp } from './subject.ts';
import type { EventDocument, LabelView, OrderView, View } from './views.ts';

/** How many of the latest events and shipments a screen shows. */
const EVENTS = 20;
const SHIPMENTS = 10;

export interface Showing {
  readonly ledger: Ledger;
  /** The calendar date that expiry is judged on. */
  readonly today: string;
  readonly deadline: number;
  /** The moment that is asked about, in milliseconds; absent for now. */
  readonly asOf?: number;
}

const schemaVersion = SCHEMA_VERSION;

export async function show(ref: Ref, showing: Showing): Promise<View> {
  const { ledger, deadline, asOf } = showing;
  const found = await lookUp(ledger, ref, deadline);
  switch (found.kind) {
    case 'order': {
      if (asOf === undefined) return await showOrder(found.order, found.held, showing);
      const then = await ledger.history.orderAt(found.order.id, asOf);
      if (then.state !== null) return await showOrder(then.state, then.held, showing);
      return refused({ code: 'order_not_found', order: found.order.number, near: [], ...notYet(asOf, then) });
    }
    case 'label': {
      const { id, number } = found.label.label;
      if (asOf === undefined) return await showLabel(found.label, showing);
      const then = (await ledger.history.labelsAt([id], asOf)).get(id);
      if (then?.state != null) return await showLabel(then.state, showing);
      return refused({ code: 'label_not_found', label: number, near: [], ...notYet(asOf, then) });
    }
    case 'operation':
      return await showOperation(found.operation, showing);
    case 'refused':
      return refused(asOf === undefined ? found.refusal : { ...found.refusal, ...notYet(asOf) });
  }
}

function refused(refusal: Refusal): View {
  return { schemaVersion, kind: 'refused', refusal };
}

/** As of when a thing was not there, and when it came in. */
export function notYet(asOf: number, then?: Pick<Then<unknown>, 'recordedAt'>) {
  const came = then === undefined ? {} : { recordedAt: isoMoment(then.recordedAt) };
  return { asOf: isoMoment(asOf), ...came };
}

function past({ asOf }: Showing) {
  return asOf === undefined ? {} : { asOf: isoMoment(asOf) };
}

async function showOrder(
  order: OrderState,
  held: readonly LabelState[],
  showing: Showing,
): Promise<OrderView> {
  const { ledger, today, asOf } = showing;
  const of = { kind: 'order', name: order.number } as const;
  return {
    ...{ schemaVersion, kind: 'order', ...past(showing), order: orderDocument(order) },
    labels: held.map((state) => labelDocument(state, today)),
    obstacles: orderObstacles(order, held, today),
    stock: asOf === undefined ? await stockForLines(ledger, order, today) : [],
    shipments: await latestShipments({ order: order.number }, showing),
    events: await latestEvents(of, showing),
  };
}

async function showLabel(state: LabelState, showing: Showing): Promise<LabelView> {
  const { ledger, today, asOf } = showing;
  const { label } = state;
  const of = { kind: 'label', name: label.number } as const;
  return {
    ...{ schemaVersion, kind: 'label', ...past(showing), label: labelDocument(state, today) },
    obstacles: labelObstacles(state, await holderOf(state, showing), today),
    wanted: asOf === undefined ? await wantingLines(ledger, state, showing.deadline) : [],
    shipments: await latestShipments({ label: label.number }, showing),
    events: await latestEvents(of, showing),
  };
}

async function holderOf({ holder }: LabelState, { ledger, deadline, asOf }: Showing) {
  if (holder === null) return null;
  if (asOf !== undefined) return (await ledger.history.orderAt(holder.orderId, asOf)).state;
  return (await ledger.snapshot({ order: holder.order }, deadline)).order;
}

async function showOperation(operation: RecordedOperation, showing: Showing): Promise<View> {
  const { id, verb, actor, reason, at } = operation;
  const { asOf } = showing;
  if (asOf !== undefined && at > asOf) {
    return refused({ code: 'operation_not_found', operation: id, ...notYet(asOf, { recordedAt: at }) });
  }
  const document = { id, verb, by: actor, reason, at: isoMoment(at) };
  const events = await latestEvents({ kind: 'operation', name: id }, showing);
  return { schemaVersion, kind: 'operation', ...past(showing), operation: document, events };
}

async function latestShipments(
  of: { readonly order: string } | { readonly label: string },
  showing: Showing,
): Promise<ShipmentDocument[]> {
  const { ledger, asOf } = showing;
  const until = asOf === undefined ? {} : { until: asOf + 1 };
  const query: ShipmentQuery = { ...of, ...until, sort: 'at', descending: true, limit: SHIPMENTS };
  const shipments: ShipmentDocument[] = [];
  for await (const batch of ledger.shipments(query)) shipments.push(...batch);
  shipments.reverse();
  return asOf === undefined ? shipments : await asTheyWere(shipments, asOf, showing);
}

/** Nothing changes what a shipment took; but imports change its customer's name and the units of its items. */
async function asTheyWere(
  shipments: readonly ShipmentDocument[],
  asOf: number,
  { ledger, deadline }: Showing,
): Promise<ShipmentDocument[]> {
  const numbers = [...new Set(shipments.map(({ order }) => order))];
  const { orders = new Map<string, OrderState>() } = await ledger.snapshot({ orders: numbers }, deadline);
  const then = new Map<string, OrderState | null>();
  for (const [number, { id }] of orders) then.set(number, (await ledger.history.orderAt(id, asOf)).state);
  return shipments.map((shipment) => {
    const order = then.get(shipment.order);
    if (order == null) return shipment;
    const units = new Map(order.lines.map(({ line, item }) => [line, item.unit]));
    const lines = shipment.lines.map((line) => ({ ...line, unit: units.get(line.line) ?? line.unit }));
    return { ...shipment, customer: order.customer, lines };
  });
}

async function latestEvents(of: HistorySubject, { ledger, asOf }: Showing): Promise<EventDocument[]> {
  const until = asOf === undefined ? {} : { until: asOf + 1 };
  const query = { of, ...until, descending: true, limit: EVENTS, eventsOnly: true };
  const events: EventDocument[] = [];
  for await (const page of ledger.history.events(query)) events.push(...page.events.map(eventDocument));
  return events.reverse();
}

export function eventDocument(event: RecordedEvent): EventDocument {
  return { ...event, at: isoMoment(event.at) };
}
