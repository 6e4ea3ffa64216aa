/** Everything about one order, label or operation, for one screen. */
import {
  isoMoment,
  labelDocument,
  orderDocument,
  type Refusal,
  SCHEMA_VERSION,
  type ShipmentDocument,
} from '../core/index.ts';
import type { Ledger, RecordedEvent } from './ledger.ts';
import type { ShipmentQuery } from './queries.ts';
import { type EventDocument, REF_KINDS, type Ref, type RefKind, type View } from './stockroom.ts';

/** How many of the latest events and shipments a screen shows. */
const EVENTS = 20;
const SHIPMENTS = 10;

export async function show(ledger: Ledger, ref: Ref, today: string, deadline: number): Promise<View> {
  const kinds = ref.kind === undefined ? REF_KINDS : [ref.kind];
  const { name } = ref;
  const scope = {
    ...(kinds.includes('order') ? { order: name, held: true } : {}),
    ...(kinds.includes('label') ? { labels: [name] } : {}),
  };
  const snapshot = await ledger.snapshot(scope, deadline);
  const label = snapshot.labels.get(name);
  const operation = kinds.includes('operation') ? await ledger.operation(name) : null;
  const { order } = snapshot;
  const found = REF_KINDS.filter((kind) => ({ order, label: label ?? null, operation })[kind] !== null);
  if (found.length > 1) return refused({ code: 'ref_ambiguous', ref: name, kinds: found });
  const schemaVersion = SCHEMA_VERSION;
  if (order !== null) {
    const labels = snapshot.held.map((state) => labelDocument(state, today));
    const [shipments, events] = await latest(ledger, { order: order.number });
    return { schemaVersion, kind: 'order', order: orderDocument(order), labels, shipments, events };
  }
  if (label !== undefined) {
    const [shipments, events] = await latest(ledger, { label: label.label.number });
    return { schemaVersion, kind: 'label', label: labelDocument(label, today), shipments, events };
  }
  if (operation !== null) {
    const { id, verb, actor, reason, at } = operation;
    const events = await ledger.events({ operation: id }, EVENTS);
    const document = { id, verb, by: actor, reason, at: isoMoment(at) };
    return { schemaVersion, kind: 'operation', operation: document, events: oldestFirst(events) };
  }
  return refused(notFound(ref.kind, name, snapshot.near.get(name) ?? []));
}

function refused(refusal: Refusal): View {
  return { schemaVersion: SCHEMA_VERSION, kind: 'refused', refusal };
}

function notFound(kind: RefKind | undefined, name: string, near: readonly string[]): Refusal {
  switch (kind) {
    case 'order':
      return { code: 'order_not_found', order: name, near };
    case 'label':
      return { code: 'label_not_found', label: name, near };
    case 'operation':
      return { code: 'operation_not_found', operation: name };
    case undefined:
      return { code: 'ref_not_found', ref: name, near };
  }
}

async function latest(
  ledger: Ledger,
  of: { readonly order: string } | { readonly label: string },
): Promise<[ShipmentDocument[], EventDocument[]]> {
  const query: ShipmentQuery = { ...of, sort: 'at', descending: true, limit: SHIPMENTS };
  const shipments: ShipmentDocument[] = [];
  for await (const batch of ledger.shipments(query)) shipments.push(...batch);
  return [shipments.reverse(), oldestFirst(await ledger.events(of, EVENTS))];
}

function oldestFirst(events: readonly RecordedEvent[]): EventDocument[] {
  return events.map((event) => ({ ...event, at: isoMoment(event.at) })).reverse();
}
