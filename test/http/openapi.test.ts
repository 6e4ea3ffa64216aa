/** The OpenAPI document: whole in itself, true of the routes, and its examples are taken by the server. */
import { beforeEach, describe, expect, it } from 'vitest';
import { OUTCOMES, PRECEDENCE } from '../../src/core/index.ts';
import { LIST_PATHS, PATHS, VERB_PATHS } from '../../src/http/wire.ts';
import { operation, useServer } from './running.ts';

interface Content {
  readonly schema: Schema;
}
interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly type?: string | readonly string[];
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
  readonly security: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: object;
  };
}

const running = useServer();
let document: Document;
let text: string;
beforeEach(async () => {
  ({ text } = await running().get(PATHS.openapi));
  document = JSON.parse(text) as Document;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => ({ path, method, ...each })),
  );

describe('the document', () => {
  it('is OpenAPI 3.1 with every path of the wire, and the token as its security scheme', () => {
    expect(document.openapi).toBe('3.1.0');
    const { openapi, ...paths } = PATHS;
    for (const path of [...Object.values(VERB_PATHS), ...Object.values(LIST_PATHS), ...Object.values(paths)])
      expect(Object.keys(document.paths)).toContain(path);
    expect(document.components.securitySchemes).toMatchObject({ token: { type: 'http', scheme: 'bearer' } });
  });

  it('refers only to what is in it', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? reference;
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });

  it('has no schema that says nothing', () => {
    const empty = Object.entries(document.components.schemas).filter(
      ([, schema]) => Object.keys(schema).length === 0,
    );
    expect(empty).toEqual([]);
    expect(text).not.toContain('"schema":{}');
  });

  it('names each operation once, with a summary', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, summary } of operations())
      expect(summary, operationId).toMatch(/^[A-Z].{8,}[^.]$/);
  });

  it('describes each parameter that a path has, and no other', () => {
    for (const { path, operationId, parameters = [] } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const told = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(told, operationId).toEqual(inPath);
    }
  });

  it('has every route that the server answers, and the server every one of the document', async () => {
    const { call } = running();
    for (const { path, method } of operations()) {
      const reply = await call(method.toUpperCase(), path.replace('{id}', 'x'));
      expect([path, reply.text.includes('urn:earmark:usage')]).toEqual([path, false]);
    }
  });
});

describe('a verb', () => {
  /** The verb of the core, where the server's name is longer. */
  const VERBS = {
    cancelOrder: 'cancel',
    closeOrder: 'close',
    repair: 'diagnose',
    reserveAutomatically: 'reserve',
  } as const;

  it.each(Object.entries(VERB_PATHS))('%s tells all its outcomes as responses', (name, path) => {
    const verb = VERBS[name as keyof typeof VERBS] ?? name;
    const { responses = {} } = document.paths[path]?.['post'] ?? {};
    for (const code of PRECEDENCE[verb as keyof typeof PRECEDENCE]) {
      expect(responses[String(OUTCOMES[code].http)]?.description, code).toContain(`\`${code}\``);
    }
    for (const status of ['400', '401', '403', '500', '503'])
      expect(Object.keys(responses)).toContain(status);
  });

  it.each(Object.entries(VERB_PATHS))('%s has an example that the server can read', async (_, path) => {
    const { requestBody } = document.paths[path]?.['post'] ?? {};
    const request = resolve(requestBody?.content['application/json']?.schema);
    expect(request).toMatchObject({ required: ['command'], additionalProperties: false });
    const command = resolve(request.properties?.['command']).example;
    expect(command).toBeDefined();
    const reply = await running().post(path, { command }, operation());
    expect([200, 404, 409, 422]).toContain(reply.status);
    expect(reply.text).not.toContain('urn:earmark:input');
  });

  it('takes a header for its id', () => {
    const { parameters = [] } = document.paths['/v1/reserve']?.['post'] ?? {};
    const [id] = parameters.filter(({ name }) => name === 'idempotency-key');
    expect(id).toMatchObject({ in: 'header', schema: { type: 'string', maxLength: 100 } });
  });
});

describe('parameters of lists', () => {
  it.each(Object.values(LIST_PATHS))('%s say what they are', (path) => {
    const { parameters = [] } = document.paths[path]?.['get'] ?? {};
    expect(parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['sort', 'descending', 'limit', 'cursor']),
    );
    for (const { name, required, schema } of parameters) {
      expect([name, required ?? false]).toEqual([name, false]);
      expect(schema.$ref ?? schema.type, name).toBeDefined();
    }
  });

  it('are of their types, though a query is text', () => {
    const { parameters = [] } = document.paths['/v1/labels']?.['get'] ?? {};
    const types = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema.type]));
    expect(types).toMatchObject({
      limit: 'integer',
      descending: 'boolean',
      expired: 'boolean',
      item: 'string',
    });
  });
});

function resolve(schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? (schema ?? {}) : (document.components.schemas[name] ?? {});
}
