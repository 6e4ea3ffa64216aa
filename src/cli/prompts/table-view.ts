import type { Note } from './picking.ts';
import type { RowIndex } from './row-index.ts';
import { cut, fitted, printable, tail, visible, widthOf } from './terminal-text.ts';
import type { Theme } from './theme.ts';
import type { Size } from './use-screen.ts';

const GAP = '  ';
const grouped = new Intl.NumberFormat('en');

interface TableState {
  /** Positions of the rows that fit, in the order in which they are drawn. */
  readonly found: Uint32Array;
  /** Where among them the cursor is. */
  readonly cursor: number;
  /** What stands before a row's cells, such as `[x] `; always of the same width. */
  readonly mark: (at: number) => string;
}

/** Rows of the table that fit on a screen beside `others` lines; at most 15 if nothing else is said. */
export function tableHeight(size: Size, maxRows: number | undefined, others: number): number {
  return Math.max(1, Math.min(maxRows ?? 15, size.rows - others));
}

/** The header, if there are titles, and the rows around the cursor, `height` lines at most. */
export function tableLines(
  index: RowIndex,
  table: TableState,
  height: number,
  size: Size,
  theme: Theme,
): string[] {
  const start = Math.max(0, Math.min(table.cursor - (height >> 1), table.found.length - height));
  const lines: string[] = [];
  if (index.titles.length > 0 && table.found.length > 0) {
    const indent = ' '.repeat(widthOf(table.mark(0)) + 2);
    lines.push(theme.strong(cut(indent + columns(index.titles, index.widths), size.columns)));
  }
  table.found.slice(start, start + height).forEach((at, offset) => {
    const underCursor = start + offset === table.cursor;
    const text = rowLine(index, at, (underCursor ? '> ' : '  ') + table.mark(at), size.columns);
    lines.push(
      underCursor ? theme.cursor(text) : index.rows[at]?.disabled === undefined ? text : theme.faint(text),
    );
  });
  return lines;
}

/** `1-12 of 50,000`, or what to do when nothing fits. */
export function countLine(found: number, cursor: number, height: number, noun: string): string {
  if (found === 0) return `no ${noun} fits; Ctrl-U clears the text`;
  if (found <= height) return `${count(found, noun)}`;
  return `${grouped.format(cursor + 1)} of ${count(found, noun)}`;
}

/** `50 of 25,162 orders`, or `50 orders` as long as nobody has counted them. */
export function firstOf(shown: number, total: number | 'uncounted', noun: string): string {
  return total === 'uncounted' ? count(shown, noun) : `${grouped.format(shown)} of ${count(total, noun)}`;
}

export function count(number: number, noun: string): string {
  return `${grouped.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** The longest of these that fits. */
export function helpLine(versions: readonly string[], size: Size): string {
  return versions.find((text) => widthOf(text) <= size.columns) ?? cut(versions.at(-1) ?? '', size.columns);
}

/** The answer to the last key; an empty line keeps its place. */
export function noteLine(note: Note | undefined, size: Size, theme: Theme): string {
  if (note === undefined) return '';
  const text = cut(`${note.good ? '✓' : '✗'} ${printable(note.text)}`, size.columns);
  return note.good ? theme.good(text) : theme.bad(text);
}

/** The line that is typed on: its end stays in sight, and it never reaches the last column. */
export function typedLine(label: string, text: string, size: Size): string {
  const short = cut(label, Math.max(1, size.columns - 8));
  return short + tail(visible(text), Math.max(1, size.columns - widthOf(short) - 1));
}

function rowLine(index: RowIndex, at: number, before: string, width: number): string {
  const row = index.rows[at];
  if (row === undefined) return '';
  const note = printable([row.disabled, row.note].filter(Boolean).join(', '));
  const cells = before + columns(row.cells.map(printable), index.widths).trimEnd();
  if (note === '') return cut(cells, width);
  // The note must be read, whatever else doesn't fit.
  const shortNote = cut(note, Math.max(1, width >> 1));
  const room = width - widthOf(shortNote) - GAP.length;
  return `${cut(cells, room)}${GAP}${shortNote}`;
}

function columns(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, column) => fitted(cell, widths[column] ?? widthOf(cell))).join(GAP);
}
