import { createFilter, type Filter } from './row-filter.ts';
import { printable, widthOf } from './terminal-text.ts';
import type { PickRow, PickSort } from './types.ts';

/** No column is drawn wider than this, so that one long text doesn't push the others off the screen. */
const MAX_COLUMN = 40;

/** Rows made ready once, so that a key costs little however many there are. */
export interface RowIndex<Row extends PickRow = PickRow> {
  readonly rows: readonly Row[];
  /** Width of each column, of titles and cells. */
  readonly widths: readonly number[];
  readonly titles: readonly string[];
  /** The row that a text names exactly, by its key or one of its names. */
  readonly named: (text: string) => number | undefined;
  readonly sorts: readonly string[];
  readonly matches: Filter;
}

export function indexRows<Row extends PickRow>(
  rows: readonly Row[],
  titles: readonly string[] = [],
  sorts: readonly PickSort<Row>[] = [],
): RowIndex<Row> {
  const byName = namesOf(rows);
  const shownTitles = titles.map(printable);
  return {
    rows,
    titles: shownTitles,
    widths: widthsOf(rows, shownTitles),
    named: (text) => byName.get(exactForm(text)),
    sorts: sorts.map(({ name }) => printable(name)),
    matches: createFilter(rows, sorts),
  };
}

/** Texts that name something are compared in this form: as typed, but for spaces around them and what only scanners send. */
export function exactForm(text: string): string {
  return text
    .replace(/\p{Cc}/gu, '')
    .trim()
    .normalize('NFC');
}

function namesOf(rows: readonly PickRow[]): ReadonlyMap<string, number> {
  const byName = new Map<string, number>();
  for (const [at, row] of rows.entries()) byName.set(exactForm(row.key), at);
  const keys = new Set(byName.keys());
  const shared = new Set<string>();
  for (const [at, row] of rows.entries()) {
    for (const form of row.names.map(exactForm)) {
      if (!keys.has(form) && (byName.get(form) ?? at) !== at) shared.add(form);
      else if (!keys.has(form)) byName.set(form, at);
    }
  }
  // What several rows are called names none of them exactly: a person has to say which.
  for (const form of shared) byName.delete(form);
  return byName;
}

function widthsOf(rows: readonly PickRow[], titles: readonly string[]): number[] {
  const widths = titles.map(widthOf);
  for (const { cells } of rows) {
    for (let column = 0; column < cells.length; column += 1) {
      const width = widthOf(printable(cells[column] ?? ''));
      if (width > (widths[column] ?? 0)) widths[column] = width;
    }
  }
  return Array.from(widths, (width) => Math.min(width ?? 0, MAX_COLUMN));
}
