/** The document at /openapi.json, made of the same routes and schemas that the server runs. */
import { version } from '../../version.ts';
import { PATHS } from '../wire.ts';
import { FAILURES, NO_ENTRY } from './responses.ts';
import type { App, Route } from './route.ts';

const DESCRIPTION = `
Set specific serialized stock aside for sales orders, free it, ship it, and find which order holds a label.

Everything that changes something is an operation with an id of the caller's choosing, given as \`Idempotency-Key\`. The same
request with the same id does nothing twice and gives the first answer again, so that a request whose answer was lost can
simply be sent again. A refusal is a problem (RFC 9457) with a \`code\`, and has changed nothing.
`.trim();

const SCHEME = 'token';

/** Tells the document of a route. */
export function describeRoute(app: App, { definition, role }: Route): void {
  const security = role === null ? [] : [{ [SCHEME]: [] }, {}];
  const common = role === null ? FAILURES : { ...NO_ENTRY, ...FAILURES };
  const needs = role === null ? '' : `Needs the role \`${role}\` where the server has tokens.`;
  app.openAPIRegistry.registerPath({
    ...definition,
    description: [definition.description, needs].filter(Boolean).join('\n\n'),
    security,
    responses: { ...definition.responses, ...common },
  });
}

/** Serves the document; it is made when it is first asked for. */
export function serveOpenApi(app: App): void {
  app.openAPIRegistry.registerComponent('securitySchemes', SCHEME, {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of `earmark token create`. A server whose database has no tokens needs none.',
  });
  let document: string | undefined;
  app.get(PATHS.openapi, (context) => {
    context.set('route', PATHS.openapi);
    document ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'earmark',
          version,
          description: DESCRIPTION,
          license: { name: 'MIT' },
        },
      }),
    );
    return context.body(document, 200, { 'content-type': 'application/json' });
  });
}
