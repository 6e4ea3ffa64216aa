/** Choosing labels for what an order is short of, on a read (DESIGN section 5, the seam to storage). */
import {
  isLive,
  type LabelState,
  type LineState,
  lineDocument,
  lineToReserveFor,
  minus,
  type OrderState,
  outstanding,
  plus,
  type Refusal,
  type ShortLine,
  selectLabels,
  toDecimal,
  total,
} from '../core/index.ts';
import type { Ledger } from './ledger.ts';
import type { Suggestion, SuggestQuery } from './stockroom.ts';

export async function suggest(
  ledger: Ledger,
  query: SuggestQuery,
  today: string,
  deadline: number,
): Promise<Suggestion> {
  const { order, near } = await ledger.snapshot({ order: query.order }, deadline);
  const refusal = refuse(query, order, near.get(query.order) ?? []);
  if (refusal !== undefined || order === null) return { refusal: refusal ?? null, labels: [], short: [] };
  const labels: { label: string; line: number }[] = [];
  const short: ShortLine[] = [];
  const chosen = new Set<number>();
  for (const line of linesInNeed(order, query.line)) {
    const choices = (await choicesFor(ledger, line, today)).filter(({ label }) => !chosen.has(label.id));
    const missing = minus(outstanding(line), line.reserved);
    const picks = selectLabels(query.strategy, choices, missing, today);
    for (const { label } of picks) {
      chosen.add(label.id);
      labels.push({ label: label.number, line: line.line });
    }
    const covered = plus(line.reserved, total(picks.map(({ label }) => label.quantity)));
    if (covered < outstanding(line)) {
      const { item, unit, outstanding: needed } = lineDocument(line);
      const stillMissing = toDecimal(minus(outstanding(line), covered));
      short.push({
        line: line.line,
        item,
        unit,
        needed,
        reserved: toDecimal(covered),
        missing: stillMissing,
      });
    }
  }
  return { refusal: null, labels, short };
}

function refuse(query: SuggestQuery, order: OrderState | null, near: readonly string[]): Refusal | undefined {
  if (order === null) return { code: 'order_not_found', order: query.order, near };
  if (!isLive(order.status)) return { code: 'order_not_live', order: order.number, status: order.status };
  if (query.line === undefined) return undefined;
  const line = lineToReserveFor(query.line, order);
  return 'code' in line ? line : undefined;
}

function linesInNeed(order: OrderState, only: number | undefined): LineState[] {
  return order.lines.filter((line) => {
    const wanted = only === undefined || line.line === only;
    return wanted && line.item.tracking === 'serialized' && line.reserved < outstanding(line);
  });
}

async function choicesFor(ledger: Ledger, line: LineState, today: string): Promise<LabelState[]> {
  const choices: LabelState[] = [];
  const query = { item: line.item.sku, status: ['active'] as const, expired: { on: today, is: false } };
  for await (const batch of ledger.labels(query)) choices.push(...batch);
  return choices;
}
