/** What goes around a command: the mirror of the requests in `http/wire.ts`. */
import { z } from '@hono/zod-openapi';
import { HEADER } from '../../wire.ts';
import { operationId, text } from './fields.ts';
import { importOptions } from './imports.ts';

/** Longest wait for locks that a request may ask for, in milliseconds; the connection waits that long, too. */
export const LONGEST_WAIT = 60_000;

const around = {
  reason: text('Why, for the history.').optional(),
  dryRun: z.boolean().optional().openapi({ description: 'Decide and answer, and record nothing.' }),
  timeout: z
    .number()
    .int()
    .min(0)
    .transform((wanted) => Math.min(wanted, LONGEST_WAIT))
    .optional()
    .openapi({
      type: 'integer',
      minimum: 0,
      description: `Most milliseconds to wait for locks; more than ${LONGEST_WAIT} counts as that.`,
    }),
};

export function verbRequest<C extends z.ZodType>(command: C, name: string) {
  return z.strictObject({ command, ...around }).openapi(name);
}

export const importRequest = z.strictObject({ options: importOptions, ...around }).openapi('ImportRequest');

/** The headers of everything that changes something. */
export const operationHeaders = z.object({
  [HEADER.operation]: operationId.optional().openapi({
    description: 'The id of the operation, chosen before the first attempt; required unless it is a dry run.',
  }),
  [HEADER.actor]: z.string().optional().openapi({
    description:
      'Who acts, percent-encoded. Believed only by a server without tokens, and recorded as unverified.',
  }),
});
