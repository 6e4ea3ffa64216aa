/** One change that is asked of the ledger: what to load, how to decide, and what an answer holds that did nothing. */
import type { ChangeAnswer, Decision, Envelope, Occasion, Scope, Snapshot } from '../core/index.ts';

/** What an answer has besides the parts that all answers share. */
export type Refused<A> = Omit<A, keyof Envelope>;

export interface Deed<A extends ChangeAnswer> {
  readonly verb: A['verb'];
  readonly scope: Scope;
  readonly refused: Refused<A>;
  readonly decide: (snapshot: Snapshot, occasion: Occasion) => Decision<A>;
}
