/** The small warehouse behind a server of its own, for each test. */
import { afterEach, beforeEach } from 'vitest';
import type { ServerOptions } from '../../src/http/server/server.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type SqliteBackend, sqliteBackend } from '../support/backends.ts';
import { type RunningServer, startServer } from '../support/http-server.ts';
import { seed, WAREHOUSE } from '../support/warehouse.ts';

export interface Running extends RunningServer {
  readonly backend: SqliteBackend;
  readonly room: Stockroom;
}

/** Gives the running test's own server. */
export function useServer(
  options: (backend: SqliteBackend) => Promise<ServerOptions> = async () => ({}),
): () => Running {
  let running: Running | undefined;
  beforeEach(async () => {
    const backend = await sqliteBackend();
    const room = await backend.open();
    await seed(room, WAREHOUSE);
    const server = await startServer(room, { clock: backend.clock, ...(await options(backend)) });
    running = { ...server, backend, room };
  });
  afterEach(async () => {
    await running?.stop(1_000);
    await running?.backend.close();
    running = undefined;
  });
  return () => {
    if (running === undefined) throw new Error('a server is there only while a test runs');
    return running;
  };
}

let keys = 0;

/** The headers of an operation that no other test has. */
export function operation(over: Readonly<Record<string, string>> = {}): Record<string, string> {
  keys += 1;
  return { 'idempotency-key': `key-${keys}`, 'earmark-actor': 'dana', ...over };
}
