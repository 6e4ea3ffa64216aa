/** Progress of long work, on standard error: one line that is rewritten on a terminal, a line now and then otherwise. */
import type { Output } from './streams.ts';

/** On a terminal nothing is said about work that takes less; elsewhere each line waits longer. In milliseconds. */
const SILENT = 1_000;
const REDRAW = 100;
const NEXT_LINE = 5_000;

export class Progress {
  readonly #err: Output;
  readonly #noun: string;
  readonly #quiet: boolean;
  readonly #started = performance.now();
  #said = 0;
  #drawn = false;

  /** `noun` is what is counted: `rows`. */
  constructor(err: Output, noun: string, quiet: boolean) {
    this.#err = err;
    this.#noun = noun;
    this.#quiet = quiet;
  }

  /** `of` is undefined while nobody knows how many there will be. */
  report(what: string, done: number, of?: number): void {
    const now = performance.now();
    const [first, next] = this.#err.isTerminal ? [SILENT, REDRAW] : [NEXT_LINE, NEXT_LINE];
    if (this.#quiet || now - this.#started < first || now - this.#said < next) return;
    this.#said = now;
    const total = of === undefined ? '' : ` of ${Math.round(of).toLocaleString('en-US')}`;
    const text = `${what} ${Math.round(done).toLocaleString('en-US')}${total} ${this.#noun}`;
    if (!this.#err.isTerminal) {
      this.#err.line(text);
      return;
    }
    this.#err.write(`\r\u001b[K${text}`);
    this.#drawn = true;
  }

  /** Takes the line off the terminal again. */
  end(): void {
    if (this.#drawn) this.#err.write('\r\u001b[K');
    this.#drawn = false;
  }
}
