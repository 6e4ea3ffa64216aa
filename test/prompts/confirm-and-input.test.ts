import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConfirmState, pressConfirm, UNANSWERED } from '../../src/cli/prompts/confirm-model.ts';
import { type InputState, judged, NOTHING_ASKED, pressInput } from '../../src/cli/prompts/input-model.ts';
import type { Key } from '../../src/cli/prompts/key.ts';
import { key, keysOf, PAUSE, PERSON, SCANNER } from './keys.ts';

function confirm(keys: readonly Key[], defaultYes = false): ConfirmState {
  return keys.reduce(
    (state, next) => (state.end === undefined ? pressConfirm(state, next, defaultYes) : state),
    UNANSWERED,
  );
}
const said = ({ end }: ConfirmState): boolean | string | undefined =>
  end?.kind === 'answered' ? end.value : end?.kind;

describe('confirm', () => {
  it.each([
    ['y', keysOf('y\r', PERSON), true],
    ['YES', keysOf('YES\r', PERSON), true],
    ['y as fast as a scan', keysOf('y\r', SCANNER), undefined],
    ['n as fast as a scan', keysOf('n\r', SCANNER), false],
    ['n', keysOf('n\r', PERSON), false],
    ['no', keysOf('no\r', PERSON), false],
    ['an empty Enter after a pause', [key('enter', PAUSE)], false],
    ['an empty Enter at once', [key('enter', 200)], undefined],
    ['a letter without Enter', keysOf('y', PAUSE), undefined],
    ['y and a Tab', keysOf('y\t', SCANNER), undefined],
    ['Esc', keysOf('\u001b', PERSON), 'left'],
    ['Ctrl-C', keysOf('\u0003', PERSON), 'interrupted'],
    ['y typed before the question was there', keysOf('y\r', SCANNER, true), undefined],
    ['y begun before and entered after', [...keysOf('y', SCANNER, true), key('enter', PAUSE)], undefined],
    ['ye typed before and s after', [...keysOf('ye', SCANNER, true), ...keysOf('s\r', PERSON)], undefined],
    [
      'y typed before, erased, and typed again',
      [...keysOf('y', SCANNER, true), ...keysOf('\u007fy\r', PERSON)],
      true,
    ],
    [
      'the same word typed again afterwards',
      [...keysOf('y\r', SCANNER, true), ...keysOf('y\r', PERSON)],
      true,
    ],
    ['n typed before', keysOf('n\r', SCANNER, true), false],
    ['an empty Enter typed before', [key('enter', PAUSE, true)], undefined],
  ])('%s', (_name, keys, expected) => expect(said(confirm(keys))).toBe(expected));

  it('a default of yes needs a pause, too', () => {
    expect(said(confirm([key('enter', PAUSE)], true))).toBe(true);
    expect(said(confirm([key('enter', 100)], true))).toBeUndefined();
    expect(said(confirm([key('enter', PAUSE, true)], true))).toBeUndefined();
  });

  it('refuses any other text, and asks again with an empty line', () => {
    const state = confirm(keysOf('L-7\r', SCANNER));
    expect(state).toMatchObject({ end: undefined, typed: { text: '' }, note: { good: false } });
    expect(state.note?.text).toContain('"L-7" is neither yes nor no');
    expect(said(confirm(keysOf('L-7\ry\r', PERSON)))).toBe(true);
  });

  it('no scanned code but the words themselves ever answers', () => {
    const code = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((text) => !/^\s*(y|yes|n|no)?\s*$/i.test(text));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(code, fc.constantFrom('\r', '\t', '\r\r'))),
        fc.boolean(),
        (codes, defaultYes) => {
          const keys = codes.flatMap(([text, suffix]) =>
            keysOf(text.replace(/\p{Cc}/gu, '.') + suffix, SCANNER),
          );
          expect(said(confirm(keys, defaultYes))).toBeUndefined();
        },
      ),
    );
  });
});

describe('input', () => {
  const press = (keys: readonly Key[], initial?: string): InputState =>
    keys.reduce(
      (state, next) =>
        state.asked === undefined && state.end === undefined ? pressInput(state, next, initial) : state,
      NOTHING_ASKED,
    );

  it.each([
    ['a text', keysOf(' 12 \r', PERSON), undefined, '12'],
    ['a scan with a Tab', keysOf('12\t', SCANNER), undefined, '12'],
    ['a Tab of a person', keysOf('12\t', PERSON), undefined, undefined],
    ['an empty Enter after a pause', [key('enter', PAUSE)], 'dana', 'dana'],
    ['an empty Enter at once', [key('enter', 10)], 'dana', undefined],
    ['an empty Enter typed before', [key('enter', PAUSE, true)], 'dana', undefined],
  ])('%s', (_name, keys, initial, asked) => expect(press(keys, initial).asked?.text).toBe(asked));

  it('a text that will not do stays in sight until the next character', () => {
    const asked = press(keysOf('x\r', PERSON));
    const refused = judged(asked, asked.asked, 'a number, please');
    expect(refused).toMatchObject({
      asked: undefined,
      end: undefined,
      typed: { text: 'x', stale: true },
      note: { text: 'a number, please' },
    });
    const again = [...keysOf('4\r', PERSON)].reduce(
      (state, next) => pressInput(state, next, undefined),
      refused,
    );
    expect(judged(again, again.asked, undefined).end).toEqual({ kind: 'answered', value: '4' });
  });
});
