/** The processes that race in `prove`: earmark itself, each with a connection of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Reply, Request } from './races.ts';
import type { ScratchAddress } from './scratch.ts';

export interface Task {
  readonly request: Request;
  /** The `moment` to begin at, so that all begin together. */
  readonly at: number;
}

/** Milliseconds, UTC, finer than the system clock's; all processes of a machine agree on it. */
export function moment(): number {
  return performance.timeOrigin + performance.now();
}

/** Time for a request to reach every worker before they begin, in milliseconds. */
const HEAD_START = 5;
const PER_WORKER = 0.5;

export class Workers {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Starts the processes and waits until each has opened the scratch ledger. `stop` kills them, whatever they are at. */
  static async start(count: number, address: ScratchAddress, stop: AbortSignal): Promise<Workers> {
    const [, program = ''] = process.argv;
    const children = Array.from({ length: count }, () => {
      return fork(program, ['prove', '--worker'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    });
    const workers = new Workers(children);
    const kill = () => workers.#kill();
    stop.addEventListener('abort', kill);
    try {
      await Promise.all(children.map(async (child) => await workers.#ask(child, address)));
      return workers;
    } catch (error) {
      await workers.close();
      throw error;
    }
  }

  /** Gives each worker its request, to begin at the same moment, and waits for all replies. */
  async race(requests: readonly Request[]): Promise<Reply[]> {
    const at = moment() + HEAD_START + requests.length * PER_WORKER;
    const replies = requests.map(async (request, worker) => {
      const child = this.#children[worker];
      if (child === undefined) throw new Error(`there is no worker ${worker + 1}`);
      return (await this.#ask(child, { request, at })) as Reply;
    });
    return await Promise.all(replies);
  }

  /** Ends the processes, and waits until they are gone. */
  async close(): Promise<void> {
    const running = this.#children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ended = running.map(async (child) => await once(child, 'exit'));
    this.#kill();
    await Promise.all(ended);
  }

  #kill(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  async #ask(child: ChildProcess, message: ScratchAddress | Task): Promise<unknown> {
    const stop = new AbortController();
    const { signal } = stop;
    // A worker that is gone is noticed by its exit, below.
    child.send(message, () => undefined);
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('a worker ended in the middle of a race');
    });
    try {
      const [reply] = await Promise.race([once(child, 'message', { signal }), ended]);
      return reply;
    } finally {
      stop.abort();
      await ended.catch(() => undefined);
    }
  }
}
