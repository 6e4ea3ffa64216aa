import { describe, expect, it } from 'vitest';
import { type StockState, type Violation, violations } from '../../src/core/index.ts';
import { BOLT, freeLabel, heldLabel, holder, line, order, PIPE, q } from '../support/stock.ts';

/** SO-1 with a line of rolls that holds L-1, as a sound ledger has them. */
const LINE = { ...line(1, { ordered: 12, shipped: 2 }), reserved: q(10), reservedLabels: 1 };
const SOUND: StockState = {
  labels: [heldLabel(1, 'L-1', holder()), freeLabel(2, 'L-2', { quantity: 0 })],
  orders: [order({ lines: [LINE] }), order({ id: 2, number: 'SO-2', status: 'shipped' })],
};

const held = { label: 'L-1', order: 'SO-1', line: 1 };
const ofLine = { label: null, order: 'SO-1', line: 1 };
const noLine = { ...LINE, reserved: q(0), reservedLabels: 0 };

const BROKEN: readonly { readonly state: Partial<StockState>; readonly found: readonly Violation[] }[] = [
  {
    state: {
      labels: [
        ...SOUND.labels,
        { ...freeLabel(3, 'L-3'), label: { ...freeLabel(3, 'L-3').label, quantity: q(-1) } },
      ],
    },
    found: [{ invariant: 'quantity_out_of_bounds', label: 'L-3', order: null, line: null }],
  },
  {
    state: { orders: [order({ lines: [{ ...LINE, ordered: q(1_000_000_000) }] })] },
    found: [{ invariant: 'quantity_out_of_bounds', ...ofLine }],
  },
  {
    state: { orders: [order({ lines: [{ ...LINE, shipped: q(12.5) }] })] },
    found: [{ invariant: 'shipped_above_ordered', ...ofLine }],
  },
  {
    state: {
      labels: [...SOUND.labels, heldLabel(1, 'L-1', holder())],
      orders: [order({ lines: [{ ...LINE, reserved: q(20), reservedLabels: 2 }] })],
    },
    found: [{ invariant: 'several_holders', ...held }],
  },
  {
    state: {
      labels: [heldLabel(1, 'L-1', holder(), { quantity: 0 })],
      orders: [order({ lines: [{ ...noLine, reservedLabels: 1 }] })],
    },
    found: [{ invariant: 'depleted_but_held', ...held }],
  },
  { state: { orders: [order()] }, found: [{ invariant: 'holder_unknown', ...held }] },
  {
    state: { orders: [order({ id: 3, number: 'SO-3', lines: [LINE] })] },
    found: [{ invariant: 'holder_unknown', ...held }],
  },
  ...(['shipped', 'closed', 'cancelled'] as const).map((status) => ({
    state: { orders: [order({ status, lines: [LINE] })] },
    found: [{ invariant: 'holder_not_live', ...held } as const],
  })),
  {
    state: { labels: [heldLabel(1, 'L-1', holder(), { of: PIPE })] },
    found: [{ invariant: 'holder_of_other_item', ...held }],
  },
  {
    state: {
      labels: [heldLabel(1, 'L-1', holder(), { of: BOLT })],
      orders: [order({ lines: [{ ...LINE, item: BOLT }] })],
    },
    found: [{ invariant: 'holder_not_serialized', ...held }],
  },
  {
    state: { orders: [order({ lines: [{ ...LINE, reserved: q(9) }] })] },
    found: [{ invariant: 'reserved_total_differs', ...ofLine }],
  },
  {
    state: { labels: [freeLabel(1, 'L-1')] },
    found: [{ invariant: 'reserved_total_differs', ...ofLine }],
  },
];

describe('violations', () => {
  it('finds none in sound stock', () => {
    expect(violations(SOUND)).toEqual([]);
  });

  it.each(BROKEN)('finds $found.0.invariant and nothing else', ({ state, found }) => {
    expect(violations({ ...SOUND, ...state })).toEqual(found);
  });
});
