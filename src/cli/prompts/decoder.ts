import { emitKeypressEvents, type Key as TerminalKey } from 'node:readline';
import { Readable } from 'node:stream';

/** How long a lone Esc byte waits for the rest of an arrow key, which may come in a later packet. Milliseconds. */
const ESCAPE_WAIT = 150;

/** Bytes into keys, by node:readline's own decoder; on a stream of its own, because it never leaves the one it is given. */
export class Decoder {
  readonly #source = new Readable({ read() {} });

  constructor(onKey: (key: TerminalKey) => void) {
    this.#source.on('keypress', (_text: string | undefined, key: TerminalKey) => onKey(key));
    const options = { escapeCodeTimeout: ESCAPE_WAIT };
    emitKeypressEvents(this.#source, options as unknown as Parameters<typeof emitKeypressEvents>[1]);
  }

  write(chunk: Buffer): void {
    this.#source.emit('data', chunk);
  }

  stop(): void {
    this.#source.removeAllListeners();
  }
}
