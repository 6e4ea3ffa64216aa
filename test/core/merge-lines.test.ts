import { describe, expect, it } from 'vitest';
import {
  type KnownLine,
  type LineRow,
  lineKey,
  MERGE,
  type MergeOptions,
  type MergeResult,
} from '../../src/core/index.ts';
import { ITEMS, NOON, PIPE, q, ROLL } from '../support/stock.ts';

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

/** Line 1 of SO-1: ten rolls ordered, four of them shipped here and none of that known to the source. */
const LINE: KnownLine = {
  ...{ id: 11, item: ROLL, ordered: q(10), shipped: q(4), inUse: true, lastEventAt: NOON + 3 },
  ...{ sourceOrdered: q(10), sourceShipped: q(0) },
};

function merge(
  row: Omit<LineRow, 'order'>,
  line = LINE,
  options: Partial<MergeOptions> = {},
): MergeResult<object> {
  const known = {
    orders: new Map([['SO-1', { id: 1, lastEventAt: null }]]),
    items: new Map(ITEMS.map((item) => [item.sku, item])),
    lines: new Map([[lineKey('SO-1', 1), line]]),
  };
  return MERGE.lines([{ origin, row: { order: 'SO-1', ...row } }], known, { ...OPTIONS, ...options });
}

function refused(column: string, reason: string): MergeResult<object> {
  return { ...NOTHING, problems: [{ ...origin, column, reason }] };
}

describe('merging a line', () => {
  it('that is new adds it, with nothing shipped unless the file says so', () => {
    const added = { id: null, orderId: 1, line: 2, itemId: PIPE.id, ordered: q(2.5), sourceOrdered: q(2.5) };
    expect(merge({ line: 2, item: 'PIPE', ordered: q(2.5) })).toEqual({
      ...NOTHING,
      ...{ added: 1, problems: [], writes: [{ ...added, shipped: q(0), sourceShipped: q(0) }] },
    });
    const { writes } = merge({ line: 2, item: 'PIPE', ordered: q(2.5), shipped: q(2.5) });
    expect(writes).toEqual([{ ...added, shipped: q(2.5), sourceShipped: q(2.5) }]);
  });

  it.each<{ name: string; row: Omit<LineRow, 'order'>; column: string; says: string }>([
    {
      name: 'that is new and names no item',
      row: { line: 2, ordered: q(1) },
      ...{ column: 'item', says: 'line 2 of SO-1 is new and names no item' },
    },
    {
      name: 'that is new and has no quantity',
      row: { line: 2, item: 'ROLL' },
      ...{ column: 'ordered', says: 'line 2 of SO-1 is new and has no quantity' },
    },
    {
      name: 'of an item that does not exist',
      row: { line: 1, item: 'ROL' },
      ...{ column: 'item', says: 'line 1 of SO-1 names item ROL, which does not exist' },
    },
    {
      name: 'that is new, with less ordered than shipped',
      row: { line: 2, item: 'ROLL', ordered: q(1), shipped: q(1.5) },
      ...{ column: 'ordered', says: 'line 2 of SO-1: ordered 1 is below shipped 1.5' },
    },
    {
      name: 'with less ordered than was shipped here',
      row: { line: 1, ordered: q(3.999999) },
      ...{ column: 'ordered', says: 'line 1 of SO-1: ordered 3.999999 is below shipped 4' },
    },
    {
      name: 'that labels are reserved for or shipped on, to another item',
      row: { line: 1, item: 'PIPE' },
      ...{ column: 'item', says: 'line 1 of SO-1 has labels reserved or shipped; its item stays ROLL' },
    },
  ])('$name is refused', ({ row, column, says }) => {
    expect(merge(row)).toEqual(refused(column, says));
  });

  it('of an order that does not exist is refused', () => {
    const known = { orders: new Map(), items: new Map(), lines: new Map() };
    const row: LineRow = { order: 'SO-9', line: 1, item: 'ROLL', ordered: q(1) };
    expect(MERGE.lines([{ origin, row }], known, OPTIONS)).toEqual(refused('order', 'no order SO-9'));
  });

  it('reports both conflicts of one row', () => {
    const line = { ...LINE, ordered: q(12), shipped: q(4) };
    const { problems, writes } = merge({ line: 1, ordered: q(11), shipped: q(5) }, line);
    expect(problems.map(({ column }) => column)).toEqual(['ordered', 'shipped']);
    expect(writes).toEqual([]);
  });

  it('does not undo a shipment with what the source said before it', () => {
    const result = merge({ line: 1, item: 'ROLL', ordered: q(10), shipped: q(0) });
    expect(result).toMatchObject({ unchanged: 1, changed: 0, writes: [], events: [], problems: [] });
  });

  it('takes more ordered, and leaves what is shipped alone', () => {
    const result = merge({ line: 1, ordered: q(12.5), shipped: q(0) });
    expect(result).toMatchObject({ changed: 1, at: NOON + 3, problems: [] });
    expect(result.writes).toMatchObject([{ id: 11, orderId: 1, line: 1, ordered: q(12.5), shipped: q(4) }]);
    const ids = { itemId: null, labelId: null, orderId: 1, lineId: 11 };
    expect(result.events).toEqual([
      { kind: 'line_changed', ...ids, before: { ordered: 10 }, after: { ordered: 12.5 } },
    ]);
  });

  it('that nothing is reserved for goes to another item', () => {
    const result = merge({ line: 1, item: 'PIPE' }, { ...LINE, inUse: false, shipped: q(0) });
    expect(result.writes).toMatchObject([{ id: 11, itemId: PIPE.id, ordered: q(10) }]);
    expect(result.events).toMatchObject([{ before: { item: 'ROLL' }, after: { item: 'PIPE' } }]);
  });

  it('with ours stays as it is where the file disagrees, and can still be refused with theirs', () => {
    const line = { ...LINE, sourceShipped: q(2) };
    const row = { line: 1, shipped: q(11) };
    expect(merge(row, line, { onConflict: 'ours' })).toMatchObject({ unchanged: 1, problems: [] });
    expect(merge(row, line, { onConflict: 'theirs' })).toEqual(
      refused('ordered', 'line 1 of SO-1: ordered 10 is below shipped 11'),
    );
  });
});
