/** CSV, safe for spreadsheets. */
import { stringify } from 'csv-stringify/sync';
import { guard } from '../import/spreadsheet-guard.ts';
import { cellText } from './cells.ts';
import type { Cell } from './columns.ts';

/** Records with their line ends. A text that a spreadsheet would run gets a `'` before it, which import takes off again. */
export function csvText(records: readonly (readonly Cell[])[]): string {
  return stringify(records.map((cells) => cells.map(safeText)));
}

function safeText(cell: Cell): string {
  return typeof cell === 'string' ? guard(cellText(cell)) : cellText(cell);
}
