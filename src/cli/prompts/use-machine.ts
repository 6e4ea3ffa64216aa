import { useEffect, useRef, useState } from '@inquirer/core';
import type { Key } from './key.ts';
import type { Outcome, Session } from './session.ts';

/** A prompt as a pure machine: what a key makes of a state, and when it is over. */
export interface Machine<State, Value> {
  readonly initial: () => State;
  readonly press: (state: State, key: Key) => State;
  /** Once there is one, no key is taken any more: the rest belongs to the next prompt. */
  readonly outcome: (state: State) => Outcome<Value> | undefined;
  /** The scans it has refused, in order: only ever more. */
  readonly missed: (state: State) => readonly string[];
  /** While it waits for a look-up, only Esc and Ctrl-C are taken. */
  readonly waits?: (state: State) => boolean;
  /** Starts what a new state asks for (searches, bells) and tells later what came of it. `signal` aborts when the prompt ends. */
  readonly react?: (state: State, before: State, update: Update<State>, signal: AbortSignal) => void;
}

export type Update<State> = (change: (state: State) => State) => void;

/** Runs a machine on the session's keyboard: takes all the keys that are there, then draws once. */
export function useMachine<State, Value>(
  session: Session,
  machine: Machine<State, Value>,
  done: (outcome: Outcome<Value>) => void,
): State {
  const [view, setView] = useState(() => ({ state: machine.initial() }));
  const current = useRef(view.state);
  const latest = useRef(machine);
  latest.current = machine;
  useEffect(() => {
    const ended = new AbortController();
    const commit = (next: State): void => {
      if (ended.signal.aborted || next === current.current) return;
      const before = current.current;
      current.current = next;
      setView({ state: next });
      const { missed } = latest.current;
      for (const scan of missed(next).slice(missed(before).length)) session.scanning?.missed(scan);
      const outcome = latest.current.outcome(next);
      if (outcome === undefined) latest.current.react?.(next, before, update, ended.signal);
      else done(outcome);
    };
    const takeKeys = (): void => commit(afterKeys(session, latest.current, current.current));
    const update: Update<State> = (change) => {
      commit(change(current.current));
      // What was typed while the machine waited is its turn now.
      if (!ended.signal.aborted) takeKeys();
    };
    latest.current.react?.(current.current, current.current, update, ended.signal);
    const stop = session.keyboard.listen(takeKeys);
    return () => {
      ended.abort();
      stop();
    };
  }, []);
  return view.state;
}

function afterKeys<State, Value>(session: Session, machine: Machine<State, Value>, from: State): State {
  let state = from;
  while (machine.outcome(state) === undefined) {
    const key = machine.waits?.(state) === true ? session.keyboard.urgent() : session.keyboard.next();
    if (key === undefined) break;
    state = machine.press(state, key);
  }
  return state;
}
