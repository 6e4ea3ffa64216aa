/** Stock in a few words: what a test of the rules is given. Quantities are decimals, as a person writes them. */
import {
  fromDecimal,
  type Holder,
  type Item,
  type Label,
  type LabelState,
  type LineState,
  type Occasion,
  type OrderState,
  type OrderStatus,
  type Quantity,
  type Tracking,
} from '../../src/core/index.ts';

export const TODAY = '2026-11-23';
export const NOON = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;
/** When the labels of a `Given` were reserved that have a holder from the start. */
export const MORNING = NOON - 3 * HOUR;

export function item(id: number, sku: string, tracking: Tracking = 'serialized'): Item {
  return { id, sku, name: `${sku} name`, unit: 'kg', tracking };
}

export const ROLL = item(1, 'ROLL');
export const PIPE = item(2, 'PIPE');
export const BOLT = item(3, 'BOLT', 'standard');
export const ITEMS: readonly Item[] = [ROLL, PIPE, BOLT];

/** A decimal as the rules hold it. */
export function q(decimal: number): Quantity {
  return fromDecimal(decimal);
}

export function occasion(overrides: Partial<Occasion> = {}): Occasion {
  const plain = { now: NOON, today: TODAY, operation: 'op-1', by: 'dana', reason: null, dryRun: false };
  return { ...plain, ...overrides };
}

/** A label by its number: of ROLL, holding 10, free, with no dates, unless said otherwise. */
export interface LabelGiven {
  readonly of?: Item;
  readonly quantity?: number;
  readonly code?: string;
  readonly lot?: string;
  readonly expiry?: string;
  readonly created?: string;
  /** Order and line number: `SO-1/2`. */
  readonly holder?: string;
  readonly recordedAt?: number;
}

/** Lines are numbered from 1, and of ROLL unless said otherwise. */
export interface LineGiven {
  readonly of?: Item;
  readonly ordered: number;
  readonly shipped?: number;
}

/** An order by its number: open unless said otherwise. */
export interface OrderGiven {
  readonly status?: OrderStatus;
  readonly lines?: readonly LineGiven[];
  readonly recordedAt?: number;
}

export interface Given {
  readonly labels?: Readonly<Record<string, LabelGiven>>;
  readonly orders?: Readonly<Record<string, OrderGiven>>;
}

export function label(id: number, number: string, given: LabelGiven = {}): Label {
  const { of = ROLL, quantity = 10, code = null, lot = null, expiry = null, created = null } = given;
  return {
    ...{ id, number, code, item: of, location: 'hall 1', bin: 'A-1', lot, expiry, created },
    quantity: q(quantity),
  };
}

/** A label that nobody holds, as it is read. */
export function freeLabel(id: number, number: string, given: LabelGiven = {}): LabelState {
  return { label: label(id, number, given), holder: null, lastEventAt: null };
}

/** A label that a line of an order holds, as it is read. */
export function heldLabel(id: number, number: string, holder: Holder, given: LabelGiven = {}): LabelState {
  return { label: label(id, number, given), holder, lastEventAt: null };
}

export function holder(overrides: Partial<Holder> = {}): Holder {
  return {
    ...{ orderId: 1, order: 'SO-1', orderStatus: 'open', customer: 'Acme', lineId: 11, line: 1 },
    ...{ since: MORNING, by: 'erin', operation: 'op-0' },
    ...overrides,
  };
}

/** A line that nothing is reserved for yet; its id is told from its number. */
export function line(number: number, given: LineGiven): LineState {
  const { of = ROLL, ordered, shipped = 0 } = given;
  const amounts = { ordered: q(ordered), shipped: q(shipped), reserved: q(0), reservedLabels: 0 };
  return { id: 10 + number, line: number, item: of, ...amounts };
}

export function order(overrides: Partial<OrderState> = {}): OrderState {
  return {
    ...{ id: 1, number: 'SO-1', customer: 'Acme', ordered: null, due: null },
    ...{ status: 'open', lines: [], lastEventAt: null },
    ...overrides,
  };
}
