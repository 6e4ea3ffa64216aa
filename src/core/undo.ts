/**
 * Taking an operation back, or a group of them, the newest first (DESIGN rule 17). Old reservations and statuses are put back
 * exactly, label by label; what a later operation has changed is left alone and named. An undo is one operation itself,
 * also that of a group, and undoing it does the operation again.
 */
import type { UndoAnswer, UndoneOperation, UndoOrderResult, UndoResult, UndoRowResult } from './answers.ts';
import { isoMoment } from './calendar.ts';
import { ChangeSet } from './changes.ts';
import type { Occasion, UndoCommand } from './commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from './decision.ts';
import { labelDocument, orderDocument, reservationDocument } from './documents.ts';
import { idsOf, thingOf } from './diagnosis/rows.ts';
import { isLive, type LabelState } from './model.ts';
import type { Refusal } from './outcomes.ts';
import type { Past, PastOperation } from './past.ts';
import { Standing } from './standing.ts';
import { lastEventAt, type RowReturn, rowReturns } from './undo-rows.ts';
import { type LabelReturn, type OrderReturn, returnsOf, undoable } from './undo-judge.ts';

export function decideUndo(
  command: UndoCommand,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<UndoAnswer> {
  const { past } = snapshot;
  if (past === null) {
    return refuse(occasion, [{ code: 'operation_not_found', operation: command.operation }]);
  }
  const operations = past.operations.filter((operation) => undoable(operation, past.events));
  const refusals = past.operations.flatMap((operation): Refusal[] => {
    if (operations.includes(operation)) return [];
    return [{ code: 'operation_not_undoable', operation: operation.id, verb: operation.verb }];
  });
  const wayBack = new WayBack(command, past, operations, refusals, occasion);
  if (!wayBack.changesAnything && wayBack.refusals.length > 0) return refuse(occasion, wayBack.refusals);
  if (wayBack.changesAnything && command.plan !== undefined && command.plan !== wayBack.plan()) {
    return refuse(occasion, [...wayBack.refusals, { code: 'plan_stale', order: null }]);
  }
  return wayBack.decision();
}

function refuse(occasion: Occasion, refusals: readonly Refusal[]): Decision<UndoAnswer> {
  const shared = envelope('undo', occasion, occasion.now, refusals, []);
  const nothing = { operations: [], results: [], orders: [], lines: [], plan: null };
  return { answer: { ...shared, ...nothing }, at: occasion.now, changes: new ChangeSet() };
}

/** What undoing does to labels and orders, judged as a whole. */
class WayBack {
  readonly refusals: readonly Refusal[];
  readonly #past: Past;
  readonly #operations: readonly PastOperation[];
  readonly #occasion: Occasion;
  readonly #labels: readonly LabelReturn[];
  readonly #orders: readonly OrderReturn[];
  readonly #rows: readonly RowReturn[];
  readonly #standing: Standing;

  constructor(
    command: UndoCommand,
    past: Past,
    operations: readonly PastOperation[],
    refusals: readonly Refusal[],
    occasion: Occasion,
  ) {
    const returns = returnsOf(past, operations, command.expectOrder);
    this.#past = past;
    this.#operations = operations;
    this.#occasion = occasion;
    this.#labels = returns.labels;
    this.#standing = new Standing(past.orders.values());
    for (const { state, to } of this.#movedLabels) {
      if (state.holder !== null) this.#standing.free(state.label, state.holder);
      if (to !== null) this.#standing.hold(state.label, to);
    }
    const rows = rowReturns(past, new Set(operations.map(({ id }) => id)));
    this.#rows = rows.rows;
    const [orders, kept] = this.#endings(returns.orders);
    this.#orders = orders;
    for (const { order, to } of orders) this.#standing.setStatus(order.id, to);
    this.refusals = [...refusals, ...returns.refusals, ...rows.refusals, ...kept];
  }

  /** An order can't end again that would still hold labels (rule 14). */
  #endings(orders: readonly OrderReturn[]): [OrderReturn[], Refusal[]] {
    const kept: Refusal[] = [];
    const possible = orders.filter(({ order, to }) => {
      const labels = this.#standing.heldBy(order.id);
      if (order.status === to || isLive(to) || labels === 0) return true;
      const facts = { order: order.number, status: order.status, wanted: to, labels };
      kept.push({ code: 'order_holds_labels', ...facts });
      return false;
    });
    return [possible, kept];
  }

  get #movedLabels(): readonly LabelReturn[] {
    return this.#labels.filter(({ changed }) => changed);
  }

  get #movedOrders(): readonly OrderReturn[] {
    return this.#orders.filter(({ order, to }) => order.status !== to);
  }

  get changesAnything(): boolean {
    return this.#movedLabels.length > 0 || this.#movedOrders.length > 0 || this.#rows.length > 0;
  }

  /** A canonical text of what would happen; equal texts mean the same. */
  plan(): string {
    const held = (holder: LabelState['holder']) =>
      holder === null
        ? null
        : [holder.order, holder.line, isoMoment(holder.since), holder.by, holder.operation];
    return JSON.stringify([
      this.#operations.map(({ id }) => id),
      this.#movedLabels.map(({ state, to }) => {
        return [state.label.number, state.label.quantity, held(state.holder), held(to)];
      }),
      this.#movedOrders.map(({ order, to }) => [order.number, order.status, to]),
      ...(this.#rows.length > 0 ? [this.#rows.map(({ row, now, to }) => [thingOf(row), now, to])] : []),
    ]);
  }

  decision(): Decision<UndoAnswer> {
    const { refusals } = this;
    const touched: { readonly lastEventAt: number | null }[] = [
      ...this.#labels.map(({ state }) => state),
      ...this.#past.orders.values(),
      ...this.#rows.map(lastEventAt),
    ];
    const at = momentFor(this.#occasion.now, touched);
    const results = this.#labels.map((each) => this.#labelResult(each));
    const orders = this.#orders.map((each) => this.#orderResult(each));
    const rows = this.#rows.map(rowResult);
    const codes = [...results, ...orders, ...rows].map(({ code }) => code);
    const answer: UndoAnswer = {
      ...envelope('undo', this.#occasion, at, refusals, codes.length > 0 ? codes : ['nothing_to_undo'], true),
      operations: this.#operations.map(operationDocument),
      results,
      orders,
      ...(rows.length > 0 ? { rows } : {}),
      lines: this.#standing.lines(),
      plan: this.plan(),
    };
    return { answer, at, changes: this.#changes() };
  }

  #labelResult({ state, to, changed }: LabelReturn): UndoResult {
    return {
      code: changed ? 'undone' : 'nothing_to_undo',
      label: labelDocument({ ...state, holder: to }, this.#occasion.today),
      was: state.holder === null ? null : reservationDocument(state.holder),
    };
  }

  #orderResult({ order, to }: OrderReturn): UndoOrderResult {
    const code = order.status === to ? 'nothing_to_undo' : 'undone';
    return { code, order: orderDocument(this.#standing.order(order.id)), was: order.status };
  }

  /** An order that lives again does so before it gets its labels, and one that ends does so after it has lost them. */
  #changes(): ChangeSet {
    const changes = new ChangeSet();
    for (const { row, now, to } of this.#rows) changes.putBack(idsOf(row), now, to);
    const moved = this.#movedOrders;
    for (const { order, to } of moved) if (isLive(to)) changes.orderStatus(order, to);
    for (const { state, to } of this.#movedLabels) {
      if (state.holder !== null) changes.unreserve(state, state.holder);
      if (to !== null) changes.restore(state.label, to);
    }
    for (const { order, to } of moved) if (!isLive(to)) changes.orderStatus(order, to);
    return changes;
  }
}

function rowResult({ row, now, to }: RowReturn): UndoRowResult {
  return { code: 'undone', thing: thingOf(row), was: now, now: to };
}

function operationDocument({ id, verb, at, by }: PastOperation): UndoneOperation {
  return { id, verb, at: isoMoment(at), by };
}
