/** Labels, orders and shipments as they leave the core; the mirror of `core/documents.ts` and of what lists show. */
import { z } from '@hono/zod-openapi';
import { LABEL_STATUSES, ORDER_STATUSES, TRACKINGS } from '../../../core/index.ts';
import { date, moment } from './fields.ts';

export const labelStatus = z.enum(LABEL_STATUSES).openapi('LabelStatus');
export const orderStatus = z.enum(ORDER_STATUSES).openapi('OrderStatus');
const tracking = z.enum(TRACKINGS).openapi('Tracking');

export const quantity = z.number().min(0).openapi({
  description: 'A decimal with up to 6 places, exact in a JSON number.',
  example: 62.5,
});

export const reservationDocument = z
  .object({
    order: z.string(),
    line: z.number().int(),
    customer: z.string().nullable(),
    since: moment,
    by: z.string(),
    operation: z.string(),
  })
  .openapi('Reservation');

export const labelDocument = z
  .object({
    number: z.string(),
    code: z.string().nullable(),
    item: z.string(),
    itemName: z.string(),
    unit: z.string(),
    status: labelStatus,
    quantity,
    available: quantity.openapi({ description: 'The whole quantity of an active label, else 0.' }),
    location: z.string().nullable(),
    bin: z.string().nullable(),
    lot: z.string().nullable(),
    expiry: date.nullable(),
    expired: z.boolean(),
    created: date.nullable(),
    reservation: reservationDocument.nullable(),
  })
  .openapi('Label');

export const lineDocument = z
  .object({
    line: z.number().int(),
    item: z.string(),
    itemName: z.string(),
    unit: z.string(),
    tracking,
    ordered: quantity,
    shipped: quantity,
    outstanding: quantity,
    reserved: quantity,
    surplus: quantity,
    shortfall: quantity,
    reservedLabels: z.number().int(),
  })
  .openapi('Line');

const orderHead = {
  number: z.string(),
  customer: z.string().nullable(),
  ordered: date.nullable(),
  due: date.nullable(),
  status: orderStatus,
};

export const orderDocument = z.object({ ...orderHead, lines: z.array(lineDocument) }).openapi('Order');

export const orderSummary = z
  .object({
    ...orderHead,
    lines: z.number().int(),
    openLines: z.number().int().openapi({ description: 'Lines with something outstanding.' }),
    reservedLabels: z.number().int(),
  })
  .openapi('OrderSummary');

const shippedLine = z.object({ line: z.number().int(), item: z.string(), unit: z.string(), quantity });

const shippedLabel = z.object({
  label: z.string(),
  line: z.number().int(),
  quantity,
  remaining: quantity.openapi({ description: 'What was left in the label after the draw.' }),
});

export const shipmentDocument = z
  .object({
    order: z.string(),
    customer: z.string().nullable(),
    operation: z.string(),
    at: moment,
    by: z.string(),
    lines: z.array(shippedLine),
    labels: z.array(shippedLabel),
  })
  .openapi('Shipment');
