/** What a repair does if everything is as it was found, and that it does nothing if not. */
import { describe, expect, it } from 'vitest';
import {
  decideRepair,
  type KnownItem,
  type LabelState,
  type OrderState,
  type RepairStep,
  type Snapshot,
} from '../../src/core/index.ts';
import {
  freeLabel,
  heldLabel,
  holder,
  line,
  MORNING,
  NOON,
  occasion,
  order,
  ROLL,
} from '../support/stock.ts';

const SINCE = new Date(MORNING).toISOString();
const HELD = { order: 'SO-1', line: 1, since: SINCE, by: 'erin', operation: 'op-0' };

function snapshot(over: {
  labels?: readonly LabelState[];
  orders?: readonly OrderState[];
  items?: readonly KnownItem[];
}): Snapshot {
  const { labels = [], orders = [order({ lines: [line(1, { ordered: 10 })] })], items = [] } = over;
  return {
    ...{ order: null, held: [], lastShipment: null, holders: new Map(), past: null, near: new Map() },
    labels: new Map(labels.map((state) => [state.label.number, state])),
    orders: new Map(orders.map((state) => [state.number, state])),
    items: new Map(items.map((known) => [known.item.sku, known])),
  };
}

const free: RepairStep = {
  ...{ do: 'free', because: 'expired-held', label: 'L-1', order: 'SO-1', line: 1, since: SINCE },
};
const holderBack: RepairStep = {
  ...{ do: 'put_back_holder', because: 'history-state', label: 'L-1', found: null, said: HELD },
};
const holderGone: RepairStep = {
  ...{ do: 'put_back_holder', because: 'history-state', label: 'L-1', found: HELD, said: null },
};
const quantity: RepairStep = {
  ...{ do: 'put_back', because: 'history-state', thing: { kind: 'label', label: 'L-1' } },
  ...{ found: { quantity: 7 }, said: { quantity: 10 } },
};
const heldState = heldLabel(1, 'L-1', holder());

describe('what is not as it was found any more makes the whole plan stale', () => {
  const rows: readonly (readonly [name: string, RepairStep, LabelState | undefined])[] = [
    ['a label is free by now', free, freeLabel(1, 'L-1')],
    ['a label has another holder', free, heldLabel(1, 'L-1', holder({ order: 'SO-2' }))],
    ['a label is held for another line', free, heldLabel(1, 'L-1', holder({ line: 2 }))],
    ['a label was reserved anew', free, heldLabel(1, 'L-1', holder({ since: NOON }))],
    ['a label is gone', free, undefined],
    ['a label is held by now', holderBack, heldState],
    ['a label is held by another operation', holderGone, heldLabel(1, 'L-1', holder({ operation: 'op-9' }))],
    ['a quantity has changed', quantity, freeLabel(1, 'L-1', { quantity: 8 })],
    [
      'what a gap is of is gone',
      { do: 'accept', because: 'history-chain', thing: { kind: 'label', label: 'L-1' }, field: 'holder' },
      undefined,
    ],
  ];
  it.each(rows)('%s', (_, step, state) => {
    const labels = state === undefined ? [] : [state];
    const { answer, changes } = decideRepair([step], snapshot({ labels }), occasion());
    expect(answer).toMatchObject({ ok: false, code: 'plan_stale', steps: [] });
    expect(changes.events).toEqual([]);
  });
});

describe('what is as it was found', () => {
  it('frees a label with an event of its own', () => {
    const { answer, changes } = decideRepair([free], snapshot({ labels: [heldState] }), occasion());
    expect(answer).toMatchObject({ code: 'repaired', steps: [free], left: [] });
    expect(changes.freedLabels).toEqual([1]);
    expect(changes.events).toMatchObject([{ kind: 'unreserved', before: HELD, after: null }]);
  });

  it('puts a reservation back as it was', () => {
    const { changes } = decideRepair([holderBack], snapshot({ labels: [freeLabel(1, 'L-1')] }), occasion());
    expect(changes.reservations).toMatchObject([
      { labelId: 1, lineId: 11, restored: { since: MORNING, by: 'erin', operation: 'op-0' } },
    ]);
    expect(changes.events).toMatchObject([
      { kind: 'restored', orderId: 1, lineId: 11, before: null, after: HELD },
    ]);
  });

  it('takes a reservation away that history does not know', () => {
    const { changes } = decideRepair([holderGone], snapshot({ labels: [heldState] }), occasion());
    expect(changes).toMatchObject({ freedLabels: [1], reservations: [] });
    expect(changes.events).toMatchObject([{ kind: 'restored', before: HELD, after: null }]);
  });

  it('puts the fields of one row back together', () => {
    const thing = { kind: 'line', order: 'SO-1', line: 1 } as const;
    const of = (field: string, found: number, said: number): RepairStep => ({
      ...{ do: 'put_back', because: 'history-state', thing },
      ...{ found: { [field]: found }, said: { [field]: said } },
    });
    const orders = [order({ lines: [line(1, { ordered: 5, shipped: 5 })] })];
    const steps = [of('shipped', 5, 8), of('ordered', 5, 10)];
    const { answer, changes } = decideRepair(steps, snapshot({ orders }), occasion());
    expect(answer.left).toEqual([]);
    expect(changes.restoredRows).toEqual([
      { ids: { itemId: null, labelId: null, orderId: 1, lineId: 11 }, fields: { shipped: 8, ordered: 10 } },
    ]);
    expect(changes.events).toMatchObject([{ kind: 'restored', before: { shipped: 5, ordered: 5 } }]);
  });

  it('happens never before the last event of what it touches', () => {
    const late = { ...heldState, lastEventAt: NOON + 5000 };
    expect(decideRepair([free], snapshot({ labels: [late] }), occasion()).at).toBe(NOON + 5000);
  });
});

describe('what a rule forbids is left, and the rest is done', () => {
  const reasons = (steps: readonly RepairStep[], given: Parameters<typeof snapshot>[0]) => {
    const { answer } = decideRepair(steps, snapshot(given), occasion());
    return answer.left.map(({ reason }) => reason);
  };
  const field = (
    thing: Extract<RepairStep, { do: 'put_back' }>['thing'],
    name: string,
    found: string | number | null,
    said: string | number | null,
  ): RepairStep => ({
    ...{ do: 'put_back', because: 'history-state', thing },
    ...{ found: { [name]: found }, said: { [name]: said } },
  });
  const label = { kind: 'label', label: 'L-1' } as const;

  it.each([
    [
      'the order has ended',
      { orders: [order({ status: 'shipped', lines: [line(1, { ordered: 10 })] })] },
      'SO-1 is shipped, and only live orders hold labels',
    ],
    ['the line is gone', { orders: [order()] }, 'SO-1 line 1 is not there any more'],
  ] as const)('a reservation: %s', (_, given, says) => {
    expect(reasons([holderBack], { labels: [freeLabel(1, 'L-1')], ...given })).toEqual([says]);
  });

  it('a reservation of an order that is put back to life is no such thing', () => {
    const orders = [order({ status: 'closed', lines: [line(1, { ordered: 10 })] })];
    const alive = field({ kind: 'order', order: 'SO-1' }, 'status', 'closed', 'open');
    expect(reasons([alive, holderBack], { labels: [freeLabel(1, 'L-1')], orders })).toEqual([]);
  });

  it.each([
    [
      'it is empty',
      [holderBack],
      freeLabel(1, 'L-1', { quantity: 0 }),
      ['L-1 is empty, and an empty label is held by nobody'],
    ],
    [
      'it would be empty',
      [field(label, 'quantity', 10, 0)],
      heldState,
      ['L-1 is held by SO-1, and an empty label is held by nobody'],
    ],
    ['it would be empty, and is freed with it', [field(label, 'quantity', 10, 0), holderGone], heldState, []],
    [
      'it is held, and its item stays',
      [field(label, 'item', 'ROLL', 'PIPE')],
      heldState,
      ['L-1 is held by SO-1'],
    ],
    [
      'its item is gone',
      [field(label, 'item', 'ROLL', 'PIPE')],
      freeLabel(1, 'L-1'),
      ['item PIPE is not there any more'],
    ],
  ] as const)('a label: %s', (_, steps, state, says) => {
    expect(reasons(steps, { labels: [state] })).toEqual(says);
  });

  it('a scan code that means another label by now', () => {
    const labels = [freeLabel(1, 'L-1'), freeLabel(2, 'C-1')];
    expect(reasons([field(label, 'code', null, 'C-1')], { labels })).toEqual(['C-1 means C-1 now']);
  });

  it('a line that would have shipped more than was ordered', () => {
    const orders = [order({ lines: [line(1, { ordered: 5, shipped: 5 })] })];
    const thing = { kind: 'line', order: 'SO-1', line: 1 } as const;
    expect(reasons([field(thing, 'ordered', 5, 3)], { orders })).toEqual([
      'more would be shipped than ordered',
    ]);
  });

  it('an item with labels that would be a standard one', () => {
    const items = [{ item: ROLL, hasLabels: true, lastEventAt: null }];
    const step = field({ kind: 'item', item: 'ROLL' }, 'tracking', 'serialized', 'standard');
    expect(reasons([step], { items })).toEqual(['ROLL has labels']);
    expect(reasons([step], { items: [{ item: ROLL, hasLabels: false, lastEventAt: null }] })).toEqual([]);
  });
});
