/** The smallest parts of every request and document, each with the core's own check behind it. */
import { z } from '@hono/zod-openapi';
import {
  isOperationId,
  isoMoment,
  MAX_KEY_LENGTH,
  MAX_OPERATION_ID,
  OPERATION_ID,
  OPERATION_ID_RULE,
  parseDate,
  parseKey,
  printable,
} from '../../../core/index.ts';

/** Most labels that one request names. */
export const MOST_LABELS = 10_000;
const HIGHEST_LINE = 9_999_999;
const LONGEST_TEXT = 1_000;

/**
 * A field that may be absent. The generator of OpenAPI knows zod's `optional` and not its `exactOptional`; from JSON, which
 * has no undefined, both take the same, so the one runs and the other is its type.
 */
export function optional<S extends z.ZodType>(schema: S): z.ZodExactOptional<S> {
  return schema.optional() as unknown as z.ZodExactOptional<S>;
}

/** A key, brought into its canonical form (DESIGN section 2). */
export const anyKey = z
  .string()
  .check((context) => {
    const parsed = parseKey(context.value);
    if ('key' in parsed) context.value = parsed.key;
    else context.issues.push({ code: 'custom', message: parsed.problem, input: context.value });
  })
  .openapi({ minLength: 1, maxLength: MAX_KEY_LENGTH });

export function key(description: string, example: string) {
  return anyKey.openapi({ description, example });
}

export const orderKey = key('The number of an order.', 'SO-1042');
export const labelKey = key('The number of a label, or its scan code.', 'L-00042');
export const itemKey = key('The sku of an item.', 'ROPE-8');

export const lineNumber = z
  .number()
  .int()
  .min(1)
  .max(HIGHEST_LINE)
  .openapi({ description: 'The number of a line of the order.', example: 1 });

/** Free text on one line. */
export function plainText(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((value) => printable(value) === value, 'contains a control character');
}

export function text(description: string) {
  return plainText(LONGEST_TEXT).openapi({ description });
}

/** A `plan` names every label that it is about. */
const LONGEST_PLAN = MOST_LABELS * 400;

export const plan = optional(plainText(LONGEST_PLAN)).openapi({
  description: 'The `plan` of an earlier dry run: do exactly that, or refuse.',
});

export const date = z
  .string()
  .refine((value) => parseDate(value) === value, 'is not a date (YYYY-MM-DD)')
  .openapi({ format: 'date', example: '2026-11-23' });

export const moment = z
  .string()
  .openapi({ format: 'date-time', description: 'A moment, in UTC.', example: isoMoment(1_795_424_971_207) });

export const operationId = z
  .string()
  .refine(isOperationId, OPERATION_ID_RULE)
  .openapi({ pattern: OPERATION_ID.source, maxLength: MAX_OPERATION_ID, example: '1m83z7w8k-qm6x22sw' });

export const schemaVersion = z
  .literal(1)
  .openapi({ description: 'Changes when a field changes its meaning or goes, never when one is added.' });
