/** Reserving labels that were chosen automatically (`reserve --auto`). */
import type { ReserveAnswer } from './answers.ts';
import { ChangeSet } from './changes.ts';
import type { AutoReserveCommand, LabelChoice, Occasion } from './commands.ts';
import { type Decision, envelope, type Snapshot } from './decision.ts';
import { orderDocument } from './documents.ts';
import type { OrderState } from './model.ts';
import type { Refusal, ShortLine } from './outcomes.ts';
import { decideReserve } from './reserve.ts';

/** What was chosen on an earlier read: labels for lines, and the lines that stay short all the same. */
export interface Chosen {
  readonly labels: readonly LabelChoice[];
  readonly short: readonly ShortLine[];
}

/**
 * Decides on a choice of labels. Where stock doesn't suffice nothing is reserved (`line_short`), unless `keepGoing`. Lines
 * that are covered already are a success that changes nothing.
 */
export function decideAutoReserve(
  command: AutoReserveCommand,
  chosen: Chosen,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<ReserveAnswer> {
  const { labels, short } = chosen;
  const shortage: readonly Refusal[] =
    short.length === 0 ? [] : [{ code: 'line_short', order: command.order, lines: short }];
  if (labels.length === 0 && snapshot.order !== null) return nothing(snapshot.order, shortage, occasion);
  if (short.length > 0 && command.keepGoing !== true) return nothing(snapshot.order, shortage, occasion);
  const decision = decideReserve({ order: command.order, labels }, snapshot, occasion);
  const { answer } = decision;
  if (!answer.ok || short.length === 0) return decision;
  const refusals = [...answer.refusals, ...shortage];
  return { ...decision, answer: { ...answer, complete: false, code: 'line_short', refusals } };
}

function nothing(
  order: OrderState | null,
  shortage: readonly Refusal[],
  occasion: Occasion,
): Decision<ReserveAnswer> {
  const answer: ReserveAnswer = {
    ...envelope(
      'reserve',
      occasion,
      occasion.now,
      shortage,
      shortage.length === 0 ? ['already_reserved'] : [],
    ),
    order: order === null ? null : orderDocument(order),
    results: [],
    lines: [],
  };
  return { answer, at: occasion.now, changes: new ChangeSet() };
}
