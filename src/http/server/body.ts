/** Reading what a request carries: bounded, of the right type, checked by its schema, refused in one sentence. */
import type { z } from '@hono/zod-openapi';
import { isOperationId, OPERATION_ID_RULE, printable } from '../../core/index.ts';
import { HEADER, MEDIA } from '../wire.ts';
import { wrongInput } from './request-problem.ts';
import type { RequestContext } from './route.ts';
import { firstProblem } from './schema-problem.ts';

/** 10,000 labels of 200 characters each, with room around. */
const LARGEST_BODY = 8 * 1024 * 1024;

/** The body as JSON that fits the schema. A body that grows past the bound is not read to its end. */
export async function readBody<S extends z.ZodType>(
  context: RequestContext,
  schema: S,
): Promise<z.output<S>> {
  requireType(context, MEDIA.json);
  const chunks: Uint8Array[] = [];
  for await (const chunk of boundedBody(context, LARGEST_BODY)) chunks.push(chunk);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw wrongInput('the body is not JSON in UTF-8');
  }
  return checked(schema, value);
}

/** The parameters of the query that fit the schema; each may stand there once. */
export function readParameters<S extends z.ZodType>(context: RequestContext, schema: S): z.output<S> {
  const given: Record<string, string> = {};
  for (const [name, values] of Object.entries(context.req.queries())) {
    if (values.length > 1)
      throw wrongInput(`the parameter ${printable(name)} stands there ${values.length} times`);
    given[name] = values[0] ?? '';
  }
  return checked(schema, given);
}

export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw wrongInput(firstProblem(parsed.error.issues));
}

/** The id of the operation that the request is; a dry run needs none. */
export function readOperationId(context: RequestContext, dryRun: boolean): string {
  const id = context.req.header(HEADER.operation);
  if (id === undefined && dryRun) return 'dry-run';
  if (id === undefined)
    throw wrongInput(
      'the header Idempotency-Key is missing: choose an id for the operation, and keep it when trying again',
    );
  if (!isOperationId(id)) throw wrongInput(`the header Idempotency-Key ${OPERATION_ID_RULE}`);
  return id;
}

export function requireType(context: RequestContext, type: string): void {
  const given = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (given !== type) throw wrongInput(`the content type must be ${type}`, 415);
}

/** The body's bytes as they come; refused once they are more than `most`. */
export async function* boundedBody(context: RequestContext, most: number): AsyncIterable<Uint8Array> {
  const tooLarge = () => wrongInput(`the body is larger than ${most} bytes`, 413);
  if (Number(context.req.header('content-length') ?? 0) > most) throw tooLarge();
  let size = 0;
  for await (const chunk of context.req.raw.body ?? []) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge();
    yield chunk;
  }
}
