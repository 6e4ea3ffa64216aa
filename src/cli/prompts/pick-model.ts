import { DELIBERATE, type Key, SCAN_GAP } from './key.ts';
import { isDeliberate, moved, type Note, NOTHING_TYPED, scannedText, type Typed, typing } from './picking.ts';
import type { RowIndex } from './row-index.ts';
import type { PickRow } from './types.ts';

/** Refused codes that are remembered; the oldest go first. */
const MAX_REFUSED = 100;
const ONCE_MORE = 'press Enter once more to finish';

export interface Refusal {
  readonly text: string;
  readonly sentence: string;
}

/** A multi-select between two keys. Rows are meant by their position in the index. */
export interface PickState {
  readonly typed: Typed;
  /** Position of the cursor among the rows that fit the text. */
  readonly cursor: number;
  /** In the order in which they were picked. */
  readonly picked: ReadonlySet<number>;
  readonly note: Note | undefined;
  /** Codes that were entered and aren't among the rows, the latest last. */
  readonly refused: readonly Refusal[];
  /** What a scanner has typed that names no row, in order. */
  readonly missed: readonly string[];
  /** The sort of the index in which the rows are. */
  readonly sort: number;
  readonly end: 'submitted' | 'left' | 'interrupted' | undefined;
}

export interface PickModel<Row extends PickRow = PickRow> {
  readonly index: RowIndex<Row>;
  readonly noun: string;
  readonly allowEmpty: boolean;
  /** Rows that a page key moves by. */
  readonly page: number;
}

export function startPicking(index: RowIndex, picked: readonly string[] = []): PickState {
  const positions = picked.map((key) => index.named(key)).filter((at) => at !== undefined);
  return {
    typed: NOTHING_TYPED,
    cursor: 0,
    picked: new Set(positions),
    note: undefined,
    refused: [],
    missed: [],
    sort: 0,
    end: undefined,
  };
}

/** Positions of the rows that are drawn now, in order. */
export function foundRows(model: PickModel, { typed, sort }: PickState): readonly number[] {
  return model.index.matches(typed.text, sort);
}

/** What one key makes of the state. Pure; the only time it knows is the silence before the key. */
export function pressPick(model: PickModel, state: PickState, key: Key): PickState {
  const typed = typing(state.typed, key);
  if (typed !== undefined) return { ...state, typed, cursor: 0, note: undefined };
  switch (key.action) {
    case 'leave':
      return { ...state, end: 'left' };
    case 'interrupt':
      return { ...state, end: 'interrupted' };
    case 'enter':
      return entered(model, state, key);
    case 'tab':
      return tabbed(model, state, key);
    case 'sort':
      return resorted(model, state);
    default:
      return movedTo(model, state, key);
  }
}

function movedTo(model: PickModel, state: PickState, key: Key): PickState {
  const count = foundRows(model, state).length;
  const cursor = moved(key, state.cursor, count, model.page);
  return cursor === undefined ? state : { ...state, cursor, typed: { ...state.typed, last: 'moving' } };
}

/** The next sort; the cursor stays on its row. */
function resorted(model: PickModel, state: PickState): PickState {
  const { length } = model.index.sorts;
  if (length < 2) return state;
  const at = foundRows(model, state)[state.cursor];
  const next: PickState = { ...state, sort: (state.sort + 1) % length, note: undefined };
  const cursor = at === undefined ? 0 : foundRows(model, next).indexOf(at);
  return { ...next, cursor, typed: { ...state.typed, last: 'moving' } };
}

function entered(model: PickModel, state: PickState, key: Key): PickState {
  const { typed } = state;
  if (typed.text.trim() === '') return submitted(model, state, key);
  if (typed.stale) {
    // A second Enter is the rest of the first one, or a person who is done with the refused text.
    if (!isDeliberate(typed, key)) return state;
    return noted({ ...state, typed: { ...NOTHING_TYPED, last: 'ending' }, cursor: 0 }, true, ONCE_MORE);
  }
  return named(model, state, typed.text) ?? scanned(model, state, key) ?? refused(model, state, typed.text);
}

function tabbed(model: PickModel, state: PickState, key: Key): PickState {
  const { typed } = state;
  if (typed.last === 'typing' && !typed.stale && typed.text.trim() !== '') {
    const found = named(model, state, typed.text) ?? scanned(model, state, key);
    if (found !== undefined) return found;
  }
  // Typed before the table was seen, or too fast for a person after another key of a scan: its second suffix.
  if (
    key.early ||
    key.pasted ||
    (typed.last !== 'moving' && typed.last !== 'nothing' && key.quiet < SCAN_GAP)
  )
    return state;
  const at = foundRows(model, state)[state.cursor];
  return at === undefined
    ? noted(state, false, `no ${model.noun} to choose here`)
    : toggled(model, state, at);
}

/** The row that a text names exactly is added, and never taken off again: the same scan twice is one row. */
function named(model: PickModel, state: PickState, text: string): PickState | undefined {
  const at = model.index.named(text);
  if (at === undefined) return undefined;
  const row = model.index.rows[at];
  if (row?.disabled !== undefined)
    return { ...refused(model, state, text, `${row.key}: ${row.disabled}`), cursor: 0 };
  const picked = state.picked.has(at) ? state.picked : new Set(state.picked).add(at);
  const note = {
    good: true,
    text: state.picked.has(at) ? `${row?.key} is already chosen` : `added ${row?.key}`,
  };
  const next: PickState = { ...state, picked, note, typed: { ...NOTHING_TYPED, last: 'ending' } };
  return { ...next, cursor: foundRows(model, next).indexOf(at) };
}

/** A scan on top of a filter that a person has typed: the filter is not part of the code. */
function scanned(model: PickModel, state: PickState, key: Key): PickState | undefined {
  const text = scannedText(state.typed, key);
  if (text === undefined) return undefined;
  const missed = [...state.missed, text];
  return named(model, state, text) ?? refused(model, { ...state, missed }, text);
}

function refused(model: PickModel, state: PickState, text: string, why?: string): PickState {
  const shown = text.trim();
  const sentence = why ?? `no ${model.noun} ${shown} here`;
  const others = state.refused.filter((refusal) => refusal.text !== shown);
  return {
    ...state,
    typed: { text: shown, stale: true, run: 0, last: 'ending' },
    cursor: 0,
    note: { good: false, text: sentence },
    refused: [...others, { text: shown, sentence }].slice(-MAX_REFUSED),
  };
}

/** A better sentence for a refused code has arrived. */
export function explained(state: PickState, text: string, sentence: string): PickState {
  const before = state.refused.find((refusal) => refusal.text === text);
  if (before === undefined) return state;
  const refusals = state.refused.map((refusal) => (refusal === before ? { text, sentence } : refusal));
  const isShown = state.note?.good === false && state.note.text === before.sentence;
  return { ...state, refused: refusals, note: isShown ? { good: false, text: sentence } : state.note };
}

function toggled(model: PickModel, state: PickState, at: number): PickState {
  const row = model.index.rows[at];
  const key = row?.key ?? '';
  if (row?.disabled !== undefined) return noted(ended(state), false, `${key}: ${row.disabled}`);
  const picked = new Set(state.picked);
  const removed = picked.delete(at);
  if (!removed) picked.add(at);
  return noted({ ...ended(state), picked }, true, removed ? `took ${key} off` : `added ${key}`);
}

function submitted(model: PickModel, state: PickState, key: Key): PickState {
  if (key.quiet < DELIBERATE || key.early) {
    return state.note === undefined ? noted(ended(state), true, ONCE_MORE) : ended(state);
  }
  if (state.picked.size === 0 && !model.allowEmpty) {
    return noted(ended(state), false, `no ${model.noun} chosen yet; Esc leaves`);
  }
  return { ...state, end: 'submitted' };
}

function ended(state: PickState): PickState {
  return { ...state, typed: { ...state.typed, last: 'ending' } };
}

function noted(state: PickState, good: boolean, text: string): PickState {
  return { ...state, note: { good, text } };
}
