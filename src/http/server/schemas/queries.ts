/** Filters and pages of the lists as query parameters; the mirror of `stockroom/queries.ts`. */
import { z } from '@hono/zod-openapi';
import { LABEL_STATUSES, ORDER_STATUSES } from '../../../core/index.ts';
import {
  LABEL_SORTS,
  type LabelQuery,
  ORDER_SORTS,
  RESERVATION_SORTS,
  SHIPMENT_SORTS,
} from '../../../stockroom/queries.ts';
import { date, itemKey, labelKey, operationId, optional, orderKey, schemaVersion, text } from './fields.ts';

export const MOST_ROWS = 1_000;
const USUAL_ROWS = 100;

export const flag = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .openapi({ type: 'boolean' });

function wholeNumber(description: string, pattern: RegExp, most: number) {
  return z
    .string()
    .regex(pattern, 'is not a whole number')
    .transform(Number)
    .refine((value) => value <= most, `is more than ${most}`)
    .openapi({ type: 'integer', description, maximum: most });
}

const line = wholeNumber('The number of a line of the order.', /^[1-9]\d{0,6}$/, 9_999_999);

export function milliseconds(description: string) {
  const said = `${description} In milliseconds since 1970, UTC.`;
  return wholeNumber(said, /^\d{1,16}$/, Number.MAX_SAFE_INTEGER);
}

/** Several words with commas between. */
function several<const T extends string>(words: readonly [T, ...T[]]) {
  const each = z.enum(words);
  return z
    .string()
    .transform((given, context): T[] => {
      const parsed = z.array(each).min(1).safeParse(given.split(','));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: `is none of ${words.join(', ')}`, input: given });
      return z.NEVER;
    })
    .openapi({
      description: `One or several of ${words.join(', ')}, with commas between.`,
      example: words[0],
    });
}

export const rowLimit = wholeNumber('Most rows of a page.', /^[1-9]\d{0,5}$/, MOST_ROWS)
  .optional()
  .transform((limit) => limit ?? USUAL_ROWS)
  .openapi({ type: 'integer', minimum: 1, maximum: MOST_ROWS, default: USUAL_ROWS });

function listing<const S extends string>(sorts: readonly [S, ...S[]]) {
  return {
    sort: optional(z.enum(sorts)),
    descending: optional(flag),
    limit: rowLimit,
    cursor: optional(
      z
        .string()
        .max(4_000)
        .openapi({ description: 'The `next` of the page before, of the same list with the same sort.' }),
    ),
  };
}

const labelFields = z.strictObject({
  search: optional(text('Part of the number, code, bin, location or lot, in any case.')),
  item: optional(itemKey),
  status: optional(several(LABEL_STATUSES)),
  location: optional(text('In this location.')),
  bin: optional(text('In this bin.')),
  lot: optional(text('Of this lot.')),
  order: optional(orderKey),
  expired: optional(flag).openapi({ description: 'Past their expiry, or not, on `expiredOn`.' }),
  expiredOn: optional(date),
  ...listing(LABEL_SORTS),
});

export const labelParameters = labelFields.refine(
  ({ expired, expiredOn }) => expired !== undefined || expiredOn === undefined,
  { path: ['expiredOn'], message: 'says nothing without expired' },
);

export const orderParameters = z.strictObject({
  search: optional(text('Part of the number or the customer, in any case.')),
  status: optional(several(ORDER_STATUSES)),
  customer: optional(text('Of this customer.')),
  item: optional(itemKey),
  dueBy: optional(date).openapi({ description: 'Due on this date or before.' }),
  holding: optional(flag).openapi({
    description: 'Only orders that hold labels, or only those that do not.',
  }),
  ...listing(ORDER_SORTS),
});

export const reservationParameters = z.strictObject({
  order: optional(orderKey),
  line: optional(line),
  item: optional(itemKey),
  status: optional(several(ORDER_STATUSES)).openapi({ description: 'The status of the holding order.' }),
  by: optional(text('Made by this person.')),
  before: optional(milliseconds('Reserved before this moment.')),
  asOf: optional(milliseconds('What was reserved at this moment; every other filter is about it, too.')),
  operation: optional(operationId).openapi({
    description: 'Made by this operation, or by one of this group.',
  }),
  ...listing(RESERVATION_SORTS),
});

export const shipmentParameters = z.strictObject({
  order: optional(orderKey),
  label: optional(labelKey),
  since: optional(milliseconds('Shipped at this moment or after.')),
  until: optional(milliseconds('Shipped before this moment.')),
  ...listing(SHIPMENT_SORTS),
});

/** `expired` is the one filter that takes two parameters; `today` is the date that is meant where none is given. */
export function labelQuery(
  parameters: Omit<z.output<typeof labelParameters>, 'limit' | 'cursor'>,
  today: string,
): Omit<LabelQuery, 'limit' | 'after'> {
  const { expired, expiredOn = today, ...filters } = parameters;
  return expired === undefined ? filters : { ...filters, expired: { on: expiredOn, is: expired } };
}

export function page<T extends z.ZodType>(row: T, name: string) {
  return z
    .object({
      schemaVersion,
      items: z.array(row),
      next: z.string().nullable().openapi({
        description: 'What to give as `cursor` for the next page; null after the last.',
      }),
    })
    .openapi(name);
}
