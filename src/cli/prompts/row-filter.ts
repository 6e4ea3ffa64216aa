import type { PickRow, PickSort } from './types.ts';

/** Stands around every cell, key and name, so that a whole one and the beginning of one can be looked for. */
const BREAK = '\n';
const LINE_END = BREAK.charCodeAt(0);
/** Words whose rows are kept, for the next key and for the backspaces. */
const MAX_WORDS = 64;

/** Positions of the rows that fit a text, the best first; all of them for an empty text. Equally good ones in the order of a sort. */
export type Filter = (text: string, sort?: number) => Uint32Array;

/**
 * The live filter: every word must be somewhere in a row; rows that the text names or shows exactly come first, then those
 * where every word begins a cell, then the rest, each in the order of the sort. All that depends only on the rows is done
 * here, before the first key, so that a key costs a few walks through one text, whatever was typed before it.
 */
export function createFilter<Row extends PickRow>(
  rows: readonly Row[],
  sorts: readonly PickSort<Row>[],
): Filter {
  const stock = new Haystack(rows);
  const given = Uint32Array.from(rows, (_row, at) => at);
  const orders = sorts.map((sort) => orderOf(rows, sort));
  let latest: { readonly text: string; readonly sort: number; readonly found: Uint32Array } | undefined;
  const filter: Filter = (typed, sort = 0) => {
    const order = orders[sort] ?? given;
    const text = folded(typed).trim();
    if (text === '') return order;
    // It is asked for several times for each key.
    if (latest?.text !== text || latest.sort !== sort) {
      latest = { text, sort, found: inOrder(order, ranksOf(stock, text)) };
    }
    return latest.found;
  };
  // To walk for the first time takes several times as long, and a person's first key must not wait for that.
  filter(rows[0]?.key.slice(0, 1) ?? '');
  return filter;
}

/** How well a row fits a word, and then a text; 0 is not at all. */
const HOLDS = 1;
const BEGINS = 2;
const SHOWS = 3;

/**
 * The texts of all rows as one: to search 50,000 short strings takes seven times as long as to search one long string.
 * A row's text never matches over its end, because no word contains a break.
 */
class Haystack {
  readonly size: number;
  readonly #text: string;
  /** The same with a mark on the first character of every cell: to look for a break first is slow, because there are so many. */
  readonly #marked: string;
  /** Where each row begins, and at last where the text ends. */
  readonly #starts: Uint32Array;
  readonly #words = new Map<string, Uint8Array>();

  constructor(rows: readonly PickRow[]) {
    const texts = rows.map(({ key, cells, names }) => {
      return (BREAK + [key, ...cells, ...names].join(BREAK) + BREAK).normalize('NFC').toLowerCase();
    });
    this.size = rows.length;
    this.#text = texts.join('');
    this.#marked = withMarks(this.#text);
    this.#starts = new Uint32Array(rows.length + 1);
    texts.forEach((text, at) => {
      this.#starts[at + 1] = (this.#starts[at] ?? 0) + text.length;
    });
  }

  /** For each row whether it `HOLDS` the word, and whether the word `BEGINS` one of its cells. */
  fits(word: string): Uint8Array {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const fits = new Uint8Array(this.size);
    this.#each((from) => this.#text.indexOf(word, from), fits, HOLDS);
    this.#each((from) => this.#beginningOfCell(word, from), fits, BEGINS);
    this.#words.set(word, fits);
    const [oldest] = this.#words.keys();
    if (this.#words.size > MAX_WORDS && oldest !== undefined) this.#words.delete(oldest);
    return fits;
  }

  /** Sets the rows that have a cell with just this text to `SHOWS`. */
  markShowing(text: string, ranks: Uint8Array): void {
    this.#each((from) => this.#beginningOfCell(text + BREAK, from), ranks, SHOWS);
  }

  #beginningOfCell(text: string, from: number): number {
    const sought = marked(text);
    let at = this.#marked.indexOf(sought, from);
    // Some letters look like others with a mark.
    while (at >= 0 && this.#text.charCodeAt(at - 1) !== LINE_END) at = this.#marked.indexOf(sought, at + 1);
    return at;
  }

  /** Sets the rows that `find` finds something in. */
  #each(find: (from: number) => number, marks: Uint8Array, mark: number): void {
    const starts = this.#starts;
    let row = 0;
    for (let at = find(0); at >= 0 && row < marks.length; at = find(starts[row] ?? 0)) {
      while ((starts[row + 1] ?? at + 1) <= at) row += 1;
      marks[row] = mark;
      row += 1;
    }
  }
}

/** A plain character with a mark is one of the next 128, so that most texts still take a byte for each. */
const MARK = 0x80;

function marked(text: string): string {
  const first = text.charCodeAt(0);
  return first < MARK ? String.fromCharCode(first + MARK) + text.slice(1) : text;
}

/** The text with a mark on every plain character behind a break. */
function withMarks(text: string): string {
  const encoding = /[^\u0000-\u00ff]/.test(text) ? 'utf16le' : 'latin1';
  const bytes = Buffer.from(text, encoding);
  const units = encoding === 'latin1' ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, text.length);
  for (let at = 1; at < units.length; at += 1) {
    const unit = units[at] ?? 0;
    if (units[at - 1] === LINE_END && unit !== LINE_END && unit < MARK) units[at] = unit + MARK;
  }
  return bytes.toString(encoding);
}

/** Texts are compared without regard to case, and without what a scanner sends between characters. */
function folded(text: string): string {
  return text
    .replace(/\p{Cc}/gu, '')
    .normalize('NFC')
    .toLowerCase();
}

function ranksOf(stock: Haystack, text: string): Uint8Array {
  const [first = new Uint8Array(stock.size), ...others] = text.split(/\s+/).map((word) => stock.fits(word));
  const ranks = first.slice();
  for (const fits of others) {
    // By index, as below: over 50,000 rows an iterator is what a person would wait for.
    for (let at = 0; at < ranks.length; at += 1) ranks[at] = Math.min(ranks[at] ?? 0, fits[at] ?? 0);
  }
  stock.markShowing(text, ranks);
  return ranks;
}

function inOrder(order: Uint32Array, ranks: Uint8Array): Uint32Array {
  const found = new Uint32Array(order.length);
  let count = 0;
  for (const rank of [SHOWS, BEGINS, HOLDS]) {
    for (let place = 0; place < order.length; place += 1) {
      const at = order[place] ?? 0;
      if (ranks[at] !== rank) continue;
      found[count] = at;
      count += 1;
    }
  }
  return found.subarray(0, count);
}

/** Sorts the values, of which there are few, and deals the rows out to them. */
function orderOf<Row extends PickRow>(rows: readonly Row[], { by }: PickSort<Row>): Uint32Array {
  const values = rows.map(by);
  const distinct = [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const ranks = new Map(distinct.map((value, rank) => [value, rank]));
  const rankOfRow = Uint32Array.from(values, (value) => ranks.get(value) ?? 0);
  const next = new Uint32Array(distinct.length + 1);
  for (const rank of rankOfRow) next[rank + 1] = (next[rank + 1] ?? 0) + 1;
  for (let rank = 1; rank < next.length; rank += 1) next[rank] = (next[rank] ?? 0) + (next[rank - 1] ?? 0);
  const order = new Uint32Array(rows.length);
  rankOfRow.forEach((rank, at) => {
    const place = next[rank] ?? 0;
    order[place] = at;
    next[rank] = place + 1;
  });
  return order;
}
