import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recognize } from '../../src/core/import/columns.ts';
import type { ImportKind } from '../../src/core/import/row.ts';
import { rowReader } from '../../src/core/import/rows.ts';
import { formatQuantity, type Quantity, toDecimal } from '../../src/core/quantity.ts';

/** Reads records under a header with one prepared reader, as a file is read. */
function readAll(kind: ImportKind, header: string, ...records: readonly (readonly unknown[])[]): unknown[] {
  const headers = header.split(',');
  const columns = recognize(headers, { kind });
  if ('problem' in columns) throw new Error(columns.problem);
  const [reading] = columns.readings;
  if (reading === undefined) throw new Error('nothing is read');
  return records.map(rowReader(reading, headers));
}

function read(kind: ImportKind, header: string, ...cells: readonly unknown[]): unknown {
  return readAll(kind, header, cells)[0];
}

function reasons(kind: ImportKind, header: string, ...cells: readonly unknown[]): unknown {
  const result = read(kind, header, ...cells) as { problems?: readonly { reason: string }[] };
  return result.problems?.map(({ reason }) => reason);
}

const LABEL = 'label_number,sku,qty,location,bin,lot,expiry,created_at,code';

describe('a whole row', () => {
  test.each<[ImportKind, string, readonly unknown[], unknown]>([
    [
      'labels',
      LABEL,
      [' L-7 ', 'RUG-2', '12.5', 'Main hall', 'A-1', 'B7', '2027-01-31', '2026-11-23T09:12:00Z', '0401'],
      {
        number: 'L-7',
        item: 'RUG-2',
        quantity: 12_500_000,
        location: 'Main hall',
        bin: 'A-1',
        lot: 'B7',
        expiry: '2027-01-31',
        created: '2026-11-23',
        code: '0401',
      },
    ],
    [
      'labels',
      LABEL,
      ['L-7', '', '', '', ' ', '', '', '', ''],
      { number: 'L-7', location: null, bin: null, lot: null, expiry: null, created: null, code: null },
    ],
    [
      'labels',
      LABEL,
      ['L-7', null, null, null, null, null, null, null, null],
      { number: 'L-7', location: null, bin: null, lot: null, expiry: null, created: null, code: null },
    ],
    ['labels', 'label', ['L-7'], { number: 'L-7' }],
    [
      'items',
      'sku,name,unit,tracking',
      ['A', ' Rug ', 'm', 'Serial'],
      { sku: 'A', name: 'Rug', unit: 'm', tracking: 'serialized' },
    ],
    ['items', 'sku,name,unit,tracking', ['A', '', '', ''], { sku: 'A' }],
    [
      'orders',
      'order,customer,ordered,due,status',
      ['SO-1', 'Ann', '2026-01-02', '2026-01-09', 'Partially fulfilled'],
      {
        number: 'SO-1',
        customer: 'Ann',
        ordered: '2026-01-02',
        due: '2026-01-09',
        status: 'partially_shipped',
      },
    ],
    [
      'orders',
      'order,customer,ordered,due,status',
      ['SO-1', '', '', '', ''],
      { number: 'SO-1', customer: null, ordered: null, due: null },
    ],
    [
      'lines',
      'order,line,item,ordered,shipped',
      ['SO-1', '000010', 'A', '3', '0.5'],
      { order: 'SO-1', line: 10, item: 'A', ordered: 3_000_000, shipped: 500_000 },
    ],
    ['lines', 'order,line,item,ordered,shipped', ['SO-1', '1', '', '', ''], { order: 'SO-1', line: 1 }],
    // JSON's numbers are taken for what they are, where nothing of them can be lost.
    [
      'lines',
      'order,line,item,ordered,shipped',
      [1042, 2, 77, 0.1, 999999999.999999],
      { order: '1042', line: 2, item: '77', ordered: 100_000, shipped: 999_999_999_999_999 },
    ],
    // Decomposed letters are composed, so that two spellings are one key.
    ['orders', 'order,customer', ['SO-e\u0301', 'Zoe\u0308'], { number: 'SO-\u00e9', customer: 'Zo\u00eb' }],
  ])('%s: %s of %j', (kind, header, cells, row) => {
    expect(read(kind, header, ...cells)).toStrictEqual({ row });
  });

  test('tells all that is wrong with it at once, each under the name that its file has for the column', () => {
    expect(
      read('labels', LABEL, '', '/x', '12,5', 'a\u001bb', 'A-1', 'B', '31.01.2027', '2026-02-30', 'c\u0007'),
    ).toEqual({
      problems: [
        { column: 'label_number', reason: 'label_number is empty' },
        { column: 'sku', reason: 'sku "/x" begins with /' },
        { column: 'qty', reason: 'qty "12,5" is not a number' },
        { column: 'location', reason: 'location "a?b" contains a control character' },
        { column: 'expiry', reason: 'expiry "31.01.2027" is not a date (YYYY-MM-DD)' },
        { column: 'created_at', reason: 'created_at "2026-02-30" is not a date (YYYY-MM-DD)' },
        { column: 'code', reason: 'code "c?" contains a control character' },
      ],
    });
  });
});

describe('what a cell can have wrong', () => {
  const long = 'x'.repeat(501);
  test.each<[ImportKind, string, readonly unknown[], string]>([
    ['labels', 'label,qty', ['L', '-1'], 'qty "-1" is negative'],
    ['labels', 'label,qty', ['L', '1e3'], 'qty "1e3" is not a number'],
    ['labels', 'label,qty', ['L', '0.0000001'], 'qty "0.0000001" has more than 6 decimal places'],
    ['labels', 'label,qty', ['L', '1000000000'], 'qty "1000000000" is more than 999,999,999.999999'],
    ['labels', 'label,qty', ['L', -1], 'qty "-1" is negative'],
    ['labels', 'label,qty', ['L', 1e-7], 'qty 1e-7 has more than 6 decimal places'],
    ['labels', 'label,qty', ['L', 0.1234567], 'qty "0.1234567" has more than 6 decimal places'],
    ['labels', 'label,qty', ['L', 1e21], 'qty 1e+21 is out of range'],
    ['labels', 'label,qty', ['L', true], 'qty true is not a text or a number'],
    ['labels', 'label,qty', ['L', {}], 'qty is an object, not one value'],
    ['labels', 'label,qty', ['L', [1]], 'qty is a list, not one value'],
    ['labels', 'label', [null], 'label is empty'],
    ['labels', 'label', [undefined], 'label is empty'],
    ['labels', 'label', ['L\u2066'], 'label "L?" contains a control character'],
    ['labels', 'label', ['y'.repeat(201)], `label "${'y'.repeat(40)}…" is longer than 200 characters`],
    [
      'labels',
      'label',
      [Number('12345678901234567890')],
      'label 12345678901234567000 may have lost digits as a number: put it in quotes',
    ],
    ['labels', 'label,lot', ['L', 1.1], 'lot 1.1 may have lost digits as a number: put it in quotes'],
    ['labels', 'label,bin', ['L', long], `bin "${'x'.repeat(40)}…" is longer than 500 characters`],
    ['labels', 'label,bin', ['L', 'a\nb'], 'bin "a?b" contains a control character'],
    [
      'labels',
      'label,bin',
      ['L', `${'😀'.repeat(50)}\u0000`],
      `bin "${'😀'.repeat(40)}…" contains a control character`,
    ],
    ['labels', 'label,expiry', ['L', 20260101], 'expiry "20260101" is not a date (YYYY-MM-DD)'],
    ['labels', 'label,code', ['L', '/c'], 'code "/c" begins with /'],
    [
      'orders',
      'order,status',
      ['SO', 'on hold'],
      'status "on hold" is not an order status (draft, open, partially_shipped, shipped, closed, cancelled)',
    ],
    ['items', 'sku,tracking', ['A', 'lot'], 'tracking "lot" is not a tracking (serialized or standard)'],
    ['items', 'sku,name', ['A', 'a\u009b'], 'name "a?" contains a control character'],
    ['lines', 'order,line', ['SO', ''], 'line is empty'],
    ['lines', 'order,line', ['SO', '0'], 'line "0" is not a whole number from 1 to 1,000,000'],
    ['lines', 'order,line', ['SO', '1000001'], 'line "1000001" is not a whole number from 1 to 1,000,000'],
    ['lines', 'order,line', ['SO', '1.5'], 'line "1.5" is not a whole number from 1 to 1,000,000'],
    ['lines', 'order,line', ['SO', '-1'], 'line "-1" is not a whole number from 1 to 1,000,000'],
    ['lines', 'order,Pos.\u001b', ['SO', 'x'], 'Pos.? "x" is not a whole number from 1 to 1,000,000'],
  ])('%s: %s of %j', (kind, header, cells, reason) => {
    const spelt = header.replace('Pos.\u001b', 'line');
    const columns = recognize(spelt.split(','), { kind });
    const [reading] = 'readings' in columns ? columns.readings : [];
    if (reading === undefined) throw new Error('nothing is read');
    const result = rowReader(reading, header.split(','))(cells);
    expect('problems' in result ? result.problems.map((problem) => problem.reason) : result.row).toEqual([
      reason,
    ]);
  });

  test.each([
    ['lines', 'order,line', ['SO', '1']],
    ['lines', 'order,line', ['SO', '1000000']],
    ['labels', 'label,bin', ['L', 'x'.repeat(500)]],
    ['labels', 'label', ['y'.repeat(200)]],
    ['labels', 'label,qty', ['L', '0']],
  ] as const)('but not: %s: %s of %j', (kind, header, cells) => {
    expect(reasons(kind, header, ...cells)).toBeUndefined();
  });
});

test('a value that repeats is read the same again, and one that changes is read anew', () => {
  const rows = readAll(
    'labels',
    'label,sku,qty',
    ['L-1', 'A', 'x'],
    ['L-2', 'A', 'x'],
    ['L-3', 'B', '1'],
    ['L-4', 'B', ''],
  );
  expect(rows).toEqual([
    { problems: [{ column: 'qty', reason: 'qty "x" is not a number' }] },
    { problems: [{ column: 'qty', reason: 'qty "x" is not a number' }] },
    { row: { number: 'L-3', item: 'B', quantity: 1_000_000 } },
    { row: { number: 'L-4', item: 'B' } },
  ]);
});

test('every quantity is read exactly, from a text and from a JSON number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (millionths) => {
      const quantity = millionths as Quantity;
      const text = formatQuantity(quantity);
      const json: unknown = JSON.parse(JSON.stringify(toDecimal(quantity)));
      expect(readAll('labels', 'label,qty', ['L', text], ['L', json])).toEqual([
        { row: { number: 'L', quantity } },
        { row: { number: 'L', quantity } },
      ]);
    }),
  );
});

test('any value at all gives a row or a clause about it, without control characters', () => {
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(value, value, value, value, (...cells) => {
      const result = read('lines', 'order,line,item,ordered', ...cells) as {
        row?: object;
        problems?: { reason: string }[];
      };
      expect('row' in result || (result.problems ?? []).length > 0).toBe(true);
      for (const { reason } of result.problems ?? []) expect(reason).not.toMatch(/\p{Cc}/u);
    }),
  );
});
