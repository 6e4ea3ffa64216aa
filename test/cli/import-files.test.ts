import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Batch,
  ImportFileError,
  type ImportFileOptions,
  type ImportSource,
  readImportFile,
} from '../../src/cli/import/read-file.ts';
import { guard } from '../../src/cli/import/spreadsheet-guard.ts';

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earmark-import-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly rows: readonly unknown[];
  readonly problems?: readonly string[];
  readonly ignored?: readonly string[];
}

/** Everything that is read from a source, as short as a test can say it: `12: labels {…}`. */
async function all(source: ImportSource, options: ImportFileOptions = {}): Promise<Told> {
  const batches: Batch[] = [];
  for await (const batch of readImportFile(source, options)) batches.push(batch);
  const rows = batches
    .flatMap((batch) => batch.rows)
    .map(({ kind, origin, row }) => ({ [kind]: origin.row, ...row }));
  const problems = batches
    .flatMap((batch) => batch.problems)
    .map(({ row, column, reason }) => `${row}: ${column === null ? '' : `[${column}] `}${reason}`);
  const ignored = batches.flatMap((batch) => batch.ignored);
  return { rows, ...(problems.length > 0 && { problems }), ...(ignored.length > 0 && { ignored }) };
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, `${++files}-${name}`);
  writeFileSync(path, content);
  return path;
}

function readText(
  name: string,
  content: string | Buffer,
  more: Omit<ImportSource, 'path'> & ImportFileOptions = {},
) {
  return all({ path: write(name, content), kind: more.kind }, more);
}

const TWO = [
  { labels: 2, number: 'L-1', quantity: 1_000_000 },
  { labels: 3, number: 'L-2', quantity: 2_500_000 },
];

describe('CSV', () => {
  test.each<[string, string]>([
    ['commas', 'label,qty\nL-1,1\nL-2,2.5\n'],
    ['no line end at the end', 'label,qty\nL-1,1\nL-2,2.5'],
    ['a byte order mark', '\ufefflabel,qty\nL-1,1\nL-2,2.5\n'],
    ['a byte order mark and quotes', '\ufeff"label","qty"\n"L-1","1"\n"L-2","2.5"\n'],
    ['CR LF', 'label,qty\r\nL-1,1\r\nL-2,2.5\r\n'],
    ['CR LF and quotes', 'label,qty\r\n"L-1",1\r\nL-2,"2.5"\r\n'],
    ['semicolons', 'label;qty\nL-1;1\nL-2;2.5\n'],
    ['tabs', 'label\tqty\nL-1\t1\nL-2\t2.5\n'],
    ['tabs and quotes', 'label\tqty\n"L-1"\t1\nL-2\t"2.5"\n'],
    ['bars', 'label|qty\nL-1|1\nL-2|2.5\n'],
    ['blanks around fields', ' label , qty\n L-1 , 1\nL-2\t,2.5 \n'],
    ['blanks around quoted fields', ' "label" , qty\n "L-1", "1" \nL-2 ,2.5\n'],
    ['blank lines behind', 'label,qty\nL-1,1\nL-2,2.5\n\n  \r\n,\n\n'],
  ])('with %s', async (_, content) => {
    expect(await readText('labels.csv', content)).toEqual({ rows: TWO });
  });

  test('a delimiter inside of quotes does not count, and Excel may name it', async () => {
    const rows = [{ items: 2, sku: 'A', name: 'Rug; red; long' }];
    expect(
      await readText('a.csv', '"sku;a;b",name\nA,"Rug; red; long"\n', { map: new Map([['sku;a;b', 'sku']]) }),
    ).toEqual({
      rows,
    });
    expect(await readText('b.csv', 'sep=;\r\nsku;a,b,c,d\r\nA;1\r\n', { kind: 'items' })).toEqual({
      rows: [{ items: 3, sku: 'A' }],
      ignored: ['a,b,c,d'],
    });
  });

  test('lines are counted as an editor does, whatever stands in quotes', async () => {
    const content = '\n"label\nnumber",lot\n\nL-1,"a ""b"", c"\n"L-2","x\r\ny"\n\n"L-3","z"\nL-4,z';
    expect(await readText('labels.csv', content)).toEqual({
      rows: [
        { labels: 5, number: 'L-1', lot: 'a "b", c' },
        { labels: 9, number: 'L-3', lot: 'z' },
        { labels: 10, number: 'L-4', lot: 'z' },
      ],
      problems: ['6: [lot] lot "x??y" contains a control character'],
    });
  });

  test('a line of another width is reported, and the rest is read', async () => {
    expect(await readText('labels.csv', 'label,qty,bin\nL-1,1\nL-2\nL-3,1,A\nL-4,1,"A",\n')).toEqual({
      rows: [{ labels: 4, number: 'L-3', quantity: 1_000_000, bin: 'A' }],
      problems: [
        '2: the line has 2 fields, the header has 3',
        '3: the line has 1 field, the header has 3',
        '5: the line has 4 fields, the header has 3',
      ],
    });
  });

  test('a misplaced quote is reported in its line, and hides nothing behind it', async () => {
    const content = 'label,lot\nL-1,24" roll\nL-2,"b"\nL-3,"c"d\nL-4,x\nL-5,"e\nL-6,f\n';
    expect(await readText('labels.csv', content)).toEqual({
      rows: [
        { labels: 3, number: 'L-2', lot: 'b' },
        { labels: 5, number: 'L-4', lot: 'x' },
        { labels: 7, number: 'L-6', lot: 'f' },
      ],
      problems: [
        '2: a quote stands inside a field that is not quoted: quote the whole field and double the quote',
        '4: text follows a closing quote: double the quotes that belong to the field',
        '6: a quote that opens in this line never closes',
      ],
    });
  });

  test('a quote that never closes costs its own line only, however much follows', async () => {
    const many = Array.from({ length: 200_000 }, (_, at) => `L-${at},x\n`).join('');
    const { rows, problems } = await readText('labels.csv', `label,lot\nL-x,"e\n${many}`);
    expect(problems).toEqual(['2: a quote opens in this line and does not close within 1 MB']);
    expect(rows).toHaveLength(200_000);
    expect(rows.at(-1)).toEqual({ labels: 200_002, number: 'L-199999', lot: 'x' });
  });

  test('the apostrophe that guards a spreadsheet is taken off again, and no other', async () => {
    const content = `label,lot\n'=L1,'-5\n'+L2,"'@x"\nL'3,'a\n''=L4,'\n`;
    expect(await readText('labels.csv', content)).toEqual({
      rows: [
        { labels: 2, number: '=L1', lot: '-5' },
        { labels: 3, number: '+L2', lot: '@x' },
        { labels: 4, number: "L'3", lot: "'a" },
        { labels: 5, number: "'=L4", lot: "'" },
      ],
    });
  });

  test('nor is one taken off that stands before the line end of Windows', async () => {
    expect(await readText('labels.csv', "label,lot\r\nL-1,'\r\n")).toEqual({
      rows: [{ labels: 2, number: 'L-1', lot: "'" }],
    });
  });

  test('a byte order mark is taken off once, in chunks of any size', async () => {
    const bytes = Buffer.from('\ufefflabel,qty\nL-1,1\nL-2,2.5\n');
    for (const size of [1, 2, 3, 7, 20]) {
      expect(await all({ path: '-' }, { stdin: inChunks(bytes, size) })).toEqual({ rows: TWO });
    }
  });

  test('a join of orders and lines gives both rows of each line', async () => {
    expect(
      await readText('join.csv', 'order,customer,line,sku,qty\nSO-1,Ann,1,A,2\nSO-1,Ann,x,B,3\n'),
    ).toEqual({
      rows: [
        { orders: 2, number: 'SO-1', customer: 'Ann' },
        { lines: 2, order: 'SO-1', line: 1, item: 'A', ordered: 2_000_000 },
        { orders: 3, number: 'SO-1', customer: 'Ann' },
      ],
      problems: ['3: [line] line "x" is not a whole number from 1 to 1,000,000'],
    });
  });

  test("kind and map are the user's, and what is not read is named once", async () => {
    const map = new Map([['nr', 'number']]);
    expect(await readText('a.csv', 'nr,colour,bin\n1,red,A\n2,red,B\n', { kind: 'labels', map })).toEqual({
      rows: [
        { labels: 2, number: '1', bin: 'A' },
        { labels: 3, number: '2', bin: 'B' },
      ],
      ignored: ['colour'],
    });
  });

  test('a header alone is a file without rows', async () => {
    expect(await readText('a.csv', 'label,qty\n')).toEqual({ rows: [] });
    expect(await readText('b.csv', 'label,qty')).toEqual({ rows: [] });
  });

  test('a header that tells nothing is the one problem of its file', async () => {
    const { rows, problems } = await all(
      { path: '-' },
      { stdin: inChunks(Buffer.from('\ncolour,size\nred,1\nblue,2\n'), 8) },
    );
    expect(rows).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^2: can't tell what the file holds \(columns found: "colour", "size"\)/),
    ]);
  });

  test('whatever csv-stringify writes is read back, with every delimiter and in chunks of every size', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '😀', '"', ',', ';', '\t', '|', "'", '=', ' ', '\n', '\r\n'),
    });
    const inputs = fc.record({
      cells: fc.array(cell, { minLength: 1, maxLength: 30 }),
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      record_delimiter: fc.constantFrom('\n', '\r\n'),
      quoted: fc.boolean(),
      size: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(inputs, async ({ cells, size, ...style }) => {
        const written = cells.map((value) => guard(value.trim()));
        const text = stringify([['label', 'lot'], ...written.map((value, at) => [`L${at}`, value])], {
          ...style,
          quoted_match: /['\r\n]/,
        });
        const { rows, problems } = await all({ path: '-' }, { stdin: inChunks(Buffer.from(text), size) });
        const lots = new Map([...rows, ...(problems ?? [])].map((each) => lotOf(each, text)));
        cells.forEach((value, at) => {
          const expected = value.trim();
          const line = lineOf(text, at);
          if (/[\r\n\t]/.test(expected)) expect(lots.get(line)).toContain('contains a control character');
          else expect(lots.get(line)).toBe(expected === '' ? null : expected);
        });
        expect(lots.size).toBe(cells.length);
      }),
    );
  });
});

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The line in which the record of label `L<at>` begins, found by its own means. */
function lineOf(text: string, at: number): number {
  const found = new RegExp(`(^|\\n)"?L${at}"?[,;\\t|]`).exec(text);
  if (found === null) throw new Error(`L${at} is not in ${JSON.stringify(text)}`);
  return text.slice(0, found.index + (found[1] ?? '').length).split('\n').length;
}

function lotOf(told: unknown, text: string): [number, unknown] {
  if (typeof told === 'string') return [Number(/^\d+/.exec(told)?.[0]), told];
  const row = told as { labels: number; number: string; lot: string | null };
  expect(row.labels).toBe(lineOf(text, Number(row.number.slice(1))));
  return [row.labels, row.lot];
}

describe('NDJSON', () => {
  test('one object a line; a bad line is reported, and the next is read', async () => {
    const content =
      '{"number":"L-1","quantity":1,"status":"active"}\n\n{"number":"L-2","quantity":2.5}\r\n{"number":\n[1]\n7\n' +
      '{"quantity":1}\n{"number":"L-3","item":null,"bin":null,"lot":7}\n{"number":"L-4","quantity":"x"}';
    expect(await readText('labels.ndjson', content)).toEqual({
      rows: [
        { labels: 1, number: 'L-1', quantity: 1_000_000 },
        { labels: 3, number: 'L-2', quantity: 2_500_000 },
        { labels: 8, number: 'L-3', bin: null, lot: '7' },
      ],
      problems: [
        '4: the line is not one whole JSON object',
        '5: a list stands where an object should',
        '6: a bare value stands where an object should',
        '7: no column is the label number (columns found: "quantity"): name it with --map theirs=number',
        '9: [quantity] quantity "x" is not a number',
      ],
      ignored: ['status'],
    });
  });

  test('an order may carry its lines', async () => {
    const content =
      '{"order_number":"SO-1","customer":"Ann","lines":[{"line":1,"sku":"A","qty":2},{"line":2,"order_id":99,"sku":"B"},3]}\n' +
      '{"order_number":"/","lines":[{"line":1}]}\n{"order_number":"SO-3"}\n';
    expect(await readText('orders.jsonl', content)).toEqual({
      rows: [
        { orders: 1, number: 'SO-1', customer: 'Ann' },
        { lines: 1, order: 'SO-1', line: 1, item: 'A', ordered: 2_000_000 },
        { lines: 1, order: 'SO-1', line: 2, item: 'B' },
        { orders: 3, number: 'SO-3' },
      ],
      problems: [
        '1: [lines] lines holds something that is not an object',
        '2: [order_number] order_number "/" begins with /',
      ],
      ignored: ['order_id'],
    });
  });

  test('an order with nothing but its number and lines is an order, and what is ignored is named once', async () => {
    const content =
      '{"number":"SO-1","lines":[{"line":1,"note":"x"}]}\n{"number":"SO-2","lines":[{"line":1,"sku":"A","note":"y"}]}\n';
    expect(await readText('orders.ndjson', content)).toEqual({
      rows: [
        { orders: 1, number: 'SO-1' },
        { lines: 1, order: 'SO-1', line: 1 },
        { orders: 2, number: 'SO-2' },
        { lines: 2, order: 'SO-2', line: 1, item: 'A' },
      ],
      ignored: ['note'],
    });
  });

  test('is told by the name of the file, whatever its first line', async () => {
    expect(await readText('labels.ndjson', '{"number":\n{"number":"L-1","bin":"a"}\n')).toEqual({
      rows: [{ labels: 2, number: 'L-1', bin: 'a' }],
      problems: ['1: the line is not one whole JSON object'],
    });
  });

  test('names that tell nothing in the first object end the file', async () => {
    const { problems } = await readText('a.ndjson', '{"colour":1}\n{"colour":2}\n');
    expect(problems).toEqual([expect.stringMatching(/^1: can't tell what the file holds/)]);
    expect(
      (await readText('b.ndjson', '{"number":"1"}\n{"number":"2"}\n', { kind: 'orders' })).rows,
    ).toHaveLength(2);
  });
});

describe('JSON', () => {
  test('a list of objects, each with its line', async () => {
    const content = `\ufeff[
      {"number": "L-1", "bin": "a]}\\"\\\\", "x": {"y": [1, "}"]}},
      {
        "number": "L-2", "quantity": 3 }, {"number": "/"},
      5
    ]\n`;
    expect(await readText('labels.json', content)).toEqual({
      rows: [
        { labels: 2, number: 'L-1', bin: 'a]}"\\' },
        { labels: 3, number: 'L-2', quantity: 3_000_000 },
      ],
      problems: ['4: [number] number "/" begins with /', '5: a bare value stands where an object should'],
      ignored: ['x'],
    });
  });

  test('lists of lines alone are no order', async () => {
    expect(await readText('lines.json', '{"lines":[{"order":"SO-1","line":1}]}')).toEqual({
      rows: [{ lines: 1, order: 'SO-1', line: 1 }],
    });
  });

  const document = {
    schemaVersion: 1,
    notes: ['x'],
    items: [{ sku: 'A' }],
    labels: [],
    orders: [{ number: 'SO-1', lines: [{ line: 1 }] }],
    lines: [{ order: 'SO-2', line: 1 }],
  };
  test.each([
    ['on many lines', JSON.stringify(document, null, 1)],
    ['on one line', JSON.stringify(document)],
  ])('lists under our own names, %s', async (_, content) => {
    const { rows, ignored, problems } = await readText('all.json', content);
    expect({ ignored, problems }).toEqual({ ignored: ['schemaVersion', 'notes'], problems: undefined });
    expect(rows).toMatchObject([
      { sku: 'A' },
      { number: 'SO-1' },
      { order: 'SO-1', line: 1 },
      { order: 'SO-2', line: 1 },
    ]);
  });

  test('whatever stands beside the lists, in chunks of every size', async () => {
    const inner = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: fc.constantFrom('"', '\\\\', '{', ']', ',', '\n') }),
    );
    await fc.assert(
      fc.asyncProperty(
        inner,
        inner,
        fc.nat(2),
        fc.integer({ min: 1, max: 9 }),
        async (one, two, indent, size) => {
          const whole = { one, labels: [{ label: 'L-1' }], two, items: [{ sku: 'A' }] };
          const stdin = inChunks(Buffer.from(JSON.stringify(whole, null, indent)), size);
          const { rows, ignored, problems } = await all({ path: '-' }, { stdin });
          expect({ ignored, problems }).toEqual({ ignored: ['one', 'two'], problems: undefined });
          expect(rows).toEqual([
            expect.objectContaining({ number: 'L-1' }),
            expect.objectContaining({ sku: 'A' }),
          ]);
        },
      ),
    );
  });

  test('bare values, in chunks of every size', async () => {
    for (const size of [1, 2, 3, 100]) {
      const stdin = inChunks(Buffer.from('{"labels":[true,\n1234,\n{"label":"L-1"}]}'), size);
      const { rows, problems } = await all({ path: '-' }, { stdin });
      expect(rows).toMatchObject([{ number: 'L-1' }]);
      expect(problems).toEqual([1, 2].map((line) => `${line}: a bare value stands where an object should`));
    }
  });

  test('an element that is too large to be one ends the file', async () => {
    const content = `[{"label":"L-1","bin":"a"},\n{"label":"L-2","bin":"${'x'.repeat(17 * 1024 * 1024)}"}]`;
    const { rows, problems } = await readText('a.json', content);
    expect(rows).toMatchObject([{ number: 'L-1' }]);
    expect(problems).toEqual(['2: the value is larger than 16 MB, so no more of the file is read']);
  });

  test('nothing but what the user says it holds', async () => {
    expect(
      await readText('all.json', '{"orders":[{"number":"1"}],\n"labels":[]}', { kind: 'orders' }),
    ).toEqual({
      rows: [{ orders: 1, number: '1' }],
      problems: ['2: a list of labels stands in a file that was named with --orders'],
    });
  });

  test.each<[string, string]>([
    ['[{"number":"L-1","bin":"a"},\n', '2: the JSON ends too early'],
    ['[{"number":"L-1","bin":"a"}\n {"number":"L-2"}]', '2: the JSON goes wrong here'],
    ['[{"number":"L-1","bin":"a"},\n {"number":"L-2"', '2: the JSON ends too early'],
    ['[{"number":"L-1","bin":"a"},\n {"number":"L-2]', '2: the JSON ends too early'],
    ['[{"number":"L-1","bin":"a"},\n {"number":L-2}]', '2: the JSON goes wrong here'],
    ['[{"number":"L-1","bin":"a"}]\n[', '2: something follows the end of the JSON'],
    ['{"labels":[{"number":"L-1","bin":"a"}],\n"x":', '2: the JSON ends too early'],
    ['{"labels":[{"number":"L-1","bin":"a"}]\n"x":1}', '2: the JSON goes wrong here'],
    ['{"labels":[{"number":"L-1","bin":"a"}],\nx:1}', '2: the JSON goes wrong here'],
  ])('%j goes wrong in its second line', async (content, problem) => {
    expect(await readText('a.json', content)).toEqual({
      rows: [{ labels: 1, number: 'L-1', bin: 'a' }],
      problems: [problem],
    });
  });

  test.each(['{}', '{"number":"L-1",\n"bin":"A"}', '{\n"labels": {}}'])(
    '%j holds no list',
    async (content) => {
      const { problems } = await readText('a.json', content);
      expect(problems).toEqual([
        '1: the JSON holds no list, neither on top nor under items, orders, lines or labels',
      ]);
    },
  );

  test('any list of objects is read back, however it is laid out', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '😀', '"', '\\', '{', '}', '[', ']', ',', ':'),
    });
    const object = fc.record({ label: text, lot: text, other: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { minLength: 1 }),
        fc.integer({ min: 0, max: 2 }),
        async (objects, indent) => {
          const numbered = objects.map((each, at) => ({ ...each, label: `L${at}` }));
          const stdin = inChunks(Buffer.from(JSON.stringify(numbered, null, indent)), 16);
          const { rows, problems } = await all({ path: '-' }, { stdin });
          expect(problems).toBeUndefined();
          expect(rows).toMatchObject(
            numbered.map(({ label, lot }) => ({ number: label, lot: lot === '' ? null : lot })),
          );
        },
      ),
    );
  });
});

describe('the format', () => {
  test.each<[string, string, string]>([
    ['orders.csv', '[order],customer\nSO-1,Ann\n', 'name'],
    ['orders', '{"order":"SO-1","customer":"Ann"}\n', 'first character: NDJSON'],
    ['orders.json', '{"order":"SO-1","customer":"Ann"}\n{"order":"SO-2"}\n', 'first line: NDJSON'],
    ['orders', '\n [{"order":"SO-1","customer":"Ann"}]', 'first character: JSON'],
    ['orders', '{"orders":[{"order":"SO-1","customer":"Ann"}]}', 'first line: JSON'],
    ['orders', 'order,customer\nSO-1,Ann\n', 'first character: CSV'],
  ])('of %s with %j is told by its %s', async (name, content) => {
    const { rows, problems } = await readText(name, content, { map: new Map([['[order]', 'order']]) });
    expect(problems).toBeUndefined();
    expect(rows[0]).toMatchObject({ number: 'SO-1', customer: 'Ann' });
  });
});

describe('content that is no table', () => {
  test.each<[string, Buffer, string]>([
    ['nothing', Buffer.from(''), '1: the file is empty'],
    ['blanks', Buffer.from('\ufeff \r\n\n'), '1: the file is empty'],
    ['UTF-16', Buffer.from('\ufefflabel,qty\n', 'utf16le'), '1: the file is UTF-16: save it as UTF-8'],
    ['UTF-16, big end first', Buffer.from([0xfe, 0xff, 0, 0x6c]), '1: the file is UTF-16: save it as UTF-8'],
    [
      'UTF-16 without a mark',
      Buffer.from('label,qty\n', 'utf16le'),
      '1: the file is not text: it holds zero bytes',
    ],
    [
      'a spreadsheet',
      Buffer.from('PK\u0003\u0004…'),
      '1: the file is a spreadsheet or a zip archive: save it as CSV',
    ],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), '1: the file is compressed: unpack it first'],
    [
      'CR alone',
      Buffer.from('label,qty\rL-1,1\r'),
      '1: the lines end in CR alone: save the file with LF or CR LF',
    ],
    ['bad JSON', Buffer.from('[{"label":"\xe9"}]', 'latin1'), '1: the file is not UTF-8: save it as UTF-8'],
  ])('%s', async (_, content, problem) => {
    expect(await readText('file', content)).toEqual({ rows: [], problems: [problem] });
  });

  test('a line in another encoding ends the file, and is named', async () => {
    const lines = Array.from({ length: 40_000 }, (_, at) => `L-${at},${at === 39_990 ? 'caf\xe9' : 'tea'}\n`);
    const { rows, problems } = await readText('a.csv', Buffer.from(`label,lot\n${lines.join('')}`, 'latin1'));
    expect(problems).toEqual([
      '39992: the line is not UTF-8, so no more of the file is read: save the file as UTF-8',
    ]);
    expect(rows.length).toBeLessThan(39_991);
  });

  test('a line without end is not gathered without end', async () => {
    const { rows, problems } = await readText('a.csv', `label,lot\nL-1,a\nL-2,${'x'.repeat(3_000_000)}`);
    expect(rows).toEqual([{ labels: 2, number: 'L-1', lot: 'a' }]);
    expect(problems).toEqual(['3: the line is longer than 1 MB, so no more of the file is read']);
  });
});

describe('a file that cannot be read', () => {
  test('says so in one sentence', async () => {
    const missing = join(folder, 'missing\u001b.csv');
    await expect(all({ path: missing })).rejects.toThrow(ImportFileError);
    await expect(all({ path: missing })).rejects.toThrow(
      `can't read ${folder}/missing?.csv: there is no such file`,
    );
    await expect(all({ path: folder })).rejects.toThrow(`can't read ${folder}: it is a directory`);
    const under = join(write('a.csv', 'label\n'), 'b.csv');
    await expect(all({ path: under })).rejects.toThrow(`can't read ${under}: there is no such file`);
  });

  test("may be another user's", async () => {
    const path = write('secret.csv', 'label\nL-1\n');
    chmodSync(folder, 0o755);
    chmodSync(path, 0o000);
    // Root may read everything, so that it has to be someone else for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      await expect(all({ path })).rejects.toThrow(`can't read ${path}: permission denied`);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('what goes wrong elsewhere stays what it is', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('label\n');
      throw new TypeError('a bug');
    };
    await expect(all({ path: '-' }, { stdin: broken() })).rejects.toThrow(TypeError);
  });
});

describe('a long file', () => {
  const header = 'label,sku,qty\n';
  const block = (from: number): Buffer =>
    Buffer.from(Array.from({ length: 1000 }, (_, at) => `L-${from + at},RUG,1\n`).join(''));

  test('comes in batches, each with how far it is', async () => {
    const path = write('a.csv', header + block(0) + block(1000) + block(2000));
    const batches: Batch[] = [];
    for await (const batch of readImportFile({ path })) batches.push(batch);
    expect(batches.map(({ rows }) => rows.length)).toEqual([2000, 1000]);
    expect(batches.at(-1)?.bytes).toBe(
      header.length + block(0).length + block(1000).length + block(2000).length,
    );
    expect(batches[0]?.rows[0]?.origin).toEqual({ file: path, row: 2 });
  });

  test('is read no further than it is asked for, and let go', async () => {
    let given = 0;
    let closed = false;
    const endless = async function* (): AsyncGenerator<Buffer> {
      try {
        yield Buffer.from(header);
        for (; ; given += 1000) yield block(given);
      } finally {
        closed = true;
      }
    };
    for await (const batch of readImportFile({ path: '-' }, { stdin: endless() })) {
      if (batch.rows.length > 0 && given > 20_000) break;
    }
    expect(given).toBeLessThan(30_000);
    expect(closed).toBe(true);
  });

  test('is let go as well when its first bytes say that it is no table', async () => {
    let closed = false;
    const spreadsheet = async function* (): AsyncGenerator<Buffer> {
      try {
        for (;;) yield Buffer.from('PK\u0003\u0004\n');
      } finally {
        closed = true;
      }
    };
    await all({ path: '-' }, { stdin: spreadsheet() });
    expect(closed).toBe(true);
  });
});
