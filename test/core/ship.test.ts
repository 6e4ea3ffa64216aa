import { describe, expect, it } from 'vitest';
import { type OutcomeCode, PRECEDENCE, type Refusal, type ShipCommand } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { BOLT, type Given, MORNING, occasion, PIPE } from '../support/stock.ts';

const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 15.5 }, { of: PIPE, ordered: 4 }, { of: BOLT, ordered: 40 }] },
    'SO-2': { lines: [{ ordered: 10 }] },
    'SO-BOLTS': { status: 'draft', lines: [{ of: BOLT, ordered: 7, shipped: 2 }] },
    'SO-OLD': { lines: [{ ordered: 12 }] },
    'SO-IDLE': { lines: [{ ordered: 10 }, { ordered: 1, shipped: 1 }] },
    'SO-DONE': { lines: [{ ordered: 10, shipped: 10 }] },
    'SO-SHIPPED': { status: 'shipped', lines: [{ ordered: 10, shipped: 10 }] },
    'SO-CLOSED': { status: 'closed', lines: [{ ordered: 10 }] },
    'SO-CANCELLED': { status: 'cancelled', lines: [{ ordered: 10 }] },
  },
  labels: {
    'L-1': { quantity: 10, holder: 'SO-1/1', created: '2026-01-01', code: '4001' },
    'L-2': { quantity: 3, holder: 'SO-1/1', created: '2026-02-01' },
    'L-OTHER': { quantity: 10, holder: 'SO-2/1' },
    'L-FREE': { quantity: 10, code: '4009' },
    'L-PIPE': { of: PIPE, quantity: 5 },
    'L-BOLT': { of: BOLT },
    'L-EMPTY': { quantity: 0 },
    'L-DUE': { quantity: 1, holder: 'SO-OLD/1', expiry: '2026-11-23' },
    'L-OLD': { quantity: 8, holder: 'SO-OLD/1', expiry: '2026-11-22' },
    'L-AGED': { quantity: 9, expiry: '2025-01-01' },
  },
};

const since = new Date(MORNING).toISOString();
const SO2_HOLDS = { order: 'SO-2', line: 1, customer: 'Acme', since, by: 'erin', operation: 'op-0' };
const elsewhere: Refusal = {
  ...{ code: 'label_reserved_elsewhere', label: 'L-OTHER' },
  ...{ holder: SO2_HOLDS, order: 'SO-1' },
};
const ROLLS_SHORT = { line: 1, item: 'ROLL', unit: 'kg', needed: 15.5, reserved: 13, missing: 2.5 };
const PIPES_SHORT = { line: 2, item: 'PIPE', unit: 'kg', needed: 4, reserved: 0, missing: 4 };

interface Row {
  readonly name: string;
  readonly when: ShipCommand;
  readonly gives: {
    readonly code: OutcomeCode;
    /** What left, in draws: label, line, quantity and what remains; or for a standard line its number and quantity. */
    readonly left?: readonly string[];
    readonly refused?: readonly Refusal[];
  };
}

const TABLE: readonly Row[] = [
  {
    name: 'an unknown order, with what may have been meant',
    when: { order: 'so-1', from: ['L-9'] },
    gives: { code: 'order_not_found', refused: [{ code: 'order_not_found', order: 'so-1', near: ['SO-1'] }] },
  },
  {
    name: 'an order that is shipped, whatever it should be drawn from',
    when: { order: 'SO-SHIPPED', from: ['L-9'] },
    gives: { code: 'already_shipped' },
  },
  ...(['closed', 'cancelled'] as const).map((status): Row => {
    const order = `SO-${status.toUpperCase()}`;
    return {
      name: `an order that is ${status}`,
      when: { order, from: ['L-9'] },
      gives: { code: 'order_not_live', refused: [{ code: 'order_not_live', order, status }] },
    };
  }),
  {
    name: 'a label to draw from that does not exist',
    when: { order: 'SO-1', from: ['L9', 'L-OTHER', 'L9'] },
    gives: {
      code: 'label_not_found',
      refused: [{ code: 'label_not_found', label: 'L9', near: [] }, elsewhere],
    },
  },
  {
    name: 'labels of items that the order does not ask for, or not by label',
    when: { order: 'SO-2', from: ['L-PIPE', 'L-BOLT', 'L-EMPTY'] },
    gives: {
      code: 'label_of_other_item',
      refused: [
        {
          ...{ code: 'label_of_other_item', label: 'L-PIPE', item: 'PIPE' },
          ...{ order: 'SO-2', line: null, wanted: ['ROLL'] },
        },
        {
          ...{ code: 'label_of_other_item', label: 'L-BOLT', item: 'BOLT' },
          ...{ order: 'SO-2', line: null, wanted: ['ROLL'] },
        },
        { code: 'label_depleted', label: 'L-EMPTY' },
      ],
    },
  },
  {
    name: 'an empty label',
    when: { order: 'SO-1', from: ['L-OTHER', 'L-EMPTY'] },
    gives: {
      code: 'label_depleted',
      refused: [elsewhere, { code: 'label_depleted', label: 'L-EMPTY' }],
    },
  },
  {
    name: 'a label that another order holds',
    when: { order: 'SO-1', from: ['L-OTHER', 'L-FREE'], partial: true },
    gives: { code: 'label_reserved_elsewhere', refused: [elsewhere] },
  },
  {
    name: 'lines that are not covered',
    when: { order: 'SO-1' },
    gives: {
      code: 'line_short',
      refused: [{ code: 'line_short', order: 'SO-1', lines: [ROLLS_SHORT, PIPES_SHORT] }],
    },
  },
  {
    name: 'a line that is not covered, before a label that is expired and a plan that is stale',
    when: { order: 'SO-OLD', plan: 'stale' },
    gives: {
      code: 'line_short',
      refused: [
        {
          ...{ code: 'line_short', order: 'SO-OLD' },
          lines: [{ line: 1, item: 'ROLL', unit: 'kg', needed: 12, reserved: 9, missing: 3 }],
        },
      ],
    },
  },
  {
    name: 'an order that nothing is reserved for',
    when: { order: 'SO-IDLE', partial: true, plan: 'stale' },
    gives: { code: 'nothing_to_ship', refused: [{ code: 'nothing_to_ship', order: 'SO-IDLE' }] },
  },
  {
    name: 'an order that nothing is outstanding on',
    when: { order: 'SO-DONE' },
    gives: { code: 'nothing_to_ship', refused: [{ code: 'nothing_to_ship', order: 'SO-DONE' }] },
  },
  {
    name: 'labels past their expiry, reserved and offered, before a plan that is stale',
    when: { order: 'SO-OLD', from: ['L-AGED'], plan: 'stale' },
    gives: {
      code: 'label_expired',
      refused: [
        {
          ...{ code: 'label_expired', order: 'SO-OLD', partial: false },
          labels: [
            { label: 'L-OLD', expiry: '2026-11-22' },
            { label: 'L-AGED', expiry: '2025-01-01' },
          ],
        },
      ],
    },
  },
  {
    name: 'another plan than what would happen',
    when: { order: 'SO-BOLTS', plan: 'stale' },
    gives: { code: 'plan_stale', refused: [{ code: 'plan_stale', order: 'SO-BOLTS' }] },
  },
  {
    name: 'all lines, from reserved and offered labels, one of them by its code, and a standard line by quantity',
    when: { order: 'SO-1', from: ['4009', 'L-FREE', 'L-PIPE'] },
    gives: {
      code: 'shipped',
      left: ['L-1/1 10 0', 'L-2/1 3 0', 'L-FREE/1 2.5 7.5', 'L-PIPE/2 4 1', '3 40'],
    },
  },
  {
    name: 'the rest of a draft of standard items',
    when: { order: 'SO-BOLTS' },
    gives: { code: 'shipped', left: ['1 5'] },
  },
  {
    name: 'labels past their expiry, when that is allowed',
    when: { order: 'SO-OLD', from: ['L-AGED'], allowExpired: true },
    gives: { code: 'shipped', left: ['L-OLD/1 8 0', 'L-DUE/1 1 0', 'L-AGED/1 3 6'] },
  },
  {
    name: 'what is reserved, and standard lines in full',
    when: { order: 'SO-1', partial: true },
    gives: { code: 'partially_shipped', left: ['L-1/1 10 0', 'L-2/1 3 0', '3 40'] },
  },
  {
    name: 'what is reserved and offered, where that is not all',
    when: { order: 'SO-1', partial: true, from: ['L-FREE', 'L-1'] },
    gives: { code: 'partially_shipped', left: ['L-1/1 10 0', 'L-2/1 3 0', 'L-FREE/1 2.5 7.5', '3 40'] },
  },
];

/** Not reached here: a storage looks the operation id up before anything is decided; the contract suite reaches it. */
const ELSEWHERE: readonly OutcomeCode[] = ['operation_id_reused'];

describe('ship', () => {
  it.each(TABLE)('$name: $gives.code', ({ when, gives }) => {
    const { answer, changes } = new ModelLedger(STOCK).ship(when, occasion());
    expect(answer.code).toBe(gives.code);
    expect(answer.refusals).toEqual(gives.refused ?? []);
    const ok = gives.refused === undefined;
    expect(answer).toMatchObject({ ok, complete: ok });
    const draws = answer.shipment?.labels ?? [];
    const standard = answer.shipment?.lines.filter(({ item }) => item === 'BOLT') ?? [];
    expect([
      ...draws.map((draw) => `${draw.label}/${draw.line} ${draw.quantity} ${draw.remaining}`),
      ...standard.map(({ line, quantity }) => `${line} ${quantity}`),
    ]).toEqual(gives.left ?? []);
    expect(changes.shipments).toHaveLength(gives.left === undefined ? 0 : 1);
    expect(changes.events.length > 0).toBe(gives.left !== undefined);
  });

  it('reaches every outcome of its list', () => {
    const reached = new Set<OutcomeCode>(TABLE.map(({ gives }) => gives.code));
    expect(PRECEDENCE.ship.filter((code) => !reached.has(code))).toEqual(ELSEWHERE);
  });

  it('answers with the first outcome in order when everything is wrong at once', () => {
    const worst = ['L-9', 'L-PIPE', 'L-EMPTY', 'L-OTHER'];
    const plan = 'stale';
    const commands: ShipCommand[] = [
      { order: 'SO-9', from: worst, plan },
      { order: 'SO-SHIPPED', from: worst, plan },
      { order: 'SO-CLOSED', from: worst, plan },
      ...worst.map((_, from) => ({ order: 'SO-OLD', from: worst.slice(from), plan })),
      { order: 'SO-OLD', plan },
      { order: 'SO-IDLE', partial: true, plan },
      { order: 'SO-OLD', partial: true, plan },
      { order: 'SO-OLD', partial: true, allowExpired: true, plan },
      { order: 'SO-1', from: ['L-FREE', 'L-PIPE'] },
      { order: 'SO-1', partial: true },
    ];
    const codes = commands.map((command) => new ModelLedger(STOCK).ship(command, occasion()).answer.code);
    expect(codes).toEqual(PRECEDENCE.ship.filter((code) => !ELSEWHERE.includes(code)));
  });
});
