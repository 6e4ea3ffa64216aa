import { createPrompt } from '@inquirer/core';
import { type ConfirmState, pressConfirm, UNANSWERED } from './confirm-model.ts';
import { type Asked, bell, type Outcome, type Session } from './session.ts';
import { noteLine, typedLine } from './table-view.ts';
import { cut, printable, wrapped } from './terminal-text.ts';
import type { ConfirmConfig } from './types.ts';
import { useMachine } from './use-machine.ts';
import { useScreen } from './use-screen.ts';

/** A yes/no question that a scanner can't answer. Resolves to the answer, or to how it was left. */
export function createConfirm(session: Session) {
  return createPrompt<Outcome<boolean>, Asked<ConfirmConfig>>(({ config }, done) => {
    const { size, draw } = useScreen(session);
    const state = useMachine<ConfirmState, boolean>(
      session,
      {
        initial: () => UNANSWERED,
        press: (before, key) => pressConfirm(before, key, config.defaultYes ?? false),
        outcome: (now) => now.end,
        missed: (now) => now.missed,
        react: (now, before) => {
          if (now.note !== before.note && now.note?.good === false) bell(session);
        },
      },
      done,
    );
    const { theme } = session;
    const message = printable(config.message);
    if (state.end !== undefined) {
      const said = state.end.kind === 'answered' ? (state.end.value ? 'yes' : 'no') : `(${state.end.kind})`;
      return draw({ above: [cut(`? ${message}  ${said}`, size.columns)], below: [] });
    }
    const question = wrapped(`? ${message}`, size.columns).map(theme.strong);
    const choices = config.defaultYes === true ? '[Y/n]' : '[y/N]';
    return draw({
      above: [...question, typedLine(`  ${choices} `, state.typed.text, size)],
      below: [noteLine(state.note, size, theme)],
    });
  });
}

/** What will happen, above the question; printed once, because it may be longer than the screen. */
export function printBody(session: Session, body: ConfirmConfig['body'] = []): void {
  const lines = typeof body === 'string' ? body.split('\n') : body.flatMap((part) => part.split('\n'));
  if (lines.length > 0) session.output.write(lines.map((text) => `${indented(text)}\n`).join(''));
}

/** `printable` trims; the indent of a list is the caller's. */
function indented(text: string): string {
  const indent = /^ */.exec(text)?.[0] ?? '';
  return indent + printable(text.slice(indent.length));
}
