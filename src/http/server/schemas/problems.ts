/** Problems as RFC 9457 has them; the mirror of `core/problems.ts`. */
import { z } from '@hono/zod-openapi';
import { schemaVersion } from './fields.ts';
import { refusal } from './refusals.ts';

const fields = {
  schemaVersion,
  type: z.string().openapi({ example: 'urn:earmark:label_reserved_elsewhere' }),
  title: z.string(),
  status: z.number().int().openapi({ description: 'The HTTP status.' }),
  detail: z.string().openapi({ description: 'One sentence.' }),
  code: z.string().openapi({ description: 'An outcome, a fault, `usage` or `unexpected`.' }),
  retryable: z.boolean().openapi({
    description: 'Whether the same request may succeed later without anyone changing it.',
  }),
  next: z
    .array(z.object({ label: z.string(), command: z.string() }))
    .openapi({ description: 'Commands of the command line that can be pasted.' }),
};

export const problemDocument = z.object(fields).openapi('Problem');

/** A refused verb: the whole answer stands in it. */
export function refusedProblem<A extends z.ZodType>(answer: A, name: string) {
  return z.object({ ...fields, refusals: z.array(refusal), answer }).openapi(name);
}
