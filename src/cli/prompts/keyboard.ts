import type { Key as TerminalKey } from 'node:readline';
import { Decoder } from './decoder.ts';
import { actionOf, type Key, type KeyAction, SCAN_GAP } from './key.ts';

/** How long the terminal stays ours after a prompt, in case the next one follows. Milliseconds. */
const LINGER = 2000;
/** After this much silence a paste whose end never came is over: else Ctrl-C would be a part of it for ever. Milliseconds. */
const PASTE_LOST = 1000;
/** Has the terminal mark what is pasted, so that its line ends can be told from an Enter. */
const MARK_PASTES = '\u001b[?2004h';
const STOP_MARKING = '\u001b[?2004l';
/** What a paste can hold; anything else in it is dropped. */
const PASTEABLE: ReadonlySet<KeyAction> = new Set(['text', 'control', 'enter', 'tab']);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Arrival {
  readonly action: KeyAction;
  readonly text: string;
  readonly at: number;
  readonly quiet: number;
  readonly pasted: boolean;
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
  #listener: (() => void) | undefined;
  #linger: NodeJS.Timeout | undefined;
  #open = false;
  #wasRaw = false;
  #lost = false;
  #afterReturn = false;
  /** The code that is being typed holds separators, so it may also hold the EOT that is otherwise Ctrl-D. */
  #structured = false;
  #pasting: 'no' | 'begun' | 'yes' = 'no';
  #lastAt = Number.NEGATIVE_INFINITY;
  #shownAt = Number.NEGATIVE_INFINITY;
  #busyUntil = Number.NEGATIVE_INFINITY;

  /** `control` writes a sequence to the terminal that the keys come from; nothing by default. */
  constructor(
    input: NodeJS.ReadStream,
    clock: () => number,
    control: (sequence: string) => void = () => {},
  ) {
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
   * Tells `listener` whenever `next` may have something, and at once for what was typed before. Gives the way to stop; whoever
   * listened before, if they still do, is then told instead.
   */
  listen(listener: () => void): () => void {
    clearTimeout(this.#linger);
    const before = this.#listener;
    this.#listener = listener;
    this.#shownAt = this.#clock();
    this.#acquire();
    this.#input.ref();
    listener();
    this.#busyUntil = this.#clock();
    return () => {
      if (this.#listener !== listener) return;
      this.#listener = before;
      if (before !== undefined) return before();
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
    if (!this.#lost) this.#control(STOP_MARKING);
    if (this.#input.isTTY) this.#input.setRawMode(this.#wasRaw);
    this.#input.unref();
  }

  #acquire(): void {
    if (this.#open) return;
    this.#open = true;
    this.#wasRaw = this.#input.isTTY && this.#input.isRaw;
    if (this.#input.isTTY) this.#input.setRawMode(true);
    this.#control(MARK_PASTES);
    this.#decoder = new Decoder((key) => this.#arrived(key));
    this.#pasting = 'no';
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
    this.#interruptAll();
  };

  #interruptAll(): void {
    this.clear();
    // Without a prompt now, the next one learns of it.
    this.#push('interrupt', '');
    this.#tell();
  }

  /** Node restores the terminal's mode when a program ends; the rest is ours. */
  readonly #exits = (): void => this.close();

  /** Node restores the terminal when it is killed, but not while someone listens for the signal, as inquirer does. */
  readonly #killed = (signal: NodeJS.Signals): void => {
    // A hang-up means that there is nothing left to write to.
    this.#lost ||= signal === 'SIGHUP';
    this.close();
    // Whoever else listens decides what the signal means, but the prompt is over; if nobody does, it means what it always means.
    const asked = this.#listener !== undefined;
    const endures = this.#endures;
    if (asked) this.#interruptAll();
    if (process.listenerCount(signal) === 0 && !(asked && endures)) process.kill(process.pid, signal);
  };

  #arrived(key: TerminalKey): void {
    // A line feed right after a carriage return is the same Enter, however late it is read.
    const ofReturn = this.#afterReturn && key.sequence === '\n';
    this.#afterReturn = key.sequence === '\r';
    const at = this.#clock();
    // Our own work between two keys is not silence: while we draw, a scanner goes on typing.
    const quiet = at - Math.max(this.#lastAt, this.#busyUntil);
    const action = this.#actionOf(key, quiet);
    if (this.#marks(key, quiet)) return;
    if (ofReturn) this.#lastAt = at;
    else if (action === 'interrupt' && this.#listener === undefined) this.#interrupted();
    else if (action !== undefined) this.#push(action, sequenceOf(action, key), quiet);
    if (key.name === 'escape') this.#tell();
  }

  #actionOf(key: TerminalKey, quiet: number): KeyAction | undefined {
    const action = actionOf(key);
    // The last field of an ISO 15434 code ends in EOT. It comes with the code, and a person's Ctrl-D after a pause.
    if (key.sequence === EOT && this.#structured && quiet < SCAN_GAP) return 'control';
    if (action !== undefined) this.#structured = action === 'control' || (this.#structured && action === 'text');
    return action;
  }

  /** Whether the key is a mark of a paste, or something in a paste that is no text. */
  #marks(key: TerminalKey, quiet: number): boolean {
    if (key.name === 'paste-start' || key.name === 'paste-end') {
      this.#pasting = key.name === 'paste-start' ? 'begun' : 'no';
      this.#lastAt = this.#clock();
      return true;
    }
    if (this.#pasting !== 'no' && quiet >= PASTE_LOST) this.#pasting = 'no';
    return false;
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
