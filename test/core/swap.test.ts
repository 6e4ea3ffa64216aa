import { describe, expect, it } from 'vitest';
import { type OutcomeCode, PRECEDENCE, type Refusal, type SwapCommand } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { type Given, MORNING, NOON, occasion, PIPE } from '../support/stock.ts';

const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 10 }, { of: PIPE, ordered: 5 }, { ordered: 3 }] },
    'SO-2': { lines: [{ ordered: 10 }, { of: PIPE, ordered: 5 }] },
    'SO-ROLL': { lines: [{ ordered: 10 }] },
    'SO-DONE': { status: 'partially_shipped', lines: [{ ordered: 1, shipped: 1 }, { ordered: 1 }] },
    'SO-ENDED': { status: 'cancelled', lines: [{ ordered: 10 }] },
  },
  labels: {
    'L-1': { holder: 'SO-1/1', code: '4001' },
    'L-2': { holder: 'SO-2/1', quantity: 4 },
    'L-3': { holder: 'SO-1/3' },
    'L-4': { holder: 'SO-1/1' },
    'L-ROLL': { holder: 'SO-ROLL/1' },
    'L-DONE': { holder: 'SO-DONE/1' },
    'L-ENDED': { holder: 'SO-ENDED/1' },
    'L-FREE': { quantity: 7 },
    'L-FREE2': {},
    'L-EMPTY': { quantity: 0 },
    'P-1': { of: PIPE, holder: 'SO-1/2' },
    'P-2': { of: PIPE, holder: 'SO-2/2' },
    'P-FREE': { of: PIPE },
  },
};

const since = new Date(MORNING).toISOString();
const held = (order: string, line: number) => {
  return { order, line, customer: 'Acme', since, by: 'erin', operation: 'op-0' };
};

interface Row {
  readonly name: string;
  readonly when: SwapCommand;
  readonly gives: {
    readonly code: OutcomeCode;
    readonly done?: readonly string[];
    readonly refused?: readonly Refusal[];
  };
}

const TABLE: readonly Row[] = [
  {
    name: 'unknown labels, each once',
    when: { labels: ['L1', 'L9'] },
    gives: {
      code: 'label_not_found',
      refused: [
        { code: 'label_not_found', label: 'L1', near: ['L-1'] },
        { code: 'label_not_found', label: 'L9', near: [] },
      ],
    },
  },
  ...(
    [
      [['4001', 'L-1'], ['L-1', 'L-1'], 'same_label'],
      [['L-FREE', 'L-EMPTY'], ['L-FREE', 'L-EMPTY'], 'both_free'],
      [['L-1', 'L-4'], ['L-1', 'L-4'], 'same_line'],
      [['L-3', 'P-1'], ['L-3', 'P-1'], 'same_order'],
    ] as const
  ).map(([asked, labels, because]): Row => {
    return {
      name: `labels that would stay where they are (${because}), before an expectation`,
      when: { labels: asked, expectOrders: ['SO-9'] },
      gives: { code: 'nothing_to_swap', refused: [{ code: 'nothing_to_swap', labels, because }] },
    };
  }),
  {
    name: 'labels of orders that were not expected, beside one that has ended',
    when: { labels: ['L-1', 'L-ENDED'], expectOrders: ['SO-2', 'SO-3'] },
    gives: {
      code: 'label_reserved_elsewhere',
      refused: [
        { code: 'label_reserved_elsewhere', label: 'L-1', holder: held('SO-1', 1), order: 'SO-2' },
        { code: 'label_reserved_elsewhere', label: 'L-ENDED', holder: held('SO-ENDED', 1), order: 'SO-2' },
        { code: 'order_not_live', order: 'SO-ENDED', status: 'cancelled' },
      ],
    },
  },
  ...(['L-1', 'L-FREE', 'L-EMPTY'] as const).map((label): Row => {
    return {
      name: `an order that has ended would get ${label}`,
      when: { labels: ['L-ENDED', label] },
      gives: {
        code: 'order_not_live',
        refused: [{ code: 'order_not_live', order: 'SO-ENDED', status: 'cancelled' }],
      },
    };
  }),
  {
    name: 'an empty label, before its item',
    when: { labels: ['P-1', 'L-EMPTY'] },
    gives: { code: 'label_depleted', refused: [{ code: 'label_depleted', label: 'L-EMPTY' }] },
  },
  {
    name: 'an active label of another item',
    when: { labels: ['P-FREE', 'L-1'] },
    gives: {
      code: 'label_of_other_item',
      refused: [
        {
          ...{ code: 'label_of_other_item', label: 'P-FREE', item: 'PIPE' },
          ...{ order: 'SO-1', line: 1, wanted: ['ROLL'] },
        },
      ],
    },
  },
  {
    name: 'a label that the other order does not ask for',
    when: { labels: ['P-2', 'L-ROLL'] },
    gives: {
      code: 'label_of_other_item',
      refused: [
        {
          ...{ code: 'label_of_other_item', label: 'P-2', item: 'PIPE' },
          ...{ order: 'SO-ROLL', line: null, wanted: ['ROLL'] },
        },
      ],
    },
  },
  {
    name: 'a label that two lines of the other order ask for',
    when: { labels: ['L-2', 'P-1'] },
    gives: {
      code: 'line_ambiguous',
      refused: [
        {
          ...{ code: 'line_ambiguous', label: 'L-2', item: 'ROLL' },
          ...{ order: 'SO-1', lines: [1, 3], verb: 'transfer' },
        },
      ],
    },
  },
  {
    name: 'a label for a line with nothing outstanding',
    when: { labels: ['L-DONE', 'L-1'] },
    gives: {
      code: 'line_already_shipped',
      refused: [{ code: 'line_already_shipped', order: 'SO-DONE', line: 1, item: 'ROLL', label: null }],
    },
  },
  {
    name: 'a plan of something else',
    when: { labels: ['L-FREE', 'L-1'], plan: 'another' },
    gives: { code: 'plan_stale', refused: [{ code: 'plan_stale', order: 'SO-1' }] },
  },
  {
    name: 'two reservations of two orders, which are expected',
    when: { labels: ['4001', 'L-2'], expectOrders: ['SO-2', 'SO-1'] },
    gives: { code: 'swapped', done: ['L-1 SO-1/1 → SO-2/1', 'L-2 SO-2/1 → SO-1/1'] },
  },
  {
    name: 'two reservations of two lines of one order',
    when: { labels: ['L-1', 'L-3'] },
    gives: { code: 'swapped', done: ['L-1 SO-1/1 → SO-1/3', 'L-3 SO-1/3 → SO-1/1'] },
  },
  {
    name: 'an active label and a reserved one',
    when: { labels: ['L-FREE', 'L-3'], expectOrders: ['SO-1'] },
    gives: { code: 'swapped', done: ['L-FREE nobody → SO-1/3', 'L-3 SO-1/3 → nobody'] },
  },
  {
    name: 'labels of two items, of which each goes to the one line that asks for it',
    when: { labels: ['L-1', 'P-2'] },
    gives: { code: 'swapped', done: ['L-1 SO-1/1 → SO-2/1', 'P-2 SO-2/2 → SO-1/2'] },
  },
];

const ELSEWHERE: readonly OutcomeCode[] = ['operation_id_reused'];

function place(reservation: { readonly order: string; readonly line: number } | null): string {
  return reservation === null ? 'nobody' : `${reservation.order}/${reservation.line}`;
}

function swap(command: SwapCommand, ledger = new ModelLedger(STOCK)) {
  const decision = ledger.swap(command, occasion());
  const done = decision.answer.results.map(({ label, was }) => {
    return `${label.number} ${place(was)} → ${place(label.reservation)}`;
  });
  return { ...decision, done, ledger };
}

describe('swap', () => {
  it.each(TABLE)('$name: $gives.code', ({ when, gives }) => {
    const { answer, changes, done } = swap(when);
    expect(answer.code).toBe(gives.code);
    expect(answer.refusals).toEqual(gives.refused ?? []);
    expect(done).toEqual(gives.done ?? []);
    const ok = gives.refused === undefined;
    expect(answer).toMatchObject({ ok, complete: ok });
    if (!ok) expect(changes.events).toEqual([]);
  });

  it('reaches every outcome of its list', () => {
    const reached = new Set<OutcomeCode>(TABLE.map(({ gives }) => gives.code));
    expect(PRECEDENCE.swap.filter((code) => !reached.has(code))).toEqual(ELSEWHERE);
  });

  it('writes both ends, each from its holder to its new one, and says how the lines stand', () => {
    const { answer, changes } = swap({ labels: ['L-FREE', 'L-2'] });
    const { customer: _, ...before } = held('SO-2', 1);
    const after = {
      order: 'SO-2',
      line: 1,
      since: new Date(NOON).toISOString(),
      by: 'dana',
      operation: 'op-1',
    };
    const where = { itemId: null, orderId: 2, lineId: 200 };
    expect(changes.events).toEqual([
      { kind: 'reserved', ...where, labelId: 8, before: null, after },
      { kind: 'unreserved', ...where, labelId: 2, before, after: null },
    ]);
    expect(answer.results.map(({ label }) => label.status)).toEqual(['reserved', 'active']);
    expect(answer.lines).toMatchObject([
      { order: 'SO-2', line: 1, reserved: 7, reservedLabels: 1, shortfall: 3 },
    ]);
  });

  it('does exactly what its plan says, or nothing', () => {
    const command: SwapCommand = { labels: ['L-FREE', 'L-2'] };
    const plan = swap(command).answer.plan ?? '';
    expect(swap({ ...command, plan }).answer.code).toBe('swapped');
    const ledger = new ModelLedger(STOCK);
    ledger.reserve({ order: 'SO-1', line: 1, labels: ['L-FREE'] }, occasion({ operation: 'op-a' }));
    expect(swap({ ...command, plan }, ledger).answer.code).toBe('plan_stale');
  });

  it('repeated, changes them back', () => {
    const { ledger } = swap({ labels: ['L-1', 'L-2'] });
    expect(swap({ labels: ['L-1', 'L-2'] }, ledger).done).toEqual([
      'L-1 SO-2/1 → SO-1/1',
      'L-2 SO-1/1 → SO-2/1',
    ]);
  });

  it('happens no earlier than the last event of both labels and their orders', () => {
    const ledger = new ModelLedger(STOCK);
    ledger.unreserve({ target: { labels: ['P-2'] } }, occasion({ now: NOON + 9, operation: 'op-a' }));
    expect(swap({ labels: ['L-1', 'L-2'] }, ledger).at).toBe(NOON + 9);
  });
});
