/** Waiting before something is tried again: jittered, so that those who met once don't meet again. */
const SHORTEST = 1;
const LONGEST = 200;

/** `tries` counts from 1. Never waits past `deadline` (milliseconds, UTC). */
export async function pause(tries: number, deadline: number): Promise<void> {
  const upTo = Math.min(LONGEST, SHORTEST * 2 ** Math.min(tries, 10));
  const wait = Math.min(Math.random() * upTo, deadline - Date.now());
  await new Promise<void>((resolve) => {
    if (wait < 1) setImmediate(resolve);
    else setTimeout(resolve, wait);
  });
}
