/** The figures of the stock for /metrics, counted at most so often that counting never is what the database does. */
import type { StockCounts } from '../../stockroom/ledger.ts';

/** How long figures are kept at least, in milliseconds; and how many times as long as counting them took. */
const KEPT = 5_000;
const SHARE = 50;

export class StockFigures {
  readonly #count: (() => Promise<StockCounts>) | undefined;
  #counting: Promise<StockCounts> | undefined;
  #until = 0;

  constructor(count: (() => Promise<StockCounts>) | undefined) {
    this.#count = count;
  }

  /** Undefined where nobody counts. */
  async counts(): Promise<StockCounts | undefined> {
    const started = performance.now();
    if (this.#counting !== undefined && started < this.#until) return await this.#counting;
    this.#until = Number.POSITIVE_INFINITY;
    this.#counting = this.#count?.();
    try {
      return await this.#counting;
    } catch (error) {
      this.#counting = undefined;
      throw error;
    } finally {
      const now = performance.now();
      this.#until = now + Math.max(KEPT, (now - started) * SHARE);
    }
  }
}
