/** The steps of `repair`, and what they are about; the mirror of `core/diagnosis/repair-step.ts`. */
import { z } from '@hono/zod-openapi';
import { CHECK_NAMES, CHECKS, type CheckName } from '../../../core/index.ts';
import { moment } from './fields.ts';

export const checkName = z.enum(CHECK_NAMES as readonly [CheckName, ...CheckName[]]).openapi('CheckName', {
  description: CHECK_NAMES.map(
    (name) => `- \`${name}\` (${CHECKS[name].severity}): ${CHECKS[name].meaning}`,
  ).join('\n'),
});

export const line = z.number().int();
export const fields = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

export const repairThing = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('label'), label: z.string() }),
    z.object({ kind: z.literal('order'), order: z.string() }),
    z.object({ kind: z.literal('line'), order: z.string(), line }),
    z.object({ kind: z.literal('item'), item: z.string() }),
  ])
  .openapi('RepairThing');

export const repairStep = z
  .discriminatedUnion('do', [
    z.object({
      do: z.literal('free'),
      because: checkName,
      label: z.string(),
      order: z.string(),
      line,
      since: moment,
    }),
    z.object({
      do: z.literal('put_back_holder'),
      because: checkName,
      label: z.string(),
      found: fields.nullable(),
      said: fields.nullable(),
    }),
    z.object({
      do: z.literal('put_back'),
      because: checkName,
      thing: repairThing,
      found: fields,
      said: fields,
    }),
    z.object({ do: z.literal('accept'), because: checkName, thing: repairThing, field: z.string() }),
  ])
  .openapi('RepairStep', { description: 'What `repair` does about a finding.' });
