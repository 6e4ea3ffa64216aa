/**
 * A desk in a process of its own. It reads one request as JSON from each line of standard input, and writes one answer
 * to each line of standard output, in order; see `desk-process.ts`.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/stockroom/clock.ts';
import { Fault } from '../../src/stockroom/fault.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { initLedger, openDesk } from './backends.ts';
import type { Reply, Request } from './desk-process.ts';

let room: Stockroom | undefined;

async function perform(request: Request): Promise<unknown> {
  if (request.verb === 'init') {
    const version = await initLedger(request.address);
    return { code: String(version), ok: version === 0 };
  }
  if (request.verb === 'open') {
    await room?.close();
    room = await openDesk(request.address, systemClock);
    return 'open';
  }
  if (room === undefined) throw new Error('no store is open');
  switch (request.verb) {
    case 'reserve':
      return await room.reserve(request.command, request.intent);
    case 'unreserve':
      return await room.unreserve(request.command, request.intent);
    case 'ship':
      return await room.ship(request.command, request.intent);
    case 'auto':
      return await room.reserveAutomatically(request.command, request.intent);
    case 'transfer':
      return await room.transfer(request.command, request.intent);
    case 'swap':
      return await room.swap(request.command, request.intent);
    case 'cancel':
      return await room.cancelOrder(request.command, request.intent);
    case 'undo':
      return await room.undo(request.command, request.intent);
  }
}

function say(reply: Reply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

say({ answer: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say({ answer: await perform(JSON.parse(line) as Request) });
  } catch (error) {
    const code = error instanceof Fault ? error.code : 'thrown';
    say({ fault: { code, message: error instanceof Error ? error.message : String(error) } });
  }
}
await room?.close();
