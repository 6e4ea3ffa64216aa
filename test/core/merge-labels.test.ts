import { describe, expect, it } from 'vitest';
import {
  type KnownLabel,
  type LabelRow,
  type LabelState,
  MERGE,
  type MergeOptions,
  type MergeResult,
} from '../../src/core/index.ts';
import {
  BOLT,
  freeLabel,
  heldLabel,
  holder,
  ITEMS,
  type LabelGiven,
  MORNING,
  NOON,
  PIPE,
  q,
  ROLL,
} from '../support/stock.ts';

const GIVEN: LabelGiven = {
  quantity: 10,
  code: '4001',
  lot: 'B7',
  expiry: '2027-01-01',
  created: '2026-01-01',
};

function known(state: LabelState, hasShipped = false): KnownLabel {
  return { state, source: state.label.quantity, hasShipped };
}

/** L-1 is free, L-2 is held by SO-1, L-3 has been shipped from. */
const LABELS = [
  known(freeLabel(1, 'L-1', GIVEN)),
  known({ ...heldLabel(2, 'L-2', holder()), lastEventAt: NOON + 9 }),
  known(freeLabel(3, 'L-3'), true),
];

function merge(row: LabelRow, options: Partial<MergeOptions> = {}): MergeResult<object> {
  const origin = { file: 'night.csv', row: 7 };
  const all = {
    labels: new Map(LABELS.map((each) => [each.state.label.number, each])),
    items: new Map(ITEMS.map((item) => [item.sku, item])),
    codeOwners: new Map([['4001', 'L-1']]),
    numbers: new Set(['L-1', 'L-2', 'L-3']),
  };
  const plain: MergeOptions = { onConflict: 'report', releaseClosed: false, now: NOON };
  return MERGE.labels([{ origin, row }], all, { ...plain, ...options });
}

const NOTHING = {
  added: 0,
  changed: 0,
  unchanged: 0,
  writes: [],
  events: [],
  freedLabels: [],
  notices: [],
  at: NOON,
};

describe('merging a label', () => {
  it('that is new adds it, with null for whatever is absent, and no event', () => {
    expect(merge({ number: 'L-9', item: 'ROLL', quantity: q(2.5) })).toEqual({
      ...NOTHING,
      problems: [],
      added: 1,
      writes: [
        {
          ...{ id: null, number: 'L-9', code: null, itemId: ROLL.id, quantity: q(2.5), source: q(2.5) },
          ...{ location: null, bin: null, lot: null, expiry: null, created: null },
        },
      ],
    });
  });

  it.each<{ name: string; row: LabelRow; column: string; says: string }>([
    {
      name: 'that is new and names no item',
      row: { number: 'L-9', quantity: q(1) },
      ...{ column: 'item', says: 'label L-9 is new and names no item' },
    },
    {
      name: 'that is new and has no quantity',
      row: { number: 'L-9', item: 'ROLL' },
      ...{ column: 'quantity', says: 'label L-9 is new and has no quantity' },
    },
    {
      name: 'of an item that does not exist',
      row: { number: 'L-1', item: 'ROL' },
      ...{ column: 'item', says: 'no item ROL for label L-1' },
    },
    {
      name: 'of a standard item',
      row: { number: 'L-9', item: BOLT.sku, quantity: q(1) },
      ...{ column: 'item', says: 'item BOLT is standard; only serialized items have labels' },
    },
    {
      name: 'whose number is the code of another',
      row: { number: '4001', item: 'ROLL', quantity: q(1) },
      ...{ column: 'number', says: '4001 is the scan code of label L-1 already' },
    },
    {
      name: 'whose code is the code of another',
      row: { number: 'L-2', code: '4001' },
      ...{ column: 'code', says: 'code 4001 is the scan code of label L-1 already' },
    },
    {
      name: 'whose code is the number of another',
      row: { number: 'L-1', code: 'L-3' },
      ...{ column: 'code', says: 'code L-3 is the number of another label' },
    },
    {
      name: 'that is reserved, to another item',
      row: { number: 'L-2', item: 'PIPE' },
      ...{ column: 'item', says: 'label L-2 is reserved for SO-1; its item stays ROLL' },
    },
    {
      name: 'that has been shipped from, to another item',
      row: { number: 'L-3', item: 'PIPE' },
      ...{ column: 'item', says: 'label L-3 has been shipped from; its item stays ROLL' },
    },
  ])('$name is refused', ({ row, column, says }) => {
    const problem = { file: 'night.csv', row: 7, column, reason: says };
    expect(merge(row)).toEqual({ ...NOTHING, problems: [problem] });
  });

  it('of which nothing is new writes nothing', () => {
    const { number, code, lot, expiry, created, quantity } = freeLabel(1, 'L-1', GIVEN).label;
    const same: LabelRow = { number, code, lot, expiry, created, quantity, item: 'ROLL' };
    for (const row of [{ number }, same]) {
      expect(merge(row)).toEqual({ ...NOTHING, problems: [], unchanged: 1 });
    }
  });

  it('clears what is null and leaves alone what is absent; the event tells of what differs, and no more', () => {
    const result = merge({ number: 'L-1', code: null, lot: null, bin: 'B-2', expiry: '2027-01-01' });
    expect(result).toMatchObject({ changed: 1, unchanged: 0, problems: [] });
    expect(result.writes).toMatchObject([
      {
        ...{ id: 1, code: null, lot: null, bin: 'B-2', location: 'hall 1', quantity: q(10), source: q(10) },
        ...{ expiry: '2027-01-01', created: '2026-01-01', itemId: ROLL.id },
      },
    ]);
    expect(result.events).toEqual([
      {
        ...{ kind: 'label_changed', itemId: null, labelId: 1, orderId: null, lineId: null },
        before: { code: '4001', bin: 'A-1', lot: 'B7' },
        after: { code: null, bin: 'B-2', lot: null },
      },
    ]);
  });

  it('takes its own number or its own code for a code', () => {
    for (const code of ['L-1', '4001']) expect(merge({ number: 'L-1', code }).problems).toEqual([]);
  });

  it('that is free goes to another item, which the history names by its sku', () => {
    const result = merge({ number: 'L-1', item: 'PIPE' });
    expect(result.writes).toMatchObject([{ id: 1, itemId: PIPE.id }]);
    expect(result.events).toMatchObject([{ before: { item: 'ROLL' }, after: { item: 'PIPE' } }]);
  });
});

describe('merging a reserved label', () => {
  it('that is set to 0 takes it from its order, and names both', () => {
    const result = merge({ number: 'L-2', quantity: q(0) });
    expect(result.freedLabels).toEqual([2]);
    expect(result.notices).toEqual([{ kind: 'reservation_lost', label: 'L-2', order: 'SO-1', line: 1 }]);
    const since = new Date(MORNING).toISOString();
    const before = { order: 'SO-1', line: 1, since, by: 'erin', operation: 'op-0' };
    expect(result.events).toEqual([
      {
        ...{ kind: 'label_changed', itemId: null, labelId: 2, orderId: null, lineId: null },
        ...{ before: { quantity: 10 }, after: { quantity: 0 } },
      },
      { kind: 'unreserved', itemId: null, labelId: 2, orderId: 1, lineId: 11, before, after: null },
    ]);
  });

  it('that is set to less stays reserved', () => {
    const result = merge({ number: 'L-2', quantity: q(4) });
    expect(result).toMatchObject({ changed: 1, freedLabels: [], notices: [] });
  });

  it('happens no earlier than its last event', () => {
    expect(merge({ number: 'L-2', quantity: q(4) }).at).toBe(NOON + 9);
    expect(merge({ number: 'L-2', quantity: q(4) }, { now: NOON + 20 }).at).toBe(NOON + 20);
    expect(merge({ number: 'L-2' }).at).toBe(NOON);
  });
});
