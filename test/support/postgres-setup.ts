/**
 * For the whole run of vitest: starts a PostgreSQL when the first test asks for one, and ends it after the last. Tests run
 * in processes of their own, so they ask over a port (`postgres-for-tests.ts`).
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Who connects here is told the server's port and folder as JSON. */
    readonly postgresBroker: number;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<PostgresServer> | undefined;
  const tell = async (socket: Socket): Promise<void> => {
    started ??= startPostgres();
    const { port, folder } = await started;
    socket.end(JSON.stringify({ port, folder }));
  };
  const broker = createServer((socket) => {
    socket.on('error', () => undefined);
    tell(socket).catch((error: unknown) => socket.end(JSON.stringify({ error: String(error) })));
  });
  broker.listen(0, '127.0.0.1').unref();
  await once(broker, 'listening');
  const address = broker.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  project.provide('postgresBroker', address.port);
  return async () => {
    broker.close();
    await (await started?.catch(() => undefined))?.stop();
  };
}
