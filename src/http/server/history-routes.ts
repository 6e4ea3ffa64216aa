/** History: who did what, when and why, in pages; and proof that nobody has changed it. */
import type { EventDocument } from '../../stockroom/stockroom.ts';
import { type HistoryEnd, MEDIA, PATHS, type WireHistoryPage } from '../wire.ts';
import { readParameters } from './body.ts';
import { WRONG_INPUT } from './responses.ts';
import type { Route, Served } from './route.ts';
import {
  digestParameters,
  historyEnd,
  historyPage,
  historyParameters,
  historyProof,
  namedSubject,
} from './schemas/history.ts';
import { refParameters } from './schemas/views.ts';

export function historyRoutes(served: Served): Route[] {
  return [subjectRoute(served), pageRoute(served), endRoute(served), digestRoute(served)];
}

function subjectRoute({ stockroom }: Served): Route {
  return {
    role: 'read',
    definition: {
      method: 'get',
      path: PATHS.subject,
      operationId: 'subject',
      summary: 'What history can be asked about by a name',
      tags: ['history'],
      request: { query: refParameters },
      responses: {
        200: {
          description: 'What has the name; or a refusal, where nothing or several things have it.',
          content: { [MEDIA.json]: { schema: namedSubject } },
        },
        ...WRONG_INPUT,
      },
    },
    async handle(context) {
      return context.json(await stockroom.subject(readParameters(context, refParameters)));
    },
  };
}

function pageRoute({ longReads }: Served): Route {
  return {
    role: 'read',
    definition: {
      method: 'get',
      path: PATHS.history,
      operationId: 'history',
      summary: 'Who did what, when and why, oldest first',
      tags: ['history'],
      request: { query: historyParameters },
      responses: {
        200: { description: 'A page of history.', content: { [MEDIA.json]: { schema: historyPage } } },
        ...WRONG_INPUT,
      },
    },
    async handle(context) {
      const { kind, name, ...query } = readParameters(context, historyParameters);
      const of = kind === undefined || name === undefined ? {} : { of: { kind, name } };
      const events: EventDocument[] = [];
      let position = query.after ?? null;
      for await (const page of longReads.history({ ...query, ...of })) {
        events.push(...page.events);
        position = page.position;
      }
      const more = events.length === query.limit;
      return context.json({ schemaVersion: 1, events, position, more } satisfies WireHistoryPage);
    },
  };
}

function endRoute({ stockroom }: Served): Route {
  return {
    role: 'read',
    definition: {
      method: 'get',
      path: PATHS.historyEnd,
      operationId: 'historyEnd',
      summary: 'Where history ends now: nothing will ever be added before that place',
      tags: ['history'],
      responses: {
        200: { description: 'The place.', content: { [MEDIA.json]: { schema: historyEnd } } },
      },
    },
    async handle(context) {
      const position = await stockroom.historyEnd();
      return context.json({ schemaVersion: 1, position } satisfies HistoryEnd);
    },
  };
}

function digestRoute({ longReads }: Served): Route {
  return {
    role: 'read',
    definition: {
      method: 'get',
      path: PATHS.historyDigest,
      operationId: 'proveHistory',
      summary: 'A digest of all history; or whether what a digest covers is as it was',
      tags: ['history'],
      request: { query: digestParameters },
      responses: {
        200: {
          description: 'The digest; with a refusal where history was changed.',
          content: { [MEDIA.json]: { schema: historyProof } },
        },
        ...WRONG_INPUT,
      },
    },
    async handle(context) {
      const { digest } = readParameters(context, digestParameters);
      return context.json(await longReads.proveHistory(digest));
    },
  };
}
