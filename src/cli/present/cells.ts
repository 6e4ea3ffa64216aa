/** Cells as each format writes them. */
import { formatDecimal, printable } from '../../core/index.ts';
import type { Cell, Column } from './columns.ts';

/** Plain text: no exponent, and nothing that could move a cursor. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return formatDecimal(cell);
  return typeof cell === 'string' ? printable(cell) : String(cell);
}

/** What a terminal shows for a column. */
export function shownText<T>(column: Column<T>, row: T, sayMoment: (iso: string) => string): string {
  return column.shown === undefined ? cellText(column.value(row)) : printable(column.shown(row, sayMoment));
}

/** One TSV record; tabs and line ends never occur in printable text. */
export function tsvRecord(cells: readonly Cell[]): string {
  return cells.map(cellText).join('\t');
}
