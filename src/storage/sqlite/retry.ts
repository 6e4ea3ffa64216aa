/**
 * Waiting for SQLite's write lock. SQLite's own busy handler starves waiters, so the connection's busy timeout is 0 and
 * every attempt is ours: a jittered, asynchronous wait that lets all processes come to their turn (DESIGN section 6).
 */
import { Fault } from '../../stockroom/fault.ts';

const SHORTEST = 0.1;
const LONGEST = 8;

/** Runs `attempt` until it does not meet a lock. After `deadline` (milliseconds, UTC) the fault `busy` is thrown. */
export async function untilUnlocked<T>(deadline: number, attempt: () => T | Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() >= deadline) {
        const message = 'the database stayed locked by others until the timeout; nothing was done, try again';
        throw new Fault('busy', message, { cause: error });
      }
    }
    await pause(tries);
  }
}

async function pause(tries: number): Promise<void> {
  const upTo = Math.min(LONGEST, SHORTEST * 2 ** Math.min(tries, 10));
  const wait = SHORTEST + Math.random() * (upTo - SHORTEST);
  // Timers have a grain of 1 ms; shorter waits only let the event loop turn.
  await new Promise<void>((resolve) => {
    if (wait < 1) setImmediate(resolve);
    else setTimeout(resolve, wait);
  });
}

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code?.startsWith('SQLITE_BUSY') === true || code === 'SQLITE_LOCKED_SHAREDCACHE';
}

/** The extended result code of an error from SQLite. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code.startsWith('SQLITE_') ? error.code : undefined;
}
