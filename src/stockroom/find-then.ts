/** Who held labels at a moment (DESIGN rule 16). */
import { answerFind, type FindAnswer, isoMoment, type LabelState, type Occasion } from '../core/index.ts';
import type { Ledger } from './ledger.ts';

/** `asOf` in milliseconds. A label is found by its number, or by the code that it has now. */
export async function findThen(
  ledger: Ledger,
  texts: readonly string[],
  asOf: number,
  occasion: Occasion,
  deadline: number,
): Promise<FindAnswer> {
  const { labels: known, near } = await ledger.snapshot({ labels: texts }, deadline);
  const ids = [...new Set([...known.values()].map(({ label }) => label.id))];
  const then = await ledger.history.labelsAt(ids, asOf);
  const labels = new Map<string, LabelState>();
  const recordedAt = new Map<string, string>();
  for (const [text, { label }] of known) {
    const found = then.get(label.id);
    if (found?.state != null) labels.set(text, found.state);
    else if (found !== undefined) recordedAt.set(text, isoMoment(found.recordedAt));
  }
  return answerFind(texts, { labels, near }, occasion, { asOf: isoMoment(asOf), recordedAt });
}
