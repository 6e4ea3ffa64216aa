/** Asking for one label, by scan, by number, or by looking through them. */
import { type LabelDocument, plainScan } from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { PickRow } from '../prompts/index.ts';
import { measured, placeOf } from '../present/words.ts';
import { labelMeant } from '../scan/meaning.ts';
import { firstRows } from './first-rows.ts';

export async function askOneLabel(context: Context, message: string, missing: string): Promise<string> {
  const prompts = await context.prompts(missing);
  const stockroom = await context.stockroom();
  const row = await prompts.pickOne({
    message,
    noun: 'label',
    columns: ['label', 'item', 'status', 'quantity', 'place', 'order'],
    rows: async (text, signal) => {
      return await firstRows(stockroom.labels({ search: plainScan(text) }), labelRow, signal);
    },
    exact: async (text) => {
      const { label } = await labelMeant(stockroom, text);
      return label === undefined ? undefined : { key: label.number, names: [], cells: [] };
    },
  });
  return row.key;
}

function labelRow(label: LabelDocument): PickRow {
  const { number, code, item, status, quantity, unit, reservation } = label;
  const cells = [number, item, status, measured(quantity, unit), placeOf(label), reservation?.order ?? ''];
  return { key: number, names: code === null ? [] : [code], cells };
}
