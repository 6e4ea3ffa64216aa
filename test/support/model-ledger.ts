/**
 * A ledger in memory, in the plainest words: it loads and writes as a storage does, and is as strict as a database's
 * constraints, so that whatever a decision breaks is thrown at once.
 */
import {
  type Answer,
  type Decision,
  decideEnd,
  decideReserve,
  decideShip,
  decideSwap,
  decideTransfer,
  decideUndo,
  decideUnreserve,
  type EndAnswer,
  type EndCommand,
  type Holder,
  type Label,
  type LabelState,
  type LineState,
  labelOf,
  type NewEvent,
  nearKeys,
  type Occasion,
  type OrderState,
  type OrderStatus,
  type Past,
  type PastEvent,
  type PastOperation,
  plus,
  type Quantity,
  type ReserveAnswer,
  type ReserveCommand,
  type Scope,
  type ShipAnswer,
  type ShipCommand,
  type ShipmentDocument,
  type Snapshot,
  type StockState,
  type SwapAnswer,
  type SwapCommand,
  type TransferAnswer,
  type TransferCommand,
  type UndoAnswer,
  type UndoCommand,
  type UnreserveAnswer,
  type UnreserveCommand,
} from '../../src/core/index.ts';
import { type Given, label, line, MORNING } from './stock.ts';

export interface ModelEvent extends NewEvent {
  readonly at: number;
  readonly operation: string;
}

interface ModelLine extends LineState {
  readonly orderId: number;
}

interface Reservation {
  readonly lineId: number;
  readonly since: number;
  readonly by: string;
  readonly operation: string;
}

export class ModelLedger {
  readonly labels = new Map<number, Label>();
  readonly orders = new Map<number, Omit<OrderState, 'lines' | 'lastEventAt'>>();
  readonly lines = new Map<number, ModelLine>();
  readonly reservations = new Map<number, Reservation>();
  readonly events: ModelEvent[] = [];
  readonly operations: PastOperation[] = [{ id: 'op-0', verb: 'reserve', at: MORNING, by: 'erin' }];
  /** As the rows came in, before any event. */
  readonly first: {
    readonly labels: ReadonlyMap<number, Label>;
    readonly lines: ReadonlyMap<number, ModelLine>;
    readonly statuses: ReadonlyMap<number, OrderStatus>;
  };
  readonly #recordedAt = new Map<string, number>();
  readonly #lastShipments = new Map<number, ShipmentDocument>();

  constructor({ labels = {}, orders = {} }: Given) {
    for (const [at, [number, given]] of Object.entries(orders).entries()) {
      const id = at + 1;
      const row = { id, number, customer: 'Acme', ordered: null, due: null, status: given.status ?? 'open' };
      this.orders.set(id, row);
      if (given.recordedAt !== undefined) this.#recordedAt.set(`order ${id}`, given.recordedAt);
      for (const [index, each] of (given.lines ?? []).entries()) {
        const row = line(index + 1, each);
        this.lines.set(100 * id + index, { ...row, id: 100 * id + index, orderId: id });
      }
    }
    for (const [at, [number, given]] of Object.entries(labels).entries()) {
      this.labels.set(at + 1, label(at + 1, number, given));
      if (given.recordedAt !== undefined) this.#recordedAt.set(`label ${at + 1}`, given.recordedAt);
      if (given.holder !== undefined) this.#hold(at + 1, given.holder);
    }
    const statuses = new Map([...this.orders].map(([id, { status }]) => [id, status]));
    this.first = { labels: new Map(this.labels), lines: new Map(this.lines), statuses };
  }

  reserve(command: ReserveCommand, occasion: Occasion): Decision<ReserveAnswer> {
    const scope = { order: command.order, labels: command.labels.map(labelOf) };
    return this.#write(decideReserve(command, this.snapshot(scope), occasion), occasion);
  }

  unreserve(command: UnreserveCommand, occasion: Occasion): Decision<UnreserveAnswer> {
    const { target } = command;
    const scope =
      'labels' in target ? { labels: target.labels.map(labelOf) } : { order: target.order, held: true };
    return this.#write(decideUnreserve(command, this.snapshot(scope), occasion), occasion);
  }

  ship(command: ShipCommand, occasion: Occasion): Decision<ShipAnswer> {
    const scope = { order: command.order, labels: command.from ?? [], held: true, lastShipment: true };
    const decision = this.#write(decideShip(command, this.snapshot(scope), occasion), occasion);
    const { answer, changes } = decision;
    const [shipment] = changes.shipments;
    if (shipment !== undefined && answer.shipment !== null && !answer.dryRun) {
      this.#lastShipments.set(shipment.orderId, answer.shipment);
    }
    return decision;
  }

  transfer(command: TransferCommand, occasion: Occasion): Decision<TransferAnswer> {
    const scope = { order: command.to.order, labels: command.labels.map(labelOf), holders: true };
    return this.#write(decideTransfer(command, this.snapshot(scope), occasion), occasion);
  }

  swap(command: SwapCommand, occasion: Occasion): Decision<SwapAnswer> {
    const scope = { labels: command.labels, holders: true };
    return this.#write(decideSwap(command, this.snapshot(scope), occasion), occasion);
  }

  end(verb: 'cancel' | 'close', command: EndCommand, occasion: Occasion): Decision<EndAnswer> {
    const scope = { order: command.order, held: true };
    return this.#write(decideEnd(verb, command, this.snapshot(scope), occasion), occasion);
  }

  undo(command: UndoCommand, occasion: Occasion): Decision<UndoAnswer> {
    const scope = { operation: command.operation };
    return this.#write(decideUndo(command, this.snapshot(scope), occasion), occasion);
  }

  snapshot(scope: Scope): Snapshot {
    const orders = [...this.orders.values()];
    const row = orders.find(({ number }) => number === scope.order);
    const found = row === undefined ? null : this.order(row.id);
    const near = new Map<string, string[]>();
    if (scope.order !== undefined && found === null) {
      near.set(
        scope.order,
        nearOf(
          scope.order,
          orders.map(({ number }) => number),
        ),
      );
    }
    const labels = new Map<string, LabelState>();
    for (const text of scope.labels ?? []) {
      const state = this.#find(text);
      if (state !== undefined) labels.set(text, state);
      else
        near.set(
          text,
          nearOf(
            text,
            [...this.labels.values()].map(({ number }) => number),
          ),
        );
    }
    const held = scope.held === true && found !== null ? this.held(found.id) : [];
    const last = found === null ? null : (this.#lastShipments.get(found.id) ?? null);
    const holding = [...labels.values()].flatMap(({ holder }) => holder?.orderId ?? []);
    return {
      ...{ order: found, labels, held, lastShipment: scope.lastShipment === true ? last : null, near },
      holders: new Map((scope.holders === true ? holding : []).map((id) => [id, this.order(id)])),
      past: scope.operation === undefined ? null : this.#past(scope.operation),
    };
  }

  #past(name: string): Past | null {
    const one = this.operations.filter(({ id }) => id === name);
    const group = this.operations.filter(({ id }) => {
      return id.startsWith(`${name}/`) && /^\d+$/.test(id.slice(name.length + 1));
    });
    group.reverse();
    const operations = one.length > 0 ? one : group;
    if (operations.length === 0) return null;
    const all = this.events.map(({ operation, ...event }, id): PastEvent => {
      return { ...event, id, operation: must(this.operations.find((each) => each.id === operation)) };
    });
    const own = all.filter(({ operation }) => operations.includes(operation));
    const follows = (event: PastEvent): boolean =>
      own.some(({ id, labelId, orderId }) => {
        if (event.id < id) return false;
        return event.labelId === null ? orderId === event.orderId : labelId === event.labelId;
      });
    const idsOf = (kind: 'labelId' | 'orderId') => new Set(own.flatMap((event) => event[kind] ?? []));
    return {
      operations,
      events: all.filter((event) => own.includes(event) || follows(event)),
      labels: byNumber([...idsOf('labelId')].map((id) => [this.label(id).label.number, id, this.label(id)])),
      orders: byNumber([...idsOf('orderId')].map((id) => [this.order(id).number, id, this.order(id)])),
    };
  }

  /** Everything, as the invariants see it. */
  state(): StockState {
    return {
      labels: [...this.labels.keys()].map((id) => this.label(id)),
      orders: [...this.orders.keys()].map((id) => this.order(id)),
    };
  }

  label(id: number): LabelState {
    const own = must(this.labels.get(id));
    const reservation = this.reservations.get(id);
    const holder = reservation === undefined ? null : this.#holder(reservation);
    const times = [this.#lastAt('label', id), holder === null ? null : this.#lastAt('order', holder.orderId)];
    const known = times.filter((at) => at !== null);
    return { label: own, holder, lastEventAt: known.length === 0 ? null : Math.max(...known) };
  }

  order(id: number): OrderState {
    const lines = [...this.lines.values()].filter(({ orderId }) => orderId === id);
    return {
      ...must(this.orders.get(id)),
      lines: lines.map((each) => this.#line(each)),
      lastEventAt: this.#lastAt('order', id),
    };
  }

  held(orderId: number): LabelState[] {
    const states = [...this.reservations.keys()].map((id) => this.label(id));
    const held = states.filter(({ holder }) => holder?.orderId === orderId);
    return held.sort((a, b) => (a.label.number < b.label.number ? -1 : 1));
  }

  /** Only what is `ok` is written, and a dry run never. */
  #write<A extends Answer>(decision: Decision<A>, occasion: Occasion): Decision<A> {
    if (!decision.answer.ok || occasion.dryRun) return decision;
    const { changes, at } = decision;
    for (const id of changes.freedLabels) {
      if (!this.reservations.delete(id)) throw new Error(`label ${id} was freed without a holder`);
    }
    for (const { labelId, lineId, itemId, restored } of changes.reservations) {
      if (this.reservations.has(labelId)) throw new Error(`label ${labelId} would have two holders`);
      const items = [must(this.labels.get(labelId)).item.id, must(this.lines.get(lineId)).item.id];
      if (items.some((id) => id !== itemId)) throw new Error(`label ${labelId} is of another item`);
      const { by, operation } = occasion;
      this.reservations.set(
        labelId,
        restored ? { lineId, ...restored } : { lineId, since: at, by, operation },
      );
    }
    for (const [id, quantity] of changes.labelQuantities) {
      this.labels.set(id, { ...must(this.labels.get(id)), quantity });
    }
    for (const { lineId, shipped } of changes.lineShipped) {
      this.lines.set(lineId, { ...must(this.lines.get(lineId)), shipped });
    }
    for (const { orderId, status } of changes.orderStatuses) {
      this.orders.set(orderId, { ...must(this.orders.get(orderId)), status });
    }
    const { operation, by } = occasion;
    this.operations.push({ id: operation, verb: decision.answer.verb, at, by });
    this.events.push(...changes.events.map((event) => ({ ...event, at, operation })));
    return decision;
  }

  #find(text: string): LabelState | undefined {
    const labels = [...this.labels.values()];
    const found = labels.find(({ number }) => number === text) ?? labels.find(({ code }) => code === text);
    return found === undefined ? undefined : this.label(found.id);
  }

  #holder({ lineId, since, by, operation }: Reservation): Holder {
    const { orderId, line: number } = must(this.lines.get(lineId));
    const { number: order, status: orderStatus, customer } = must(this.orders.get(orderId));
    return { orderId, order, orderStatus, customer, lineId, line: number, since, by, operation };
  }

  #line({ orderId: _, ...row }: ModelLine): LineState {
    const own = [...this.reservations].filter(([, { lineId }]) => lineId === row.id);
    const quantities = own.map(([id]) => must(this.labels.get(id)).quantity);
    return { ...row, reserved: quantities.reduce(plus, 0 as Quantity), reservedLabels: own.length };
  }

  #lastAt(kind: 'label' | 'order', id: number): number | null {
    const own = this.events.findLast((event) => (kind === 'label' ? event.labelId : event.orderId) === id);
    return own?.at ?? this.#recordedAt.get(`${kind} ${id}`) ?? null;
  }

  /** Makes a label held from the start, with the event that tells of it. */
  #hold(labelId: number, place: string): void {
    const [number, lineNumber] = place.split('/');
    const order = must([...this.orders.values()].find((each) => each.number === number));
    const lines = [...this.lines.values()];
    const { id: lineId } = must(
      lines.find((each) => each.orderId === order.id && String(each.line) === lineNumber),
    );
    const reservation = { lineId, since: MORNING, by: 'erin', operation: 'op-0' };
    this.reservations.set(labelId, reservation);
    const since = new Date(MORNING).toISOString();
    const after = { order: order.number, line: Number(lineNumber), since, by: 'erin', operation: 'op-0' };
    const ids = { itemId: null, labelId, orderId: order.id, lineId };
    this.events.push({ kind: 'reserved', ...ids, before: null, after, at: MORNING, operation: 'op-0' });
  }
}

function byNumber<T>(states: [number: string, id: number, state: T][]): Map<number, T> {
  const sorted = states.sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([, id, state]) => [id, state]));
}

function nearOf(key: string, known: readonly string[]): string[] {
  return nearKeys(key).filter((candidate) => known.includes(candidate));
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the ledger has no such row');
  return value;
}
