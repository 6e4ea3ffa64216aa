/** How orders and their lines stand while labels are moved between them, for the answer of what moves them. */
import type { OrderLineDocument } from './answers.ts';
import { lineDocument } from './documents.ts';
import type { Holder, Label, LineState, OrderState, OrderStatus } from './model.ts';
import { minus, plus } from './quantity.ts';

export class Standing {
  readonly #orders: Map<number, OrderState>;
  /** The lines that gained or lost labels, by id. */
  readonly #touched = new Map<number, LineState>();

  constructor(orders: Iterable<OrderState>) {
    this.#orders = new Map([...orders].map((order) => [order.id, order]));
  }

  /** The order as it is by now; it must be one of those that were given. */
  order(id: number): OrderState {
    const order = this.#orders.get(id);
    if (order === undefined) throw new Error(`order ${id} was not loaded`);
    return { ...order, lines: order.lines.map((line) => this.#touched.get(line.id) ?? line) };
  }

  free(label: Label, holder: Holder): void {
    this.#change(holder, (line) => {
      return { reserved: minus(line.reserved, label.quantity), reservedLabels: line.reservedLabels - 1 };
    });
  }

  hold(label: Label, holder: Holder): void {
    this.#change(holder, (line) => {
      return { reserved: plus(line.reserved, label.quantity), reservedLabels: line.reservedLabels + 1 };
    });
  }

  setStatus(id: number, status: OrderStatus): void {
    this.#orders.set(id, { ...this.order(id), status });
  }

  /** How many labels an order holds. */
  heldBy(id: number): number {
    return this.order(id).lines.reduce((sum, { reservedLabels }) => sum + reservedLabels, 0);
  }

  /** The lines that gained or lost labels, in the order of the orders that were given. */
  lines(): OrderLineDocument[] {
    return [...this.#orders.values()].flatMap(({ number, lines }) => {
      const touched = lines.flatMap(({ id }) => this.#touched.get(id) ?? []);
      return touched.map((line) => ({ order: number, ...lineDocument(line) }));
    });
  }

  #change(
    { orderId, lineId }: Holder,
    change: (line: LineState) => Pick<LineState, 'reserved' | 'reservedLabels'>,
  ): void {
    const line =
      this.#touched.get(lineId) ?? this.#orders.get(orderId)?.lines.find(({ id }) => id === lineId);
    if (line === undefined) throw new Error(`line ${lineId} of order ${orderId} was not loaded`);
    this.#touched.set(lineId, { ...line, ...change(line) });
  }
}
