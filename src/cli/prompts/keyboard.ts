import type { Key as TerminalKey } from 'node:readline';
import { Decoder } from './decoder.ts';
import type { Key } from './key.ts';
import { KeySense, type Stroke } from './key-sense.ts';

/** How long the terminal stays ours after a prompt, in case the next one follows. Milliseconds. */
const LINGER = 2000;
/** Has the terminal mark what is pasted, so that its line ends can be told from an Enter. */
const MARK_PASTES = '\u001b[?2004h';
const STOP_MARKING = '\u001b[?2004l';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Arrival extends Stroke {
  readonly at: number;
}

interface Listener {
  readonly tell: () => void;
  readonly endures: boolean;
}

/**
 * The one reader of the terminal's keys, for as long as prompts follow each other. A prompt takes keys one by one and stops
 * when it is answered; whatever comes after (a scanner doesn't wait for the next prompt) stays here until someone asks.
 */
export class Keyboard {
  readonly #input: NodeJS.ReadStream;
  readonly #clock: () => number;
  readonly #control: (sequence: string) => void;
  readonly #queue: Arrival[] = [];
  #decoder = new Decoder((key) => this.#arrived(key));
  #listener: Listener | undefined;
  #linger: NodeJS.Timeout | undefined;
  #open = false;
  #wasRaw = false;
  #lost = false;
  #sense = new KeySense();
  #lastAt = Number.NEGATIVE_INFINITY;
  #shownAt = Number.NEGATIVE_INFINITY;
  #busyUntil = Number.NEGATIVE_INFINITY;

  /** `control` writes a sequence to the terminal that the keys come from; nothing by default. */
  constructor(input: NodeJS.ReadStream, clock: () => number, control: (sequence: string) => void = () => {}) {
    this.#input = input;
    this.#clock = clock;
    this.#control = control;
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

  /**
   * Tells a listener whenever `next` may have something, and at once for what was typed before. Gives the way to stop; whoever
   * listened until now, and still does, is told again from then on. A signal that nobody else handles ends the program, but
   * leaves one that `endures` the time to end by itself.
   */
  listen(tell: () => void, endures = false): () => void {
    clearTimeout(this.#linger);
    const before = this.#listener;
    const listener: Listener = { tell, endures: endures || before?.endures === true };
    this.#listener = listener;
    this.#shownAt = this.#clock();
    this.#acquire();
    this.#input.ref();
    tell();
    this.#busyUntil = this.#clock();
    return () => {
      if (this.#listener !== listener) return;
      this.#listener = before;
      if (before !== undefined) return this.#tell();
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
    const { action, text, at, pasted } = arrival;
    // Silence counts from the moment there was something to look at.
    const quiet = Math.max(0, Math.min(arrival.quiet, at - this.#shownAt));
    return { action, text, quiet, early: at < this.#shownAt, pasted };
  }

  /** Milliseconds since the last key. */
  silence(): number {
    return this.#clock() - this.#lastAt;
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

  /** As if Ctrl-C had been pressed: for the prompt that listens, or else for the next. */
  interrupt(): void {
    this.clear();
    this.#queue.push({ action: 'interrupt', text: '', quiet: 0, pasted: false, at: this.#clock() });
    this.#tell();
  }

  /** Gives the terminal back as it was. Keys already read stay for the next prompt. */
  close(): void {
    clearTimeout(this.#linger);
    if (!this.#open) return;
    this.#open = false;
    this.#input.off('data', this.#read).off('end', this.#gone).off('error', this.#gone);
    for (const signal of SIGNALS) process.off(signal, this.#killed);
    process.off('exit', this.#exits);
    this.#decoder.stop();
    this.#input.pause();
    // Its own mode first: from the moment that anybody can see that it is given back, Ctrl-C is a signal again.
    this.#restoreMode();
    if (!this.#lost) this.#control(STOP_MARKING);
    this.#input.unref();
  }

  #restoreMode(): void {
    try {
      if (this.#input.isTTY) this.#input.setRawMode(this.#wasRaw);
    } catch {
      // A terminal that has gone has no mode any more, and whoever waits for the end of a prompt must still hear of it.
      this.#lost = true;
    }
  }

  #acquire(): void {
    if (this.#open) return;
    this.#open = true;
    this.#wasRaw = this.#input.isTTY && this.#input.isRaw;
    if (this.#input.isTTY) this.#input.setRawMode(true);
    this.#control(MARK_PASTES);
    this.#decoder = new Decoder((key) => this.#arrived(key));
    this.#sense = new KeySense();
    for (const signal of SIGNALS) process.prependListener(signal, this.#killed);
    process.on('exit', this.#exits);
    this.#input.on('data', this.#read).on('end', this.#gone).on('error', this.#gone);
    this.#input.resume();
  }

  readonly #read = (chunk: Buffer): void => {
    this.#decoder.write(chunk);
    this.#tell();
  };

  /** End of input, or the terminal has gone, or a signal has come: an answer will never come, and saying nothing would look like success. */
  readonly #gone = (): void => {
    this.#lost = true;
    this.interrupt();
  };

  /** Node restores the terminal's mode when a program ends; the rest is ours. */
  readonly #exits = (): void => this.close();

  /** Node restores the terminal when it is killed, but not while someone listens for the signal, as inquirer does. */
  readonly #killed = (signal: NodeJS.Signals): void => {
    // After a hang-up there is nothing left to write to.
    this.#lost ||= signal === 'SIGHUP';
    this.close();
    const listener = this.#listener;
    if (listener !== undefined) this.interrupt();
    // Whoever else listens decides what the signal means, but the prompt is over; if nobody does, it means what it always means.
    if (process.listenerCount(signal) === 0 && listener?.endures !== true) process.kill(process.pid, signal);
  };

  #arrived(key: TerminalKey): void {
    const at = this.#clock();
    // Our own work between two keys is not silence: while we draw, a scanner goes on typing.
    const stroke = this.#sense.read(key, at - Math.max(this.#lastAt, this.#busyUntil));
    this.#lastAt = at;
    if (stroke?.action === 'interrupt' && this.#listener === undefined) this.#interrupted();
    else if (stroke !== undefined) this.#queue.push({ ...stroke, at });
    if (key.name === 'escape') this.#tell();
  }

  #tell(): void {
    if (this.#queue.length === 0) return;
    this.#listener?.tell();
    this.#busyUntil = this.#clock();
  }

  /** Ctrl-C while no prompt listens: the terminal is raw, so the signal that it means must come from us. */
  #interrupted(): void {
    this.clear();
    this.close();
    process.kill(process.pid, 'SIGINT');
  }
}
