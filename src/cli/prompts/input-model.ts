import type { Key } from './key.ts';
import { isDeliberate, type Note, NOTHING_TYPED, scannedText, type Typed, typing } from './picking.ts';
import type { Outcome } from './session.ts';

/** A text question between two keys. */
export interface InputState {
  readonly typed: Typed;
  /** The text that was entered, while it is being checked. */
  readonly asked: { readonly text: string; readonly scanned: boolean } | undefined;
  readonly note: Note | undefined;
  /** What a scanner has typed that would not do, in order. */
  readonly missed: readonly string[];
  readonly end: Outcome<string> | undefined;
}

export const NOTHING_ASKED: InputState = {
  typed: NOTHING_TYPED,
  asked: undefined,
  note: undefined,
  missed: [],
  end: undefined,
};

export function pressInput(state: InputState, key: Key, initial: string | undefined): InputState {
  // A paste is the text; that it is the answer, somebody has to say.
  const isBreak = key.pasted && (key.action === 'enter' || key.action === 'tab');
  const typed = typing(state.typed, isBreak ? { ...key, action: 'text', text: ' ' } : key);
  if (typed !== undefined) return { ...state, typed, note: undefined };
  switch (key.action) {
    case 'leave':
      return { ...state, end: { kind: 'left' } };
    case 'interrupt':
      return { ...state, end: { kind: 'interrupted' } };
    case 'enter':
      return entered(state, key, initial);
    case 'tab':
      return scannedText(state.typed, key) === undefined ? state : entered(state, key, initial);
    default:
      return state;
  }
}

function entered(state: InputState, key: Key, initial: string | undefined): InputState {
  const text = state.typed.text.trim();
  // An empty Enter must be meant; the rest of a scan that ended the prompt before is not.
  if ((text === '' || state.typed.stale) && (!isDeliberate(state.typed, key) || key.early)) return state;
  const scanned = scannedText(state.typed, key) !== undefined;
  return { ...state, asked: { text: text === '' ? (initial ?? '') : text, scanned }, note: undefined };
}

/** The text has been checked: it is the answer, or `wrong` says why not. */
export function judged(state: InputState, asked: InputState['asked'], wrong: string | undefined): InputState {
  if (asked === undefined || state.asked !== asked) return state;
  if (wrong === undefined) return { ...state, end: { kind: 'answered', value: asked.text } };
  const typed: Typed = { ...state.typed, stale: true, run: 0, last: 'ending' };
  const missed = asked.scanned ? [...state.missed, asked.text] : state.missed;
  return { ...state, asked: undefined, typed, missed, note: { good: false, text: wrong } };
}
