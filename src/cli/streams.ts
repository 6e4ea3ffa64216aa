/** The process's streams and surroundings, as commands see them. */
import { EOL } from 'node:os';

export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** A stdout that was closed early (`| head`) is no error: what is left to print is dropped, and the work goes on. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  #closed = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      this.#closed = true;
    });
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  /** Whether nobody reads any more, so that a long listing may stop. */
  get closed(): boolean {
    return this.#closed;
  }

  line(text = ''): void {
    this.write(text + EOL);
  }

  write(text: string): void {
    if (!this.#closed) this.#stream.write(text);
  }

  /** Waits for a slow reader, so that a long listing does not pile up in memory. */
  async drained(): Promise<void> {
    if (this.#closed || !this.#stream.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#stream.off('drain', done).off('close', done).off('error', done);
        resolve();
      };
      this.#stream.on('drain', done).on('close', done).on('error', done);
    });
  }
}
