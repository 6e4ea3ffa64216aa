/** Fields that are put back, as history names them, as the columns that they stand in. */
import { fromDecimal, type RestoredRow } from '../core/index.ts';

export interface RestoredColumns {
  readonly table: 'items' | 'labels' | 'orders' | 'order_lines';
  readonly id: number;
  /** By column; `item_id` is given as the item's sku. */
  readonly values: readonly (readonly [column: string, value: string | number | null])[];
}

const QUANTITIES: ReadonlySet<string> = new Set(['quantity', 'shipped']);

export function restoredColumns({ ids, fields }: RestoredRow): RestoredColumns {
  const { itemId, labelId, orderId, lineId } = ids;
  const [table, id] =
    labelId !== null
      ? (['labels', labelId] as const)
      : lineId !== null
        ? (['order_lines', lineId] as const)
        : orderId !== null
          ? (['orders', orderId] as const)
          : (['items', itemId ?? 0] as const);
  const values = Object.entries(fields).map(([field, value]): [string, string | number | null] => {
    if (field === 'item') return ['item_id', value];
    // An order's `ordered` is a date.
    const isQuantity = QUANTITIES.has(field) || (field === 'ordered' && table === 'order_lines');
    return [field, isQuantity && typeof value === 'number' ? fromDecimal(value) : value];
  });
  return { table, id, values };
}
