/** What `show` and `suggest` give; the mirror of `stockroom/stockroom.ts`. */
import { z } from '@hono/zod-openapi';
import { REF_KINDS } from '../../../stockroom/stockroom.ts';
import { operationDocument } from './answers.ts';
import { labelDocument, orderDocument, orderStatus, shipmentDocument } from './documents.ts';
import { key, moment, optional, schemaVersion } from './fields.ts';
import { milliseconds } from './queries.ts';
import { refusal, shortLine } from './refusals.ts';

export const refParameters = z.strictObject({
  kind: z.enum(REF_KINDS).optional().openapi({
    description: 'What the name is of; without it, it is looked for among all of them.',
  }),
  name: key('The number of an order or a label, or the id of an operation.', 'SO-1042'),
});

export const showParameters = refParameters.extend({
  asOf: optional(milliseconds('As it was at this moment.')),
});

const fields = z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullable();

export const eventDocument = z
  .object({
    at: moment,
    kind: z.string(),
    operation: z.string(),
    verb: z.string(),
    by: z.string(),
    reason: z.string().nullable(),
    item: z.string().nullable(),
    label: z.string().nullable(),
    order: z.string().nullable(),
    line: z.number().int().nullable(),
    before: fields,
    after: fields,
  })
  .openapi('Event');

const events = z.array(eventDocument).openapi({ description: 'The latest, oldest first.' });

const label = z.string();
const order = z.string();

export const obstacle = z
  .discriminatedUnion('code', [
    z.object({ code: z.literal('order_ended'), order, status: orderStatus, labels: z.number().int() }),
    z.object({ code: z.literal('order_is_draft'), order }),
    z.object({ code: z.literal('line_is_short'), order, line: shortLine }),
    z.object({
      code: z.literal('labels_expired'),
      order: order.nullable(),
      labels: z.array(z.object({ label, expiry: z.string() })),
    }),
    z.object({ code: z.literal('label_is_empty'), label }),
    z.object({ code: z.literal('holder_has_ended'), label, order, status: orderStatus }),
    z.object({ code: z.literal('line_is_shipped'), label, order, line: z.number().int() }),
    z.object({ code: z.literal('ships_with_holder_only'), label, order }),
  ])
  .openapi('Obstacle', { description: 'Why something can not ship now, or not without more.' });

const asOf = optional(moment).openapi({ description: 'The moment that this is of; absent for now.' });
const obstacles = z.array(obstacle);

const stockForLine = z
  .object({
    line: shortLine,
    free: z.array(labelDocument).openapi({ description: 'The first labels that nobody holds.' }),
    held: z.array(labelDocument).openapi({ description: 'The first labels that other orders hold.' }),
    moreFree: z.boolean(),
    moreHeld: z.boolean(),
  })
  .openapi('StockForLine');

const wantingLine = z
  .object({
    order,
    customer: z.string().nullable(),
    due: z.string().nullable(),
    status: orderStatus,
    line: shortLine,
  })
  .openapi('WantingLine');

export const view = z
  .discriminatedUnion('kind', [
    z.object({
      schemaVersion,
      kind: z.literal('order'),
      asOf,
      order: orderDocument,
      labels: z.array(labelDocument).openapi({ description: 'The labels that it holds.' }),
      obstacles,
      stock: z.array(stockForLine).openapi({ description: 'What would help each line that is short.' }),
      shipments: z.array(shipmentDocument),
      events,
    }),
    z.object({
      schemaVersion,
      kind: z.literal('label'),
      asOf,
      label: labelDocument,
      obstacles,
      wanted: z
        .array(wantingLine)
        .openapi({ description: 'The most urgent lines that are short of its item.' }),
      shipments: z.array(shipmentDocument),
      events,
    }),
    z.object({
      schemaVersion,
      kind: z.literal('operation'),
      asOf,
      operation: operationDocument.extend({ verb: z.string() }),
      events,
    }),
    z.object({ schemaVersion, kind: z.literal('refused'), refusal }),
  ])
  .openapi('View');

export const suggestion = z
  .object({
    refusal: refusal.nullable().openapi({ description: 'Why nothing can be suggested, or null.' }),
    labels: z.array(z.object({ label: z.string(), line: z.number().int() })),
    short: z
      .array(shortLine)
      .openapi({ description: 'Lines that stay short even with the suggested labels.' }),
  })
  .openapi('Suggestion');
