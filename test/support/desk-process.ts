/** Real processes that share a store. Each is ready before the first request, so that a round starts at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type {
  ReserveCommand,
  ShipCommand,
  UnreserveCommand,
  AutoReserveCommand,
  EndCommand,
  SwapCommand,
  TransferCommand,
  UndoCommand,
} from '../../src/core/index.ts';
import type { Intent } from '../../src/stockroom/stockroom.ts';
import type { Address } from './backends.ts';

export type Request =
  | { readonly verb: 'init' | 'open'; readonly address: Address }
  | { readonly verb: 'reserve'; readonly command: ReserveCommand; readonly intent: Intent }
  | { readonly verb: 'unreserve'; readonly command: UnreserveCommand; readonly intent: Intent }
  | { readonly verb: 'ship'; readonly command: ShipCommand; readonly intent: Intent }
  | { readonly verb: 'auto'; readonly command: AutoReserveCommand; readonly intent: Intent }
  | { readonly verb: 'transfer'; readonly command: TransferCommand; readonly intent: Intent }
  | { readonly verb: 'swap'; readonly command: SwapCommand; readonly intent: Intent }
  | { readonly verb: 'cancel'; readonly command: EndCommand; readonly intent: Intent }
  | { readonly verb: 'undo'; readonly command: UndoCommand; readonly intent: Intent };

export type Reply =
  | { readonly answer: unknown }
  | { readonly fault: { readonly code: string; readonly message: string } };

/** What a round comes to: an outcome's code, or a fault's. */
export interface Outcome {
  readonly code: string;
  readonly ok: boolean;
}

const WORKER = fileURLToPath(new URL('./desk-worker.ts', import.meta.url));
const BUNDLES = fileURLToPath(new URL('../../node_modules/.cache/earmark-desks', import.meta.url));

/** The worker's file, and how many processes are about to read it. */
let bundle: { readonly file: string; readers: number } | undefined;

/** The worker as one plain file, because a race has many of them and each would transform every source for itself. */
function bundledWorker(): string {
  if (bundle === undefined) {
    const file = join(BUNDLES, `${process.pid}.mjs`);
    const format = { platform: 'node', format: 'esm', packages: 'external', target: 'node20' } as const;
    buildSync({ entryPoints: [WORKER], outfile: file, bundle: true, logLevel: 'error', ...format });
    bundle = { file, readers: 0 };
  }
  bundle.readers += 1;
  return bundle.file;
}

function releaseWorker(): void {
  if (bundle === undefined) return;
  bundle.readers -= 1;
  if (bundle.readers > 0) return;
  rmSync(bundle.file, { force: true });
  bundle = undefined;
}

export class DeskProcess {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: { resolve(reply: Reply): void; reject(error: Error): void }[] = [];
  readonly #ready: Promise<Reply>;

  /** `shellLimit` is run by a shell before the desk starts: `ulimit -f 100`. */
  constructor(shellLimit = 'true') {
    const args = [process.execPath, bundledWorker()];
    this.#child = spawn('sh', ['-c', `${shellLimit} && exec "$@"`, 'sh', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw new Error('no pipes to the desk');
    // A desk that is killed while it is written to must not end the test's own process.
    stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: stdout });
    this.#lines.on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line) as Reply));
    this.#lines.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the desk ended'));
    });
    this.#ready = this.#next();
    this.#ready.catch(() => undefined).then(releaseWorker);
  }

  async open(address: Address): Promise<void> {
    await this.#ready;
    const reply = await this.ask({ verb: 'open', address });
    if ('fault' in reply) throw new Error(reply.fault.message);
  }

  /** Requests may be asked before the last one is answered. Throws if the process ends before the reply. */
  async ask(request: Request): Promise<Reply> {
    const reply = this.#next();
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    return await reply;
  }

  async outcome(request: Request): Promise<Outcome> {
    const reply = await this.ask(request);
    return 'fault' in reply ? { code: reply.fault.code, ok: false } : (reply.answer as Outcome);
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.stdin?.end();
    await ended;
  }

  #next(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }
}
