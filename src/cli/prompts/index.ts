/** The one door to the prompts. Load it with `await import('./prompts/index.ts')`, and only when there is something to ask. */
import { Readable } from 'node:stream';
import { createPromptModule } from 'inquirer';
import { createConfirm, printBody } from './confirm.ts';
import { createInput } from './input.ts';
import { Keyboard } from './keyboard.ts';
import { createPickMany } from './pick-many.ts';
import { createPickOne } from './pick-one.ts';
import { answerOf, type Outcome, type Session } from './session.ts';
import { createTheme } from './theme.ts';
import type {
  ConfirmConfig,
  InputConfig,
  PickManyConfig,
  PickOneConfig,
  PickRow,
  Prompts,
  PromptStreams,
} from './types.ts';

export { canPrompt } from './can-prompt.ts';
export { isInterrupted, PromptLeft } from './leaving.ts';
export type * from './types.ts';

/** The questions, asked on `output` and answered on `input`. One of these serves a whole session of questions. */
export function createPrompts({
  input,
  output,
  color = true,
  accessible = false,
  clock = () => performance.now(),
}: PromptStreams): Prompts {
  const control = accessible ? () => {} : (sequence: string) => void output.write(sequence);
  const keyboard = new Keyboard(input, clock, control);
  const session: Session = { keyboard, output, theme: createTheme(color) };
  const ask = createAsk(session);
  return {
    pickMany: <Row extends PickRow>(config: PickManyConfig<Row>) => ask<readonly Row[]>('pickMany', config),
    pickOne: <Row extends PickRow>(config: PickOneConfig<Row>) => ask<Row>('pickOne', config),
    confirm: async (config: ConfirmConfig) => {
      await session.keyboard.open();
      if (config.body !== undefined) printBody(session, config.body);
      return ask<boolean>('confirm', config);
    },
    input: (config: InputConfig) => ask<string>('input', config),
    scan: () => Promise.reject(new Error('not there yet')),
    print: (line, options) => void output.write(`${line}\n${options?.bell === true ? '\u0007' : ''}`),
    close: () => session.keyboard.close(),
  };
}

type Ask = <Value>(type: string, config: object) => Promise<Value>;

function createAsk(session: Session): Ask {
  // Inquirer never sees the terminal's input: its own reader would swallow what is typed between two prompts, and edit
  // a line of its own beside ours. Keys come from the session's keyboard; this stream says nothing.
  const silent = new Readable({ read() {} });
  const ask = createPromptModule({ input: silent, output: session.output });
  ask.registerPrompt('pickMany', createPickMany(session));
  ask.registerPrompt('pickOne', createPickOne(session));
  ask.registerPrompt('confirm', createConfirm(session));
  ask.registerPrompt('input', createInput(session));
  return async <Value>(type: string, config: object) => {
    await session.keyboard.open();
    const questions = [{ config, type, name: 'answer', message: '' }];
    const { answer } = (await ask(questions)) as { answer: Outcome<Value> };
    return answerOf(answer, session);
  };
}
