import truncatedWidth from 'fast-string-truncated-width';

const PLAIN = /^[\x20-\x7e]*$/;
/** Controls, line and paragraph separators, and the marks that turn the direction of writing. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;
const EACH_UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** Escape sequences that move or colour. Others lose their control characters below, and show the rest. */
const SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/gu;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Text from data, safe to draw on one line: colours and cursor movements go, other control characters become one space. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(SEQUENCE, '').replace(UNSAFE, ' ').trim();
}

/** Text that is being typed, safe to draw, with everything in sight: spaces stay, and what can't be drawn is a dot. */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(EACH_UNSAFE, '·');
}

/** Columns that a text takes on the terminal; wide characters take two, escape sequences none. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : truncatedWidth(text).width;
}

/** The text, if it fits into `width` columns; else its beginning and an ellipsis. Styled text must not need cutting. */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  if (PLAIN.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (widthOf(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text in exactly `width` columns: cut, or filled with spaces. */
export function fitted(text: string, width: number): string {
  const short = cut(text, width);
  return short + ' '.repeat(Math.max(0, width - widthOf(short)));
}

/** The end of the text, in at most `width` columns: what matters while someone is typing. */
export function tail(text: string, width: number): string {
  if (widthOf(text) <= width && text.length <= width) return text;
  const parts = Array.from(graphemes.segment(text), ({ segment }) => segment);
  let kept = '';
  while (parts.length > 0) {
    const longer = (parts.pop() ?? '') + kept;
    // The number of code units counts too, because inquirer places its cursor by it.
    if (widthOf(longer) > width - 1 || longer.length > width - 1) break;
    kept = longer;
  }
  return `…${kept}`;
}

/** The text without its last character, as a person counts characters. */
export function withoutLast(text: string): string {
  if (PLAIN.test(text)) return text.slice(0, -1);
  const last = Array.from(graphemes.segment(text)).at(-1);
  return text.slice(0, last?.index ?? 0);
}

/** The text in lines of at most `width` columns, broken at spaces where there are any. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(cut(line, width));
      line = word;
    } else line = longer;
  }
  lines.push(cut(line, width));
  return lines;
}

/** A star for each character, for what nobody should read over a shoulder. */
export function starred(text: string): string {
  return '*'.repeat([...text].length);
}
