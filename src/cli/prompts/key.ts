import type { Key as TerminalKey } from 'node:readline';

/** What a prompt can be told by one key. */
export type KeyAction =
  | 'text'
  | 'control'
  | 'enter'
  | 'tab'
  | 'backspace'
  | 'clear'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'sort'
  | 'leave'
  | 'interrupt';

export interface Key {
  readonly action: KeyAction;
  /** The character typed, if the action is `text`; what a scanner puts between them, if it is `control`; else ''. */
  readonly text: string;
  /** Milliseconds of silence before this key: since the key before, or since the prompt appeared, whichever was later. */
  readonly quiet: number;
  /** Typed before the prompt was on the screen. */
  readonly early: boolean;
  /** Part of a paste: it names things, as a scan does, and decides nothing. */
  readonly pasted: boolean;
}

/** Keys closer together than this were typed by a scanner (or pasted), never by fingers. Milliseconds. */
export const SCAN_GAP = 50;

/** An Enter that comes this long after the key before it is a person's own, not a scanner's stray suffix. Milliseconds. */
export const DELIBERATE = 300;

const NAMED: Readonly<Record<string, KeyAction>> = {
  return: 'enter',
  enter: 'enter',
  tab: 'tab',
  backspace: 'backspace',
  up: 'up',
  down: 'down',
  pageup: 'pageUp',
  pagedown: 'pageDown',
  home: 'home',
  end: 'end',
  escape: 'leave',
};

/** Without Ctrl-Z: a scan would be a command to the shell that a suspended session leaves behind, so it means nothing here. */
const CONTROLLED: Readonly<Record<string, KeyAction>> = {
  u: 'clear',
  h: 'backspace',
  c: 'interrupt',
  d: 'interrupt',
  // No scanner types it, and no code holds it. Ctrl-T is for terminals that keep Ctrl-S to themselves.
  s: 'sort',
  t: 'sort',
};

/** FS, GS, RS and US: what structured codes (GS1, ISO 15434) hold between their fields. */
const SEPARATOR = /^[\u001c-\u001f]$/;

/** The action of a key as node:readline decodes it; undefined for a key that no prompt uses, which is then ignored. */
export function actionOf(key: TerminalKey): KeyAction | undefined {
  if (key.ctrl === true) return key.name === undefined ? undefined : CONTROLLED[key.name];
  const named = key.name === undefined ? undefined : NAMED[key.name];
  // Esc pressed twice arrives as Esc with meta. With any other key, meta (Alt) means nothing, but the key may be the first of a
  // scan that came right behind an Esc, and who takes scans must not lose it.
  if (key.meta === true) {
    if (named !== undefined) return named === 'leave' ? named : undefined;
    return isText(key.sequence?.replace(/^\u001b+/, '')) ? 'control' : undefined;
  }
  if (named !== undefined) return named;
  if (SEPARATOR.test(key.sequence ?? '')) return 'control';
  return isText(key.sequence) ? 'text' : undefined;
}

function isText(sequence: string | undefined): sequence is string {
  return sequence !== undefined && sequence !== '' && !/\p{Cc}/u.test(sequence);
}
