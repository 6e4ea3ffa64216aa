/** What a worker process of `prove` does: opens the scratch ledger, and carries out one request after the other. */
import { once } from 'node:events';
import { systemClock } from '../../stockroom/clock.ts';
import { LocalStockroom } from '../../stockroom/local.ts';
import type { Stockroom } from '../../stockroom/stockroom.ts';
import type { Reply, Request } from './races.ts';
import { openScratch, type ScratchAddress } from './scratch.ts';
import { moment, type Task } from './workers.ts';

/** Serves until the parent is gone. Gives the exit code. */
export async function serveRaces(): Promise<number> {
  if (process.send === undefined) throw new Error('--worker is for prove itself');
  const [address] = (await once(process, 'message')) as [ScratchAddress];
  const room = new LocalStockroom(await openScratch(address), systemClock);
  process.on('message', (task) => {
    void carryOut(room, task as Task).then((reply) => process.send?.(reply));
  });
  process.send('ready');
  await once(process, 'disconnect');
  await room.close();
  return 0;
}

async function carryOut(room: Stockroom, { request, at }: Task): Promise<Reply> {
  // Timers may be late by a millisecond or more, which would spread the start; so the last bit is waited out.
  const early = at - moment() - 2;
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  while (moment() < at);
  try {
    const { code, ok, refusals, operation } = await send(room, request);
    return { code, ok, refusals, operation };
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : String(error) };
  }
}

async function send(room: Stockroom, request: Request) {
  switch (request.verb) {
    case 'reserve':
      return await room.reserve(request.command, request.intent);
    case 'unreserve':
      return await room.unreserve(request.command, request.intent);
    case 'ship':
      return await room.ship(request.command, request.intent);
  }
}
