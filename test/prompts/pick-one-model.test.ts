import { describe, expect, it } from 'vitest';
import type { Key } from '../../src/cli/prompts/key.ts';
import {
  countedAll,
  foundRows,
  lookedUp,
  type OneModel,
  type OneState,
  pressOne,
  searched,
  startChoosing,
} from '../../src/cli/prompts/pick-one-model.ts';
import type { Found, PickRow } from '../../src/cli/prompts/types.ts';
import { key, keysOf, PAUSE, PERSON, SCANNER } from './keys.ts';

const rowOf = (name: string, more: Partial<PickRow> = {}): PickRow => ({
  key: name,
  names: [],
  cells: [name],
  ...more,
});
const orders = ['SO-1', 'SO-10', 'SO-11', 'SO-2'].map((name) => rowOf(name));
const foundAll = (rows: readonly PickRow[]): Found => ({ rows, total: rows.length });
const fixed: OneModel = { noun: 'order', columns: [], searches: false, asksExact: false, page: 5 };
const live: OneModel = { ...fixed, searches: true, asksExact: true };

function press(model: OneModel, keys: readonly Key[], from: OneState): OneState {
  return keys.reduce(
    (state, next) =>
      state.end === undefined && state.pending === undefined ? pressOne(model, state, next) : state,
    from,
  );
}
const answer = (state: OneState): string | undefined =>
  state.end?.kind === 'answered' ? state.end.value.key : state.end?.kind;
const start = startChoosing(fixed, orders);

describe('from an array', () => {
  it.each([
    ['a scan picks its row', keysOf('SO-11\r', SCANNER), 'SO-11'],
    ['a scan with a Tab picks its row', keysOf('SO-11\t', SCANNER), 'SO-11'],
    ['a text that fits picks the row under the cursor', keysOf('so-1\r', PERSON), 'SO-1'],
    ['moving, then Enter at once, picks', [key('down', PERSON), key('enter', PERSON)], 'SO-10'],
    [
      'moving after an exact text picks what the cursor is on',
      [...keysOf('SO-1', PERSON), key('down', PERSON), key('enter', PERSON)],
      'SO-10',
    ],
    ['an empty Enter after a pause picks', [key('enter', PAUSE)], 'SO-1'],
    ['an empty Enter at once does not', [key('enter', PERSON)], undefined],
    [
      'the second suffix of a scan before does not',
      [key('enter', PAUSE, true), key('enter', 0)].slice(1),
      undefined,
    ],
    ['letters, digits and spaces do nothing', keysOf('q 1 y', PAUSE), undefined],
    ["Tab chooses nothing at a person's speed", keysOf('so-1\t', PERSON), undefined],
    ['Esc leaves', keysOf('\u001b', PERSON), 'left'],
    ['Ctrl-C interrupts', keysOf('\u0003', PERSON), 'interrupted'],
  ])('%s', (_name, keys, expected) => expect(answer(press(fixed, keys, start))).toBe(expected));

  it('a scan that names nothing never takes a row that only fits', () => {
    for (const suffix of ['\r', '\t']) {
      const state = press(fixed, keysOf(`SO-${suffix}`, SCANNER), start);
      expect([answer(state), state.note?.text]).toEqual([
        undefined,
        'no order SO- here; Enter chooses the marked one',
      ]);
      expect(answer(press(fixed, [key('enter', SCANNER)], state))).toBeUndefined();
      expect(answer(press(fixed, [key('enter', PAUSE)], state))).toBe('SO-1');
      expect(answer(press(fixed, keysOf('SO-2\r', SCANNER), state))).toBe('SO-2');
    }
  });

  it('an Enter that comes too soon asks for another', () => {
    expect(press(fixed, [key('enter', PERSON)], start).note?.text).toBe('press Enter once more to choose');
  });

  it('Enter on nothing says so', () => {
    expect(press(fixed, keysOf('SO-99\r', PERSON), start).note?.text).toBe('no order SO-99 here');
    expect(press(fixed, [key('enter', PAUSE)], startChoosing(fixed, [])).note?.text).toBe(
      'no order to choose here',
    );
  });

  it('a row that cannot be chosen says why', () => {
    const state = press(
      fixed,
      keysOf('SO-3\r', PERSON),
      startChoosing(fixed, [rowOf('SO-3', { disabled: 'closed' })]),
    );
    expect([answer(state), state.note?.text]).toEqual([undefined, 'SO-3: closed']);
  });
});

describe('from a search', () => {
  const empty = startChoosing(live, []);
  const typed = press(live, keysOf('SO-1\r', SCANNER), empty);

  it('an Enter waits for the look-up of exactly its text', () => {
    expect(typed.pending).toMatchObject({ text: 'SO-1', scanned: true, looked: false });
    expect(answer(lookedUp(live, typed, typed.pending as never, rowOf('SO-1')))).toBe('SO-1');
  });

  it('then for the search, whose rows may name it', () => {
    const looked = lookedUp(live, typed, typed.pending as never, undefined);
    expect(answer(looked)).toBeUndefined();
    expect(answer(searched(live, looked, 'SO-1', foundAll(orders)))).toBe('SO-1');
    const other = searched(live, looked, 'SO-1', foundAll([rowOf('SO-10')]));
    expect([answer(other), other.note?.good]).toEqual([undefined, false]);
  });

  it('a person who is faster than the search gets the only row, or is asked', () => {
    const waiting = press(live, keysOf('acme\r', PERSON), empty);
    const looked = lookedUp(live, waiting, waiting.pending as never, undefined);
    expect(answer(searched(live, looked, 'acme', foundAll([rowOf('SO-10')])))).toBe('SO-10');
    const several = searched(live, looked, 'acme', foundAll(orders));
    expect([answer(several), several.note?.text]).toEqual([undefined, '4 orders fit: choose one']);
    expect(searched(live, looked, 'acme', foundAll([])).note?.text).toBe('no order acme here');
  });

  it('a row on the screen that the text names needs no look-up', () => {
    expect(answer(press(live, keysOf('SO-11\r', PERSON), searched(live, empty, '', foundAll(orders))))).toBe(
      'SO-11',
    );
  });

  it('says how many there are, as soon as they are counted, where they are too many to show', async () => {
    const first = searched(live, empty, '', { rows: orders, total: Promise.resolve(25_162) });
    expect(first.total).toBe('uncounted');
    expect(countedAll(first, '', undefined)).toBe(first);
    expect(countedAll(first, 'SO', 7)).toBe(first);
    expect(countedAll(first, '', 25_162).total).toBe(25_162);
    expect(searched(live, empty, '', { rows: orders, total: 5 }).total).toBe(5);
    const whole = searched(live, empty, '', foundAll(orders));
    expect([whole.total, countedAll(whole, '', 4).total]).toEqual([undefined, undefined]);
    const waiting = press(live, keysOf('acme\r', PERSON), empty);
    const looked = lookedUp(live, waiting, waiting.pending as never, undefined);
    const several = searched(live, looked, 'acme', { rows: orders, total: 1042 });
    expect(several.note?.text).toBe('1,042 orders fit: choose one');
  });

  it('only the answer to the latest text counts', () => {
    const now = press(live, keysOf('SO-2', PERSON), empty);
    expect(searched(live, now, 'SO', foundAll(orders))).toBe(now);
    expect(foundRows(live, searched(live, now, 'SO-2', foundAll(orders)))).toHaveLength(4);
  });

  it('the row that a person saw under the cursor is theirs', () => {
    const shown = searched(live, press(live, keysOf('acme', PERSON), empty), 'acme', foundAll(orders));
    const entered = press(live, [key('enter', PERSON)], shown);
    expect(answer(lookedUp(live, entered, entered.pending as never, undefined))).toBe('SO-1');
    const moved = press(live, [key('down', PERSON), key('enter', PERSON)], shown);
    expect(answer(moved)).toBe('SO-10');
  });

  it('a look-up that is no longer waited for changes nothing', () => {
    expect(lookedUp(live, empty, typed.pending as never, rowOf('SO-1'))).toBe(empty);
    const other = press(live, keysOf('SO-2\r', SCANNER), empty);
    expect(lookedUp(live, other, typed.pending as never, rowOf('SO-1'))).toBe(other);
  });
});
