/** `reserve --auto`: choose on a read, reserve, and choose again if another desk was faster. */
import {
  type AutoReserveCommand,
  type Chosen,
  OUTCOMES,
  type Refusal,
  type ReserveAnswer,
} from '../core/index.ts';
import type { Suggestion } from './stockroom.ts';

/** How often labels are chosen before the last refusal stands. */
const ATTEMPTS = 5;

export interface AutoReserveSteps {
  /** The first answer, if this operation was done before. */
  readonly recorded: () => Promise<ReserveAnswer | undefined>;
  readonly suggest: () => Promise<Suggestion>;
  readonly refuse: (refusal: Refusal) => ReserveAnswer;
  readonly reserve: (chosen: Chosen) => Promise<ReserveAnswer>;
}

/** Reserves labels that cover what the order's lines, or the one line, are short of. */
export async function reserveAutomatically(
  { keepGoing }: AutoReserveCommand,
  { recorded, suggest, refuse, reserve }: AutoReserveSteps,
): Promise<ReserveAnswer> {
  const first = await recorded();
  if (first !== undefined) return first;
  for (let attempt = 1; ; attempt++) {
    const { refusal, ...chosen } = await suggest();
    if (refusal !== null) return refuse(refusal);
    const answer = await reserve(chosen);
    // Another desk took or emptied a label between the two steps; only then does choosing again help.
    const stale = answer.refusals.some(({ code }) => code.startsWith('label_') && OUTCOMES[code].retryable);
    if (!stale || attempt === ATTEMPTS || (answer.ok && keepGoing === true)) return answer;
  }
}
