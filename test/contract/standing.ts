/** How everything stands, without how it came to be so: labels with their holders, orders with their lines. */
import type { LabelDocument, OrderDocument } from '../../src/core/index.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { all } from '../support/warehouse.ts';

export interface Standing {
  readonly labels: readonly LabelDocument[];
  readonly orders: readonly OrderDocument[];
}

export async function standing(room: Stockroom): Promise<Standing> {
  const labels = await all(room.labels({}));
  const orders: OrderDocument[] = [];
  for (const { number } of await all(room.orders({}))) {
    const view = await room.show({ kind: 'order', name: number });
    if (view.kind === 'order') orders.push(view.order);
  }
  return { labels, orders };
}
