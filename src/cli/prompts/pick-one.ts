import { createPrompt, useRef } from '@inquirer/core';
import {
  countedAll,
  foundRows,
  isCurrent,
  lookedUp,
  type OneModel,
  type OneState,
  pressOne,
  searched,
  searchText,
  startChoosing,
} from './pick-one-model.ts';
import { type Asked, bell, type Outcome, type Session } from './session.ts';
import { countLine, firstOf, helpLine, noteLine, tableHeight, tableLines, typedLine } from './table-view.ts';
import { cut, printable } from './terminal-text.ts';
import type { Found, PickOneConfig, PickRow } from './types.ts';
import { type Update, useMachine } from './use-machine.ts';
import { type Frame, type Size, useScreen } from './use-screen.ts';

const HELP = [
  'scan or type to find · arrows move · Enter chooses · Esc leaves',
  'Enter chooses · Esc leaves',
  'Esc leaves',
];

type Ended = Outcome<PickRow>;

/** A single choice, from an array or from a live search. Resolves to the row, or to how it was left. */
export function createPickOne(session: Session) {
  return createPrompt<Ended, Asked<PickOneConfig>>(({ config }, done) => {
    const { size, draw } = useScreen(session);
    const { rows } = config;
    const search = useRef<Search | undefined>(undefined);
    const model: OneModel = {
      noun: config.noun ?? 'row',
      columns: config.columns ?? [],
      searches: typeof rows === 'function',
      asksExact: config.exact !== undefined,
      page: tableHeight(size, config.maxRows, 6),
    };
    const state = useMachine<OneState, PickRow>(
      session,
      {
        initial: () => startChoosing(model, typeof rows === 'function' ? [] : rows),
        press: (before, key) => pressOne(model, before, key),
        outcome: (now) => now.end,
        missed: (now) => now.missed,
        waits: (now) => now.pending !== undefined,
        react: (now, before, update, signal) => {
          if (typeof rows === 'function')
            search.current = startSearch(rows, model, search.current, now, update, signal);
          lookUp(config, model, now, before, update, signal);
          if (now.refused !== before.refused) bell(session);
        },
      },
      done,
    );
    return draw(
      state.end === undefined
        ? frame(model, state, config, size, session)
        : end(state.end, config, size, session),
    );
  });
}

interface Search {
  readonly text: string;
  readonly abort: AbortController;
}

/** Searches for the text that is there now, unless that is under way; a search for an older text is told to stop. */
function startSearch(
  find: (text: string, signal: AbortSignal) => Promise<Found>,
  model: OneModel,
  running: Search | undefined,
  now: OneState,
  update: Update<OneState>,
  signal: AbortSignal,
): Search {
  const text = searchText(now);
  if (running?.text === text) return running;
  running?.abort.abort();
  const abort = new AbortController();
  const either = AbortSignal.any([abort.signal, signal]);
  void (async () => {
    try {
      const found = await find(text, either);
      if (!either.aborted) update((state) => searched(model, state, text, found));
      const total = await found.total;
      if (!either.aborted) update((state) => countedAll(state, text, total));
    } catch (error) {
      if (!either.aborted) update((state) => ({ ...state, end: { kind: 'failed', error } }));
    }
  })();
  return { text, abort };
}

/** Asks for the row that the text of an Enter names exactly, which the rows on the screen may not hold. */
function lookUp(
  config: PickOneConfig,
  model: OneModel,
  now: OneState,
  before: OneState,
  update: Update<OneState>,
  signal: AbortSignal,
): void {
  const { pending } = now;
  if (pending === undefined || pending === before.pending || pending.looked) return;
  void (async () => {
    try {
      const row = await config.exact?.(pending.text, signal);
      update((state) => lookedUp(model, state, pending, row));
    } catch (error) {
      update((state) => ({ ...state, end: { kind: 'failed', error } }));
    }
  })();
}

function frame(model: OneModel, state: OneState, config: PickOneConfig, size: Size, session: Session): Frame {
  const { theme } = session;
  const found = foundRows(model, state);
  const height = tableHeight(size, config.maxRows, model.columns.length > 0 ? 6 : 5);
  const below = [
    ...tableLines(state.index, { found, cursor: state.cursor, mark: () => '' }, height, size, theme),
    theme.faint(helpLine(statusLines(model, state, found.length, height), size)),
    noteLine(state.note, size, theme),
    theme.faint(helpLine(HELP, size)),
  ];
  const above = [
    theme.strong(cut(`? ${printable(config.message)}`, size.columns)),
    typedLine('  find: ', state.typed.text, size),
  ];
  return { above, below: below.slice(0, Math.max(1, size.rows - above.length)) };
}

/** From the longest to the shortest. */
function statusLines(model: OneModel, state: OneState, found: number, height: number): string[] {
  const { total } = state;
  if (state.pending !== undefined) return [`looking up ${printable(state.pending.text)}…`];
  if (!isCurrent(model, state)) return ['searching…'];
  if (total === undefined) return [countLine(found, state.cursor, height, model.noun)];
  const first = firstOf(found, total, model.noun);
  return [`the first ${first}; type to search`, `${first}, type to search`, first];
}

function end(outcome: Ended, config: PickOneConfig, size: Size, session: Session): Frame {
  const message = printable(config.message);
  if (outcome.kind !== 'answered')
    return { above: [cut(`? ${message}  (${outcome.kind})`, size.columns)], below: [] };
  return {
    above: [
      session.theme.good(
        cut(`✓ ${message}  ${printable(outcome.value.said ?? outcome.value.key)}`, size.columns),
      ),
    ],
    below: [],
  };
}
