/** What the scanning sessions of all verbs share: counting, and what is said at the end. */
import { listed, OUTCOMES, type OutcomeCode } from '../../core/index.ts';
import type { Intent } from '../../stockroom/stockroom.ts';
import { counted } from '../present/words.ts';
import type { Desk } from './desk.ts';

/** Exit codes: some of it was done; nothing was, and nobody refused it. */
const PARTLY = 7;
const NOTHING = 3;

export class Tally {
  readonly #group: Intent;
  #operations = 0;
  #answered = 0;
  #done = 0;
  /** A scan that was not taken has no outcome. */
  readonly #refused: { readonly scan: string; readonly code: OutcomeCode | null }[] = [];

  constructor(group: Intent) {
    this.#group = group;
  }

  /** The id that the whole session goes by. */
  get group(): string {
    return this.#group.operation;
  }

  /** The intent of the next scan: an operation of its own within the session's group, durable before it is answered. */
  next(): Intent {
    this.#operations += 1;
    return { ...this.#group, operation: `${this.#group.operation}/${this.#operations}` };
  }

  /** `12/40`: this answer is the 12th of 40 scans that were read so far. */
  count(waiting: number): string {
    this.#answered += 1;
    return `${this.#answered}/${this.#answered + waiting}`;
  }

  succeeded(): void {
    this.#done += 1;
  }

  refused(scan: string, code: OutcomeCode): void {
    this.#refused.push({ scan, code });
  }

  /** Notes a scan that was read and never taken, so that it is not forgotten at the end. */
  missed(scan: string): void {
    this.#refused.push({ scan, code: null });
  }

  /** Says what became of the scans, in words like `reserved 12 labels, 2 refused`. */
  sayTotals(desk: Desk, did: string, labels: number = this.#done): void {
    const refused = this.#refused.length === 0 ? '' : `, ${this.#refused.length} refused`;
    desk.note(`${did} ${counted(labels, 'label')}${refused}`);
    if (this.#refused.length > 0)
      desk.note(
        `refused: ${listed(
          this.#refused.map(({ scan }) => scan),
          '',
        )}`,
      );
  }

  /** 0 if everything that was scanned was done; 7 if some was; never 0 where nothing was. */
  exitCode(ended: 'done' | 'left' | 'interrupted'): number {
    if (ended === 'interrupted') return 130;
    const [first] = this.#refused;
    if (first === undefined) return this.#done > 0 ? 0 : NOTHING;
    if (this.#done > 0) return PARTLY;
    return first.code === null ? NOTHING : OUTCOMES[first.code].exit;
  }
}
