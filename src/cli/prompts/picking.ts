import { DELIBERATE, type Key, SCAN_GAP } from './key.ts';
import { withoutLast } from './terminal-text.ts';

/** Texts longer than this are no codes and no filters. */
const MAX_TEXT = 200;

/** What is typed into a prompt, and what is known of how it was typed. */
export interface Typed {
  readonly text: string;
  /** It has been refused: it stays to be read, and the next character starts a new text. */
  readonly stale: boolean;
  /** Where in the text the last unbroken run of scanner-fast characters begins. */
  readonly run: number;
  /** What the last key was about. */
  readonly last: 'nothing' | 'typing' | 'moving' | 'ending';
}

export const NOTHING_TYPED: Typed = { text: '', stale: false, run: 0, last: 'nothing' };

/** Typing and erasing; undefined for any other key. Text is only ever text: no character does anything else. */
export function typing(typed: Typed, key: Key): Typed | undefined {
  switch (key.action) {
    case 'text':
    // What a scanner sends between characters belongs to its code, and to no filter.
    case 'control': {
      const text = typed.stale ? '' : typed.text;
      // A run goes on through characters only: one after an erased or chosen thing begins a new one.
      const run = key.quiet >= SCAN_GAP || typed.stale || typed.last !== 'typing' ? text.length : typed.run;
      return { text: (text + key.text).slice(0, MAX_TEXT), stale: false, run, last: 'typing' };
    }
    case 'backspace': {
      const text = withoutLast(typed.text);
      return { text, stale: false, run: text.length, last: 'typing' };
    }
    case 'clear':
      return NOTHING_TYPED;
    default:
      return undefined;
  }
}

/**
 * What a scanner has just typed, if this key (an Enter or a Tab) is the suffix of a scan: the characters came faster than
 * fingers, and so did the suffix. A filter that a person had typed before it is not part of it.
 */
export function scannedText(typed: Typed, key: Key): string | undefined {
  if (key.quiet >= SCAN_GAP || typed.last !== 'typing' || typed.stale) return undefined;
  const scanned = typed.text.slice(typed.run).trim();
  return scanned === '' ? undefined : scanned;
}

/** Whether a key without text is a person's decision, and not what is left of a scan. Scanners have no arrows. */
export function isDeliberate(typed: Typed, key: Key): boolean {
  if (key.pasted) return false;
  return key.quiet >= DELIBERATE || (typed.last === 'moving' && !key.early);
}

/** Where a moving key leads among `count` rows; undefined if it is no moving key. */
export function moved(key: Key, cursor: number, count: number, page: number): number | undefined {
  const last = Math.max(0, count - 1);
  switch (key.action) {
    case 'up':
      return Math.max(0, cursor - 1);
    case 'down':
      return Math.min(last, cursor + 1);
    case 'pageUp':
      return Math.max(0, cursor - page);
    case 'pageDown':
      return Math.min(last, cursor + page);
    case 'home':
      return 0;
    case 'end':
      return last;
    default:
      return undefined;
  }
}

/** The one-line answer to the last key. */
export interface Note {
  readonly good: boolean;
  readonly text: string;
}
