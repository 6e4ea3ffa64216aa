/** Every reason for which an import refuses a row (DESIGN rule 15). */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportRows } from '../../src/core/index.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, everything, intent, type Stock } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

interface Row {
  readonly stock: Stock;
  /** File (its kind), row, column and a part of the reason. */
  readonly problems: readonly (readonly [keyof ImportRows, number, string | null, string])[];
}

/** L-1 is held by SO-1; from L-3 30 were shipped on SO-2, and 8 of 10 from P-1, which is free again. */
const REFUSED: Readonly<Record<string, Row>> = {
  'an item that does not exist': {
    stock: {
      labels: [{ number: 'N', item: 'NONE', quantity: 1 }],
      lines: [{ order: 'SO-1', line: 3, item: 'NONE', ordered: 1 }],
    },
    problems: [
      ['labels', 1, 'item', 'no item NONE for label N'],
      ['lines', 1, 'item', 'names item NONE, which does not exist'],
    ],
  },
  'an order that does not exist': {
    stock: { lines: [{ order: 'SO-77', line: 1, item: 'CABLE', ordered: 1 }] },
    problems: [['lines', 1, 'order', 'no order SO-77']],
  },
  'new rows that leave out what they need': {
    stock: {
      labels: [
        { number: 'N-1', quantity: 1 },
        { number: 'N-2', item: 'CABLE' },
      ],
      lines: [
        { order: 'SO-1', line: 3, ordered: 1 },
        { order: 'SO-1', line: 4, item: 'CABLE' },
      ],
    },
    problems: [
      ['labels', 1, 'item', 'label N-1 is new and names no item'],
      ['labels', 2, 'quantity', 'label N-2 is new and has no quantity'],
      ['lines', 1, 'item', 'line 3 of SO-1 is new and names no item'],
      ['lines', 2, 'ordered', 'line 4 of SO-1 is new and has no quantity'],
    ],
  },
  'a label of a standard item': {
    stock: {
      items: [{ sku: 'BOLT', tracking: 'standard' }],
      labels: [
        { number: 'N-1', item: 'SCREW', quantity: 1 },
        { number: 'N-2', item: 'BOLT', quantity: 1 },
      ],
    },
    problems: [
      ['labels', 1, 'item', 'SCREW is standard'],
      ['labels', 2, 'item', 'BOLT is standard'],
    ],
  },
  'another tracking of an item with labels': {
    stock: { items: [{ sku: 'CABLE', tracking: 'standard' }] },
    problems: [['items', 1, 'tracking', 'CABLE is serialized and has labels']],
  },
  'another item of a held label': {
    stock: { labels: [{ number: 'L-1', item: 'PAINT' }] },
    problems: [['labels', 1, 'item', 'L-1 is reserved for SO-1; its item stays CABLE']],
  },
  'another item of a label that was shipped from': {
    stock: { labels: [{ number: 'P-1', item: 'CABLE' }] },
    problems: [['labels', 1, 'item', 'P-1 has been shipped from; its item stays PAINT']],
  },
  'another item of a line that holds or shipped labels': {
    stock: {
      lines: [
        { order: 'SO-1', line: 1, item: 'PAINT' },
        { order: 'SO-2', line: 2, item: 'CABLE' },
      ],
    },
    problems: [
      ['lines', 1, 'item', 'its item stays CABLE'],
      ['lines', 2, 'item', 'its item stays PAINT'],
    ],
  },
  'less ordered than shipped': {
    stock: {
      lines: [
        { order: 'SO-2', line: 1, ordered: 29 },
        { order: 'SO-1', line: 3, item: 'CABLE', ordered: 1, shipped: 2 },
      ],
    },
    problems: [
      ['lines', 1, 'ordered', 'ordered 29 is below shipped 30'],
      ['lines', 2, 'ordered', 'ordered 1 is below shipped 2'],
    ],
  },
  'a quantity that both sides changed': {
    stock: { labels: [{ number: 'P-1', quantity: 9.5 }], lines: [{ order: 'SO-2', line: 2, shipped: 3 }] },
    problems: [
      ['labels', 1, 'quantity', 'the file says 9.5; it said 10 before, and 2 is left here'],
      ['lines', 1, 'shipped', 'the file says 3; it said 0 before, and 8 is recorded here'],
    ],
  },
  'a status that both sides changed': {
    stock: { orders: [{ number: 'SO-2', status: 'cancelled' }] },
    problems: [
      ['orders', 1, 'status', 'the file says cancelled; it said draft before, and here it is shipped'],
    ],
  },
  'one code for two labels of the import': {
    stock: {
      labels: [
        { number: 'N-1', item: 'CABLE', quantity: 1, code: 'K' },
        { number: 'N-2', item: 'CABLE', quantity: 1, code: 'K' },
      ],
    },
    problems: [['labels', 2, 'code', 'code K would mean several labels: N-1 and N-2']],
  },
  'a code that is the number of another label of the import': {
    stock: {
      labels: [
        { number: 'N-1', item: 'CABLE', quantity: 1, code: 'N-2' },
        { number: 'N-2', item: 'CABLE', quantity: 1 },
      ],
    },
    problems: [['labels', 2, 'code', 'code N-2 would mean several labels']],
  },
  'the code of a label that is there': {
    stock: {
      labels: [
        { number: 'N-1', item: 'CABLE', quantity: 1, code: 'C-1' },
        { number: 'L-2', code: 'C-1' },
      ],
    },
    problems: [
      ['labels', 2, 'code', 'code C-1 would mean several labels: N-1 and L-2'],
      ['labels', 1, 'code', 'the scan code of label L-1 already'],
      ['labels', 2, 'code', 'the scan code of label L-1 already'],
    ],
  },
  'a code that is the number of a label that is there': {
    stock: { labels: [{ number: 'N-1', item: 'CABLE', quantity: 1, code: 'L-2' }] },
    problems: [['labels', 1, 'code', 'code L-2 is the number of another label']],
  },
  'a number that is the code of a label that is there': {
    stock: { labels: [{ number: 'C-1', item: 'CABLE', quantity: 1 }] },
    problems: [['labels', 1, 'number', 'C-1 is the scan code of label L-1 already']],
  },
  'rows that say different things of one label': {
    stock: {
      labels: [
        { number: 'N-1', item: 'CABLE', quantity: 1 },
        { number: 'N-1', item: 'CABLE', quantity: 2 },
      ],
    },
    problems: [['labels', 2, null, 'says otherwise than labels:1 about the same label']],
  },
  'rows that say different things of one item, order or line': {
    stock: {
      items: [{ sku: 'CABLE' }, { sku: 'CABLE', name: 'Wire' }],
      orders: [{ number: 'SO-8' }, { number: 'SO-8', due: null }],
      lines: [
        { order: 'SO-1', line: 1 },
        { order: 'SO-1', line: 2 },
        { order: 'SO-1', line: 2, ordered: 3 },
      ],
    },
    problems: [
      ['items', 2, null, 'says otherwise than items:1 about the same item'],
      ['orders', 2, null, 'says otherwise than orders:1 about the same order'],
      ['lines', 3, null, 'says otherwise than lines:2 about the same line'],
    ],
  },
};

export function refusedRowsContract(make: MakeBackend): void {
  const setting = useStore(make);
  beforeEach(async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-3', 'P-1'] }, intent());
    await room.ship({ order: 'SO-2' }, intent());
    await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
  });

  it.each(Object.entries(REFUSED))('%s', async (_, { stock, problems }) => {
    const before = await everything(setting().room);
    // A row that could be applied alone, to see that it is not.
    const orders = [...(stock.orders ?? []), { number: 'SO-99' }];
    const answer = await bring(setting().room, { ...stock, orders });
    expect(answer).toMatchObject({
      ok: false,
      code: 'import_refused',
      operation: null,
      problemCount: problems.length,
    });
    expect(answer.problems.map(({ file, row, column }) => [file, row, column])).toEqual(
      problems.map(([file, row, column]) => [file, row, column]),
    );
    for (const [at, [, , , reason]] of problems.entries())
      expect(answer.problems[at]?.reason).toContain(reason);
    expect(await everything(setting().room)).toEqual(before);
  });

  it.each([
    [
      'a code equal to its own number',
      { labels: [{ number: 'N-1', item: 'CABLE', quantity: 1, code: 'N-1' }] },
    ],
    [
      'an item that gets another tracking before its labels come',
      {
        items: [{ sku: 'SCREW', tracking: 'serialized' as const }],
        labels: [{ number: 'N-1', item: 'SCREW', quantity: 1 }],
      },
    ],
    [
      'another item of a label and a line that nobody uses',
      {
        labels: [{ number: 'L-2', item: 'PAINT' }],
        lines: [
          { order: 'SO-8', line: 1, item: 'SCREW', ordered: 1 },
          { order: 'SO-5', line: 1, item: 'PAINT' },
        ],
      },
    ],
    [
      'what both sides changed alike',
      {
        labels: [{ number: 'P-1', quantity: 2 }],
        lines: [{ order: 'SO-2', line: 2, shipped: 8 }],
        orders: [{ number: 'SO-2', status: 'shipped' as const }],
      },
    ],
  ])('takes %s', async (_, stock: Stock) => {
    expect(await bring(setting().room, stock)).toMatchObject({ code: 'imported', problems: [] });
    expect(await bring(setting().room, stock)).toMatchObject({ code: 'imported' });
  });

  describe('of many problems', () => {
    const labels = Array.from({ length: 30 }, (_, at) => ({ number: `N-${at}`, item: 'NONE', quantity: 1 }));
    const clashing = Array.from({ length: 30 }, (_, at) => ({
      number: `N-${at}`,
      item: 'CABLE',
      quantity: 1,
      code: `K-${at % 10}`,
    }));
    it.each([
      ['rows', labels, 7, 30],
      ['rows', labels, 0, 30],
      ['codes', clashing, 7, 10],
      ['codes', clashing, 0, 10],
    ])('the first are listed and all are counted: %s (%#)', async (_, rows, problemLimit, count) => {
      const answer = await bring(setting().room, { labels: rows }, { problemLimit });
      expect(answer).toMatchObject({ ok: false, code: 'import_refused', problemCount: count });
      expect(answer.problems).toHaveLength(problemLimit);
    });

    it('those that the reader found come first', async () => {
      const session = await setting().room.beginImport(
        { onConflict: 'report', releaseClosed: false, atomic: false, problemLimit: 2 },
        intent(),
      );
      session.add('labels', { origin: { file: 'a', row: 1 }, row: { number: 'N', item: 'NONE' } });
      session.problem({ file: 'a', row: 2, column: 'Qty', reason: '"x" is not a number' });
      expect(session.staged).toBe(1);
      const { problems, problemCount } = await session.finish();
      session.close();
      expect([problems.map(({ row }) => row), problemCount]).toEqual([[2, 1], 2]);
    });
  });
}
