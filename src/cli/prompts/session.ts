import { ExitPromptError } from '@inquirer/core';
import type { Keyboard } from './keyboard.ts';
import { PromptLeft } from './leaving.ts';
import type { ScanSession } from './scan.ts';
import type { Theme } from './theme.ts';

/** What all the prompts of one `createPrompts` share. */
export interface Session {
  readonly keyboard: Keyboard;
  readonly output: NodeJS.WriteStream;
  readonly theme: Theme;
  /** The scanning session that is under way, if any: a question is asked in the middle of it then. */
  scanning: ScanSession | undefined;
}

/** A question as inquirer carries it: ours whole, under one name, because inquirer calls and wraps some fields of its own. */
export interface Asked<Config> {
  readonly config: Config;
}

/** How a prompt ended. Every way is a value, so that even a prompt that is left draws its last line. */
export type Outcome<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'left' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The answer; any other end is thrown, with the terminal given back first. */
export function answerOf<Value>(outcome: Outcome<Value>, session: Session): Value {
  switch (outcome.kind) {
    case 'answered':
      return outcome.value;
    case 'left':
      giveBack(session);
      throw new PromptLeft();
    case 'interrupted':
      session.keyboard.clear();
      session.keyboard.close();
      session.scanning?.interrupt();
      throw new ExitPromptError('interrupted at a prompt');
    case 'failed':
      giveBack(session);
      throw outcome.error;
  }
}

/** A scanning session goes on reading, whatever becomes of a question. */
function giveBack(session: Session): void {
  if (session.scanning === undefined) session.keyboard.close();
}

/** A sound for a person who isn't looking at the screen. */
export function bell(session: Session): void {
  session.output.write('\u0007');
}
