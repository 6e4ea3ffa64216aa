/** Whether the events of a model ledger agree with one another and with its stock: the rule of the core, on plain arrays. */
import {
  HistoryCheck,
  type HistoryFacts,
  type HistoryProblem,
  holderFields,
  type LineState,
  toDecimal,
} from '../../src/core/index.ts';
import type { ModelEvent, ModelLedger } from './model-ledger.ts';

/** What is wrong with the history (DESIGN rule 16). */
export function historyProblems(ledger: ModelLedger): HistoryProblem[] {
  const { labels, orders } = ledger.state();
  return [
    ...labels.flatMap(({ label, holder }) => {
      const first = ledger.first.labels.get(label.id) ?? label;
      const part = {
        ...{ lineId: null, line: null, first: { quantity: toDecimal(first.quantity) } },
        now: { quantity: toDecimal(label.quantity) },
      };
      const held = holder === null ? null : holderFields(holder);
      const facts = {
        kind: 'label',
        name: label.number,
        recordedAt: 0,
        parts: [part],
        holder: held,
      } as const;
      return problemsOf(
        facts,
        ledger.events.filter(({ labelId }) => labelId === label.id),
      );
    }),
    ...orders.flatMap(({ id, number, status, lines }) => {
      const first = { status: ledger.first.statuses.get(id) ?? status };
      const own = { lineId: null, line: null, first, now: { status } };
      const parts = [own, ...lines.map((line) => linePart(line, ledger.first.lines.get(line.id) ?? line))];
      const facts = { kind: 'order', name: number, recordedAt: 0, parts, holder: null } as const;
      return problemsOf(
        facts,
        ledger.events.filter(({ orderId }) => orderId === id),
      );
    }),
  ];
}

function linePart({ id, line, shipped }: LineState, first: LineState) {
  return {
    ...{ lineId: id, line, first: { shipped: toDecimal(first.shipped) } },
    now: { shipped: toDecimal(shipped) },
  };
}

function problemsOf(facts: HistoryFacts, events: readonly ModelEvent[]): HistoryProblem[] {
  const check = new HistoryCheck(facts);
  for (const [id, event] of events.entries()) check.follow({ ...event, id });
  return check.problems();
}
