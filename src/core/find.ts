/** Who holds a label (DESIGN rule 12). */
import type { FindAnswer } from './answers.ts';
import type { Occasion } from './commands.ts';
import { envelope, type Snapshot } from './decision.ts';
import { type LabelDocument, labelDocument } from './documents.ts';
import type { Refusal } from './outcomes.ts';

/** Answers for each label that was named, in order; those that exist are answered even if others do not. */
export function answerFind(texts: readonly string[], snapshot: Snapshot, occasion: Occasion): FindAnswer {
  const refusals: Refusal[] = [];
  const results: LabelDocument[] = [];
  for (const text of new Set(texts)) {
    const state = snapshot.labels.get(text);
    if (state === undefined) {
      refusals.push({ code: 'label_not_found', label: text, near: snapshot.near.get(text) ?? [] });
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
    results,
  };
}
