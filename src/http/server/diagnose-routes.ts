/** Looking for what is wrong. The database's own checks take long and are left to whoever is beside it. */
import { MEDIA, PATHS } from '../wire.ts';
import { readBody } from './body.ts';
import { WRONG_BODY } from './responses.ts';
import type { Route, Served } from './route.ts';
import { bundle, bundleQuery, diagnoseAnswer, diagnoseQuery } from './schemas/diagnosis.ts';

export function diagnoseRoutes({ longReads }: Served): Route[] {
  return [
    {
      role: 'read',
      definition: {
        method: 'post',
        path: PATHS.diagnose,
        operationId: 'diagnose',
        summary: 'What keeps stock from where it is needed, and what is wrong with the data',
        tags: ['reads'],
        request: { body: { required: true, content: { [MEDIA.json]: { schema: diagnoseQuery } } } },
        responses: {
          200: {
            description: 'What was found; or a refusal, where a name is of nothing.',
            content: { [MEDIA.json]: { schema: diagnoseAnswer } },
          },
          ...WRONG_BODY,
        },
      },
      async handle(context) {
        const query = await readBody(context, diagnoseQuery);
        return context.json(await longReads.diagnose({ ...query, remote: true }));
      },
    },
    {
      role: 'read',
      definition: {
        method: 'post',
        path: PATHS.bundle,
        operationId: 'bundle',
        summary: 'The rows that others need to look into some orders and labels elsewhere',
        tags: ['reads'],
        request: { body: { required: true, content: { [MEDIA.json]: { schema: bundleQuery } } } },
        responses: {
          200: {
            description: 'The rows; or a refusal, where a name is of nothing.',
            content: { [MEDIA.json]: { schema: bundle } },
          },
          ...WRONG_BODY,
        },
      },
      async handle(context) {
        const query = await readBody(context, bundleQuery);
        return context.json(await longReads.bundle({ ...query, remote: true }));
      },
    },
  ];
}
