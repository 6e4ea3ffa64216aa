import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexRows } from '../../src/cli/prompts/row-index.ts';
import type { PickRow } from '../../src/cli/prompts/types.ts';

const row = (key: string, ...cells: string[]): PickRow => ({ key, names: [], cells: [key, ...cells] });
const rows = [
  row('L-10', 'Zürich', 'lot 1'),
  row('L-1', 'Bin 10', 'LOT 2'),
  row('XL-1', 'L-1x', 'lot 3'),
  { ...row('L-100', '仓库'), names: ['0100L'] },
];
const keysFor = (text: string): string[] =>
  Array.from(indexRows(rows).matches(text), (at) => rows[at]?.key ?? '?');

describe('the filter', () => {
  it.each([
    ['', ['L-10', 'L-1', 'XL-1', 'L-100']],
    ['l-1', ['L-1', 'L-10', 'XL-1', 'L-100']],
    ['-10', ['L-10', 'L-100']],
    ['lot 1', ['L-10', 'L-1', 'XL-1']],
    ['LOT l-10', ['L-10']],
    ['  bin   lot ', ['L-1']],
    ['zu\u0308r', ['L-10']],
    ['库', ['L-100']],
    ['0100l', ['L-100']],
    ['nothing', []],
  ])('%j finds the exact, then what begins so, then what holds it', (text, expected) =>
    expect(keysFor(text)).toEqual(expected),
  );

  it('gives the same however the text came about', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'abAB1- '), maxLength: 5 });
    const data = fc.array(fc.tuple(cell, cell), { maxLength: 30 });
    const texts = fc.array(fc.string({ unit: fc.constantFrom(...'abA1- '), maxLength: 5 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(data, texts, (cells, typed) => {
        const some = cells.map(([a, b], at): PickRow => ({ key: `${a}${at}`, names: [], cells: [a, b] }));
        const kept = indexRows(some);
        for (const text of typed) {
          for (let end = 0; end <= text.length; end += 1) {
            const part = text.slice(0, end);
            expect(kept.matches(part)).toEqual(indexRows(some).matches(part));
          }
        }
      }),
    );
  });
});

describe('exact names', () => {
  it('that several rows share name none of them', () => {
    const index = indexRows(
      [1, 2, 3].map((line) => ({
        key: `${line}`,
        names: ['SKU', `only ${line}`, `only ${line}`],
        cells: [],
      })),
    );
    expect(['SKU', '2', 'only 2'].map(index.named)).toEqual([undefined, 1, 1]);
  });

  it('are keys and codes, as written, but for spaces around; a key wins over a code', () => {
    const index = indexRows([{ key: 'A', names: ['B'], cells: [] }, row('B'), row('l-7')]);
    expect(['A', 'B', ' l-7 ', 'L-7', 'a', ''].map(index.named)).toEqual([
      0,
      1,
      2,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
