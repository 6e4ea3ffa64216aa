import { createPrompt } from '@inquirer/core';
import { type InputState, judged, NOTHING_ASKED, pressInput } from './input-model.ts';
import { type Asked, bell, type Outcome, type Session } from './session.ts';
import { noteLine, typedLine } from './table-view.ts';
import { cut, printable, starred } from './terminal-text.ts';
import type { InputConfig } from './types.ts';
import { type Update, useMachine } from './use-machine.ts';
import { useScreen } from './use-screen.ts';

/** A line of text. Resolves to the text, trimmed, or to how it was left. */
export function createInput(session: Session) {
  return createPrompt<Outcome<string>, Asked<InputConfig>>(({ config }, done) => {
    const { size, draw } = useScreen(session);
    const state = useMachine<InputState, string>(
      session,
      {
        initial: () => NOTHING_ASKED,
        press: (before, key) => pressInput(before, key, config.initial),
        outcome: (now) => now.end,
        missed: (now) => now.missed,
        waits: (now) => now.asked !== undefined,
        react: (now, before, update) => {
          if (now.note !== before.note && now.note?.good === false) bell(session);
          if (now.asked !== before.asked && now.asked !== undefined) void judge(config, now.asked, update);
        },
      },
      done,
    );
    const message = printable(config.message);
    if (state.end !== undefined) {
      const said =
        state.end.kind === 'answered' ? printable(shown(config, state.end.value)) : `(${state.end.kind})`;
      return draw({ above: [cut(`? ${message}  ${said}`, size.columns)], below: [] });
    }
    const initial = config.initial === undefined ? '' : ` (${printable(config.initial)})`;
    const label = `? ${message}${initial}: `;
    return draw({
      above: [typedLine(label, shown(config, state.typed.text), size)],
      below: [noteLine(state.note, size, session.theme)],
    });
  });
}

function shown({ secret }: InputConfig, text: string): string {
  return secret === true ? starred(text) : text;
}

async function judge(
  config: InputConfig,
  asked: NonNullable<InputState['asked']>,
  update: Update<InputState>,
): Promise<void> {
  try {
    const usual = asked.text === '' ? 'type something first' : undefined;
    const wrong = config.check === undefined ? usual : await config.check(asked.text);
    update((state) => judged(state, asked, wrong));
  } catch (error) {
    update((state) => ({ ...state, end: { kind: 'failed', error } }));
  }
}
