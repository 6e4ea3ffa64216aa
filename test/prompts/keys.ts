import type { Key, KeyAction } from '../../src/cli/prompts/key.ts';

const ACTIONS: Readonly<Record<string, KeyAction>> = {
  '\r': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\u0015': 'clear',
  '\u001b': 'leave',
  '\u0003': 'interrupt',
};

/** The keys of a text, each after the same silence. Tests say `SCANNER` or `PERSON`, or a number where it matters. */
export function keysOf(text: string, quiet: number, early = false): Key[] {
  return Array.from(text, (character) => {
    const action = ACTIONS[character] ?? 'text';
    return { action, text: action === 'text' ? character : '', quiet, early, pasted: false };
  });
}

export function key(action: KeyAction, quiet: number, early = false): Key {
  return { action, text: '', quiet, early, pasted: false };
}

export const SCANNER = 4;
export const PERSON = 120;
/** A person who has stopped to think. */
export const PAUSE = 400;

/** A paste, as the keyboard gives it. */
export function pasted(text: string): Key[] {
  return keysOf(text, 0).map((one, at) => ({
    ...one,
    pasted: true,
    quiet: at === 0 && one.action === 'text' ? 50 : 0,
  }));
}
