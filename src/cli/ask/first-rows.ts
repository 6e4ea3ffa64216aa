/** The first rows of a listing that may be far too long to show. */
import type { Found, PickRow } from '../prompts/index.ts';

/** Rows that a search shows; a person narrows it by typing. */
const SHOWN = 50;
/** Rows that are counted at most: reading them takes half a second, and nobody looks through more. */
const MOST_COUNTED = 100_000;

/** The first rows at once; how many there are in all is counted while they are looked at, until the signal says that nobody does. */
export async function firstRows<T>(
  listing: AsyncIterable<readonly T[]>,
  rowOf: (thing: T) => PickRow,
  signal: AbortSignal,
): Promise<Found<PickRow>> {
  const batches = listing[Symbol.asyncIterator]();
  const read: T[] = [];
  let ended = false;
  while (read.length <= SHOWN && !ended) {
    const { done, value } = await batches.next();
    ended = done === true;
    if (!ended) read.push(...value);
  }
  const rows = read.slice(0, SHOWN).map(rowOf);
  if (!ended) return { rows, total: countOn(batches, read.length, signal) };
  return { rows, total: read.length };
}

async function countOn(
  batches: AsyncIterator<readonly unknown[]>,
  before: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  let count = before;
  while (!signal.aborted && count < MOST_COUNTED) {
    const { done, value } = await batches.next();
    if (done === true) return count;
    count += value.length;
    // A key is answered before the next rows are read.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await batches.return?.();
  return undefined;
}
