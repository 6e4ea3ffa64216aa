/** Imports over HTTP: begin, send the rows in batches, preview or apply, ask how far it is. */
import { z } from '@hono/zod-openapi';
import { problem } from '../../core/index.ts';
import { MEDIA, PATHS } from '../wire.ts';
import { readBody, readOperationId, readParameters } from './body.ts';
import { readLines } from './import-lines.ts';
import type { Imports, StagedImport } from './imports.ts';
import { RequestProblem } from './request-problem.ts';
import { PROBLEM, WRONG_BODY, WRONG_INPUT } from './responses.ts';
import type { RequestContext, Route } from './route.ts';
import { importLine, importState } from './schemas/imports.ts';
import { importRequest, operationHeaders } from './schemas/requests.ts';

const LONGEST_WAIT = 30_000;

const idParameter = z.object({ id: z.string().openapi({ description: 'The id of the import.' }) });
const batchParameter = z.strictObject({
  batch: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'is not a whole number from 1')
    .transform(Number)
    .openapi({ type: 'integer', minimum: 1, description: 'Counts the batches, from 1 on.' }),
});
const waitParameter = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform((text) => Math.min(Number(text), LONGEST_WAIT))
    .optional()
    .openapi({
      type: 'integer',
      minimum: 0,
      maximum: LONGEST_WAIT,
      description: 'Milliseconds to wait for its end.',
    }),
});

const stateAnswer = (description: string) => ({
  description,
  content: { [MEDIA.json]: { schema: importState } },
});
const UNKNOWN = { 404: { ...PROBLEM, description: 'There is no such import, or it was dropped.' } } as const;
const OUT_OF_TURN = {
  409: { ...PROBLEM, description: 'Another batch comes next, or no more are taken.' },
} as const;

export function importRoutes(imports: Imports): Route[] {
  const runs = (['preview', 'apply'] as const).map((what) => runRoute(imports, what));
  return [beginRoute(imports), rowsRoute(imports), ...runs, stateRoute(imports), dropRoute(imports)];
}

function beginRoute(imports: Imports): Route {
  return {
    role: 'admin',
    definition: {
      method: 'post',
      path: PATHS.imports,
      operationId: 'beginImport',
      summary: 'Begin an import of items, labels, orders and lines',
      tags: ['imports'],
      request: {
        headers: operationHeaders,
        body: { required: true, content: { [MEDIA.json]: { schema: importRequest } } },
      },
      responses: { 201: stateAnswer('It takes rows now.'), ...WRONG_BODY },
    },
    async handle(context) {
      const { options, reason, dryRun, timeout } = await readBody(context, importRequest);
      const operation = readOperationId(context, dryRun === true);
      const { actor } = context.get('caller');
      context.get('noted').operation = operation;
      const begun = await imports.begin(options, { operation, actor, reason, dryRun, timeout });
      return context.json(begun.state(), 201, { location: `${PATHS.imports}/${begun.id}` });
    },
  };
}

function rowsRoute(imports: Imports): Route {
  return {
    role: 'admin',
    definition: {
      method: 'post',
      path: `${PATHS.imports}/{id}/rows`,
      operationId: 'sendRows',
      summary: 'Send a batch of rows; one that is sent again is not taken twice',
      tags: ['imports'],
      request: {
        params: idParameter,
        query: batchParameter,
        body: { required: true, content: { [MEDIA.rows]: { schema: importLine } } },
      },
      responses: { 200: stateAnswer('The batch is staged.'), ...UNKNOWN, ...OUT_OF_TURN, ...WRONG_BODY },
    },
    async handle(context) {
      const found = importOf(context, imports);
      const { batch } = readParameters(context, batchParameter);
      await found.take(batch, async () => await readLines(context));
      return context.json(found.state());
    },
  };
}

function runRoute(imports: Imports, what: 'preview' | 'apply'): Route {
  const summary = {
    preview: 'Check all rows and say what applying them would do',
    apply: 'Check all rows and, if none is wrong, apply them',
  };
  return {
    role: 'admin',
    definition: {
      method: 'post',
      path: `${PATHS.imports}/{id}/${what}`,
      operationId: `${what}Import`,
      summary: summary[what],
      tags: ['imports'],
      request: { params: idParameter },
      responses: {
        200: stateAnswer('It was applied before.'),
        202: stateAnswer('It works; its state tells how far it is.'),
        ...UNKNOWN,
        ...WRONG_INPUT,
      },
    },
    async handle(context) {
      const found = importOf(context, imports);
      await found.begin(what);
      return context.json(found.state(), found.working ? 202 : 200);
    },
  };
}

function stateRoute(imports: Imports): Route {
  return {
    role: 'admin',
    definition: {
      method: 'get',
      path: `${PATHS.imports}/{id}`,
      operationId: 'importState',
      summary: 'How far an import is, and its answer when it is done',
      tags: ['imports'],
      request: { params: idParameter, query: waitParameter },
      responses: { 200: stateAnswer('Its state.'), ...UNKNOWN, ...WRONG_INPUT },
    },
    async handle(context) {
      const found = importOf(context, imports);
      const { wait = 0 } = readParameters(context, waitParameter);
      await found.wait(wait, context.req.raw.signal);
      const state = found.state();
      const code = state.answer?.code ?? state.problem?.code;
      if (code !== undefined) context.get('noted').code = code;
      return context.json(state);
    },
  };
}

function dropRoute(imports: Imports): Route {
  return {
    role: 'admin',
    definition: {
      method: 'delete',
      path: `${PATHS.imports}/{id}`,
      operationId: 'dropImport',
      summary: 'Drop an import and its staged rows; what is applied stays applied',
      tags: ['imports'],
      request: { params: idParameter },
      responses: { 204: { description: 'It is gone.' }, ...UNKNOWN },
    },
    async handle(context) {
      imports.remove(importOf(context, imports));
      return context.body(null, 204);
    },
  };
}

function importOf(context: RequestContext, imports: Imports): StagedImport {
  const found = imports.get(context.req.param('id') ?? '', context.get('caller').actor);
  if (found !== undefined) return found;
  const message = 'there is no such import here; it may have been dropped, so begin again';
  throw new RequestProblem(problem('input', 404, message, false));
}
