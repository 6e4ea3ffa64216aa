import { DELIBERATE, type Key, SCAN_GAP } from './key.ts';
import { isDeliberate, moved, type Note, NOTHING_TYPED, scannedText, type Typed, typing } from './picking.ts';
import type { RowIndex } from './row-index.ts';
import type { LookedUp, PickRow } from './types.ts';

/** Refused codes that are remembered; the oldest go first. */
const MAX_REFUSED = 100;
const ONCE_MORE = 'press Enter once more to finish';

/** A text that was entered, names no row as it is, and is being looked up. A new object for each. */
export interface Sought {
  readonly text: string;
  /** A scanner typed it. */
  readonly scanned: boolean;
}

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
  /** Being looked up, the oldest first. */
  readonly sought: readonly Sought[];
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
  /** Texts that name no row are looked up, and not refused at once. */
  readonly looksUp?: boolean;
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
    sought: [],
    refused: [],
    missed: [],
    sort: 0,
    end: undefined,
  };
}

/** Positions of the rows that are drawn now, in order. */
export function foundRows(model: PickModel, { typed, sort }: PickState): Uint32Array {
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
  const row = named(model, state, typed.text);
  if (row !== undefined) return row;
  // Rows were marked or looked at under this filter, so it is no code: the Enter is about being done.
  if (typed.last !== 'typing' && isDeliberate(typed, key)) {
    return noted({ ...state, typed: { ...NOTHING_TYPED, last: 'ending' }, cursor: 0 }, true, ONCE_MORE);
  }
  return scanned(model, state, key) ?? unnamed(model, state, { text: typed.text.trim(), scanned: false });
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
  if (row?.disabled !== undefined) {
    const typed: Typed = { text: text.trim(), stale: true, run: 0, last: 'ending' };
    return refused({ ...state, typed, cursor: 0 }, text.trim(), `${row.key}: ${row.disabled}`);
  }
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
  return named(model, state, text) ?? unnamed(model, state, { text, scanned: true });
}

/** A text that names no row as it is. What is typed next begins a new one. */
function unnamed(model: PickModel, state: PickState, sought: Sought): PickState {
  const { text } = sought;
  const typed: Typed = { text, stale: true, run: 0, last: 'ending' };
  const next: PickState = { ...state, typed, cursor: 0 };
  if (model.looksUp !== true) return unfound(model, next, sought);
  return noted({ ...next, sought: [...state.sought, sought] }, true, lookingUp(text));
}

function lookingUp(text: string): string {
  return `looking up ${text}…`;
}

/** A look-up has answered; meanwhile other texts may have been entered. */
export function lookedUp(model: PickModel, state: PickState, sought: Sought, answer: LookedUp): PickState {
  const rest = state.sought.filter((other) => other !== sought);
  if (rest.length === state.sought.length) return state;
  const next: PickState = { ...state, sought: rest };
  const found = answer !== undefined && 'key' in answer ? named(model, next, answer.key) : undefined;
  if (found === undefined) {
    const why = answer !== undefined && 'why' in answer ? answer.why : undefined;
    const refusal = unfound(model, next, sought, why);
    // What was said meanwhile is about something newer; the refusal stays in sight above it.
    const { note } = state;
    return note === undefined || note.text === lookingUp(sought.text) ? refusal : { ...refusal, note };
  }
  return isShown(state, sought) ? found : { ...found, typed: state.typed, cursor: state.cursor };
}

function isShown({ typed }: PickState, { text }: Sought): boolean {
  return typed.stale && typed.text === text;
}

function unfound(
  model: PickModel,
  state: PickState,
  { text, scanned: byScanner }: Sought,
  why?: string,
): PickState {
  const missed = byScanner ? [...state.missed, text] : state.missed;
  const isFilter = !byScanner && model.index.matches(text).length > 0;
  const sentence = why ?? `no ${model.noun} ${text} here`;
  return refused({ ...state, missed }, text, isFilter ? `${sentence}; Tab marks the row` : sentence);
}

function refused(state: PickState, text: string, sentence: string): PickState {
  const others = state.refused.filter((refusal) => refusal.text !== text);
  return {
    ...state,
    note: { good: false, text: sentence },
    refused: [...others, { text, sentence }].slice(-MAX_REFUSED),
  };
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
  const [first] = state.sought;
  if (first !== undefined) return noted(ended(state), true, `still looking up ${first.text}…`);
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
