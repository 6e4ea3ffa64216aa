/** Freeing labels from the orders that hold them (DESIGN rule 8). */
import type { UnreserveAnswer, UnreserveResult } from './answers.ts';
import { ChangeSet } from './changes.ts';
import { type FreeChoice, labelOf, type Occasion, type UnreserveCommand } from './commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from './decision.ts';
import { labelDocument, reservationDocument } from './documents.ts';
import type { Holder, Label, LabelState } from './model.ts';
import type { OutcomeCode, Refusal } from './outcomes.ts';

/**
 * Decides an unreserve, of labels or of all that an order or a line holds. All or none, unless `keepGoing`. A label that
 * nobody holds is a success that changes nothing.
 */
export function decideUnreserve(
  command: UnreserveCommand,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<UnreserveAnswer> {
  const { target } = command;
  const chosen =
    'labels' in target
      ? chooseLabels(target.labels, command, snapshot)
      : chooseHeld(target, command.expectOrder, snapshot);
  const { states, refusals } = chosen;
  const keepGoing = command.keepGoing === true && states.length > 0;
  if (refusals.length > 0 && !keepGoing) return freeAll([], refusals, occasion);
  return freeAll(states, refusals, occasion);
}

interface Chosen {
  readonly states: readonly LabelState[];
  readonly refusals: readonly Refusal[];
}

function chooseLabels(choices: readonly FreeChoice[], command: UnreserveCommand, snapshot: Snapshot): Chosen {
  if (choices.length === 0) return { states: [], refusals: [{ code: 'no_labels_chosen' }] };
  const states = new Map<number, LabelState>();
  const refusals: Refusal[] = [];
  const refused = new Set<number | string>();
  for (const choice of choices) {
    const text = labelOf(choice);
    const state = snapshot.labels.get(text);
    const identity = state?.label.id ?? text;
    if (refused.has(identity)) continue;
    if (state === undefined) {
      refused.add(identity);
      refusals.push({ code: 'label_not_found', label: text, near: snapshot.near.get(text) ?? [] });
      continue;
    }
    const expected = typeof choice === 'string' ? command.expectOrder : choice.expectOrder;
    if (expected !== undefined && state.holder !== null && state.holder.order !== expected) {
      refused.add(identity);
      // However often the label is named besides: one wrong expectation is enough to leave it alone.
      states.delete(state.label.id);
      refusals.push(refuseHolder(state.label, state.holder, expected));
    } else {
      states.set(state.label.id, state);
    }
  }
  return { states: [...states.values()], refusals };
}

function refuseHolder(label: Label, holder: Holder, order: string): Refusal {
  const facts = { label: label.number, holder: reservationDocument(holder), order };
  return { code: 'label_reserved_elsewhere', ...facts };
}

function chooseHeld(
  target: { readonly order: string; readonly line?: number; readonly plan?: readonly string[] },
  expectOrder: string | undefined,
  snapshot: Snapshot,
): Chosen {
  const { order } = snapshot;
  if (order === null) {
    const near = snapshot.near.get(target.order) ?? [];
    return { states: [], refusals: [{ code: 'order_not_found', order: target.order, near }] };
  }
  if (target.line !== undefined && !order.lines.some(({ line }) => line === target.line)) {
    const lines = order.lines.map(({ line }) => line);
    return {
      states: [],
      refusals: [{ code: 'line_not_found', order: order.number, line: target.line, lines }],
    };
  }
  const states = snapshot.held.filter(
    ({ holder }) => target.line === undefined || holder?.line === target.line,
  );
  if (target.plan !== undefined && !sameLabels(target.plan, states)) {
    return { states: [], refusals: [{ code: 'plan_stale', order: order.number }] };
  }
  const elsewhere = states.flatMap(({ label, holder }) => {
    if (holder === null || expectOrder === undefined || holder.order === expectOrder) return [];
    return [refuseHolder(label, holder, expectOrder)];
  });
  return elsewhere.length > 0 ? { states: [], refusals: elsewhere } : { states, refusals: [] };
}

function sameLabels(plan: readonly string[], states: readonly LabelState[]): boolean {
  const numbers = new Set(states.map(({ label }) => label.number));
  const planned = new Set(plan);
  return planned.size === numbers.size && plan.every((number) => numbers.has(number));
}

function freeAll(
  states: readonly LabelState[],
  refusals: readonly Refusal[],
  occasion: Occasion,
): Decision<UnreserveAnswer> {
  const changes = new ChangeSet();
  const at = momentFor(occasion.now, states);
  const results: UnreserveResult[] = [];
  for (const state of states) {
    const freed = labelDocument({ ...state, holder: null }, occasion.today);
    if (state.holder === null) {
      results.push({ code: 'not_reserved', label: freed, was: null });
      continue;
    }
    changes.unreserve(state, state.holder);
    results.push({ code: 'unreserved', label: freed, was: reservationDocument(state.holder) });
  }
  const codes: OutcomeCode[] = results.map(({ code }) => code);
  if (codes.length === 0 && refusals.length === 0) codes.push('not_reserved');
  return { answer: { ...envelope('unreserve', occasion, at, refusals, codes, true), results }, at, changes };
}
