/** What `diagnose` is asked and answers; the mirror of `core/diagnosis` and `stockroom/diagnosis-queries.ts`. */
import { z } from '@hono/zod-openapi';
import { envelope } from './answers.ts';
import { quantity } from './documents.ts';
import { key, moment, operationId, optional, plan, schemaVersion } from './fields.ts';
import { refusal } from './refusals.ts';
import { checkName, fields, line, repairStep } from './repair-steps.ts';
import { refParameters } from './views.ts';

/** Most orders and labels that one request names. */
const MOST_REFS = 1_000;
const LONGEST_STALE = 100 * 365 * 24 * 3_600_000;

const severity = z.enum(['problem', 'notice']);

const diagnosing = {
  refs: optional(z.array(refParameters).max(MOST_REFS)).openapi({
    description: 'Orders and labels to look at, with what competes with them; absent for everything.',
  }),
  checks: optional(z.array(checkName)).openapi({ description: 'Absent for all.' }),
  stale: z.number().int().min(0).max(LONGEST_STALE).openapi({
    description: 'After how many milliseconds without an event an order counts as forgotten.',
    example: 1_209_600_000,
  }),
};

const diagnoseFields = {
  ...diagnosing,
  operation: operationId.openapi({
    description: 'Names what the fixes that are offered are done as: `OPERATION/1`, `OPERATION/2` and so on.',
  }),
  remote: optional(z.boolean()).openapi({ description: 'A server leaves the same out in any case.' }),
};

export const diagnoseQuery = z.strictObject(diagnoseFields).openapi('DiagnoseQuery');

export const bundleQuery = z
  .strictObject({
    ...diagnoseFields,
    withCustomers: optional(z.boolean()).openapi({ description: "Leave customers' names as they are." }),
  })
  .openapi('BundleQuery');

export const repairCommand = z
  .strictObject({
    ...diagnosing,
    strict: optional(z.boolean()).openapi({ description: 'Put notices right, too.' }),
    plan,
  })
  .openapi('RepairCommand', {
    example: { refs: [{ kind: 'order', name: 'SO-1042' }], stale: 1_209_600_000 },
  });

const heldEvidence = z
  .object({
    label: z.string(),
    item: z.string(),
    quantity,
    unit: z.string(),
    expiry: z.string().nullable(),
    order: z.string(),
    line,
    since: moment,
    by: z.string(),
    operation: z.string(),
  })
  .openapi('HeldEvidence');

const shortEvidence = z
  .object({
    order: z.string(),
    line,
    customer: z.string().nullable(),
    due: z.string().nullable(),
    item: z.string(),
    unit: z.string(),
    missing: quantity,
    covered: quantity,
  })
  .openapi('ShortEvidence');

const finding = z
  .object({
    check: checkName,
    thing: z.object({
      order: z.string().nullable(),
      line: line.nullable(),
      label: z.string().nullable(),
      item: z.string().nullable(),
    }),
    message: z.string(),
    labels: z.array(heldEvidence),
    short: z.array(shortEvidence),
    facts: fields,
    repair: z.array(repairStep),
    severity,
    fix: z.string().nullable().openapi({ description: 'A command that can be pasted.' }),
    undo: z.string().nullable().openapi({ description: 'The command that takes the fix back.' }),
  })
  .openapi('Finding');

export const diagnoseAnswer = z
  .object({
    schemaVersion,
    verb: z.literal('diagnose'),
    at: moment.openapi({ description: 'By the clock of the machine that looked.' }),
    healthy: z.boolean().openapi({ description: 'No problem was found; there may be notices.' }),
    problems: z.number().int(),
    notices: z.number().int(),
    refusal: refusal.nullable().openapi({ description: 'Why nothing was looked at, or null.' }),
    checks: z.array(
      z.object({
        check: checkName,
        severity,
        result: z.enum(['passed', 'found', 'not_run']),
        findings: z.number().int(),
        reason: z.string().nullable().openapi({ description: 'Why it was not run.' }),
      }),
    ),
    findings: z
      .array(finding)
      .openapi({ description: 'Problems first; at most some hundred of each check.' }),
  })
  .openapi('DiagnoseAnswer');

export const repairAnswer = z
  .object({
    verb: z.literal('diagnose'),
    ...envelope,
    steps: z.array(repairStep),
    left: z
      .array(z.object({ step: repairStep, reason: z.string() }))
      .openapi({ description: 'What a rule forbids; it is left as it is.' }),
    plan: z.string().nullable(),
  })
  .openapi('RepairAnswer');

const names = z.array(key('A number.', 'SO-1042'));

export const bundle = z
  .object({
    refusal: refusal.nullable(),
    diagnosis: diagnoseAnswer,
    about: z.object({ orders: names, labels: names }),
    settings: z.record(z.string(), z.string()),
    tables: z.array(
      z.object({
        table: z.string(),
        columns: z.array(z.string()),
        rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
      }),
    ),
  })
  .openapi('Bundle');
