import type { Key } from './key.ts';
import { isDeliberate, moved, type Note, NOTHING_TYPED, scannedText, type Typed, typing } from './picking.ts';
import { exactForm, indexRows, type RowIndex } from './row-index.ts';
import type { Found, PickRow } from './types.ts';

const ONCE_MORE: Note = { good: true, text: 'press Enter once more to choose' };

/** Why the prompt is waiting: an Enter has come, and whether its text names a row is not known yet. */
export interface Pending {
  readonly text: string;
  /** It was typed at a scanner's speed, so only an exact match will do. */
  readonly scanned: boolean;
  /** The look-up for exactly this text has answered, and found nothing. */
  readonly looked: boolean;
  /** The row that a person saw under the cursor when the Enter came. */
  readonly highlighted: PickRow | undefined;
}

/** A single choice between two keys. */
export interface OneState {
  readonly typed: Typed;
  readonly cursor: number;
  readonly index: RowIndex;
  /** The text whose rows are in the index; undefined before the first search has answered. */
  readonly rowsFor: string | undefined;
  /** How many rows there are, if more than those in the index; `uncounted` as long as nobody knows. */
  readonly total: number | 'uncounted' | undefined;
  readonly pending: Pending | undefined;
  readonly note: Note | undefined;
  /** How many codes were refused; each of them rings. */
  readonly refused: number;
  /** What a scanner has typed that names no row, in order. */
  readonly missed: readonly string[];
  readonly end:
    | { readonly kind: 'left' | 'interrupted' }
    | { readonly kind: 'answered'; readonly value: PickRow }
    | Failed
    | undefined;
}

interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

export interface OneModel {
  readonly noun: string;
  readonly columns: readonly string[];
  /** Rows come from a search, which does the filtering. */
  readonly searches: boolean;
  /** There is a look-up that may know texts that are not among the rows. */
  readonly asksExact: boolean;
  readonly page: number;
}

export function startChoosing(model: OneModel, rows: readonly PickRow[]): OneState {
  return {
    typed: NOTHING_TYPED,
    cursor: 0,
    index: indexRows(rows, model.columns),
    rowsFor: model.searches ? undefined : '',
    total: undefined,
    pending: undefined,
    note: undefined,
    refused: 0,
    missed: [],
    end: undefined,
  };
}

/** Rows that are drawn now: of the latest search that has answered, or of the filter. */
export function foundRows(model: OneModel, state: OneState): Uint32Array {
  return state.index.matches(model.searches ? '' : state.typed.text);
}

export function pressOne(model: OneModel, state: OneState, key: Key): OneState {
  const typed = typing(state.typed, key);
  if (typed !== undefined) return { ...state, typed, cursor: 0, note: undefined };
  switch (key.action) {
    case 'leave':
      return { ...state, end: { kind: 'left' } };
    case 'interrupt':
      return { ...state, end: { kind: 'interrupted' } };
    case 'enter':
      return entered(model, state, key);
    case 'tab':
      return tabbed(model, state, key);
    default: {
      const cursor = moved(key, state.cursor, foundRows(model, state).length, model.page);
      return cursor === undefined ? state : { ...state, cursor, typed: { ...state.typed, last: 'moving' } };
    }
  }
}

/** Tab is never a choice of its own here, only what a scanner types after a code. */
function tabbed(model: OneModel, state: OneState, key: Key): OneState {
  const { typed } = state;
  if (typed.last !== 'typing' || typed.stale) return state;
  const isSuffix = scannedText(typed, key) !== undefined || state.index.named(typed.text) !== undefined;
  return isSuffix ? entered(model, state, key) : state;
}

function entered(model: OneModel, state: OneState, key: Key): OneState {
  const { typed } = state;
  const text = typed.text.trim();
  if (text === '' || typed.stale || (typed.last === 'moving' && isCurrent(model, state))) {
    if (!isDeliberate(typed, key)) return { ...state, note: state.note ?? ONCE_MORE };
    return highlighted(model, state) ?? noted(state, `no ${model.noun} to choose here`);
  }
  const scanned = scannedText(typed, key);
  const named = state.index.named(text) ?? (scanned === undefined ? undefined : state.index.named(scanned));
  if (named !== undefined) return answered(state, state.index.rows[named]);
  return waiting(model, state, {
    text: scanned ?? text,
    scanned: scanned !== undefined,
    looked: !model.asksExact,
    highlighted: isCurrent(model, state) ? rowUnderCursor(model, state) : undefined,
  });
}

function waiting(model: OneModel, state: OneState, pending: Pending): OneState {
  const next: OneState = { ...state, pending, note: undefined };
  return pending.looked && isCurrent(model, next) ? settled(model, next, undefined) : next;
}

/** The look-up for exactly the text that is waited for has answered. */
export function lookedUp(
  model: OneModel,
  state: OneState,
  asked: Pending,
  exact: PickRow | undefined,
): OneState {
  if (state.pending !== asked) return state;
  return exact === undefined
    ? waiting(model, state, { ...asked, looked: true })
    : settled(model, state, exact);
}

/**
 * The look-up that an Enter waited for is over: `exact` is the row its text names, if any. Only a person's Enter may mean a
 * row that isn't named: the one they saw under the cursor, or the only one that fits.
 */
function settled(model: OneModel, state: OneState, exact: PickRow | undefined): OneState {
  const { pending } = state;
  if (pending === undefined) return state;
  const done: OneState = { ...state, pending: undefined };
  const named = state.index.named(pending.text);
  const row = exact ?? (named === undefined ? undefined : state.index.rows[named]);
  if (row !== undefined) return answered(done, row);
  if (!pending.scanned) {
    if (pending.highlighted !== undefined) return answered(done, pending.highlighted);
    const found = foundRows(model, state);
    const only = found.length === 1 ? rowUnderCursor(model, state) : undefined;
    if (only !== undefined) return answered(done, only);
    if (found.length > 1) {
      const many =
        state.total === 'uncounted' ? 'many' : (state.total ?? found.length).toLocaleString('en-US');
      const text = `${many} ${model.noun}s fit: choose one`;
      return { ...done, note: { good: true, text }, typed: { ...state.typed, last: 'ending' } };
    }
  }
  const missed = pending.scanned ? [...state.missed, pending.text] : state.missed;
  return refused(model, { ...done, missed }, pending.text, `no ${model.noun} ${pending.text} here`);
}

/** A search has answered. Only the answer to the text that is there now counts. */
export function searched(model: OneModel, state: OneState, text: string, found: Found): OneState {
  if (text !== searchText(state)) return state;
  const { rows } = found;
  const total =
    typeof found.total !== 'number' ? 'uncounted' : found.total > rows.length ? found.total : undefined;
  const next: OneState = { ...state, index: indexRows(rows, model.columns), rowsFor: text, total, cursor: 0 };
  return next.pending?.looked === true ? settled(model, next, undefined) : next;
}

/** The rows that a search has found have been counted. */
export function countedAll(state: OneState, text: string, total: number | undefined): OneState {
  const isAsked = state.total === 'uncounted' && text === state.rowsFor;
  return total === undefined || !isAsked ? state : { ...state, total };
}

/** What a search is asked for: while an Enter waits, its own text, which may be a scan on top of a filter. */
export function searchText(state: OneState): string {
  return exactForm(state.pending?.text ?? state.typed.text);
}

export function isCurrent(model: OneModel, state: OneState): boolean {
  return !model.searches || state.rowsFor === searchText(state);
}

function highlighted(model: OneModel, state: OneState): OneState | undefined {
  if (!isCurrent(model, state)) {
    return waiting(model, state, {
      text: state.typed.text,
      scanned: false,
      looked: true,
      highlighted: undefined,
    });
  }
  const row = rowUnderCursor(model, state);
  return row === undefined ? undefined : answered(state, row);
}

function rowUnderCursor(model: OneModel, state: OneState): PickRow | undefined {
  const at = foundRows(model, state)[state.cursor];
  return at === undefined ? undefined : state.index.rows[at];
}

function answered(state: OneState, row: PickRow | undefined): OneState {
  if (row === undefined) return state;
  if (row.disabled !== undefined) return noted(stale(state), `${row.key}: ${row.disabled}`);
  return { ...state, end: { kind: 'answered', value: row } };
}

function refused(model: OneModel, state: OneState, text: string, sentence: string): OneState {
  const more = foundRows(model, state).length > 0 ? '; Enter chooses the marked one' : '';
  return { ...noted(stale(state, text), sentence + more), refused: state.refused + 1 };
}

function stale(state: OneState, text = state.typed.text): OneState {
  return { ...state, typed: { text: text.trim(), stale: true, run: 0, last: 'ending' }, cursor: 0 };
}

function noted(state: OneState, text: string): OneState {
  return { ...state, note: { good: false, text } };
}
