import { emitKeypressEvents, type Key as TerminalKey } from 'node:readline';
import { Readable } from 'node:stream';
import { actionOf, type Key, type KeyAction } from './key.ts';

/** How long a lone Esc byte waits for the rest of an arrow key, which may come in a later packet. Milliseconds. */
const ESCAPE_WAIT = 150;
/** How long the terminal stays ours after a prompt, in case the next one follows. Milliseconds. */
const LINGER = 2000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Arrival {
  readonly action: KeyAction;
  readonly text: string;
  readonly at: number;
  readonly quiet: number;
}

/**
 * The one reader of the terminal's keys, for as long as prompts follow each other. A prompt takes keys one by one and stops
 * when it is answered; whatever comes after (a scanner doesn't wait for the next prompt) stays here until someone asks.
 */
export class Keyboard {
  readonly #input: NodeJS.ReadStream;
  readonly #clock: () => number;
  readonly #queue: Arrival[] = [];
  #decoder = new Decoder((key) => this.#arrived(key));
  #listener: (() => void) | undefined;
  #linger: NodeJS.Timeout | undefined;
  #open = false;
  #wasRaw = false;
  #afterReturn = false;
  #lastAt = Number.NEGATIVE_INFINITY;
  #shownAt = Number.NEGATIVE_INFINITY;
  #busyUntil = Number.NEGATIVE_INFINITY;

  constructor(input: NodeJS.ReadStream, clock: () => number) {
    this.#input = input;
    this.#clock = clock;
  }

  /**
   * Takes the terminal, and reads what is waiting in it. Before a prompt is drawn, so that nothing typed at what is on the
   * screen is echoed or taken for a signal, and so that what was typed earlier can be told from an answer.
   */
  async open(): Promise<void> {
    if (this.#open) return;
    this.#acquire();
    // The event loop looks at the terminal between one setImmediate and the next.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }

  /** Tells `listener` whenever `next` may have something, and at once for what was typed before. Gives the way to stop. */
  listen(listener: () => void): () => void {
    clearTimeout(this.#linger);
    this.#listener = listener;
    this.#shownAt = this.#clock();
    this.#acquire();
    this.#input.ref();
    listener();
    this.#busyUntil = this.#clock();
    return () => {
      if (this.#listener !== listener) return;
      this.#listener = undefined;
      if (!this.#open) return;
      // A program that forgets to close() still ends: nothing here keeps it alive, and Node restores the terminal.
      this.#input.unref();
      this.#linger = setTimeout(() => this.close(), LINGER).unref();
    };
  }

  /** The oldest key that no prompt has taken. */
  next(): Key | undefined {
    const arrival = this.#queue.shift();
    if (arrival === undefined) return undefined;
    const { action, text, at } = arrival;
    // Silence counts from the moment there was something to look at.
    const quiet = Math.max(0, Math.min(arrival.quiet, at - this.#shownAt));
    return { action, text, quiet, early: at < this.#shownAt };
  }

  /** The Esc or Ctrl-C that is waiting, if any, with every key before it: for a prompt that takes no other key now. */
  urgent(): Key | undefined {
    const found = this.#queue.findIndex(({ action }) => action === 'leave' || action === 'interrupt');
    if (found < 0) return undefined;
    this.#queue.splice(0, found);
    return this.next();
  }

  /** Forgets what nobody has taken. */
  clear(): void {
    this.#queue.length = 0;
  }

  /** Gives the terminal back as it was. Keys already read stay for the next prompt. */
  close(): void {
    clearTimeout(this.#linger);
    if (!this.#open) return;
    this.#open = false;
    this.#input.off('data', this.#read).off('end', this.#gone).off('error', this.#gone);
    for (const signal of SIGNALS) process.off(signal, this.#killed);
    this.#decoder.stop();
    this.#input.pause();
    if (this.#input.isTTY) this.#input.setRawMode(this.#wasRaw);
    this.#input.unref();
  }

  #acquire(): void {
    if (this.#open) return;
    this.#open = true;
    this.#wasRaw = this.#input.isTTY && this.#input.isRaw;
    if (this.#input.isTTY) this.#input.setRawMode(true);
    this.#decoder = new Decoder((key) => this.#arrived(key));
    for (const signal of SIGNALS) process.prependListener(signal, this.#killed);
    this.#input.on('data', this.#read).on('end', this.#gone).on('error', this.#gone);
    this.#input.resume();
  }

  readonly #read = (chunk: Buffer): void => {
    this.#decoder.write(chunk);
    this.#tell();
  };

  /** End of input, or the terminal has gone, or a signal has come: an answer will never come, and saying nothing would look like success. */
  readonly #gone = (): void => {
    this.clear();
    // Without a prompt now, the next one learns of it.
    this.#push('interrupt', '');
    this.#tell();
  };

  /** Node restores the terminal when it is killed, but not while someone listens for the signal, as inquirer does. */
  readonly #killed = (signal: NodeJS.Signals): void => {
    this.close();
    // Whoever else listens decides what the signal means, but the prompt is over; if nobody does, it means what it always means.
    if (this.#listener !== undefined) this.#gone();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  #arrived(key: TerminalKey): void {
    // A line feed right after a carriage return is the same Enter, however late it is read.
    const ofReturn = this.#afterReturn && key.sequence === '\n';
    this.#afterReturn = key.sequence === '\r';
    const action = ofReturn ? undefined : actionOf(key);
    if (action === 'interrupt' && this.#listener === undefined) this.#interrupted();
    else if (action !== undefined) this.#push(action, action === 'text' ? (key.sequence ?? '') : '');
    else if (ofReturn) this.#lastAt = this.#clock();
    if (key.name === 'escape') this.#tell();
  }

  #push(action: KeyAction, text: string): void {
    const at = this.#clock();
    // Our own work between two keys is not silence: while we draw, a scanner goes on typing.
    const quiet = at - Math.max(this.#lastAt, this.#busyUntil);
    this.#lastAt = at;
    this.#queue.push({ action, text, at, quiet });
  }

  #tell(): void {
    if (this.#queue.length === 0) return;
    this.#listener?.();
    this.#busyUntil = this.#clock();
  }

  /** Ctrl-C while no prompt listens: the terminal is raw, so the signal that it means must come from us. */
  #interrupted(): void {
    this.clear();
    this.close();
    process.kill(process.pid, 'SIGINT');
  }
}

/** Bytes into keys, by node:readline's own decoder; on a stream of its own, because it never leaves the one it is given. */
class Decoder {
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
