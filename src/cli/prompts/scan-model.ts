import type { Key } from './key.ts';
import { withoutLast } from './terminal-text.ts';

/** Longer than any barcode (a QR code holds 7,089 digits) and any key; what goes beyond is dropped, and the rest names nothing. */
const MAX_SCAN = 8000;

/** A scanning session between two keys. */
export interface ScanState {
  /** What is being typed. */
  readonly text: string;
  /** How it ends, once what was scanned before has been seen to. */
  readonly end: 'left' | 'interrupted' | undefined;
}

export const NOTHING_SCANNED: ScanState = { text: '', end: undefined };

interface AfterKey {
  readonly state: ScanState;
  /** The scan that this key has completed. */
  readonly scan?: string;
}

/**
 * What a key makes of the state. Only Esc and Ctrl-C end it; an Enter or a Tab ends a scan, whoever typed it, and an empty
 * one is what is left of another suffix. A scan is all of its text: a code that came in two halves must never be a half.
 */
export function pressScan(state: ScanState, key: Key): AfterKey {
  switch (key.action) {
    case 'text':
    case 'control':
      return { state: { ...state, text: (state.text + key.text).slice(0, MAX_SCAN) } };
    case 'backspace':
      return { state: { ...state, text: withoutLast(state.text) } };
    case 'clear':
      return { state: { ...state, text: '' } };
    case 'enter':
    case 'tab':
      return state.text === '' ? { state } : { state: { ...state, text: '' }, scan: state.text };
    case 'leave':
      return { state: { ...state, end: 'left' } };
    case 'interrupt':
      return { state: { ...state, end: 'interrupted' } };
    case 'up':
    case 'down':
    case 'pageUp':
    case 'pageDown':
    case 'home':
    case 'end':
    case 'sort':
      return { state };
  }
}
