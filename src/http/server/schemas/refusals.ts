/** Refusals with their facts; the mirror of `core/outcomes.ts`. */
import { z } from '@hono/zod-openapi';
import { OUTCOMES, type OutcomeCode } from '../../../core/index.ts';
import { orderStatus, quantity, reservationDocument } from './documents.ts';
import { date, moment, optional } from './fields.ts';

// The keys of the table, which Object.keys gives as plain strings.
const codes = Object.keys(OUTCOMES) as [OutcomeCode, ...OutcomeCode[]];

export const outcomeCode = z.enum(codes).openapi('Outcome', {
  description: Object.entries(OUTCOMES)
    .map(([code, { meaning }]) => `- \`${code}\`: ${meaning}`)
    .join('\n'),
});

/** What a refusal of a question about the past says besides. */
const then = { asOf: optional(moment), recordedAt: optional(moment) };

export const alternative = z
  .object({
    label: z.string(),
    quantity,
    unit: z.string(),
    location: z.string().nullable(),
    bin: z.string().nullable(),
    lot: z.string().nullable(),
    expiry: date.nullable(),
  })
  .openapi('Alternative', {
    description: 'A label that could be taken in place of one that somebody holds.',
  });

const near = z.array(z.string()).openapi({ description: 'Existing keys that may have been meant.' });
const line = z.number().int();

export const shortLine = z
  .object({
    line,
    item: z.string(),
    unit: z.string(),
    needed: quantity,
    reserved: quantity,
    missing: quantity,
  })
  .openapi('ShortLine');

export const refusal = z
  .discriminatedUnion('code', [
    z.object({ code: z.literal('order_not_found'), order: z.string(), near, ...then }),
    z.object({ code: z.literal('order_not_live'), order: z.string(), status: orderStatus }),
    z.object({ code: z.literal('no_labels_chosen') }),
    z.object({ code: z.literal('line_not_found'), order: z.string(), line, lines: z.array(line) }),
    z.object({ code: z.literal('item_not_serialized'), order: z.string(), line, item: z.string() }),
    z.object({
      code: z.literal('line_already_shipped'),
      order: z.string(),
      line,
      item: z.string(),
      label: z.string().nullable(),
    }),
    z.object({ code: z.literal('label_not_found'), label: z.string(), near, ...then }),
    z.object({
      code: z.literal('label_of_other_item'),
      label: z.string(),
      item: z.string(),
      order: z.string(),
      line: line.nullable(),
      wanted: z.array(z.string()),
    }),
    z.object({
      code: z.literal('line_ambiguous'),
      label: z.string(),
      item: z.string(),
      order: z.string(),
      lines: z.array(line),
      verb: z.enum(['reserve', 'transfer']),
    }),
    z.object({ code: z.literal('label_depleted'), label: z.string() }),
    z.object({
      code: z.literal('label_reserved_elsewhere'),
      label: z.string(),
      holder: reservationDocument,
      order: z.string(),
      instead: optional(z.array(alternative)),
    }),
    z.object({ code: z.literal('nothing_to_ship'), order: z.string() }),
    z.object({ code: z.literal('line_short'), order: z.string(), lines: z.array(shortLine) }),
    z.object({
      code: z.literal('label_expired'),
      order: z.string(),
      partial: z.boolean(),
      labels: z.array(z.object({ label: z.string(), expiry: date })),
    }),
    z.object({ code: z.literal('plan_stale'), order: z.string().nullable() }),
    z.object({
      code: z.literal('operation_id_reused'),
      operation: z.string(),
      by: z.string(),
      at: moment,
      differs: z.enum(['request', 'actor']),
    }),
    z.object({ code: z.literal('label_not_reserved'), label: z.string(), order: z.string(), line }),
    z.object({
      code: z.literal('nothing_to_swap'),
      labels: z.tuple([z.string(), z.string()]),
      because: z.enum(['same_label', 'both_free', 'same_line', 'same_order']),
    }),
    z.object({
      code: z.literal('order_ended'),
      order: z.string(),
      status: orderStatus,
      wanted: z.enum(['cancelled', 'closed']),
    }),
    z.object({ code: z.literal('operation_not_undoable'), operation: z.string(), verb: z.string() }),
    z.object({
      code: z.literal('changed_since'),
      label: z.string().nullable(),
      order: z.string().nullable(),
      item: optional(z.string()),
      later: z.object({ operation: z.string(), verb: z.string(), at: moment, by: z.string() }).nullable(),
    }),
    z.object({
      code: z.literal('holder_ended'),
      label: z.string(),
      order: z.string(),
      line,
      because: z.enum(['order_not_live', 'line_shipped', 'line_of_other_item']),
      status: orderStatus,
    }),
    z.object({
      code: z.literal('order_holds_labels'),
      order: z.string(),
      status: orderStatus,
      wanted: orderStatus,
      labels: z.number().int(),
    }),
    z.object({ code: z.literal('operation_not_found'), operation: z.string(), ...then }),
    z.object({ code: z.literal('ref_not_found'), ref: z.string(), near, ...then }),
    z.object({ code: z.literal('history_changed'), digest: z.string(), found: z.string() }),
    z.object({ code: z.literal('ref_ambiguous'), ref: z.string(), kinds: z.array(z.string()) }),
  ])
  .openapi('Refusal');
