import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canPrompt } from '../../src/cli/prompts/can-prompt.ts';
import {
  cut,
  fitted,
  printable,
  tail,
  widthOf,
  withoutLast,
  wrapped,
} from '../../src/cli/prompts/terminal-text.ts';

describe('text on a terminal', () => {
  it('holds no control characters', () => {
    expect(printable('a\u001b[31mred\u0007 b\r\nc\u009b2Jd\u202ee')).toBe('ared  b cd e');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      }),
    );
  });

  it.each([
    ['abc', 3],
    ['标签', 4],
    ['e\u0301', 1],
    ['👩‍🔧', 2],
    ['', 0],
  ])('%j is %i columns wide', (text, width) => expect(widthOf(text)).toBe(width));

  it('is cut by columns, not by characters', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('标签仓库', 5)).toBe('标签…');
    expect(cut('标签仓库', 4)).toBe('标…');
    expect(fitted('标签', 6)).toBe('标签  ');
    expect(tail('0123456789', 5)).toBe('…6789');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (text, width) => {
        expect(widthOf(cut(printable(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('loses whole characters to a backspace', () => {
    expect(['ab', 'a标', 'a👩‍🔧', 'ae\u0301', ''].map(withoutLast)).toEqual(['a', 'a', 'a', 'a', '']);
  });

  it('breaks at spaces', () => {
    expect(wrapped('free these two labels', 10)).toEqual(['free these', 'two labels']);
  });
});

describe('canPrompt', () => {
  const terminal = { isTTY: true };
  it.each([
    [true, {}, terminal, terminal, false],
    [false, {}, terminal, terminal, true],
    [false, {}, {}, terminal, false],
    [false, {}, terminal, {}, false],
    [false, { CI: 'true' }, terminal, terminal, false],
    [false, { EARMARK_NO_INPUT: '1' }, terminal, terminal, false],
    [true, { CI: '', EARMARK_NO_INPUT: '0' }, terminal, terminal, false],
  ])('%s with %j', (expected, env, stdin, stderr, noInput) =>
    expect(canPrompt(env, stdin, stderr, noInput)).toBe(expected),
  );
});
