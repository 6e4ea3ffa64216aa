/** `reserve --auto`: choose on a read, reserve, and choose again if another desk was faster. */
import { type Refusal, type ReserveAnswer, SCHEMA_VERSION } from '../core/index.ts';
import type { Intent, Stockroom, SuggestQuery } from './stockroom.ts';

/** How often labels are chosen anew before the last refusal stands. */
const ATTEMPTS = 5;

/**
 * Reserves labels that cover what the order's lines, or the one line, are short of. Where stock doesn't suffice nothing
 * is reserved (`line_short`), unless `keepGoing`. Lines that are covered already: success, nothing changed.
 */
export async function reserveAutomatically(
  stockroom: Stockroom,
  query: SuggestQuery,
  keepGoing: boolean,
  intent: Intent,
): Promise<ReserveAnswer> {
  for (let attempt = 1; ; attempt++) {
    const { refusal, labels, short } = await stockroom.suggest(query);
    if (refusal !== null) return nothing(refusal, intent);
    const shortage: Refusal = { code: 'line_short', order: query.order, lines: short };
    if (short.length > 0 && (!keepGoing || labels.length === 0)) return nothing(shortage, intent);
    if (labels.length === 0) return nothing(undefined, intent);
    const answer = await stockroom.reserve({ order: query.order, labels }, intent);
    const stale = answer.refusals.some(
      ({ code }) => code === 'label_reserved_elsewhere' || code === 'label_depleted',
    );
    if (stale && attempt < ATTEMPTS) continue;
    if (short.length === 0 || !answer.ok) return answer;
    return { ...answer, complete: false, code: 'line_short', refusals: [...answer.refusals, shortage] };
  }
}

function nothing(refusal: Refusal | undefined, intent: Intent): ReserveAnswer {
  return {
    schemaVersion: SCHEMA_VERSION,
    verb: 'reserve',
    ok: refusal === undefined,
    complete: refusal === undefined,
    code: refusal?.code ?? 'already_reserved',
    dryRun: intent.dryRun ?? false,
    operation: null,
    refusals: refusal === undefined ? [] : [refusal],
    order: null,
    results: [],
    lines: [],
  };
}
