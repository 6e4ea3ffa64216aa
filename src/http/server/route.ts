/** What a route is: one entry says how it is reached, who may, what it takes and answers, and what it does. */
import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Clock } from '../../stockroom/clock.ts';
import type { Stockroom } from '../../stockroom/stockroom.ts';
import type { Role } from '../../stockroom/tokens.ts';
import type { Caller } from './access.ts';
import type { Metrics } from './metrics.ts';

/** What a request's log line tells besides; set while it is handled. */
export interface Noted {
  actor?: string;
  operation?: string;
  code?: string;
  error?: string;
}

export type Env = { Variables: { caller: Caller; noted: Noted; route: string } };
export type App = OpenAPIHono<Env>;
export type RequestContext = Context<Env>;

/** The reads that may go through much more than they give, so that a server may have them done beside its own work. */
export type LongReads = Pick<
  Stockroom,
  'labels' | 'orders' | 'reservations' | 'shipments' | 'history' | 'proveHistory' | 'diagnose' | 'bundle'
>;

/** What the routes work with. */
export interface Served {
  readonly stockroom: Stockroom;
  readonly longReads: LongReads;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export interface Route {
  /** The OpenAPI operation; a path's parameters stand in braces. */
  readonly definition: RouteConfig & { readonly operationId: string };
  /** Null for what needs no token and says nothing of the stock. */
  readonly role: Role | null;
  handle(context: RequestContext): Promise<Response>;
}
