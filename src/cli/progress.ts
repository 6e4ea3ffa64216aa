/** Progress of long work, on standard error: a bar that is redrawn on a terminal, a line now and then otherwise. */
import type { Output } from './streams.ts';

/** On a terminal nothing is said about work that takes less; elsewhere each line waits longer. In milliseconds. */
const SILENT = 1_000;
const REDRAW = 100;
const NEXT_LINE = 5_000;

export class Progress {
  readonly #err: Output;
  readonly #noun: string;
  readonly #quiet: boolean;
  readonly #linear: boolean;
  readonly #started = performance.now();
  #said = 0;
  #drawn = false;

  /** `noun` is what is counted: `rows`. `linear` asks for lines on a terminal too (EARMARK_ACCESSIBLE). */
  constructor(err: Output, noun: string, { quiet, linear }: { quiet: boolean; linear: boolean }) {
    this.#err = err;
    this.#noun = noun;
    this.#quiet = quiet;
    this.#linear = linear;
  }

  /** `of` is undefined while nobody knows how many there will be. */
  report(what: string, done: number, of?: number): void {
    const now = performance.now();
    const redraws = this.#err.isTerminal && !this.#linear;
    const [first, next] = redraws ? [SILENT, REDRAW] : [NEXT_LINE, NEXT_LINE];
    if (this.#quiet || now - this.#started < first || now - this.#said < next) return;
    this.#said = now;
    const total = of === undefined ? '' : ` of ${Math.round(of).toLocaleString('en-US')}`;
    const text = `${what} ${Math.round(done).toLocaleString('en-US')}${total} ${this.#noun}`;
    if (!redraws) {
      this.#err.line(text);
      return;
    }
    const bar = of === undefined || of <= 0 ? '' : `${barOf(done / of)} `;
    // A line that is wider than the terminal would wrap, and could not be redrawn in place.
    this.#err.write(`\r\u001b[K${`${bar}${text}`.slice(0, this.#err.columns - 1)}`);
    this.#drawn = true;
  }

  /** Takes the line off the terminal again. */
  end(): void {
    if (this.#drawn) this.#err.write('\r\u001b[K');
    this.#drawn = false;
  }
}

const BAR = 20;

function barOf(share: number): string {
  const filled = Math.max(0, Math.min(BAR, Math.round(share * BAR)));
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`;
}
