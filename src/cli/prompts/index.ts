/** The one door to the prompts. Load it with `await import('./prompts/index.ts')`, and only when there is something to ask. */
import { Readable } from 'node:stream';
import { createPromptModule } from 'inquirer';
import { createConfirm, printBody } from './confirm.ts';
import { createInput } from './input.ts';
import { Keyboard } from './keyboard.ts';
import { createPickMany } from './pick-many.ts';
import { createPickOne } from './pick-one.ts';
import { plainPickMany, plainPickOne } from './plain-pick.ts';
import { plainConfirm, plainInput } from './plain-questions.ts';
import { ScanSession } from './scan.ts';
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
  ScanConfig,
} from './types.ts';

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
  // A terminal that has gone is learnt of from its keys; what is still written to it is for nobody.
  output.on('error', () => {});
  const control = accessible ? () => {} : (sequence: string) => void output.write(sequence);
  const keyboard = new Keyboard(input, clock, control);
  const session: Session = { keyboard, output, theme: createTheme(color), scanning: undefined };
  const ask = accessible ? createPlainAsk(session) : createAsk(session);
  return {
    pickMany: <Row extends PickRow>(config: PickManyConfig<Row>) => ask<readonly Row[]>('pickMany', config),
    pickOne: <Row extends PickRow>(config: PickOneConfig<Row>) => ask<Row>('pickOne', config),
    confirm: (config: ConfirmConfig) =>
      ask<boolean>('confirm', config, () => printBody(session, config.body)),
    input: (config: InputConfig) => ask<string>('input', config),
    scan: (config: ScanConfig) => new ScanSession(session, config, accessible).run(),
    print: (line, options) => {
      if (session.scanning !== undefined) return session.scanning.print(line, options);
      output.write(`${line}\n${options?.bell === true ? '\u0007' : ''}`);
    },
    close: () => keyboard.close(),
  };
}

type Question = 'pickMany' | 'pickOne' | 'confirm' | 'input';

/** Asks one question. `before` is done when it is about to be drawn. The type of the answer follows from the question. */
type Ask = <Value>(type: Question, config: object, before?: () => void) => Promise<Value>;

function createAsk(session: Session): Ask {
  // Inquirer never sees the terminal's input: its own reader would swallow what is typed between two prompts, and edit
  // a line of its own beside ours. Keys come from the session's keyboard; this stream says nothing.
  const silent = new Readable({ read() {} });
  const ask = createPromptModule({ input: silent, output: session.output });
  ask.registerPrompt('pickMany', createPickMany(session));
  ask.registerPrompt('pickOne', createPickOne(session));
  ask.registerPrompt('confirm', createConfirm(session));
  ask.registerPrompt('input', createInput(session));
  return <Value>(type: Question, config: object, before?: () => void) =>
    opened(session, async () => {
      before?.();
      const questions = [{ config, type, name: 'answer', message: '' }];
      const { answer } = (await ask(questions)) as { answer: Outcome<Value> };
      return answerOf(answer, session);
    });
}

const PLAIN: Readonly<Record<Question, (session: Session, config: never) => Promise<Outcome<unknown>>>> = {
  pickMany: plainPickMany,
  pickOne: plainPickOne,
  confirm: plainConfirm,
  input: plainInput,
};

/** The same questions without inquirer, which draws over what it has drawn. */
function createPlainAsk(session: Session): Ask {
  return <Value>(type: Question, config: object, before?: () => void) =>
    opened(session, async () => {
      before?.();
      const outcome = (await PLAIN[type](session, config as never)) as Outcome<Value>;
      return answerOf(outcome, session);
    });
}

/** Asks when the terminal is ours, and everything typed before has gone where it belongs. */
async function opened<Value>(session: Session, question: () => Promise<Value>): Promise<Value> {
  if (session.scanning !== undefined) return await session.scanning.aside(question);
  await session.keyboard.open();
  return await question();
}
