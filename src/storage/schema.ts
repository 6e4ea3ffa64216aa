/** The tables of both databases as Kysely sees them. Quantities are millionths, moments milliseconds in UTC. */
import type { Generated } from 'kysely';
import type { EventKind, OrderStatus, Tracking } from '../core/index.ts';

export interface Schema {
  items: ItemTable;
  labels: LabelTable;
  orders: OrderTable;
  order_lines: OrderLineTable;
  reservations: ReservationTable;
  operations: OperationTable;
  events: EventTable;
  shipments: ShipmentTable;
  shipment_lines: ShipmentLineTable;
  shipment_labels: ShipmentLabelTable;
  tokens: TokenTable;
  earmark_schema: { version: number; name: string; applied_at: number };
}

/** `operation_id` is the operation that brought the row in; null only for rows from before there were operations. */
interface Recorded {
  recorded_at: number;
  operation_id: number;
}

interface ItemTable extends Recorded {
  id: Generated<number>;
  sku: string;
  name: string;
  unit: string;
  tracking: Tracking;
}

/** `source_…` is what the source said last (DESIGN rule 15), `first_…` what the row came in with (rule 16). */
interface LabelTable extends Recorded {
  id: Generated<number>;
  number: string;
  code: string | null;
  item_id: number;
  quantity: number;
  location: string | null;
  bin: string | null;
  lot: string | null;
  expiry: string | null;
  created: string | null;
  source_quantity: number;
  first_quantity: number;
}

interface OrderTable extends Recorded {
  id: Generated<number>;
  number: string;
  customer: string | null;
  ordered: string | null;
  due: string | null;
  status: OrderStatus;
  source_status: OrderStatus;
  first_status: OrderStatus;
}

interface OrderLineTable extends Recorded {
  id: Generated<number>;
  order_id: number;
  line: number;
  item_id: number;
  ordered: number;
  shipped: number;
  source_ordered: number;
  source_shipped: number;
  first_ordered: number;
  first_shipped: number;
}

interface ReservationTable {
  label_id: number;
  line_id: number;
  item_id: number;
  since: number;
  by: string;
  operation_id: number;
}

interface OperationTable {
  id: Generated<number>;
  /** The id that people see. */
  name: string;
  verb: string;
  actor: string;
  reason: string | null;
  fingerprint: string;
  at: number;
  answer: string | null;
}

interface EventTable {
  id: Generated<number>;
  operation_id: number;
  at: number;
  kind: EventKind;
  item_id: number | null;
  label_id: number | null;
  order_id: number | null;
  line_id: number | null;
  /** JSON objects of fields; null where there was nothing, or is nothing any more. */
  before: string | null;
  after: string | null;
}

interface ShipmentTable {
  id: Generated<number>;
  operation_id: number;
  order_id: number;
  at: number;
  by: string;
}

interface ShipmentLineTable {
  shipment_id: number;
  line_id: number;
  quantity: number;
}

interface ShipmentLabelTable {
  shipment_id: number;
  line_id: number;
  label_id: number;
  quantity: number;
  remaining: number;
}

/** `hash` is SHA-256 in hexadecimal; a token itself is never stored. */
interface TokenTable {
  id: Generated<number>;
  name: string;
  owner: string;
  role: 'read' | 'operate' | 'admin';
  hash: string;
  created_at: number;
  created_by: string;
  revoked_at: number | null;
}
