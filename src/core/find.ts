/** Who holds a label (DESIGN rule 12). */
import type { FindAnswer } from './answers.ts';
import type { Occasion } from './commands.ts';
import { envelope, type Snapshot } from './decision.ts';
import { type LabelDocument, labelDocument } from './documents.ts';
import type { Refusal } from './outcomes.ts';

/** For a question about the past: as of when, and when labels that were not there yet came in, by the texts that named them. */
export interface FindThen {
  readonly asOf: string;
  readonly recordedAt: ReadonlyMap<string, string>;
}

/** Answers for each label that was named, in order; those that exist are answered even if others do not. */
export function answerFind(
  texts: readonly string[],
  snapshot: Pick<Snapshot, 'labels' | 'near'>,
  occasion: Occasion,
  then?: FindThen,
): FindAnswer {
  const refusals: Refusal[] = [];
  const results: LabelDocument[] = [];
  for (const text of new Set(texts)) {
    const state = snapshot.labels.get(text);
    if (state === undefined) {
      const near = snapshot.near.get(text) ?? [];
      refusals.push({ code: 'label_not_found', label: text, near, ...notThen(text, then) });
    } else {
      results.push(labelDocument(state, occasion.today));
    }
  }
  if (texts.length === 0) refusals.push({ code: 'no_labels_chosen' });
  const codes = results.map(() => 'found' as const);
  const complete = refusals.length === 0;
  return {
    ...envelope('find', occasion, occasion.now, refusals, codes),
    ok: complete,
    operation: null,
    ...(then === undefined ? {} : { asOf: then.asOf }),
    results,
  };
}

function notThen(text: string, then: FindThen | undefined) {
  if (then === undefined) return {};
  const recordedAt = then.recordedAt.get(text);
  return { asOf: then.asOf, ...(recordedAt === undefined ? {} : { recordedAt }) };
}
