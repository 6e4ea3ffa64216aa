/** Reads that are no lists: who holds labels, what would cover an order, everything about one thing. */
import { MEDIA, PATHS } from '../wire.ts';
import { readBody, readParameters } from './body.ts';
import { WRONG_BODY, WRONG_INPUT } from './responses.ts';
import type { Route, Served } from './route.ts';
import { findAnswer } from './schemas/answers.ts';
import { findRequest, suggestQuery } from './schemas/commands.ts';
import { showParameters, suggestion, view } from './schemas/views.ts';

export function readRoutes({ stockroom }: Served): Route[] {
  return [
    {
      role: 'read',
      definition: {
        method: 'post',
        path: PATHS.find,
        operationId: 'find',
        summary: 'Say which orders hold labels',
        tags: ['reads'],
        request: { body: { required: true, content: { [MEDIA.json]: { schema: findRequest } } } },
        responses: {
          200: {
            description: 'What is known of each label; unknown ones are refusals in it.',
            content: { [MEDIA.json]: { schema: findAnswer } },
          },
          ...WRONG_BODY,
        },
      },
      async handle(context) {
        const { labels, ...past } = await readBody(context, findRequest);
        const answer = await stockroom.find(labels, past);
        context.get('noted').code = answer.code;
        return context.json(answer);
      },
    },
    {
      role: 'read',
      definition: {
        method: 'post',
        path: PATHS.suggest,
        operationId: 'suggest',
        summary: 'Labels that would cover what an order is short of; nothing is reserved',
        tags: ['reads'],
        request: { body: { required: true, content: { [MEDIA.json]: { schema: suggestQuery } } } },
        responses: {
          200: {
            description: 'The labels, and the lines that stay short; or why nothing can be suggested.',
            content: { [MEDIA.json]: { schema: suggestion } },
          },
          ...WRONG_BODY,
        },
      },
      async handle(context) {
        return context.json(await stockroom.suggest(await readBody(context, suggestQuery)));
      },
    },
    {
      role: 'read',
      definition: {
        method: 'get',
        path: PATHS.show,
        operationId: 'show',
        summary: 'Everything about an order, a label or an operation',
        tags: ['reads'],
        request: { query: showParameters },
        responses: {
          200: {
            description: 'The view; or a refusal, where nothing or several things have the name.',
            content: { [MEDIA.json]: { schema: view } },
          },
          ...WRONG_INPUT,
        },
      },
      async handle(context) {
        const { asOf, ...ref } = readParameters(context, showParameters);
        return context.json(await stockroom.show(ref, asOf === undefined ? {} : { asOf }));
      },
    },
  ];
}
