import type { Line } from './plain-lines.ts';
import { leavesBy } from './plain-lines.ts';
import type { RowIndex } from './row-index.ts';
import { count, firstOf } from './table-view.ts';
import { printable } from './terminal-text.ts';
import type { PickRow } from './types.ts';

/** Rows as a numbered list, some of which has been said. */
export interface Listed<Row extends PickRow = PickRow> {
  readonly index: RowIndex<Row>;
  readonly noun: string;
  /** Positions in the index, in the order of their numbers. */
  readonly found: Uint32Array;
  /** How many have been said: only they have numbers. */
  readonly said: number;
  /** How many rows there are, if more than can be said. */
  readonly total?: number | 'uncounted';
}

/** What an answer to a list means. */
export type Meant<Row extends PickRow = PickRow> =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'off'; readonly row: Row }
  | { readonly kind: 'search'; readonly text: string }
  | { readonly kind: 'done' | 'sort' }
  | { readonly kind: 'more' | 'leave' | 'nothing' }
  | { readonly kind: 'refused'; readonly sentence: string }
  /** Neither a row nor anything else that is known here. */
  | { readonly kind: 'unknown'; readonly text: string };

/**
 * What a line means. A name always comes first, because a code may look like anything; then words with a slash, which no key
 * begins with; and only a person's own typing can mean a row by its number. A bare number might be a code, and is refused.
 */
export function meaningOf<Row extends PickRow>(line: Line, listed: Listed<Row>, known?: Row): Meant<Row> {
  const { text } = line;
  if (text === '') return { kind: line.deliberate ? 'more' : 'nothing' };
  const row = known ?? namedRow(listed, text);
  if (row !== undefined) return { kind: 'row', row };
  if (text.startsWith('/')) return commanded(text, line, listed);
  if (/^[#?]/.test(text)) {
    if (line.scanned) return { kind: 'unknown', text };
    // A number means what was read out; it can't have been of a list that wasn't there yet.
    if (line.early) return tooEarly(text);
    return text.startsWith('?')
      ? { kind: 'search', text: text.slice(1).trim() }
      : numbered(text, listed, 'row');
  }
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= listed.said && !line.scanned)
    return {
      kind: 'refused',
      sentence: `no ${listed.noun} ${text} here; #${text} means the number in the list`,
    };
  return { kind: 'unknown', text };
}

function commanded<Row extends PickRow>(text: string, line: Line, listed: Listed<Row>): Meant<Row> {
  if (leavesBy(text)) return { kind: 'leave' };
  const [, word = '', rest = ''] = /^\/(\S*)\s*(.*)$/.exec(text) ?? [];
  switch (word.toLowerCase()) {
    case 'done':
      return line.early ? tooEarly(text) : { kind: 'done' };
    case 'more':
    case 'sort':
      return { kind: word.toLowerCase() === 'more' ? 'more' : 'sort' };
    case 'off': {
      const row = namedRow(listed, rest);
      return row === undefined ? numbered(rest, listed, 'off') : { kind: 'off', row };
    }
    default:
      return { kind: 'refused', sentence: `there is no ${printable(text)} here` };
  }
}

function tooEarly(text: string): Meant<never> {
  return {
    kind: 'refused',
    sentence: `${printable(text)} was typed before the question was here; type it again`,
  };
}

function numbered<Row extends PickRow>(text: string, listed: Listed<Row>, kind: 'row' | 'off'): Meant<Row> {
  const number = /^#(\d{1,6})$/.exec(text)?.[1];
  const at = number === undefined ? undefined : listed.found.slice(0, listed.said)[Number(number) - 1];
  const row = at === undefined ? undefined : listed.index.rows[at];
  if (row !== undefined) return { kind, row };
  const sentence =
    number === undefined ? `no ${listed.noun} ${printable(text)} here` : `the list has no #${number}`;
  return { kind: 'refused', sentence };
}

function namedRow<Row extends PickRow>({ index }: Listed<Row>, text: string): Row | undefined {
  const at = index.named(text);
  return at === undefined ? undefined : index.rows[at];
}

/** The next rows of the list as lines, and the list with them said. */
export function nextPage<Row extends PickRow>(
  listed: Listed<Row>,
  page: number,
): { readonly lines: readonly string[]; readonly listed: Listed<Row> } {
  const { found, index, noun, said } = listed;
  if (found.length === 0) return { lines: [`no ${noun} fits`], listed };
  const until = Math.min(found.length, said + page);
  const whole = listed.total === undefined ? undefined : firstOf(found.length, listed.total, noun);
  if (until === said) {
    const end =
      whole === undefined ? 'that was all of the list' : `that was ${whole}; ?text searches them all`;
    return { lines: [end], listed };
  }
  const lines = Array.from(
    found.slice(said, until),
    (at, offset) => `#${said + offset + 1}  ${rowText(index, at)}`,
  );
  const all = whole === undefined ? count(found.length, noun) : `the first ${whole}; ?text searches them all`;
  const rest = until < found.length ? `${until} of ${all}; Enter alone says more` : all;
  return { lines: [...lines, rest], listed: { ...listed, said: until } };
}

/** `label L-00042, bin A-3, available 5 pcs (expired)`: read aloud, a row has no columns. */
function rowText<Row extends PickRow>({ rows, titles }: RowIndex<Row>, at: number): string {
  const row = rows[at];
  if (row === undefined) return '';
  const cells = row.cells.map((cell, column) => {
    const text = printable(cell);
    const title = titles[column];
    return text === '' || title === undefined ? text : `${title} ${text}`;
  });
  const note = printable([row.disabled, row.note].filter(Boolean).join(', '));
  return cells.filter(Boolean).join(', ') + (note === '' ? '' : ` (${note})`);
}
