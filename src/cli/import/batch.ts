import type { ImportKind, ImportRows, Origin, RowProblem } from '../../core/index.ts';

export type ImportedRow = {
  readonly [K in ImportKind]: { readonly kind: K; readonly origin: Origin; readonly row: ImportRows[K] };
}[ImportKind];

/** Some rows of one file, in file order, and what was wrong with others. */
export interface Batch {
  readonly rows: readonly ImportedRow[];
  readonly problems: readonly RowProblem[];
  /** Columns that nothing is read from, each named in one batch of its file only. */
  readonly ignored: readonly string[];
  /** How much of the file has been read so far, for a progress line. */
  readonly bytes: number;
}

/** Most rows, or problems, in one batch: small enough to stage at once, large enough that a batch costs nothing. */
const BATCH_SIZE = 2000;
/** A file of objects that are all different could name columns without end. */
const MOST_IGNORED = 1000;

/** Takes what is read of one file. */
export interface RowSink {
  readonly file: string;
  add(row: ImportedRow): void;
  refuse(row: number, column: string | null, reason: string): void;
}

/** Collects what is read of one file and deals it out in batches. */
export class BatchCollector implements RowSink {
  readonly file: string;
  bytes = 0;
  readonly #ignored = new Set<string>();
  #newlyIgnored: string[] = [];
  #rows: ImportedRow[] = [];
  #problems: RowProblem[] = [];
  #full: Batch[] = [];

  constructor(file: string) {
    this.file = file;
  }

  add(row: ImportedRow): void {
    this.#rows.push(row);
    if (this.#rows.length >= BATCH_SIZE) this.#close();
  }

  refuse(row: number, column: string | null, reason: string): void {
    this.#problems.push({ file: this.file, row, column, reason });
    if (this.#problems.length >= BATCH_SIZE) this.#close();
  }

  ignore(columns: readonly string[]): void {
    for (const column of columns) {
      if (this.#ignored.has(column) || this.#ignored.size >= MOST_IGNORED) continue;
      this.#ignored.add(column);
      this.#newlyIgnored.push(column);
    }
  }

  /** The batches that are full by now. */
  takeFull(): readonly Batch[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** All that is left, at the end of the file. */
  takeRest(): readonly Batch[] {
    if (this.#rows.length + this.#problems.length + this.#newlyIgnored.length > 0) this.#close();
    return this.takeFull();
  }

  #close(): void {
    this.#full.push({
      rows: this.#rows,
      problems: this.#problems,
      ignored: this.#newlyIgnored,
      bytes: this.bytes,
    });
    this.#rows = [];
    this.#problems = [];
    this.#newlyIgnored = [];
  }
}
