/** What can be put back of what operations did, and why the rest can't (DESIGN rule 17). */
import { isoMoment } from './calendar.ts';
import { type Fields, holderFields } from './changes.ts';
import { reservationDocument } from './documents.ts';
import { tellsOfHolder } from './history.ts';
import {
  type Holder,
  isLive,
  type Label,
  type LabelState,
  ORDER_STATUSES,
  type OrderState,
  type OrderStatus,
  outstanding,
} from './model.ts';
import type { LaterOperation, Refusal } from './outcomes.ts';
import { type Past, type PastEvent, type PastOperation, trailOf } from './past.ts';
import { isRowRestored } from './undo-rows.ts';

/** A label with the holder that it had before the operations. */
export interface LabelReturn {
  readonly state: LabelState;
  readonly to: Holder | null;
  /** False where it stands so already. */
  readonly changed: boolean;
}

/** An order with the status that it had before the operations. */
export interface OrderReturn {
  readonly order: OrderState;
  readonly to: OrderStatus;
}

export interface Returns {
  readonly labels: readonly LabelReturn[];
  readonly orders: readonly OrderReturn[];
  readonly refusals: readonly Refusal[];
}

/** Whether an operation did nothing but reserve, free and move labels, change orders' statuses, and put rows back. */
export function undoable({ id, verb }: PastOperation, events: readonly PastEvent[]): boolean {
  if (verb === 'ship' || verb === 'import') return false;
  return events.every((event) => {
    if (event.operation.id !== id || tellsOfHolder(event) || isRowRestored(event)) return true;
    return event.kind === 'order_changed' && Object.keys(event.after ?? {}).join() === 'status';
  });
}

/** What becomes of each label and order that the operations touched. */
export function returnsOf(
  past: Past,
  operations: readonly PastOperation[],
  expectOrder: string | undefined,
): Returns {
  const own = new Set(operations.map(({ id }) => id));
  const judge = new Judge(past, own);
  const refusals: Refusal[] = [];
  const orders = [...past.orders.values()].flatMap((order): OrderReturn[] => {
    const verdict = judge.order(order);
    if (verdict === undefined) return [];
    refusals.push(...verdict.refusals);
    return verdict.to === undefined ? [] : [{ order, to: verdict.to }];
  });
  const statuses = new Map(orders.map(({ order, to }) => [order.id, to]));
  const labels = [...past.labels.values()].flatMap((state): LabelReturn[] => {
    const verdict = judge.label(state, statuses, expectOrder);
    if (verdict === undefined) return [];
    refusals.push(...verdict.refusals);
    return verdict.to === undefined ? [] : [{ state, ...verdict.to }];
  });
  return { labels, orders, refusals };
}

interface Verdict<T> {
  /** What is put back; undefined if nothing is. */
  readonly to?: T;
  readonly refusals: readonly Refusal[];
}

class Judge {
  readonly #own: ReadonlySet<string>;
  readonly #ofLabel = new Map<number, PastEvent[]>();
  /** Changes of orders and lines; what befell labels for an order is told of the labels. */
  readonly #ofOrder = new Map<number, PastEvent[]>();
  readonly #byNumber: ReadonlyMap<string, OrderState>;

  constructor(past: Past, own: ReadonlySet<string>) {
    this.#own = own;
    this.#byNumber = new Map([...past.orders.values()].map((order) => [order.number, order]));
    for (const event of past.events) {
      if (event.labelId !== null) append(this.#ofLabel, event.labelId, event);
      else if (event.orderId !== null) append(this.#ofOrder, event.orderId, event);
    }
  }

  /** Undefined for an order whose status the operations did not change. */
  order(order: OrderState): Verdict<OrderStatus> | undefined {
    // What they put back in the order's row is no change of theirs, and is told in undo-rows.ts.
    const changes = (this.#ofOrder.get(order.id) ?? []).filter((event) => {
      return event.kind === 'order_changed' || (event.lineId === null && !this.#restoresRow(event));
    });
    const trail = trailOf(changes, this.#own);
    if (trail === undefined) return undefined;
    const { tail, first, later } = trail;
    if (order.status === statusOf(first.before)) return { to: order.status, refusals: [] };
    const [begin] = tail;
    const of = { code: 'changed_since', label: null, order: order.number } as const;
    if (begin === undefined) return { refusals: [{ ...of, later: laterOf(later) }] };
    if (order.status !== statusOf(tail.at(-1)?.after ?? null)) return { refusals: [{ ...of, later: null }] };
    return { to: statusOf(begin.before), refusals: later === null ? [] : [{ ...of, later: laterOf(later) }] };
  }

  /** Undefined for a label whose holder the operations did not change. `statuses` are those that orders get back. */
  label(
    state: LabelState,
    statuses: ReadonlyMap<number, OrderStatus>,
    expectOrder: string | undefined,
  ): Verdict<Omit<LabelReturn, 'state'>> | undefined {
    const befell = (this.#ofLabel.get(state.label.id) ?? []).filter((event) => !this.#restoresRow(event));
    const trail = trailOf(befell, this.#own);
    if (trail === undefined) return undefined;
    const { label, holder } = state;
    if (isHeldAs(holder, trail.first.before)) return { to: { to: holder, changed: false }, refusals: [] };
    const { tail, later } = trail;
    const [begin] = tail;
    const of = { code: 'changed_since', label: label.number, order: null } as const;
    if (begin === undefined) return { refusals: [{ ...of, later: laterOf(later) }] };
    if (!isHeldAs(holder, tail.at(-1)?.after ?? null)) return { refusals: [{ ...of, later: null }] };
    if (expectOrder !== undefined && holder !== null && holder.order !== expectOrder) {
      const facts = { label: label.number, holder: reservationDocument(holder), order: expectOrder };
      return { refusals: [{ code: 'label_reserved_elsewhere', ...facts }] };
    }
    const to = this.#holderBefore(label, begin, statuses);
    if (to !== null && 'code' in to) return { refusals: [to] };
    return {
      to: { to, changed: !isHeldAs(holder, begin.before) },
      refusals: later === null ? [] : [{ ...of, later: laterOf(later) }],
    };
  }

  #restoresRow(event: PastEvent): boolean {
    return this.#own.has(event.operation.id) && isRowRestored(event);
  }

  /** Who held the label before the event, or why its line takes it no more. */
  #holderBefore(
    label: Label,
    event: PastEvent,
    statuses: ReadonlyMap<number, OrderStatus>,
  ): Holder | null | Refusal {
    if (event.before === null) return null;
    const fields = event.before;
    const order = this.#byNumber.get(String(fields['order']));
    const line = order?.lines.find((each) => each.line === fields['line']);
    if (order === undefined || line === undefined) {
      throw new Error(`line ${fields['line']} of ${fields['order']} was not loaded`);
    }
    const status = statuses.get(order.id) ?? order.status;
    const facts = { label: label.number, order: order.number, line: line.line, status };
    // What was so when the operation was done is put back as it was; only what has changed since is judged by the rules.
    if (!isLive(status) && this.#changedAfter(event, order.id, 'status')) {
      return { code: 'holder_ended', ...facts, because: 'order_not_live' };
    }
    if (outstanding(line) <= 0 && this.#changedAfter(event, order.id, line.id)) {
      return { code: 'holder_ended', ...facts, because: 'line_shipped' };
    }
    if (line.item.id !== label.item.id) {
      return { code: 'holder_ended', ...facts, because: 'line_of_other_item' };
    }
    return {
      orderId: order.id,
      order: order.number,
      orderStatus: status,
      customer: order.customer,
      lineId: line.id,
      line: line.line,
      since: Date.parse(String(fields['since'])),
      by: String(fields['by']),
      operation: String(fields['operation']),
    };
  }

  /** Whether others have changed the order's status, or a line of it, after the event. */
  #changedAfter({ id }: PastEvent, orderId: number, what: 'status' | number): boolean {
    return (this.#ofOrder.get(orderId) ?? []).some((event) => {
      if (event.id <= id || this.#own.has(event.operation.id)) return false;
      return what === 'status'
        ? event.lineId === null && event.after?.['status'] !== undefined
        : event.lineId === what;
    });
  }
}

function append<T>(groups: Map<number, T[]>, key: number, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** Whether a holder is the one that an event tells of. */
function isHeldAs(holder: Holder | null, told: Fields | null): boolean {
  if (holder === null || told === null) return holder === told;
  return Object.entries(holderFields(holder)).every(([name, value]) => told[name] === value);
}

function statusOf(fields: Fields | null): OrderStatus {
  const status = ORDER_STATUSES.find((known) => known === fields?.['status']);
  if (status === undefined) throw new Error(`an event tells of the status ${fields?.['status']}`);
  return status;
}

function laterOf(event: PastEvent | null): LaterOperation | null {
  if (event === null) return null;
  const { id, verb, at, by } = event.operation;
  return { operation: id, verb, at: isoMoment(at), by };
}
