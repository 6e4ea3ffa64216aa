import type { Key } from './key.ts';
import { isDeliberate, type Note, NOTHING_TYPED, scannedText, type Typed, typing } from './picking.ts';

/** A yes/no question between two keys. */
export interface ConfirmState {
  readonly typed: Typed;
  /** Something of the text was typed before the question was on the screen. */
  readonly early: boolean;
  readonly note: Note | undefined;
  /** What a scanner has typed that was no answer, in order. */
  readonly missed: readonly string[];
  readonly end:
    | { readonly kind: 'answered'; readonly value: boolean }
    | { readonly kind: 'left' | 'interrupted' }
    | undefined;
}

export const UNANSWERED: ConfirmState = {
  typed: NOTHING_TYPED,
  early: false,
  note: undefined,
  missed: [],
  end: undefined,
};

const ANSWERS: Readonly<Record<string, boolean>> = { y: true, yes: true, n: false, no: false };

/** Only the words yes and no answer, or an empty Enter that a person has thought about; a scanned code never does. */
export function pressConfirm(state: ConfirmState, key: Key, defaultYes: boolean): ConfirmState {
  const typed = typing(state.typed, key);
  if (typed !== undefined) {
    return { ...state, typed, early: typed.text !== '' && (state.early || key.early), note: undefined };
  }
  switch (key.action) {
    case 'leave':
      return { ...state, end: { kind: 'left' } };
    case 'interrupt':
      return { ...state, end: { kind: 'interrupted' } };
    case 'enter':
    case 'tab':
      return entered(state, key, defaultYes);
    default:
      return state;
  }
}

function entered(state: ConfirmState, key: Key, defaultYes: boolean): ConfirmState {
  const text = state.typed.text.trim();
  if (text === '') {
    const isOurs = key.action === 'enter' && isDeliberate(state.typed, key) && !key.early;
    return isOurs
      ? { ...state, end: { kind: 'answered', value: defaultYes } }
      : {
          ...state,
          note: state.note ?? { good: true, text: `press Enter once more for ${defaultYes ? 'yes' : 'no'}` },
        };
  }
  const answer = Object.hasOwn(ANSWERS, text.toLowerCase()) ? ANSWERS[text.toLowerCase()] : undefined;
  if (answer === undefined) {
    const missed = scannedText(state.typed, key) === undefined ? state.missed : [...state.missed, text];
    return again({ ...state, missed }, `"${text}" is neither yes nor no`);
  }
  // Nobody can have agreed to what they had not seen; to say no early does no harm.
  if (answer && state.early) return again(state, 'that was typed before the question was here');
  if (key.pasted) return again(state, 'a paste is no answer');
  // A label may be called `y`. To say no to a scan does no harm; to agree takes a person.
  if (answer && scannedText(state.typed, key) !== undefined) {
    return again({ ...state, missed: [...state.missed, text] }, `"${text}" came as fast as a scan`);
  }
  return key.action === 'tab'
    ? again(state, 'a word, then Enter')
    : { ...state, end: { kind: 'answered', value: answer } };
}

function again({ missed }: ConfirmState, why: string): ConfirmState {
  return {
    ...UNANSWERED,
    missed,
    typed: { ...NOTHING_TYPED, last: 'ending' },
    note: { good: false, text: `${why}; type y or n, then Enter` },
  };
}
