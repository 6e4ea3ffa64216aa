/** What a server tells of itself. */
import { z } from '@hono/zod-openapi';
import { problem, SCHEMA_VERSION } from '../../core/index.ts';
import type { StockCounts } from '../../stockroom/ledger.ts';
import { version } from '../../version.ts';
import { API_VERSION, MEDIA, PATHS } from '../wire.ts';
import { problemResponse } from './responses.ts';
import type { Route, Served } from './route.ts';
import { schemaVersion } from './schemas/fields.ts';

export interface System extends Served {
  /** Asks the database anything; throws what it throws. */
  ping(): Promise<void>;
  counts(): Promise<StockCounts | undefined>;
  /** Whether the server is about to stop. */
  draining(): boolean;
}

const health = z
  .object({ schemaVersion, earmark: z.string(), api: z.literal(API_VERSION) })
  .openapi('Health', { example: { schemaVersion: 1, earmark: version, api: API_VERSION } });

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const here = { schemaVersion: SCHEMA_VERSION, earmark: version, api: API_VERSION } as const;

export function systemRoutes(system: System): Route[] {
  const json = (description: string) => ({ description, content: { [MEDIA.json]: { schema: health } } });
  return [
    {
      role: null,
      definition: {
        method: 'get',
        path: PATHS.health,
        operationId: 'health',
        summary: 'Whether the server is alive',
        tags: ['system'],
        responses: { 200: json('It is an earmark server, of this version.') },
      },
      handle: async (context) => context.json(here),
    },
    {
      role: null,
      definition: {
        method: 'get',
        path: PATHS.ready,
        operationId: 'ready',
        summary: 'Whether the database answers, and the server is not about to stop',
        tags: ['system'],
        responses: { 200: json('Requests are welcome.') },
      },
      async handle(context) {
        if (system.draining())
          return problemResponse(problem('server_down', 503, 'the server is about to stop', true));
        await system.ping();
        return context.json(here);
      },
    },
    {
      role: 'read',
      definition: {
        method: 'get',
        path: PATHS.metrics,
        operationId: 'metrics',
        summary: 'Figures for Prometheus',
        tags: ['system'],
        responses: {
          200: { description: 'In its text format.', content: { 'text/plain': { schema: z.string() } } },
        },
      },
      async handle(context) {
        const text = system.metrics.text(version, await system.counts(), system.clock.now());
        return context.body(text, 200, { 'content-type': METRICS_TYPE });
      },
    },
  ];
}
