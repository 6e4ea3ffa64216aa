import { ExitPromptError } from '@inquirer/core';
import { SCAN_GAP } from './key.ts';
import { LiveScanLine, PlainScanLines, type ScanDisplay } from './scan-line.ts';
import { NOTHING_SCANNED, pressScan, type ScanState } from './scan-model.ts';
import type { Session } from './session.ts';
import type { PrintOptions, ScanConfig } from './types.ts';

/** How long a question waits for a scanner to pause, so that a burst isn't cut in two; twice as long for the end of a code. Milliseconds. */
const SETTLE = 1000;
const SETTLE_STEP = 10;

/**
 * One scanning session. It reads all the keys there are, at any time, and hands over the scans one by one. While `take` has a
 * question open, the question has the keys: it listens to the keyboard on top of this, and this goes on where it stops.
 */
export class ScanSession {
  readonly #session: Session;
  readonly #config: ScanConfig;
  readonly #display: ScanDisplay;
  #state: ScanState = NOTHING_SCANNED;
  readonly #scans: string[] = [];
  /** Scans that came after the Esc, while those before it were being taken. */
  readonly #late: string[] = [];
  /** Scans that the question has refused. */
  readonly #missed: string[] = [];
  #asking = false;
  /** What is printed while a question is on the screen, which only the question may draw on. */
  readonly #held: (readonly [line: string, options: PrintOptions | undefined])[] = [];
  #message = '';
  #wake: () => void = () => {};

  constructor(session: Session, config: ScanConfig, accessible: boolean) {
    this.#session = session;
    this.#config = config;
    this.#display = accessible ? new PlainScanLines(session) : new LiveScanLine(session);
  }

  async run(): Promise<'done' | 'left'> {
    const session = this.#session;
    if (session.scanning !== undefined) throw new Error('a scanning session is under way');
    this.#message = this.#config.message();
    session.scanning = this;
    await session.keyboard.open();
    this.#show();
    const stop = session.keyboard.listen(this.#takeKeys, true);
    try {
      return await this.#takeAll();
    } catch (error) {
      session.keyboard.close();
      throw error;
    } finally {
      stop();
      this.#display.hide();
      session.scanning = undefined;
      if (this.#interrupted) session.keyboard.clear();
      this.#giveUp([...this.#scans, ...this.#late, this.#state.text].filter(Boolean), 'ended');
    }
  }

  /** Asks a question in the middle of the session: after all that was typed before it, and with all that is typed while it is open. */
  async aside<Value>(question: () => Promise<Value>): Promise<Value> {
    await this.#settled();
    if (this.#interrupted) throw interruption();
    this.#asking = true;
    this.#display.hide();
    try {
      return await question();
    } finally {
      this.#asking = false;
      for (const [line, options] of this.#held.splice(0)) this.print(line, options);
      this.#giveUp(this.#missed.splice(0), 'question');
      this.#show();
    }
  }

  /** A question has refused a scan. */
  missed(scan: string): void {
    this.#missed.push(scan);
  }

  print(line: string, options?: PrintOptions): void {
    if (this.#asking) this.#held.push([line, options]);
    else this.#display.print(line, options);
  }

  /** Ends the session as soon as the running `take` has settled. */
  interrupt(): void {
    this.#state = { ...this.#state, end: 'interrupted' };
    this.#wake();
    if (this.#asking) {
      // The question may not be listening yet, and must not wait for an answer then.
      this.#session.keyboard.interrupt();
      return;
    }
    this.#display.hide();
    // Whatever is running may take its time; the terminal works meanwhile, and another Ctrl-C ends the program.
    this.#session.keyboard.close();
  }

  get #interrupted(): boolean {
    return this.#state.end === 'interrupted';
  }

  async #takeAll(): Promise<'done' | 'left'> {
    for (;;) {
      if (this.#interrupted) throw interruption();
      const scan = this.#scans.shift();
      if (scan === undefined) {
        if (this.#state.end === 'left') return 'left';
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const after = await this.#config.take(scan, this.#scans.length);
      if (after === 'done' && !this.#interrupted) return 'done';
      if (after === 'drop') this.#giveUp(this.#scans.splice(0), 'dropped');
      this.#message = this.#config.message();
      this.#show();
      // A `take` that never waits would leave no room for reading a Ctrl-C.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  readonly #takeKeys = (): void => {
    while (!this.#interrupted) {
      const key = this.#session.keyboard.next();
      if (key === undefined) break;
      const { end } = this.#state;
      const { state, scan } = pressScan(this.#state, key);
      this.#state = state;
      if (state.end === 'interrupted') this.interrupt();
      if (scan === undefined) continue;
      (end === 'left' ? this.#late : this.#scans).push(scan);
      if (!this.#asking) this.#display.completed(scan);
    }
    this.#show();
    this.#wake();
  };

  #show(): void {
    if (this.#asking || this.#interrupted) return;
    this.#display.show(this.#message, this.#state.text, this.#scans.length);
  }

  #giveUp(scans: readonly string[], because: Parameters<ScanConfig['unanswered']>[1]): void {
    if (scans.length > 0) this.#config.unanswered(scans, because);
  }

  /** Reads on until the scanner pauses: its keys were typed before the question was on the screen, and aren't meant for it. */
  async #settled(): Promise<void> {
    const { keyboard } = this.#session;
    // What is waiting in the terminal is read first: the event loop looks at it between one setImmediate and the next.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    for (let waited = 0; keyboard.silence() < SCAN_GAP && !this.#interrupted; waited += SETTLE_STEP) {
      if (waited >= (this.#state.text === '' ? SETTLE : 2 * SETTLE)) return;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_STEP));
    }
  }
}

/** Inquirer's own, so that every interrupted prompt is known by one name. */
function interruption(): ExitPromptError {
  return new ExitPromptError('interrupted while scanning');
}
