/** Work that takes long is done in bursts, so that other requests get their turn in between. */
import { setImmediate } from 'node:timers/promises';

/** In milliseconds; an answer takes several turns of the event loop, and waits for a burst in each. */
const LONGEST = 3;

export class Burst {
  #began: number = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#began >= LONGEST;
  }

  async pause(): Promise<void> {
    await setImmediate();
    this.#began = performance.now();
  }
}
