/** Moving reservations to another line, of the same order or of another one (DESIGN rule 13). */
import type { TransferAnswer, TransferResult } from './answers.ts';
import { isoMoment } from './calendar.ts';
import { ChangeSet } from './changes.ts';
import { type FreeChoice, labelOf, type Occasion, type TransferCommand } from './commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from './decision.ts';
import { labelDocument, orderDocument, reservationDocument } from './documents.ts';
import type { Holder, LabelState, LineState, OrderState } from './model.ts';
import type { Refusal } from './outcomes.ts';
import { lineForLabel, newHolder, refuseTarget } from './reserve.ts';
import { Standing } from './standing.ts';

interface Move {
  readonly kind: 'move';
  readonly state: LabelState;
  readonly from: Holder;
  readonly line: LineState;
}

type Verdict =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'already'; readonly state: LabelState }
  | Move;

/**
 * Decides a transfer. All rules of reserve hold for the line that gets a label, but that it is held is required and not
 * refused. All or none, unless `keepGoing`. A label that the order, or the line that is named, holds already is a success.
 */
export function decideTransfer(
  command: TransferCommand,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<TransferAnswer> {
  const { order } = snapshot;
  const refusal = refuseTarget(command.to, command.labels, snapshot);
  if (refusal !== undefined || order === null) {
    return refuse(occasion, order, refusal === undefined ? [] : [refusal]);
  }
  const verdicts = judgeLabels(command, snapshot, order);
  const refusals = verdicts.flatMap((verdict) => (verdict.kind === 'refused' ? [verdict.refusal] : []));
  if (refusals.length > 0 && (command.keepGoing !== true || refusals.length === verdicts.length)) {
    return refuse(occasion, order, refusals);
  }
  const moves = verdicts.filter((verdict) => verdict.kind === 'move');
  if (moves.length > 0 && command.plan !== undefined && command.plan !== planOf(order, moves)) {
    return refuse(occasion, order, [...refusals, { code: 'plan_stale', order: order.number }]);
  }
  return moveAll(order, verdicts, refusals, snapshot, occasion);
}

/** One verdict for each label, however often it is named: one refusal is enough to leave it alone. */
function judgeLabels(command: TransferCommand, snapshot: Snapshot, order: OrderState): Verdict[] {
  const verdicts = new Map<number | string, Verdict>();
  for (const choice of command.labels) {
    const text = labelOf(choice);
    const state = snapshot.labels.get(text);
    const identity = state?.label.id ?? text;
    if (verdicts.get(identity)?.kind === 'refused') continue;
    const verdict: Verdict =
      state === undefined
        ? refused({ code: 'label_not_found', label: text, near: snapshot.near.get(text) ?? [] })
        : judgeLabel(state, order, command, choice);
    verdicts.set(identity, verdict);
  }
  return [...verdicts.values()];
}

function judgeLabel(
  state: LabelState,
  order: OrderState,
  { to, expectOrder }: TransferCommand,
  choice: FreeChoice,
): Verdict {
  const { label, holder } = state;
  if (holder?.orderId === order.id && (to.line === undefined || holder.line === to.line)) {
    return { kind: 'already', state };
  }
  const line = lineForLabel(label, order, to.line, 'transfer');
  if ('code' in line) return refused(line);
  if (label.quantity === 0) return refused({ code: 'label_depleted', label: label.number });
  if (holder === null) {
    const where = { order: order.number, line: line.line };
    return refused({ code: 'label_not_reserved', label: label.number, ...where });
  }
  const expected = typeof choice === 'string' ? expectOrder : choice.expectOrder;
  if (expected !== undefined && holder.order !== expected) {
    const facts = { label: label.number, holder: reservationDocument(holder), order: expected };
    return refused({ code: 'label_reserved_elsewhere', ...facts });
  }
  return { kind: 'move', state, from: holder, line };
}

function refused(refusal: Refusal): Verdict {
  return { kind: 'refused', refusal };
}

function refuse(
  occasion: Occasion,
  order: OrderState | null,
  refusals: readonly Refusal[],
): Decision<TransferAnswer> {
  const answer: TransferAnswer = {
    ...envelope('transfer', occasion, occasion.now, refusals, []),
    order: order === null ? null : orderDocument(order),
    results: [],
    lines: [],
    plan: null,
  };
  return { answer, at: occasion.now, changes: new ChangeSet() };
}

/** A canonical text of what would happen; equal texts mean equal transfers. */
function planOf(order: OrderState, moves: readonly Move[]): string {
  return JSON.stringify([
    order.number,
    moves.map(({ state, from, line }) => {
      const { number, quantity } = state.label;
      return [number, quantity, from.order, from.line, isoMoment(from.since), from.operation, line.line];
    }),
  ]);
}

function moveAll(
  order: OrderState,
  verdicts: readonly Verdict[],
  refusals: readonly Refusal[],
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<TransferAnswer> {
  const changes = new ChangeSet();
  const done = verdicts.filter((verdict) => verdict.kind !== 'refused');
  const at = momentFor(occasion.now, [order, ...done.map(({ state }) => state)]);
  const standing = new Standing([
    order,
    ...[...snapshot.holders.values()].filter(({ id }) => id !== order.id),
  ]);
  const results: TransferResult[] = [];
  for (const verdict of done) {
    const { state } = verdict;
    const was = state.holder === null ? null : reservationDocument(state.holder);
    if (verdict.kind === 'already') {
      results.push({ code: 'already_reserved', label: labelDocument(state, occasion.today), was });
      continue;
    }
    const holder = newHolder(order, verdict.line, at, occasion);
    changes.move(state, verdict.from, order, verdict.line, holder);
    standing.free(state.label, verdict.from);
    standing.hold(state.label, holder);
    results.push({ code: 'transferred', label: labelDocument({ ...state, holder }, occasion.today), was });
  }
  const codes = results.map(({ code }) => code);
  const answer: TransferAnswer = {
    ...envelope('transfer', occasion, at, refusals, codes, true),
    order: orderDocument(standing.order(order.id)),
    results,
    lines: standing.lines(),
    plan: planOf(
      order,
      done.filter((verdict) => verdict.kind === 'move'),
    ),
  };
  return { answer, at, changes };
}
