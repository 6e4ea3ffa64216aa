import { createPrompt, useMemo } from '@inquirer/core';
import { pickManyEnd, pickManyFrame, pickedRows } from './pick-many-view.ts';
import { lookedUp, type PickModel, type PickState, pressPick, startPicking } from './pick-model.ts';
import { indexRows } from './row-index.ts';
import { type Asked, bell, type Outcome, type Session } from './session.ts';
import { tableHeight } from './table-view.ts';
import type { LookedUp, PickManyConfig, PickRow } from './types.ts';
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
      looksUp: config.lookUp !== undefined,
      page: tableHeight(size, config.maxRows, 7),
    };
    const state = useMachine<PickState, readonly PickRow[]>(
      session,
      {
        initial: () => startPicking(index, config.picked),
        press: (before, key) => pressPick(model, before, key),
        outcome: (ended) => outcomeOf(model, ended),
        missed: (now) => now.missed,
        react: (now, before, update, signal) => {
          ringForRefusals(session, now, before);
          void lookUp(config, model, now, before, update, signal);
        },
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

function ringForRefusals(session: Session, now: PickState, before: PickState): void {
  const known = new Set(before.refused);
  if (now.refused.some((refusal) => !known.has(refusal))) bell(session);
}

/** Looks up what the last keys have entered. */
async function lookUp(
  config: PickManyConfig,
  model: PickModel,
  now: PickState,
  before: PickState,
  update: Update<PickState>,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set(before.sought);
  // One after the other: a burst of a hundred codes is not a hundred questions at once.
  for (const sought of now.sought.filter((each) => !known.has(each))) {
    if (signal.aborted) return;
    const answer = await answerTo(config, sought.text, signal);
    update((state) => lookedUp(model, state, sought, answer));
  }
}

/** What was entered is refused in any case; that the reason can't be found out must not end the prompt. */
async function answerTo(config: PickManyConfig, text: string, signal: AbortSignal): Promise<LookedUp> {
  try {
    return await config.lookUp?.(text, signal);
  } catch {
    return undefined;
  }
}
