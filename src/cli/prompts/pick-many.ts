import { createPrompt, useMemo } from '@inquirer/core';
import { pickManyEnd, pickManyFrame, pickedRows } from './pick-many-view.ts';
import { explained, type PickModel, type PickState, pressPick, startPicking } from './pick-model.ts';
import { indexRows, type RowIndex } from './row-index.ts';
import { type Asked, bell, type Outcome, type Session } from './session.ts';
import { tableHeight } from './table-view.ts';
import type { PickManyConfig, PickRow } from './types.ts';
import { type Update, useMachine } from './use-machine.ts';
import { useScreen } from './use-screen.ts';

type Ended = Outcome<readonly PickRow[]>;

/** The multi-select table: DESIGN section 5, "one prompt of our own". Resolves to the picked rows, or to how it was left. */
export function createPickMany(session: Session) {
  return createPrompt<Ended, Asked<PickManyConfig>>(({ config }, done) => {
    const { size, draw } = useScreen(session);
    const index = useMemo(() => indexRows(config.rows, config.columns, config.sorts), []);
    const model: PickModel = {
      index,
      noun: config.noun ?? 'row',
      allowEmpty: config.allowEmpty ?? false,
      page: tableHeight(size, config.maxRows, 7),
    };
    const state = useMachine<PickState, readonly PickRow[]>(
      session,
      {
        initial: () => startPicking(index, config.picked),
        press: (before, key) => pressPick(model, before, key),
        outcome: (ended) => outcomeOf(model, ended),
        missed: (now) => now.missed,
        react: (now, before, update, signal) =>
          answerRefusals(session, config, index, now, before, update, signal),
      },
      done,
    );
    const outcome = outcomeOf(model, state);
    return draw(
      outcome === undefined
        ? pickManyFrame(model, state, config, size, session.theme)
        : pickManyEnd(model, state, config, outcome, size, session.theme),
    );
  });
}

function outcomeOf(model: PickModel, state: PickState): Ended | undefined {
  switch (state.end) {
    case undefined:
      return undefined;
    case 'submitted':
      return { kind: 'answered', value: pickedRows(model, state) };
    case 'left':
    case 'interrupted':
      return { kind: state.end };
  }
}

/** A bell for what was refused by the last keys, and a better sentence for each code, when `explain` has one. */
function answerRefusals(
  session: Session,
  config: PickManyConfig,
  index: RowIndex,
  now: PickState,
  before: PickState,
  update: Update<PickState>,
  signal: AbortSignal,
): void {
  const known = new Set(before.refused.map(({ text }) => text));
  const fresh = now.refused.filter(({ text }) => !known.has(text));
  if (fresh.length === 0) return;
  bell(session);
  void (async () => {
    // One after the other: a burst of a hundred wrong codes is not a hundred questions at once.
    for (const { text } of fresh) {
      if (signal.aborted || index.named(text) !== undefined) continue;
      const sentence = await explanation(config, text, signal);
      if (sentence !== undefined) update((state) => explained(state, text, sentence));
    }
  })();
}

/** A refusal is told in any case; that its reason can't be found out must not end the prompt. */
async function explanation(
  config: PickManyConfig,
  text: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await config.explain?.(text, signal);
  } catch {
    return undefined;
  }
}
