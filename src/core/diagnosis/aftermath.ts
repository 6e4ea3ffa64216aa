/**
 * How things would stand if all steps of a repair were done, and which steps the rules forbid for that. History is the
 * truth about what was; but what can't be, such as an ended order that holds labels, is not written again.
 */
import type { Fields } from '../changes.ts';
import type { Snapshot } from '../decision.ts';
import { isLive, type OrderState, type OrderStatus } from '../model.ts';
import { countedLabels } from './judging.ts';
import type { RepairStep } from './repair-step.ts';
import { fieldsOf, type Row, rowOf } from './rows.ts';
import { thingKey } from './repair-plan.ts';

type PutBack = Extract<RepairStep, { do: 'put_back' }>;
type PutBackHolder = Extract<RepairStep, { do: 'put_back_holder' }>;

export class Aftermath {
  readonly #snapshot: Snapshot;
  /** What rows are put back to, by thing. */
  readonly #said = new Map<string, Fields>();
  /** Who holds labels afterwards, where that changes: the order's number, or null. */
  readonly #holders = new Map<string, string | null>();

  constructor(steps: readonly RepairStep[], snapshot: Snapshot) {
    this.#snapshot = snapshot;
    for (const step of steps) {
      if (step.do === 'put_back') {
        const key = JSON.stringify(thingKey(step.thing));
        this.#said.set(key, { ...this.#said.get(key), ...step.said });
      } else if (step.do === 'free') this.#holders.set(step.label, null);
      else if (step.do === 'put_back_holder') {
        this.#holders.set(step.label, step.said === null ? null : String(step.said['order']));
      }
    }
  }

  /** Why the step can't be done, as a clause; undefined if it can. */
  forbids(step: RepairStep): string | undefined {
    switch (step.do) {
      case 'free':
      case 'accept':
        return undefined;
      case 'put_back_holder':
        return step.said === null ? undefined : this.#forbidsHolder(step, step.said);
      case 'put_back':
        return this.#forbidsFields(step);
    }
  }

  #forbidsHolder({ label }: PutBackHolder, said: Fields): string | undefined {
    const order = this.#snapshot.orders?.get(String(said['order']));
    const line = order?.lines.find((each) => each.line === said['line']);
    const state = this.#snapshot.labels.get(label);
    if (order === undefined || line === undefined || state === undefined) {
      return `${String(said['order'])} line ${String(said['line'])} is not there any more`;
    }
    const status = this.#statusOf(order);
    if (!isLive(status)) return `${order.number} is ${status}, and only live orders hold labels`;
    const fields = this.#after({ kind: 'label', state }, ['label', label]);
    if (fields['quantity'] === 0) return `${label} is empty, and an empty label is held by nobody`;
    if (line.item.id !== state.label.item.id || line.item.tracking !== 'serialized') {
      return `${order.number} line ${line.line} is for ${line.item.sku} now`;
    }
    return undefined;
  }

  #forbidsFields({ thing, said }: PutBack): string | undefined {
    const row = rowOf(thing, this.#snapshot);
    if (row === undefined) return 'it is not there any more';
    const [field] = Object.keys(said);
    switch (row.kind) {
      case 'label':
        return this.#forbidsLabel(row, field ?? '', said);
      case 'order': {
        const status = said['status'] as OrderStatus | undefined;
        if (status === undefined || isLive(status) || this.#heldBy(row.state) === 0) return undefined;
        return `${row.state.number} holds ${countedLabels(this.#heldBy(row.state))}, and only live orders hold labels`;
      }
      case 'line':
        return this.#forbidsLine(row, said);
      case 'item': {
        const { state } = row;
        if (said['tracking'] !== 'standard' || !state.hasLabels) return undefined;
        return `${state.item.sku} has labels`;
      }
    }
  }

  #forbidsLabel({ state }: Extract<Row, { kind: 'label' }>, field: string, said: Fields): string | undefined {
    const { number, id } = state.label;
    const changed = this.#holders.get(number);
    const holder = changed === undefined ? (state.holder?.order ?? null) : changed;
    if (field === 'quantity' && said['quantity'] === 0 && holder !== null) {
      return `${number} is held by ${holder}, and an empty label is held by nobody`;
    }
    if (field === 'item') {
      if (holder !== null) return `${number} is held by ${holder}`;
      return this.#forbidsItem(said);
    }
    if (field === 'code' && said['code'] !== null) {
      const other = this.#snapshot.labels.get(String(said['code']));
      if (other !== undefined && other.label.id !== id)
        return `${String(said['code'])} means ${other.label.number} now`;
    }
    return undefined;
  }

  #forbidsLine({ state, order }: Extract<Row, { kind: 'line' }>, said: Fields): string | undefined {
    const after = this.#after({ kind: 'line', state, order }, ['line', order.number, state.line]);
    if (Number(after['shipped']) > Number(after['ordered'])) return 'more would be shipped than ordered';
    if (said['item'] === undefined) return undefined;
    if (state.reservedLabels > 0) return `${order.number} line ${state.line} holds labels`;
    return this.#forbidsItem(said);
  }

  #forbidsItem({ item }: Fields): string | undefined {
    return this.#snapshot.items?.has(String(item)) === true
      ? undefined
      : `item ${String(item)} is not there any more`;
  }

  #after(row: Row, key: readonly (string | number)[]): Fields {
    return { ...fieldsOf(row), ...this.#said.get(JSON.stringify(key)) };
  }

  #statusOf(order: OrderState): OrderStatus {
    return (this.#after({ kind: 'order', state: order }, ['order', order.number])['status'] ??
      order.status) as OrderStatus;
  }

  /** How many labels an order holds afterwards. */
  #heldBy(order: OrderState): number {
    let held = order.lines.reduce((sum, { reservedLabels }) => sum + reservedLabels, 0);
    for (const [label, holder] of this.#holders) {
      const before = this.#snapshot.labels.get(label)?.holder?.order ?? null;
      if (before === holder) continue;
      if (before === order.number) held -= 1;
      if (holder === order.number) held += 1;
    }
    return held;
  }
}
