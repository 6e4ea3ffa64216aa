/** Shipping an order from the labels that it holds (DESIGN rules 9 to 11). */
import type { ShipAnswer } from './answers.ts';
import { isExpired, isoMoment } from './calendar.ts';
import { ChangeSet } from './changes.ts';
import type { Occasion, ShipCommand } from './commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from './decision.ts';
import { labelDocument, orderDocument, reservationDocument, type ShipmentDocument } from './documents.ts';
import { compareKeys, type DrawPlan, planDraws } from './draw.ts';
import {
  isLive,
  type Label,
  type LabelState,
  type LineState,
  type OrderState,
  outstanding,
} from './model.ts';
import type { OutcomeCode, Refusal, ShortLine } from './outcomes.ts';
import { minus, plus, type Quantity, toDecimal, ZERO } from './quantity.ts';

/**
 * Decides a shipment. Without `partial` every serialized line must be covered. When the order is fully shipped, what is
 * left in its labels becomes active; after a partial shipment it stays reserved.
 */
export function decideShip(
  command: ShipCommand,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<ShipAnswer> {
  const { order } = snapshot;
  if (order === null) {
    const near = snapshot.near.get(command.order) ?? [];
    return refuse(occasion, null, [{ code: 'order_not_found', order: command.order, near }]);
  }
  if (order.status === 'shipped') return alreadyShipped(order, snapshot.lastShipment, occasion);
  if (!isLive(order.status)) {
    return refuse(occasion, order, [{ code: 'order_not_live', order: order.number, status: order.status }]);
  }
  const offered = judgeOffered(command.from ?? [], snapshot, order);
  if (offered.refusals.length > 0) return refuse(occasion, order, offered.refusals);
  const plan = planDraws(order.lines, snapshot.held, offered.states);
  const shipment = new Shipment(order, snapshot.held, offered.states, plan, occasion);
  const refusal = refusePlan(command, order, plan, shipment, occasion);
  return refusal === undefined ? shipment.decision() : refuse(occasion, order, [refusal]);
}

function refuse(
  occasion: Occasion,
  order: OrderState | null,
  refusals: readonly Refusal[],
): Decision<ShipAnswer> {
  const nothing = { shipment: null, released: [], kept: [], unused: [], plan: null };
  const document = order === null ? null : orderDocument(order);
  const answer = { ...envelope('ship', occasion, occasion.now, refusals, []), order: document, ...nothing };
  return { answer, at: occasion.now, changes: new ChangeSet() };
}

function alreadyShipped(
  order: OrderState,
  shipment: ShipmentDocument | null,
  occasion: Occasion,
): Decision<ShipAnswer> {
  const at = momentFor(occasion.now, [order]);
  const nothing = { released: [], kept: [], unused: [], plan: null };
  const shared = envelope('ship', occasion, at, [], ['already_shipped']);
  return {
    answer: { ...shared, order: orderDocument(order), shipment, ...nothing },
    at,
    changes: new ChangeSet(),
  };
}

/** Rule 11: labels of `--from` must be active. One that this order holds already is drawn from through its line. */
function judgeOffered(
  texts: readonly string[],
  snapshot: Snapshot,
  order: OrderState,
): { states: LabelState[]; refusals: Refusal[] } {
  const states = new Map<number, LabelState>();
  const refusals: Refusal[] = [];
  for (const text of new Set(texts)) {
    const state = snapshot.labels.get(text);
    if (state === undefined) {
      refusals.push({ code: 'label_not_found', label: text, near: snapshot.near.get(text) ?? [] });
      continue;
    }
    const refusal = refuseOffered(state, order);
    if (refusal !== undefined) refusals.push(refusal);
    else if (state.holder === null) states.set(state.label.id, state);
  }
  return { states: [...states.values()], refusals };
}

function refuseOffered({ label, holder }: LabelState, order: OrderState): Refusal | undefined {
  const facts = { label: label.number, order: order.number };
  const serialized = order.lines.filter(({ item }) => item.tracking === 'serialized');
  if (!serialized.some(({ item }) => item.id === label.item.id)) {
    const wanted = [
      ...new Set(serialized.filter((line) => outstanding(line) > 0).map(({ item }) => item.sku)),
    ];
    return { code: 'label_of_other_item', ...facts, item: label.item.sku, line: null, wanted };
  }
  if (label.quantity === 0) return { code: 'label_depleted', label: label.number };
  if (holder !== null && holder.orderId !== order.id) {
    return { code: 'label_reserved_elsewhere', ...facts, holder: reservationDocument(holder) };
  }
  return undefined;
}

function refusePlan(
  command: ShipCommand,
  order: OrderState,
  plan: DrawPlan,
  shipment: Shipment,
  occasion: Occasion,
): Refusal | undefined {
  if (plan.short.length > 0 && command.partial !== true) {
    return { code: 'line_short', order: order.number, lines: plan.short.map(shortLine) };
  }
  if (plan.lines.length === 0) return { code: 'nothing_to_ship', order: order.number };
  const expired = new Map<string, string>();
  for (const { state } of plan.draws) {
    const { number, expiry } = state.label;
    if (expiry !== null && isExpired(expiry, occasion.today)) expired.set(number, expiry);
  }
  if (expired.size > 0 && command.allowExpired !== true) {
    const labels = [...expired].map(([label, expiry]) => ({ label, expiry }));
    return { code: 'label_expired', order: order.number, partial: command.partial === true, labels };
  }
  if (command.plan !== undefined && command.plan !== shipment.plan()) {
    return { code: 'plan_stale', order: order.number };
  }
  return undefined;
}

function shortLine({ line, covered, missing }: DrawPlan['short'][number]): ShortLine {
  return {
    line: line.line,
    item: line.item.sku,
    unit: line.item.unit,
    needed: toDecimal(outstanding(line)),
    reserved: toDecimal(covered),
    missing: toDecimal(missing),
  };
}

/** What a plan of draws does to the order, its lines and its labels. */
class Shipment {
  readonly #order: OrderState;
  readonly #held: readonly LabelState[];
  readonly #offered: readonly LabelState[];
  readonly #plan: DrawPlan;
  readonly #occasion: Occasion;
  readonly #at: number;
  /** Whether nothing is outstanding on any line afterwards. */
  readonly #full: boolean;
  /** What each label holds afterwards. */
  readonly #left: ReadonlyMap<number, Quantity>;

  constructor(
    order: OrderState,
    held: readonly LabelState[],
    offered: readonly LabelState[],
    plan: DrawPlan,
    occasion: Occasion,
  ) {
    this.#order = order;
    this.#held = held;
    this.#offered = offered;
    this.#plan = plan;
    this.#occasion = occasion;
    this.#at = momentFor(occasion.now, [order, ...held, ...offered]);
    this.#full = plan.short.length === 0;
    const left = new Map([...held, ...offered].map(({ label }) => [label.id, label.quantity]));
    for (const { state, quantity } of plan.draws) {
      left.set(state.label.id, minus(left.get(state.label.id) ?? ZERO, quantity));
    }
    this.#left = left;
  }

  /** A canonical text of what would happen; equal texts mean equal shipments. */
  plan(): string {
    const draws = this.#plan.draws.map(({ state, line, quantity }) => [
      line.line,
      state.label.number,
      quantity,
    ]);
    const lines = this.#plan.lines.map(({ line, quantity }) => [line.line, quantity]);
    const held = this.#held.map(({ label }) => [label.number, label.quantity]);
    return JSON.stringify([this.#order.number, this.#full, lines, draws, held]);
  }

  decision(): Decision<ShipAnswer> {
    const { today } = this.#occasion;
    const code: OutcomeCode = this.#full ? 'shipped' : 'partially_shipped';
    const rest = this.#held
      .filter((state) => this.#leftIn(state.label) > 0)
      .map((state) => this.#after(state));
    const drawn = new Set(this.#plan.draws.map(({ state }) => state.label.id));
    const answer: ShipAnswer = {
      ...envelope('ship', this.#occasion, this.#at, [], [code]),
      order: orderDocument(this.#orderAfter()),
      shipment: this.#document(),
      released: this.#full ? rest.map((state) => labelDocument(state, today)) : [],
      kept: this.#full ? [] : rest.map((state) => labelDocument(state, today)),
      unused: this.#offered
        .filter(({ label }) => !drawn.has(label.id))
        .map(({ label }) => label.number)
        .sort(compareKeys),
      plan: this.plan(),
    };
    return { answer, at: this.#at, changes: this.#changes() };
  }

  #leftIn(label: Label): Quantity {
    return this.#left.get(label.id) ?? label.quantity;
  }

  #after(state: LabelState): LabelState {
    const label = { ...state.label, quantity: this.#leftIn(state.label) };
    return { ...state, label, holder: this.#full ? null : state.holder };
  }

  #changes(): ChangeSet {
    const changes = new ChangeSet();
    const order = this.#order;
    // A label may be drawn for two lines of one item: each draw is an event of its own, from where the last one ended.
    const before = new Map<number, Quantity>();
    for (const { state, line, quantity } of this.#plan.draws) {
      const has = before.get(state.label.id) ?? state.label.quantity;
      before.set(state.label.id, minus(has, quantity));
      changes.draw({ ...state.label, quantity: has }, order, line, minus(has, quantity));
    }
    for (const { line, quantity } of this.#plan.lines)
      changes.shipLine(order, line, plus(line.shipped, quantity));
    for (const state of this.#held) {
      const free = this.#full || this.#leftIn(state.label) === 0;
      if (free && state.holder !== null) changes.unreserve(state, state.holder);
    }
    const status = this.#full ? 'shipped' : 'partially_shipped';
    if (order.status !== status) changes.orderStatus(order, status);
    changes.shipments.push({
      orderId: order.id,
      lines: this.#plan.lines.map(({ line, quantity }) => ({ lineId: line.id, quantity })),
      labels: this.#drawsWithRest().map(({ state, line, quantity, remaining }) => {
        return { lineId: line.id, labelId: state.label.id, quantity, remaining };
      }),
    });
    return changes;
  }

  #drawsWithRest() {
    const left = new Map<number, Quantity>();
    return this.#plan.draws.map((draw) => {
      const has = left.get(draw.state.label.id) ?? draw.state.label.quantity;
      const remaining = minus(has, draw.quantity);
      left.set(draw.state.label.id, remaining);
      return { ...draw, remaining };
    });
  }

  #document(): ShipmentDocument {
    return {
      order: this.#order.number,
      customer: this.#order.customer,
      operation: this.#occasion.operation,
      at: isoMoment(this.#at),
      by: this.#occasion.by,
      lines: this.#plan.lines.map(({ line, quantity }) => {
        return { line: line.line, item: line.item.sku, unit: line.item.unit, quantity: toDecimal(quantity) };
      }),
      labels: this.#drawsWithRest().map(({ state, line, quantity, remaining }) => {
        const amounts = { quantity: toDecimal(quantity), remaining: toDecimal(remaining) };
        return { label: state.label.number, line: line.line, ...amounts };
      }),
    };
  }

  #orderAfter(): OrderState {
    const shipped = new Map(this.#plan.lines.map(({ line, quantity }) => [line.id, quantity]));
    const lines = this.#order.lines.map((line): LineState => {
      const own = this.#held.filter(({ holder }) => holder?.lineId === line.id);
      const kept = this.#full ? [] : own.filter(({ label }) => this.#leftIn(label) > 0);
      return {
        ...line,
        shipped: plus(line.shipped, shipped.get(line.id) ?? ZERO),
        reserved: kept.reduce((sum, { label }) => plus(sum, this.#leftIn(label)), ZERO),
        reservedLabels: kept.length,
      };
    });
    return { ...this.#order, lines, status: this.#full ? 'shipped' : 'partially_shipped' };
  }
}
