/** What the verbs answer; the mirror of `core/answers.ts`. */
import { z } from '@hono/zod-openapi';
import {
  labelDocument,
  lineDocument,
  orderDocument,
  reservationDocument,
  shipmentDocument,
} from './documents.ts';
import { orderStatus } from './documents.ts';
import { moment, optional, schemaVersion } from './fields.ts';
import { outcomeCode, refusal } from './refusals.ts';
import { fields, repairThing } from './repair-steps.ts';

export const operationDocument = z
  .object({ id: z.string(), at: moment, by: z.string(), reason: z.string().nullable() })
  .openapi('Operation');

/** The parts that the answers of all verbs share. */
export const envelope = {
  schemaVersion,
  ok: z
    .boolean()
    .openapi({ description: 'Whether it was done or was so already; with `keepGoing` also a part.' }),
  complete: z.boolean().openapi({ description: 'False where `ok` holds for a part of the request only.' }),
  code: outcomeCode,
  dryRun: z.boolean(),
  operation: operationDocument
    .nullable()
    .openapi({ description: 'Null where nothing was recorded: a dry run, a refusal.' }),
  refusals: z.array(refusal),
};

export const reserveAnswer = z
  .object({
    verb: z.literal('reserve'),
    ...envelope,
    order: orderDocument.nullable(),
    results: z.array(z.object({ code: z.enum(['reserved', 'already_reserved']), label: labelDocument })),
    lines: z
      .array(lineDocument)
      .openapi({ description: 'The lines that the labels went to, as they are afterwards.' }),
  })
  .openapi('ReserveAnswer');

export const unreserveAnswer = z
  .object({
    verb: z.literal('unreserve'),
    ...envelope,
    results: z.array(
      z.object({
        code: z.enum(['unreserved', 'not_reserved']),
        label: labelDocument,
        was: reservationDocument.nullable().openapi({ description: 'Who held the label until now.' }),
      }),
    ),
  })
  .openapi('UnreserveAnswer');

export const shipAnswer = z
  .object({
    verb: z.literal('ship'),
    ...envelope,
    order: orderDocument.nullable().openapi({ description: 'The order as it is afterwards.' }),
    shipment: shipmentDocument
      .nullable()
      .openapi({ description: 'What leaves; for `already_shipped`, what left last.' }),
    released: z
      .array(labelDocument)
      .openapi({ description: 'Labels that became active with stock left in them.' }),
    kept: z
      .array(labelDocument)
      .openapi({ description: 'Labels that stay reserved for what is outstanding.' }),
    unused: z.array(z.string()).openapi({ description: 'Labels of `from` that nothing was drawn from.' }),
    plan: z
      .string()
      .nullable()
      .openapi({ description: 'Names exactly what this answer says; given back, it makes sure of it.' }),
  })
  .openapi('ShipAnswer');

const plan = z
  .string()
  .nullable()
  .openapi({ description: 'Names exactly what this answer says; given back, it makes sure of it.' });

const orderLines = z
  .array(lineDocument.extend({ order: z.string() }))
  .openapi({ description: 'The lines that gained or lost labels, as they are afterwards.' });

const movedLabel = {
  label: labelDocument,
  was: reservationDocument.nullable().openapi({ description: 'Who held the label until now.' }),
};

export const transferAnswer = z
  .object({
    verb: z.literal('transfer'),
    ...envelope,
    order: orderDocument.nullable().openapi({ description: 'The order that gets the labels, afterwards.' }),
    results: z.array(z.object({ code: z.enum(['transferred', 'already_reserved']), ...movedLabel })),
    lines: orderLines,
    plan,
  })
  .openapi('TransferAnswer');

export const swapAnswer = z
  .object({
    verb: z.literal('swap'),
    ...envelope,
    results: z.array(z.object(movedLabel)),
    lines: orderLines,
    plan,
  })
  .openapi('SwapAnswer');

export const endAnswer = z
  .object({
    verb: z.enum(['cancel', 'close']),
    ...envelope,
    order: orderDocument.nullable().openapi({ description: 'The order as it is afterwards.' }),
    released: z.array(z.object(movedLabel)).openapi({ description: 'The labels that it held.' }),
    plan,
  })
  .openapi('EndAnswer');

const undoCode = z.enum(['undone', 'nothing_to_undo']);

export const undoAnswer = z
  .object({
    verb: z.literal('undo'),
    ...envelope,
    operations: z
      .array(z.object({ id: z.string(), verb: z.string(), at: moment, by: z.string() }))
      .openapi({ description: 'The newest first.' }),
    results: z
      .array(z.object({ code: undoCode, ...movedLabel }))
      .openapi({ description: 'Every label that is as it was before them.' }),
    orders: z
      .array(z.object({ code: undoCode, order: orderDocument, was: orderStatus }))
      .openapi({ description: 'Every order whose status is as it was before them.' }),
    rows: optional(
      z.array(z.object({ code: z.literal('undone'), thing: repairThing, was: fields, now: fields })),
    ).openapi({ description: 'Every row of which fields that `repair` had put back are as they were.' }),
    lines: orderLines,
    plan,
  })
  .openapi('UndoAnswer');

export const findAnswer = z
  .object({ verb: z.literal('find'), ...envelope, asOf: optional(moment), results: z.array(labelDocument) })
  .openapi('FindAnswer');
