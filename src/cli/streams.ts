/**
 * The process's streams, as commands see them. Node's own stream objects load its network and terminal modules, which
 * takes longer than most commands do; so they are made only when something needs more than plain writing.
 */
import { fstatSync, writeSync } from 'node:fs';
import { EOL } from 'node:os';

export interface Streams {
  readonly env: NodeJS.ProcessEnv;
  readonly out: Output;
  readonly err: Output;
  /** Whether standard input is a terminal. */
  readonly inputIsTerminal: boolean;
  stdin(): NodeJS.ReadStream;
}

export function processStreams(): Streams {
  return {
    env: process.env,
    out: new Output(1, () => process.stdout),
    err: new Output(2, () => process.stderr),
    get inputIsTerminal() {
      return isTerminal(0, () => process.stdin);
    },
    stdin: () => process.stdin,
  };
}

/** Only a character device can be a terminal, and to know that loads nothing. */
function isTerminal(descriptor: number, stream: () => { readonly isTTY?: boolean }): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && stream().isTTY === true;
  } catch {
    // A descriptor that was closed is no terminal.
    return false;
  }
}

/** A reader that closed its end, a terminal that hung up. */
const GONE: readonly string[] = ['EPIPE', 'EIO', 'EBADF', 'ERR_STREAM_DESTROYED'];

/**
 * Standard output or standard error. Writing is synchronous, so a slow reader slows the writer down, and nothing is lost
 * when the process ends. A reader that went away (`| head`) is no error: what is left to print is dropped, and the work
 * goes on.
 */
export class Output {
  readonly #descriptor: number;
  readonly #open: () => NodeJS.WriteStream;
  #stream: NodeJS.WriteStream | undefined;
  #terminal: boolean | undefined;
  #closed = false;

  constructor(descriptor: number, open: () => NodeJS.WriteStream) {
    this.#descriptor = descriptor;
    this.#open = open;
  }

  get isTerminal(): boolean {
    this.#terminal ??= isTerminal(this.#descriptor, this.#open);
    return this.#terminal;
  }

  get columns(): number {
    return this.isTerminal ? (this.#open().columns ?? 80) : 80;
  }

  /** Whether nobody reads any more, so that a long listing may stop. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Node's stream, for prompts. */
  stream(): NodeJS.WriteStream {
    return this.#open();
  }

  line(text = ''): void {
    this.write(text + EOL);
  }

  write(text: string): void {
    if (this.#closed || text === '') return;
    if (this.#stream !== undefined) {
      this.#stream.write(text);
      return;
    }
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#descriptor, bytes, at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN') this.#writeLater(bytes.subarray(at));
        else if (GONE.includes(code ?? '')) this.#closed = true;
        else throw error;
        return;
      }
    }
  }

  /** A pipe that another program made non-blocking is full: from here on Node's stream waits for it. */
  #writeLater(bytes: Uint8Array): void {
    this.#stream = this.#open();
    this.#stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!GONE.includes(error.code ?? '')) throw error;
      this.#closed = true;
    });
    this.#stream.write(bytes);
  }

  /** Waits for a slow reader, so that a long listing does not pile up in memory. */
  async drained(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined || this.#closed || !stream.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        stream.off('drain', done).off('close', done).off('error', done);
        resolve();
      };
      stream.on('drain', done).on('close', done).on('error', done);
    });
  }
}
