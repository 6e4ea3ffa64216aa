/** A Stockroom offered over HTTP (DESIGN section 8): an application that takes a Request and gives a Response. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { isoMoment, problem } from '../../core/index.ts';
import type { Clock } from '../../stockroom/clock.ts';
import { systemClock } from '../../stockroom/clock.ts';
import type { StockCounts } from '../../stockroom/ledger.ts';
import type { Stockroom } from '../../stockroom/stockroom.ts';
import type { TokenStore } from '../../stockroom/tokens.ts';
import { API_VERSION, HEADER } from '../wire.ts';
import { Access, requireRole } from './access.ts';
import { importRoutes } from './import-routes.ts';
import { Imports } from './imports.ts';
import { listRoutes } from './list-routes.ts';
import { Metrics } from './metrics.ts';
import { describeRoute, serveOpenApi } from './openapi.ts';
import { diagnoseRoutes } from './diagnose-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { readRoutes } from './read-routes.ts';
import { problemOf, RequestProblem } from './request-problem.ts';
import { nothingThere, problemResponse } from './responses.ts';
import type { App, Env, LongReads, Noted, RequestContext, Route } from './route.ts';
import { StockFigures } from './stock-figures.ts';
import { systemRoutes } from './system-routes.ts';
import { verbRoutes } from './verb-routes.ts';

export interface ServerOptions {
  /** Who does the reads that may take long, if not the Stockroom itself. */
  readonly longReads?: LongReads;
  /** Where tokens are kept; without it there are none. */
  readonly tokens?: TokenStore;
  /** How many labels there are; asked for by /metrics. */
  readonly counts?: () => Promise<StockCounts>;
  readonly clock?: Clock;
  /** Takes a line for each request. */
  readonly log?: (entry: LogEntry) => void;
}

/** What is known of a request afterwards; never a token, a body or a value of the query. */
export interface LogEntry extends Noted {
  readonly time: string;
  readonly method: string;
  /** The route's pattern. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

export interface EarmarkServer {
  fetch(request: Request): Response | Promise<Response>;
  readonly metrics: Metrics;
  /**
   * From now on /readyz says no, and every answer asks for its connection to be closed. Comes back when no import is being
   * applied any more.
   */
  drain(): Promise<void>;
  /** Drops what is staged. */
  close(): void;
}

export function createServer(stockroom: Stockroom, options: ServerOptions = {}): EarmarkServer {
  const { clock = systemClock, tokens } = options;
  const metrics = new Metrics();
  const access = new Access(tokens, clock);
  const app: App = new OpenAPIHono<Env>();
  let draining = false;

  app.use(async (context, next) => {
    await observed(context, next, metrics, options);
    if (draining) context.header('connection', 'close');
  });
  app.onError((error, context) => answerError(error, context));
  app.notFound((context) => {
    context.get('noted').code = 'usage';
    return problemResponse(nothingThere());
  });

  const served = { stockroom, longReads: options.longReads ?? stockroom, clock, metrics };
  const imports = new Imports(served);
  const figures = new StockFigures(options.counts);
  const system = {
    ...served,
    ping: async () => void (await tokens?.any()),
    counts: async () => await figures.counts(),
    draining: () => draining,
  };
  const routes = [
    ...verbRoutes(served),
    ...readRoutes(served),
    ...historyRoutes(served),
    ...diagnoseRoutes(served),
    ...listRoutes(served),
    ...importRoutes(imports),
    ...systemRoutes(system),
  ];
  for (const route of routes) addRoute(app, route, access);
  serveOpenApi(app);
  return {
    fetch: (request) => app.fetch(request),
    metrics,
    drain: async () => {
      draining = true;
      await imports.settled();
    },
    close: () => imports.close(),
  };
}

function addRoute(app: App, route: Route, access: Access): void {
  const { method, path } = route.definition;
  const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
  describeRoute(app, route);
  app.on(method.toUpperCase(), pattern, async (context) => {
    context.set('route', path);
    requireVersion(context);
    if (route.role !== null) {
      const caller = await access.callerOf(context.req);
      context.get('noted').actor = caller.actor;
      context.set('caller', caller);
      requireRole(caller, route.role);
    }
    return await route.handle(context);
  });
}

/** A client may leave the version out; one that gives another could misunderstand the answers. */
function requireVersion(context: RequestContext): void {
  const given = context.req.header(HEADER.api);
  if (given === undefined || given === String(API_VERSION)) return;
  const message = `this server speaks version ${API_VERSION} of the API, the client another; update the older of both`;
  throw new RequestProblem(problem('server_version', 400, message, false));
}

/** Measures and logs a request, and marks every answer as earmark's. */
async function observed(
  context: RequestContext,
  next: () => Promise<void>,
  metrics: Metrics,
  { log, clock = systemClock }: ServerOptions,
): Promise<void> {
  const started = performance.now();
  const noted: Noted = {};
  context.set('noted', noted);
  metrics.begin();
  await next();
  context.header(HEADER.api, String(API_VERSION));
  context.header('cache-control', 'no-store');
  context.header('x-content-type-options', 'nosniff');
  const { method } = context.req;
  const { status } = context.res;
  const route = context.get('route') ?? 'none';
  const ms = performance.now() - started;
  metrics.end(method, route, status, ms / 1000);
  const time = isoMoment(clock.now());
  log?.({ time, method, route, status, ms: Math.round(ms * 1000) / 1000, ...noted });
}

function answerError(error: unknown, context: RequestContext): Response {
  const { problem: given, headers } = problemOf(error);
  const noted = context.get('noted');
  noted.code = given.code;
  if (given.status >= 500 && error instanceof Error) noted.error = causes(error);
  return problemResponse(given, headers);
}

/** For the log: what was thrown, and why. */
function causes(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${causes(error.cause)}` : own;
}
