/** What a reading thread of `serve` does: one read after the other, on connections of its own. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../stockroom/clock.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Ledger } from '../../stockroom/ledger.ts';
import { LocalStockroom } from '../../stockroom/local.ts';
import type { BundleQuery, DiagnoseQuery } from '../../stockroom/stockroom.ts';
import { openSqliteLedger } from '../../storage/sqlite/ledger.ts';
import type { ReadingThreadData, ReadReply, ReadRequest } from './reading-threads.ts';

/** How long it waits for the file, in milliseconds. */
const PATIENCE = 30_000;

/** Serves until the server ends it. */
export async function serveReads(): Promise<number> {
  const port = parentPort;
  if (port === null) throw new Error('--reader is for serve itself');
  const { path, allowNetwork } = workerData as ReadingThreadData;
  const opened = openSqliteLedger(path, { create: false, allowNetwork, deadline: Date.now() + PATIENCE });
  port.on('message', (request: ReadRequest) => {
    void replyTo(opened, request).then((reply) => port.postMessage(reply));
  });
  await once(port, 'close');
  await (await opened).close();
  return 0;
}

async function replyTo(opened: Promise<Ledger>, request: ReadRequest): Promise<ReadReply> {
  const { id } = request;
  try {
    return { id, value: await read(await opened, request) };
  } catch (error) {
    if (error instanceof Fault) {
      const { code, message, next } = error;
      return { id, fault: { code, message, next } };
    }
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** A query comes from the other side of `ReadingThreads`, whose methods have the Stockroom's own types. */
async function read(ledger: Ledger, { read: name, query }: ReadRequest): Promise<unknown> {
  const room = new LocalStockroom(ledger, systemClock);
  switch (name) {
    case 'counts':
      return await ledger.counts();
    case 'proveHistory':
      return await room.proveHistory(query as string | undefined);
    case 'diagnose':
      return await room.diagnose(query as DiagnoseQuery);
    case 'bundle':
      return await room.bundle(query as BundleQuery);
    case 'labels':
    case 'orders':
    case 'reservations':
    case 'shipments':
    case 'history':
      return await whole(room[name](query as never));
  }
}

async function whole(batches: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
