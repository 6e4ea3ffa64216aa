/** A real server on a free port of this machine, in front of a store, and plain requests to it. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { type Listening, listen } from '../../src/http/server/listen.ts';
import {
  createServer,
  type EarmarkServer,
  type LogEntry,
  type ServerOptions,
} from '../../src/http/server/server.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON, of whatever type the test takes it for. */
  json<T>(): T;
}

export interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a text or bytes. */
  readonly body?: unknown;
}

export interface RunningServer {
  readonly url: string;
  readonly server: EarmarkServer;
  /** A line for each request so far. */
  readonly log: readonly LogEntry[];
  call(method: string, path: string, call?: Call): Promise<Reply>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  stop: Listening['stop'];
}

export async function startServer(stockroom: Stockroom, options: ServerOptions = {}): Promise<RunningServer> {
  const log: LogEntry[] = [];
  const server = createServer(stockroom, { log: (entry) => log.push(entry), ...options });
  const { url, stop } = await listen(server, { port: 0, host: '127.0.0.1' });
  const call = async (method: string, path: string, given: Call = {}) =>
    await send(method, url + path, given);
  return {
    url,
    server,
    log,
    call,
    get: async (path, headers = {}) => await call('GET', path, { headers }),
    post: async (path, body, headers = {}) => await call('POST', path, { body, headers }),
    stop,
  };
}

/** Node's own client, because it sends whatever Host, Origin and body a test wants. */
export async function send(method: string, url: string, { headers = {}, body }: Call = {}): Promise<Reply> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = body === undefined ? undefined : isRaw ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return await new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...type, ...headers }, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, text, json: <T>() => JSON.parse(text) as T });
      });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}
