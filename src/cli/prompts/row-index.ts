import { printable, widthOf } from './terminal-text.ts';
import type { PickRow, PickSort } from './types.ts';

/** No column is drawn wider than this, so that one long text doesn't push the others off the screen. */
const MAX_COLUMN = 40;
const BREAK = '\n';
/** Filters kept for the backspaces. */
const MAX_STEPS = 32;

/** Rows made ready once, so that a key costs little however many there are. */
export interface RowIndex<Row extends PickRow = PickRow> {
  readonly rows: readonly Row[];
  /** Width of each column, of titles and cells. */
  readonly widths: readonly number[];
  readonly titles: readonly string[];
  /** The row that a text names exactly, by its key or one of its names. */
  readonly named: (text: string) => number | undefined;
  readonly sorts: readonly string[];
  /** Positions of the rows that fit a text, the best first; all of them for an empty text. Equally good ones in the order of a sort. */
  readonly matches: (text: string, sort?: number) => readonly number[];
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
    matches: createMatchers(rows, sorts),
  };
}

/** Texts that name something are compared in this form: as typed, but for spaces around them. */
export function exactForm(text: string): string {
  return text.trim().normalize('NFC');
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

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

type Matcher = (text: string) => readonly number[];

/** One filter for each order in which the rows are looked at, made when it is first asked for, and kept. */
function createMatchers<Row extends PickRow>(
  rows: readonly Row[],
  sorts: readonly PickSort<Row>[],
): (text: string, sort?: number) => readonly number[] {
  // Made before the first key, not by it.
  const haystacks = rows.map(haystackOf);
  const positions = Array.from(rows, (_row, at) => at);
  const matchers: Matcher[] = [];
  return (text, sort = 0) => {
    const matcher = matchers[sort] ?? createMatcher(haystacks, ordered(rows, positions, sorts[sort]));
    matchers[sort] = matcher;
    return matcher(text);
  };
}

function ordered<Row extends PickRow>(
  rows: readonly Row[],
  positions: readonly number[],
  sort: PickSort<Row> | undefined,
): readonly number[] {
  if (sort === undefined) return positions;
  return positions.toSorted((a, b) => {
    const [one, other] = [rows[a], rows[b]];
    return one === undefined || other === undefined ? 0 : sort.compare(one, other);
  });
}

/**
 * The live filter: every word must be somewhere in a row; rows that the text names or shows exactly come first, then those
 * where every word begins a cell, then the rest, each in the order of `all`. A text that continues the one before
 * only looks at what that one had left, and the sets on the way are kept for the backspaces.
 */
function createMatcher(haystacks: readonly string[], all: readonly number[]): Matcher {
  const inOrder = orderKeeper(all);
  const steps: { readonly text: string; readonly found: readonly number[] }[] = [];
  return (typed) => {
    const text = folded(typed).trim();
    if (text === '') return all;
    let step = steps.at(-1);
    while (step !== undefined && !text.startsWith(step.text)) {
      steps.pop();
      step = steps.at(-1);
    }
    if (step?.text === text) return step.found;
    const found = ranked(haystacks, step === undefined ? all : inOrder(step.found), text);
    steps.push({ text, found });
    if (steps.length > MAX_STEPS) steps.shift();
    return found;
  };
}

function haystackOf({ key, cells, names }: PickRow): string {
  return folded(BREAK + [key, ...cells, ...names].join(BREAK) + BREAK);
}

/** A narrower set must start from the given order again, or the ranks of a shorter text would show through. */
function orderKeeper(all: readonly number[]): (found: readonly number[]) => Iterable<number> {
  const places = new Uint32Array(all.length);
  all.forEach((at, place) => {
    places[at] = place;
  });
  return (found) => {
    const sorted = Uint32Array.from(found, (at) => places[at] ?? 0).sort();
    return sorted.map((place) => all[place] ?? 0);
  };
}

function ranked(haystacks: readonly string[], among: Iterable<number>, text: string): readonly number[] {
  const words = text.split(/\s+/);
  const whole = BREAK + text + BREAK;
  const beginnings = words.map((word) => BREAK + word);
  const exact: number[] = [];
  const prefix: number[] = [];
  const containing: number[] = [];
  for (const at of among) {
    const haystack = haystacks[at] ?? '';
    if (!holdsAll(haystack, words)) continue;
    if (haystack.includes(whole)) exact.push(at);
    else if (holdsAll(haystack, beginnings)) prefix.push(at);
    else containing.push(at);
  }
  return exact.concat(prefix, containing);
}

function holdsAll(haystack: string, parts: readonly string[]): boolean {
  for (const part of parts) {
    if (!haystack.includes(part)) return false;
  }
  return true;
}
