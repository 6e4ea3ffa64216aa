import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key } from '../../src/cli/prompts/key.ts';
import {
  lookedUp,
  type PickModel,
  type PickState,
  pressPick,
  startPicking,
} from '../../src/cli/prompts/pick-model.ts';
import { indexRows } from '../../src/cli/prompts/row-index.ts';
import type { PickRow } from '../../src/cli/prompts/types.ts';
import { key, keysOf, PAUSE, PERSON, SCANNER } from './keys.ts';

const HOSTILE = ['a', 'i', '1', 'q', 'y', 'n', 'j', 'k', 'a b', 'UNDO', 'DONE'];
const rows: PickRow[] = [
  ...HOSTILE.map((name) => ({ key: name, names: [], cells: [name, 'A-3'] })),
  ...Array.from({ length: 60 }, (_, at) => ({
    key: `L-${at}`,
    names: [`0100${at}`],
    cells: [`L-${at}`, `bin ${at % 5}`],
  })),
  { key: 'L-HELD', names: [], cells: ['L-HELD', 'A-3'], disabled: 'held by SO-9' },
];
const model: PickModel = { index: indexRows(rows), noun: 'label', allowEmpty: false, page: 10 };

function press(keys: readonly Key[], from: PickState = startPicking(model.index)): PickState {
  return keys.reduce(
    (state, next) => (state.end === undefined ? pressPick(model, state, next) : state),
    from,
  );
}

const pickedKeys = (state: PickState): string[] => Array.from(state.picked, (at) => rows[at]?.key ?? '?');

describe('a scan', () => {
  const suffixes = [
    ['CR', '\r'],
    ['Tab', '\t'],
  ] as const;
  it.each(suffixes)('ending in %s adds its row and clears the text', (_name, suffix) => {
    const state = press(keysOf(`L-7${suffix}`, SCANNER));
    expect(pickedKeys(state)).toEqual(['L-7']);
    expect(state.typed.text).toBe('');
    expect(state.note).toEqual({ good: true, text: 'added L-7' });
  });

  it('adds by a scan code', () => {
    expect(pickedKeys(press(keysOf('01007\r', SCANNER)))).toEqual(['L-7']);
  });

  it('of the same row twice adds it once, and never takes it off', () => {
    for (const suffix of ['\r', '\t']) {
      const state = press(keysOf(`L-7${suffix}L-7${suffix}`, SCANNER));
      expect(pickedKeys(state)).toEqual(['L-7']);
      expect(state.note?.text).toBe('L-7 is already chosen');
    }
  });

  it('of an unknown code is refused, with its text in sight, and the next scan is not joined to it', () => {
    const refused = press(keysOf('L-99\r', SCANNER));
    expect(refused.note).toEqual({ good: false, text: 'no label L-99 here' });
    expect(refused.typed.text).toBe('L-99');
    const next = press(keysOf('L-7\r', SCANNER), refused);
    expect(pickedKeys(next)).toEqual(['L-7']);
    expect(next.refused).toEqual([{ text: 'L-99', sentence: 'no label L-99 here' }]);
  });

  it('of an unknown code ending in Tab marks nothing, although rows fit it', () => {
    const state = press(keysOf('L-\t', SCANNER));
    expect(pickedKeys(state)).toEqual([]);
    expect(state.note?.text).toBe('no label L- here');
  });

  it('is found behind a filter that a person has typed', () => {
    const filter = keysOf('bin ', PERSON);
    const scan = (code: string): Key[] => [
      ...keysOf(code.slice(0, 1), PAUSE),
      ...keysOf(code.slice(1), SCANNER),
    ];
    for (const suffix of ['\r', '\t'])
      expect(pickedKeys(press([...filter, ...scan(`L-7${suffix}`)]))).toEqual(['L-7']);
    const unknown = press([...filter, ...scan('L-99\r')]);
    expect(unknown.note?.text).toBe('no label L-99 here');
  });

  it('with two suffixes does nothing more at the second', () => {
    for (const ending of ['\r\r', '\r\t', '\t\t', '\t\r']) {
      const state = press(keysOf(`L-7${ending}`, SCANNER));
      expect([pickedKeys(state), state.end]).toEqual([['L-7'], undefined]);
    }
  });

  it('of a row that cannot be chosen says why', () => {
    expect(press(keysOf('L-HELD\r', SCANNER)).note).toEqual({ good: false, text: 'L-HELD: held by SO-9' });
    expect(pickedKeys(press(keysOf('L-HELD\r', SCANNER)))).toEqual([]);
  });
});

describe('a text that names no row as it is', () => {
  const looking: PickModel = { ...model, looksUp: true };
  const from = startPicking(model.index);
  const pressLooking = (keys: readonly Key[], state = from): PickState =>
    keys.reduce((before, next) => pressPick(looking, before, next), state);
  const scanned = pressLooking(keysOf('L-99\r', SCANNER));
  const [sought] = scanned.sought;
  if (sought === undefined) throw new Error('nothing is looked up');

  it('is looked up, and the row that is found is picked', () => {
    expect([scanned.note?.text, scanned.refused, scanned.missed]).toEqual(['looking up L-99…', [], []]);
    const state = lookedUp(looking, scanned, sought, { key: 'L-7' });
    expect([pickedKeys(state), state.sought, state.typed.text]).toEqual([['L-7'], [], '']);
    expect(state.note).toEqual({ good: true, text: 'added L-7' });
  });

  it.each([
    [{ why: 'L-99 is reserved for SO-2' }, 'L-99 is reserved for SO-2'],
    [undefined, 'no label L-99 here'],
    [{ key: 'L-98' }, 'no label L-99 here'],
    [{ key: 'L-HELD' }, 'L-HELD: held by SO-9'],
  ])('with %j is refused, and says why', (answer, sentence) => {
    const state = lookedUp(looking, scanned, sought, answer);
    expect([pickedKeys(state), state.sought]).toEqual([[], []]);
    expect(state.note).toEqual({ good: false, text: sentence });
    expect(state.refused.map((refusal) => refusal.sentence)).toEqual([sentence]);
  });

  it('does not disturb what is typed meanwhile', () => {
    const meanwhile = pressLooking([...keysOf('L-1\r', SCANNER), ...keysOf('bin', PERSON)], scanned);
    const state = lookedUp(looking, meanwhile, sought, { key: 'L-7' });
    expect([pickedKeys(state), state.typed.text]).toEqual([['L-1', 'L-7'], 'bin']);
    expect(lookedUp(looking, meanwhile, sought, undefined).typed.text).toBe('bin');
  });

  it('keeps the table open until its answer is there', () => {
    const waiting = pressLooking([...keysOf('L-1\r', SCANNER), ...keysOf('L-99\r', SCANNER)]);
    const done = pressLooking([key('clear', PERSON), key('enter', PAUSE)], waiting);
    expect([done.end, done.note?.text]).toEqual([undefined, 'still looking up L-99…']);
    const [open] = done.sought;
    if (open === undefined) throw new Error('nothing is looked up');
    const answered = lookedUp(looking, done, open, { key: 'L-7' });
    expect(pressLooking([key('enter', PAUSE)], answered).end).toBe('submitted');
  });

  it('is answered once', () => {
    const state = lookedUp(looking, scanned, sought, undefined);
    expect(lookedUp(looking, state, sought, { key: 'L-7' })).toBe(state);
  });

  it('keeps the separators of a scan, and looks for nothing with them', () => {
    const separator: Key = { ...key('control', SCANNER), text: '\u001d' };
    const state = pressLooking([...keysOf('01', SCANNER), separator, ...keysOf('L-7\r', SCANNER)]);
    expect(state.sought).toEqual([{ text: '01\u001dL-7', scanned: true }]);
    expect(pickedKeys(pressLooking([separator, ...keysOf('L-7\r', SCANNER)]))).toEqual(['L-7']);
  });
});

describe('a person', () => {
  it('marks and unmarks the row under the cursor with Tab', () => {
    const once = press([key('down', PERSON), key('tab', PERSON)]);
    expect(pickedKeys(once)).toEqual(['i']);
    expect(pickedKeys(press([key('tab', PERSON)], once))).toEqual([]);
  });

  it('marks the first row that fits a filter, at their own speed', () => {
    expect(pickedKeys(press(keysOf('l-1\t', PERSON)))).toEqual(['L-1']);
    const refused = press([...keysOf('l-held', PERSON), key('tab', PERSON)]);
    expect(refused.note?.text).toBe('L-HELD: held by SO-9');
  });

  it('is done when they press Enter under a filter that they have marked rows under', () => {
    const marked = press([...keysOf('bin 3', PERSON), key('tab', PERSON)]);
    const cleared = press([key('enter', PAUSE)], marked);
    expect([cleared.typed.text, cleared.note?.text, cleared.refused]).toEqual([
      '',
      'press Enter once more to finish',
      [],
    ]);
    expect(press([key('enter', PAUSE)], cleared).end).toBe('submitted');
    // Too soon to be meant.
    expect(press([key('enter', PERSON)], marked).end).toBeUndefined();
  });

  it('hears how rows are marked, if they press Enter on a filter', () => {
    const sentence = 'no label bin 3 here; Tab marks the row';
    expect(press(keysOf('bin 3\r', PERSON)).note?.text).toBe(sentence);
    expect(press(keysOf('zzz\r', PERSON)).note?.text).toBe('no label zzz here');
  });

  it('edits the text with backspace and clears it with Ctrl-U', () => {
    expect(press(keysOf('L-78\u007f', PERSON)).typed.text).toBe('L-7');
    expect(press(keysOf('L-99\r\u007f', PERSON)).typed).toMatchObject({ text: 'L-9', stale: false });
    expect(press(keysOf('L-99\u0015', PERSON)).typed.text).toBe('');
  });

  it('gets the rows in the order in which they were picked', () => {
    expect(pickedKeys(press(keysOf('L-9\rL-3\rL-5\r', PERSON)))).toEqual(['L-9', 'L-3', 'L-5']);
  });

  it('moves within bounds', () => {
    expect(press([key('up', PERSON)]).cursor).toBe(0);
    expect(press([key('end', PERSON), key('down', PERSON)]).cursor).toBe(rows.length - 1);
    expect(press([key('pageDown', PERSON), key('up', PERSON)]).cursor).toBe(9);
    expect(press([key('end', PERSON), key('home', PERSON)]).cursor).toBe(0);
  });
});

describe('an empty Enter', () => {
  const chosen = press(keysOf('L-7\r', SCANNER));
  it.each([
    [0, undefined],
    [299, undefined],
    [300, 'submitted'],
    [5000, 'submitted'],
  ] as const)('after %i ms of silence: %s', (quiet, end) =>
    expect(press([key('enter', quiet)], chosen).end).toBe(end),
  );

  it('that was typed before the table was there does not finish', () => {
    expect(press([key('enter', PAUSE, true)], chosen).end).toBeUndefined();
  });

  it('with nothing chosen says so, unless nothing will do', () => {
    const state = press([key('enter', PAUSE)]);
    expect([state.end, state.note?.text]).toEqual([undefined, 'no label chosen yet; Esc leaves']);
    expect(
      pressPick({ ...model, allowEmpty: true }, startPicking(model.index), key('enter', PAUSE)).end,
    ).toBe('submitted');
  });

  it('after a refused code first puts the text away', () => {
    const refused = press(keysOf('L-7\rL-99\r', SCANNER));
    expect(press([key('enter', SCANNER)], refused)).toEqual(refused);
    const cleared = press([key('enter', PAUSE)], refused);
    expect([cleared.end, cleared.typed.text]).toEqual([undefined, '']);
    expect(press([key('enter', PAUSE)], cleared).end).toBe('submitted');
  });
});

describe('leaving', () => {
  it('is Esc or Ctrl-C', () => {
    expect(press(keysOf('\u001b', PERSON)).end).toBe('left');
    expect(press(keysOf('\u0003', PERSON)).end).toBe('interrupted');
  });
});

describe('for any keys', () => {
  const silence = fc.integer({ min: 0, max: 2000 });
  const character = fc.oneof(
    fc.constantFrom(...' aiqynjk1UNDO'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  );

  it('characters never choose, submit or leave', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ text: character, quiet: silence, early: fc.boolean() })), (typed) => {
        const state = press(typed.map((one) => ({ action: 'text' as const, pasted: false, ...one })));
        expect([state.picked.size, state.end]).toEqual([0, undefined]);
      }),
    );
  });

  it('a burst of codes with any suffixes adds every one, in order, and does nothing else', () => {
    const code = fc.record({
      at: fc.nat(HOSTILE.length + 59),
      suffix: fc.constantFrom('\r', '\t', '\r\r', '\r\t', '\t\r'),
    });
    fc.assert(
      fc.property(
        fc.array(code, { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 0, max: 49 }),
        (codes, gap) => {
          const state = press(
            keysOf(codes.map(({ at, suffix }) => `${rows[at]?.key}${suffix}`).join(''), gap),
          );
          expect(pickedKeys(state)).toEqual([...new Set(codes.map(({ at }) => rows[at]?.key))]);
          expect([state.end, state.refused]).toEqual([undefined, []]);
        },
      ),
    );
  });

  it('a burst never marks what it does not name, however it is made up', () => {
    const code = fc.oneof(
      fc.constantFrom('L-', 'bin', 'L-99', '0', 'L', 'A-3', '01'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(code, fc.constantFrom('\r', '\t')), { maxLength: 30 }), (codes) => {
        const state = press(keysOf(codes.map(([text, suffix]) => text + suffix).join(''), SCANNER));
        const named = new Set(codes.map(([text]) => model.index.named(text)));
        for (const at of state.picked) expect(named.has(at)).toBe(true);
        expect(state.end).toBeUndefined();
      }),
    );
  });
});
