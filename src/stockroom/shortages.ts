/** Where stock is short, and where there is some: what an order could use, and which orders could use a label. */
import {
  labelDocument,
  type LabelDocument,
  type LabelState,
  isLive,
  LIVE_STATUSES,
  type LineState,
  lineDocument,
  type OrderState,
  type ShortLine,
} from '../core/index.ts';
import type { Ledger } from './ledger.ts';
import type { StockForLine, WantingLine } from './views.ts';

/** Most labels that are shown for a line, and most orders for a label. */
const SHOWN = 5;
const WANTING = 3;
/** Most reservations and orders that are looked through for them. */
const LOOKED_THROUGH = 200;
const ORDERS_LOOKED_THROUGH = 20;

/** What would help each line of the order that is short. */
export async function stockForLines(
  ledger: Ledger,
  order: OrderState,
  today: string,
): Promise<StockForLine[]> {
  if (!isLive(order.status)) return [];
  const stock: StockForLine[] = [];
  for (const state of order.lines) {
    const line = shortageOf(state);
    if (line === undefined) continue;
    const free = await someLabels(
      ledger.labels({ item: line.item, status: ['active'], sort: 'created', limit: SHOWN + 1 }),
      () => true,
      today,
    );
    const held = await someLabels(
      ledger.reservations({ item: line.item, sort: 'since', limit: LOOKED_THROUGH }),
      ({ holder }) => holder?.orderId !== order.id,
      today,
    );
    stock.push({
      line,
      free: free.slice(0, SHOWN),
      held: held.slice(0, SHOWN),
      moreFree: free.length > SHOWN,
      moreHeld: held.length > SHOWN,
    });
  }
  return stock;
}

/** One more than is shown, so that it can be said that there are more. */
async function someLabels(
  batches: AsyncIterable<readonly LabelState[]>,
  wanted: (state: LabelState) => boolean,
  today: string,
): Promise<LabelDocument[]> {
  const labels: LabelDocument[] = [];
  for await (const batch of batches) {
    labels.push(...batch.filter(wanted).map((state) => labelDocument(state, today)));
    if (labels.length > SHOWN) break;
  }
  return labels;
}

/** The most urgent lines of live orders that are short of an active label's item. */
export async function wantingLines(
  ledger: Ledger,
  { label, holder }: LabelState,
  deadline: number,
): Promise<WantingLine[]> {
  if (holder !== null || label.quantity === 0) return [];
  const wanting: WantingLine[] = [];
  const query = {
    item: label.item.sku,
    status: LIVE_STATUSES,
    sort: 'due',
    limit: ORDERS_LOOKED_THROUGH,
  } as const;
  const candidates: string[] = [];
  for await (const batch of ledger.orders(query)) candidates.push(...batch.map(({ number }) => number));
  for (const number of candidates) {
    const { order } = await ledger.snapshot({ order: number }, deadline);
    for (const state of order?.lines ?? []) {
      const line = state.item.id === label.item.id ? shortageOf(state) : undefined;
      if (order === null || line === undefined || wanting.length === WANTING) continue;
      const { customer, due, status } = order;
      wanting.push({ order: order.number, customer, due, status, line });
    }
    if (wanting.length === WANTING) break;
  }
  return wanting;
}

function shortageOf(state: LineState): ShortLine | undefined {
  const { line, item, unit, outstanding: needed, reserved, shortfall: missing } = lineDocument(state);
  return missing > 0 ? { line, item, unit, needed, reserved, missing } : undefined;
}
