/** Imports over HTTP; the mirror of `core/import/row.ts` and of the import in `http/wire.ts`. */
import { z } from '@hono/zod-openapi';
import { MAX_QUANTITY, ORDER_STATUSES, quantityOfMillionths, TRACKINGS } from '../../../core/index.ts';
import { envelope } from './answers.ts';
import { orderStatus } from './documents.ts';
import { anyKey, date, optional, plainText, schemaVersion } from './fields.ts';
import { problemDocument } from './problems.ts';

const HIGHEST_LINE = 1_000_000;
const LONGEST_TEXT = 500;
const MOST_PROBLEMS = 10_000;

const quantity = z
  .number()
  .int()
  .min(0)
  .max(MAX_QUANTITY)
  .transform((millionths) => quantityOfMillionths(millionths))
  .openapi({ type: 'integer', description: 'In millionths.', example: 62_500_000 });

const freeText = plainText(LONGEST_TEXT);
const clearable = optional(freeText.nullable());
const clearableDate = optional(date.nullable());

const itemRow = z.strictObject({
  sku: anyKey,
  name: optional(freeText),
  unit: optional(freeText),
  tracking: optional(z.enum(TRACKINGS)),
});

const labelRow = z.strictObject({
  number: anyKey,
  item: optional(anyKey),
  code: optional(anyKey.nullable()),
  quantity: optional(quantity),
  location: clearable,
  bin: clearable,
  lot: clearable,
  expiry: clearableDate,
  created: clearableDate,
});

const orderRow = z.strictObject({
  number: anyKey,
  customer: clearable,
  ordered: clearableDate,
  due: clearableDate,
  status: optional(z.enum(ORDER_STATUSES)),
});

const lineRow = z.strictObject({
  order: anyKey,
  line: z.number().int().min(1).max(HIGHEST_LINE),
  item: optional(anyKey),
  ordered: optional(quantity),
  shipped: optional(quantity),
});

const fileName = z.string().max(4_096);
const rowNumber = z.number().int().min(0);
const origin = z.strictObject({ file: fileName, row: rowNumber });

export const rowProblem = z
  .strictObject({
    file: fileName,
    row: rowNumber,
    column: z.string().max(4_096).nullable(),
    reason: z.string().max(4_096),
  })
  .openapi('RowProblem', { description: 'A row that can not be taken, and why.' });

export const importLine = z
  .union([
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('items'), origin, row: itemRow }),
      z.strictObject({ kind: z.literal('labels'), origin, row: labelRow }),
      z.strictObject({ kind: z.literal('orders'), origin, row: orderRow }),
      z.strictObject({ kind: z.literal('lines'), origin, row: lineRow }),
    ]),
    z.strictObject({ problem: rowProblem }),
  ])
  .openapi('ImportLine', {
    description: 'A row as it was read, with where it was read; or a row that could not be read.',
  });

export const importOptions = z
  .strictObject({
    onConflict: z.enum(['report', 'ours', 'theirs']),
    releaseClosed: z.boolean(),
    atomic: z.boolean(),
    problemLimit: z.number().int().min(0).max(MOST_PROBLEMS),
  })
  .openapi('ImportOptions', {
    example: { onConflict: 'report', releaseClosed: false, atomic: false, problemLimit: 20 },
  });

const counts = z
  .object({
    added: z.number().int(),
    changed: z.number().int(),
    unchanged: z.number().int().openapi({ description: 'Rows that are as the ledger has them.' }),
  })
  .openapi('ImportCounts');

const notice = z
  .union([
    z.object({
      kind: z.literal('reservation_lost'),
      label: z.string(),
      order: z.string(),
      line: z.number().int(),
    }),
    z.object({
      kind: z.enum(['still_held', 'released']),
      order: z.string(),
      status: orderStatus,
      labels: z.array(z.string()),
    }),
  ])
  .openapi('ImportNotice', {
    description: 'Something the import did, or left undone, that a person must know.',
  });

export const importAnswer = z
  .object({
    ...envelope,
    verb: z.literal('import'),
    code: z.enum(['imported', 'import_refused', 'operation_id_reused']),
    counts: z.object({ items: counts, labels: counts, orders: counts, lines: counts }),
    problems: z.array(rowProblem),
    problemCount: z.number().int().openapi({ description: 'How many problems there are in all.' }),
    notices: z.array(notice),
  })
  .openapi('ImportAnswer');

export const importState = z
  .object({
    schemaVersion,
    id: z.string(),
    state: z.enum(['open', 'working', 'done', 'failed']),
    staged: z.number().int().openapi({ description: 'How many rows are staged.' }),
    batch: z.number().int().openapi({ description: 'The last batch that was taken.' }),
    progress: z
      .object({ phase: z.enum(['checked', 'imported']), done: z.number().int(), of: z.number().int() })
      .nullable(),
    answer: importAnswer.nullable().openapi({ description: 'When it is done.' }),
    problem: problemDocument.nullable().openapi({ description: 'When it failed.' }),
  })
  .openapi('ImportState');
