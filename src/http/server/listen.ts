/** The server on a real port, over HTTP or HTTPS, with bounds on everything that a peer could make long or large. */
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { getRequestListener, RequestError } from '@hono/node-server';
import { Fault } from '../../stockroom/fault.ts';
import { API_VERSION, HEADER } from '../wire.ts';
import { problemOf, wrongInput } from './request-problem.ts';
import { problemResponse } from './responses.ts';
import type { EarmarkServer } from './server.ts';

export interface Address {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
}

export interface Listening {
  readonly url: string;
  /**
   * Takes no more connections, lets what is under way come to its end for at most so many milliseconds, and then cuts the
   * rest. Gives how many requests were cut.
   */
  stop(patience: number): Promise<number>;
}

/** Most connections at once; far more than the desks and scripts of a warehouse. */
const MOST_CONNECTIONS = 2_000;
/** In milliseconds and bytes. A proxy keeps idle connections for up to a minute, so this side keeps them longer. */
const BOUNDS = {
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
} as const;

export async function listen(server: EarmarkServer, { port, host, tls }: Address): Promise<Listening> {
  const listener = getRequestListener(server.fetch, {
    overrideGlobalObjects: false,
    errorHandler: unreadable,
  });
  const answer = (...given: Parameters<typeof listener>) => void listener(...given);
  const node = tls === undefined ? createHttpServer(BOUNDS, answer) : secureServer(tls, answer);
  node.maxConnections = MOST_CONNECTIONS;
  node.maxHeadersCount = 100;
  const taken = await listening(node, port, host);
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${name}:${taken}`,
    stop: async (patience) => await stop(node, server, patience),
  };
}

function secureServer(tls: NonNullable<Address['tls']>, answer: RequestListener): Server {
  try {
    return createHttpsServer({ ...BOUNDS, ...tls }, answer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('input', `--tls-cert and --tls-key do not fit: ${reason}`, { cause: error });
  }
}

/** What the application never sees: above all a request whose address or Host is none. */
function unreadable(error: unknown): Response {
  const readable = !(error instanceof RequestError);
  const { problem } = readable
    ? problemOf(error)
    : wrongInput('the address or the header Host of the request can not be read');
  return problemResponse(problem, { [HEADER.api]: String(API_VERSION) });
}

async function listening(node: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    node.once('error', (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(new Fault('input', `can not listen on ${host} port ${port}: ${reason}`, { cause: error }));
    });
    node.listen({ port, host }, resolve);
  });
  const address = node.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'that is not permitted',
  ENOTFOUND: 'no such host is known',
};

async function stop(node: Server, server: EarmarkServer, patience: number): Promise<number> {
  const settled = server.drain();
  const closed = new Promise<void>((resolve) => node.close(() => resolve()));
  node.closeIdleConnections();
  const over = new AbortController();
  const late = setTimeout(patience, 'late', { signal: over.signal }).catch(() => 'over');
  const ended = await Promise.race([Promise.all([closed, settled]), late]);
  over.abort();
  const cut = ended === 'late' ? server.metrics.inFlight : 0;
  node.closeAllConnections();
  await closed;
  server.close();
  return cut;
}
