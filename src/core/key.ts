/**
 * Keys are what people say and scan: label numbers, codes, order numbers and skus (DESIGN section 2). They are trimmed,
 * NFC, case-sensitive, without control characters, and never begin with `/`, which scanning keeps for commands.
 */

/** Longest key in UTF-16 units; far above any label in use, and what bounds a look-up. */
export const MAX_KEY_LENGTH = 200;

export type KeyProblem =
  | 'is empty'
  | 'begins with /'
  | 'contains a control character'
  | 'is longer than 200 characters';

/**
 * C0, DEL, C1, line and paragraph separators, bidirectional overrides and lone surrogates: never part of a key. As ranges,
 * because a `\p{…}` makes V8 load Unicode tables at every start.
 */
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u;

/** The key in its one canonical form, or the clause that says why it can't be one. */
export function parseKey(text: string): { readonly key: string } | { readonly problem: KeyProblem } {
  const key = text.trim().normalize('NFC');
  if (key === '') return { problem: 'is empty' };
  if (key.startsWith('/')) return { problem: 'begins with /' };
  if (key.length > MAX_KEY_LENGTH) return { problem: 'is longer than 200 characters' };
  if (FORBIDDEN.test(key)) return { problem: 'contains a control character' };
  return { key };
}

/** Replaces every character that could move a cursor or hide text by `?`; for whatever data reaches a terminal. */
export function printable(text: string): string {
  return FORBIDDEN.test(text) ? text.replace(new RegExp(FORBIDDEN, 'gu'), '?') : text;
}

/** Most keys with one letter put in or changed; a longer key is only tried with one letter gone, or two swapped. */
const MOST_EDITS = 2_500;

/**
 * Keys that a person may have meant by an unknown one: other case, other zero padding, one typing error. A storage looks
 * these up in its index, so that a near miss costs a bounded number of probes and never a scan (DESIGN rule 12). The
 * likeliest come first.
 */
export function nearKeys(key: string): string[] {
  const near = new Set<string>();
  for (const padded of paddings(key)) for (const cased of cases(padded)) near.add(cased);
  for (const edited of oneEdit(key)) near.add(edited);
  near.delete(key);
  return [...near];
}

function cases(key: string): string[] {
  return [key, key.toUpperCase(), key.toLowerCase()];
}

/** The key with its last run of digits padded to other widths, and with or without the dash or blank before it. */
function paddings(key: string): string[] {
  const match = /^(.*?)([-_ ]?)(\d+)(\D*)$/su.exec(key);
  if (match === null) return [key];
  const [, head = '', separator = '', digits = '', tail = ''] = match;
  const bare = digits.replace(/^0+(?=\d)/, '');
  const result = [key];
  for (const between of new Set([separator, '-', ''])) {
    for (let width = bare.length; width <= Math.max(digits.length, 10); width++) {
      result.push(head + between + bare.padStart(width, '0') + tail);
    }
  }
  return result;
}

function* oneEdit(key: string): Generator<string> {
  const letters = [...key];
  const letterPool = alphabetOf(key);
  const alphabet = 2 * letters.length * letterPool.length <= MOST_EDITS ? letterPool : '';
  for (let at = 0; at < letters.length; at++) {
    const before = letters.slice(0, at).join('');
    const here = letters[at] ?? '';
    const after = letters.slice(at + 1).join('');
    yield before + after;
    const next = letters[at + 1];
    if (next !== undefined) yield before + next + here + letters.slice(at + 2).join('');
    for (const letter of alphabet) yield before + letter + after;
    for (const letter of alphabet) yield before + letter + here + after;
  }
  for (const letter of alphabet) yield key + letter;
}

function alphabetOf(key: string): string {
  const digits = /\d/.test(key) ? '0123456789' : '';
  const upper = /[A-Z]/.test(key) ? 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' : '';
  const lower = /[a-z]/.test(key) ? 'abcdefghijklmnopqrstuvwxyz' : '';
  return `${digits}${upper}${lower}-`;
}
