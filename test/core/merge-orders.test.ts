import { describe, expect, it } from 'vitest';
import {
  type ItemRow,
  type KnownOrder,
  LIVE_STATUSES,
  MERGE,
  type MergeOptions,
  type MergeResult,
  type OrderRow,
} from '../../src/core/index.ts';
import { heldLabel, holder, item, MORNING, NOON } from '../support/stock.ts';

const origin = { file: 'night.csv', row: 7 };
const OPTIONS: MergeOptions = { onConflict: 'report', releaseClosed: false, now: NOON };
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

/** SO-1, open, due on a day, and holding two labels. */
const SO1: KnownOrder = {
  ...{ id: 1, number: 'SO-1', customer: 'Acme', ordered: '2026-11-01', due: '2026-11-30' },
  ...{ status: 'open', source: 'open', lastEventAt: NOON + 3 },
  held: [
    heldLabel(1, 'L-1', holder()),
    { ...heldLabel(2, 'L-2', holder({ lineId: 12, line: 2 })), lastEventAt: NOON + 9 },
  ],
};

function mergeOrder(row: OrderRow, options: Partial<MergeOptions> = {}, known = SO1): MergeResult<object> {
  return MERGE.orders([{ origin, row }], { orders: new Map([['SO-1', known]]) }, { ...OPTIONS, ...options });
}

describe('merging an order', () => {
  it('that is new adds it: open, unless the file says otherwise', () => {
    const empty = { id: null, number: 'SO-9', customer: null, ordered: null, due: null };
    expect(mergeOrder({ number: 'SO-9' })).toEqual({
      ...NOTHING,
      ...{ added: 1, problems: [], writes: [{ ...empty, status: 'open', source: 'open' }] },
    });
    expect(mergeOrder({ number: 'SO-9', status: 'draft', due: '2026-12-24' }).writes).toEqual([
      { ...empty, due: '2026-12-24', status: 'draft', source: 'draft' },
    ]);
  });

  it('of which nothing is new writes nothing', () => {
    const same: OrderRow = { number: 'SO-1', customer: 'Acme', due: '2026-11-30', status: 'open' };
    for (const row of [{ number: 'SO-1' }, same]) {
      expect(mergeOrder(row)).toEqual({ ...NOTHING, problems: [], unchanged: 1 });
    }
  });

  it('clears what is null, leaves alone what is absent, and tells of what differs', () => {
    const result = mergeOrder({ number: 'SO-1', customer: null, due: '2026-12-01' });
    expect(result.writes).toMatchObject([
      { id: 1, customer: null, ordered: '2026-11-01', due: '2026-12-01', status: 'open' },
    ]);
    expect(result.events).toEqual([
      {
        ...{ kind: 'order_changed', itemId: null, labelId: null, orderId: 1, lineId: null },
        before: { customer: 'Acme', due: '2026-11-30' },
        after: { customer: null, due: '2026-12-01' },
      },
    ]);
    expect(result.at).toBe(NOON + 3);
  });

  it.each(['shipped', 'closed', 'cancelled'] as const)(
    'to %s names the labels still held, and frees none',
    (status) => {
      const result = mergeOrder({ number: 'SO-1', status });
      expect(result.notices).toEqual([{ kind: 'still_held', order: 'SO-1', status, labels: ['L-1', 'L-2'] }]);
      expect(result).toMatchObject({ changed: 1, freedLabels: [], problems: [] });
      expect(result.events.map(({ kind }) => kind)).toEqual(['order_changed']);
    },
  );

  it('to an end with releaseClosed frees its labels, no earlier than their last events', () => {
    const result = mergeOrder({ number: 'SO-1', status: 'closed' }, { releaseClosed: true });
    const labels = ['L-1', 'L-2'];
    expect(result.notices).toEqual([{ kind: 'released', order: 'SO-1', status: 'closed', labels }]);
    expect(result.freedLabels).toEqual([1, 2]);
    const held = { order: 'SO-1', since: new Date(MORNING).toISOString(), by: 'erin', operation: 'op-0' };
    const ids = { kind: 'unreserved', itemId: null, orderId: 1, after: null };
    expect(result.events.slice(1)).toEqual([
      { ...ids, labelId: 1, lineId: 11, before: { ...held, line: 1 } },
      { ...ids, labelId: 2, lineId: 12, before: { ...held, line: 2 } },
    ]);
    expect(result.at).toBe(NOON + 9);
  });

  it('that had ended before is named again while it holds labels, and can still be released', () => {
    const ended: KnownOrder = { ...SO1, status: 'closed', source: 'closed' };
    const row: OrderRow = { number: 'SO-1', status: 'closed' };
    expect(mergeOrder(row, {}, ended)).toMatchObject({
      unchanged: 1,
      writes: [],
      notices: [{ kind: 'still_held' }],
    });
    const released = mergeOrder(row, { releaseClosed: true }, ended);
    expect(released).toMatchObject({ unchanged: 1, freedLabels: [1, 2], notices: [{ kind: 'released' }] });
    expect(mergeOrder(row, { releaseClosed: true }, { ...ended, held: [] }).notices).toEqual([]);
  });

  it.each(LIVE_STATUSES)('to %s frees nothing, whatever is asked', (status) => {
    const result = mergeOrder({ number: 'SO-1', status }, { releaseClosed: true });
    expect(result).toMatchObject({ freedLabels: [], notices: [] });
  });

  it('that this ledger ended and the file did not keeps its end', () => {
    const shipped: KnownOrder = { ...SO1, status: 'shipped', held: [] };
    expect(mergeOrder({ number: 'SO-1', status: 'open' }, {}, shipped)).toMatchObject({
      writes: [],
      problems: [],
    });
  });
});

describe('merging an item', () => {
  const ROLL = { item: item(1, 'ROLL'), hasLabels: true, lastEventAt: NOON + 3 };
  const mergeItem = (row: ItemRow, known = ROLL): MergeResult<object> =>
    MERGE.items([{ origin, row }], { items: new Map([['ROLL', known]]) }, OPTIONS);

  it('that is new names it by its sku, in single pieces and serialized, unless the file says otherwise', () => {
    const added = { id: null, sku: 'TAPE', name: 'TAPE', unit: 'each', tracking: 'serialized' };
    expect(mergeItem({ sku: 'TAPE' })).toEqual({ ...NOTHING, added: 1, problems: [], writes: [added] });
    const said = { sku: 'TAPE', name: 'Tape', unit: 'm', tracking: 'standard' } as const;
    expect(mergeItem(said).writes).toEqual([{ id: null, ...said }]);
  });

  it('of which nothing is new writes nothing', () => {
    for (const row of [{ sku: 'ROLL' }, { sku: 'ROLL', name: 'ROLL name', tracking: 'serialized' } as const])
      expect(mergeItem(row)).toEqual({ ...NOTHING, problems: [], unchanged: 1 });
  });

  it('tells of what differs, no earlier than its last event', () => {
    const result = mergeItem({ sku: 'ROLL', unit: 'm' });
    expect(result.writes).toMatchObject([{ id: 1, name: 'ROLL name', unit: 'm', tracking: 'serialized' }]);
    const ids = { itemId: 1, labelId: null, orderId: null, lineId: null };
    expect(result.events).toEqual([
      { kind: 'item_changed', ...ids, before: { unit: 'kg' }, after: { unit: 'm' } },
    ]);
    expect(result.at).toBe(NOON + 3);
  });

  it('that has labels keeps its tracking; one without takes another', () => {
    const row = { sku: 'ROLL', name: 'Roll', tracking: 'standard' } as const;
    const reason = 'item ROLL is serialized and has labels; its tracking stays';
    expect(mergeItem(row)).toEqual({ ...NOTHING, problems: [{ ...origin, column: 'tracking', reason }] });
    expect(mergeItem(row, { ...ROLL, hasLabels: false })).toMatchObject({ changed: 1, problems: [] });
  });
});
