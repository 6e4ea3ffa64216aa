import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pressConfirm, UNANSWERED } from '../../src/cli/prompts/confirm-model.ts';
import { NOTHING_ASKED, pressInput } from '../../src/cli/prompts/input-model.ts';
import type { Key } from '../../src/cli/prompts/key.ts';
import {
  foundRows,
  type PickModel,
  type PickState,
  pressPick,
  startPicking,
} from '../../src/cli/prompts/pick-model.ts';
import { type OneModel, pressOne, startChoosing } from '../../src/cli/prompts/pick-one-model.ts';
import { indexRows } from '../../src/cli/prompts/row-index.ts';
import type { PickRow, PickSort } from '../../src/cli/prompts/types.ts';
import { key, keysOf, PAUSE, PERSON, pasted, SCANNER } from './keys.ts';

interface Row extends PickRow {
  readonly age: number;
  readonly bin: string;
}

const row = (name: string, bin: string, age: number): Row => ({
  key: name,
  names: [],
  cells: [name, bin],
  age,
  bin,
});
const rows = [row('L-2', 'B-1', 5), row('L-10', 'A-3', 9), row('L-1', 'B-1', 1), row('L-3', 'A-1', 9)];
const sorts: PickSort<Row>[] = [
  { name: 'age', by: ({ age }) => -age },
  { name: 'bin', by: ({ bin }) => bin },
];
const index = indexRows(rows, [], sorts);
const model: PickModel<Row> = { index, noun: 'label', allowEmpty: false, page: 10 };

function press(keys: readonly Key[], from: PickState = startPicking(index)): PickState {
  return keys.reduce(
    (state, next) => (state.end === undefined ? pressPick(model as PickModel, state, next) : state),
    from,
  );
}
const keysAt = (positions: Iterable<number>): string[] => Array.from(positions, (at) => rows[at]?.key ?? '?');
const shown = (state: PickState): string[] => keysAt(foundRows(model as PickModel, state));
const underCursor = (state: PickState): string | undefined => shown(state)[state.cursor];
const SORT = key('sort', PERSON);

function compared(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

describe('sorting', () => {
  it('begins with the first order, goes on to the next, and comes round', () => {
    expect(shown(press([]))).toEqual(['L-10', 'L-3', 'L-2', 'L-1']);
    expect(shown(press([SORT]))).toEqual(['L-3', 'L-10', 'L-2', 'L-1']);
    expect(shown(press([SORT, SORT]))).toEqual(['L-10', 'L-3', 'L-2', 'L-1']);
  });

  it('leaves the cursor on its row, also where a filter is', () => {
    const down = press([key('down', PERSON)]);
    expect(underCursor(down)).toBe('L-3');
    expect(underCursor(press([SORT], down))).toBe('L-3');
    const filtered = press([...keysOf('b-1', PERSON), key('down', PERSON)]);
    expect([underCursor(filtered), underCursor(press([SORT], filtered))]).toEqual(['L-1', 'L-1']);
  });

  it('puts the cursor on a scanned row, wherever it stands', () => {
    expect(underCursor(press(keysOf('L-1\r', SCANNER)))).toBe('L-1');
    expect(underCursor(press([SORT, ...keysOf('L-10\r', SCANNER)]))).toBe('L-10');
  });

  it('keeps what is exact first, and the order within', () => {
    expect(shown(press([SORT, ...keysOf('l-1', PERSON)]))).toEqual(['L-1', 'L-10']);
    expect(shown(press(keysOf('l-', PERSON)))).toEqual(['L-10', 'L-3', 'L-2', 'L-1']);
    expect(shown(press(keysOf('l-1\u007f', PERSON)))).toEqual(['L-10', 'L-3', 'L-2', 'L-1']);
  });

  it('means nothing without orders, and chooses nothing', () => {
    const plain: PickModel = { ...model, index: indexRows(rows) };
    const state = startPicking(plain.index);
    expect(pressPick(plain, state, SORT)).toBe(state);
    expect([press([SORT]).picked.size, press([SORT]).end]).toEqual([0, undefined]);
  });

  it('shows the same rows in the same order however the text and the sort came about', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'abAB1- '), maxLength: 4 });
    const data = fc.array(fc.tuple(cell, cell, fc.nat(3)), { maxLength: 30 });
    const steps = fc.array(
      fc.tuple(fc.string({ unit: fc.constantFrom(...'abA1- '), maxLength: 4 }), fc.nat(1)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(data, steps, (cells, looks) => {
        const some = cells.map(([name, bin, age], at) => row(`${name}${at}`, bin, age));
        const kept = indexRows(some, [], sorts);
        for (const [text, sort] of looks) {
          const order = sorts[sort];
          const sorted =
            order === undefined ? some : some.toSorted((a, b) => compared(order.by(a), order.by(b)));
          const fresh = (part: string) => indexRows(sorted).matches(part);
          for (let end = 0; end <= text.length; end += 1) {
            const part = text.slice(0, end);
            const expected = Array.from(fresh(part), (at) => sorted[at]?.key);
            expect(Array.from(kept.matches(part, sort), (at) => some[at]?.key)).toEqual(expected);
          }
        }
      }),
    );
  });
});

describe('a paste', () => {
  it('picks each code of it, and leaves the last piece to Enter', () => {
    const state = press(pasted('L-1\rL-99\rL-3\tL-2'));
    expect(keysAt(state.picked)).toEqual(['L-1', 'L-3']);
    expect([state.refused.map(({ text }) => text), state.typed.text]).toEqual([['L-99'], 'L-2']);
    expect(keysAt(press([key('enter', PERSON)], state).picked)).toEqual(['L-1', 'L-3', 'L-2']);
  });

  it('is not joined to a filter that was typed before it', () => {
    expect(keysAt(press([...keysOf('b-', PERSON), ...pasted('L-3\r')]).picked)).toEqual(['L-3']);
  });

  it('never toggles, and never ends anything', () => {
    const piece = fc.oneof(
      fc.constantFrom('\r', '\t', 'L-1', 'L-', 'b', ' ', 'y', '1'),
      fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
    );
    const before = fc.constantFrom<Key[]>(
      [],
      [key('down', PERSON)],
      keysOf('L-3\r', SCANNER),
      keysOf('b', PERSON),
    );
    fc.assert(
      fc.property(before, fc.array(piece, { maxLength: 20 }), (typed, pieces) => {
        const from = press(typed);
        const state = press(pasted(pieces.join('')), from);
        expect(state.end).toBeUndefined();
        expect([...state.picked].slice(0, from.picked.size)).toEqual([...from.picked]);
        const named = new Set(
          pieces
            .join('')
            .split(/[\r\t]/)
            .map((text) => index.named(text)),
        );
        for (const at of [...state.picked].slice(from.picked.size)) expect(named.has(at)).toBe(true);
      }),
    );
  });

  it('chooses what it names from a single choice, and never the row under the cursor', () => {
    const one: OneModel = { noun: 'label', columns: [], searches: false, asksExact: false, page: 10 };
    const choose = (keys: readonly Key[]) =>
      keys.reduce(
        (state, next) => (state.end === undefined ? pressOne(one, state, next) : state),
        startChoosing(one, rows),
      );
    expect(choose(pasted('L-10\rx')).end).toMatchObject({ value: { key: 'L-10' } });
    for (const text of ['\r', '\t', '\r\r', 'L\r', 'x\r\r\t'])
      for (const before of [[], [key('down', PERSON)], [key('down', PAUSE)]])
        expect(choose([...before, ...pasted(text)]).end, JSON.stringify(text)).toBeUndefined();
  });

  it('is no answer to a yes/no question, and no Enter of a text', () => {
    const confirmed = pasted('y\r').reduce((state, next) => pressConfirm(state, next, true), UNANSWERED);
    expect([confirmed.end, confirmed.note?.text]).toEqual([
      undefined,
      'a paste is no answer; type y or n, then Enter',
    ]);
    const input = pasted('\r12\r34\t').reduce(
      (state, next) => pressInput(state, next, 'dana'),
      NOTHING_ASKED,
    );
    expect([input.asked, input.typed.text]).toEqual([undefined, ' 12 34 ']);
    expect(pressInput(input, key('enter', PERSON), undefined).asked?.text).toBe('12 34');
  });
});

describe('a scan that a question refuses', () => {
  it('is remembered, and what a person typed is not', () => {
    const one: OneModel = { noun: 'line', columns: [], searches: false, asksExact: false, page: 10 };
    const choose = (keys: readonly Key[]) =>
      keys.reduce((state, next) => pressOne(one, state, next), startChoosing(one, rows));
    expect(choose([...keysOf('X-1\rX-2\t', SCANNER), ...keysOf('X-3\r', PERSON)]).missed).toEqual([
      'X-1',
      'X-2',
    ]);
    expect(press([...keysOf('X-1\rX-1\rL-1\r', SCANNER), ...keysOf('X-3\r', PERSON)]).missed).toEqual([
      'X-1',
      'X-1',
    ]);
    const confirm = [...keysOf('X-1\rX-2\ry\t', SCANNER), ...keysOf('X-3\r', PERSON)];
    expect(confirm.reduce((state, next) => pressConfirm(state, next, false), UNANSWERED).missed).toEqual([
      'X-1',
      'X-2',
      'y',
    ]);
  });
});
