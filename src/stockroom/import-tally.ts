/** Counting what a pass over the rows of an import comes to. */
import {
  IMPORT_KINDS,
  type ImportKind,
  type ImportNotice,
  type MergeResult,
  type RowProblem,
} from '../core/index.ts';

type Counts = Record<ImportKind, { added: number; changed: number; unchanged: number }>;

/** What a pass over the staged rows came to. */
export class Tally {
  readonly counts = Object.fromEntries(
    IMPORT_KINDS.map((kind) => [kind, { added: 0, changed: 0, unchanged: 0 }]),
  ) as Counts;
  readonly notices: ImportNotice[] = [];
  readonly problems: RowProblem[] = [];
  problemCount = 0;
  at = 0;
  readonly #limit: number;

  constructor(problemLimit: number) {
    this.#limit = problemLimit;
  }

  problem(problem: RowProblem): void {
    this.problemCount += 1;
    if (this.problems.length < this.#limit) this.problems.push(problem);
  }

  add(kind: ImportKind, result: MergeResult<unknown>): void {
    for (const field of ['added', 'changed', 'unchanged'] as const) this.counts[kind][field] += result[field];
    this.notices.push(...result.notices);
    for (const problem of result.problems) this.problem(problem);
    this.at = Math.max(this.at, result.at);
  }
}
