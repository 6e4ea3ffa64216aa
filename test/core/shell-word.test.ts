import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, shellWord } from '../../src/core/index.ts';

/** The words that a real shell makes of a line. */
function wordsOf(line: string): string[] {
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

const HOSTILE = [
  "it's",
  "''",
  '$(id)',
  '`id`',
  '~',
  '*',
  'a b',
  '',
  '\\',
  '"',
  '#x',
  '!!',
  '-n',
  'a\nb',
  '{a,b}',
];
const characters = fc.oneof(
  fc.constantFrom(...'\'"\\$`!*?#~ \n\t;&|<>(){}[]-=%'),
  fc.string({ minLength: 1, maxLength: 1 }),
);
const words = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: characters }));

describe('shellWord', () => {
  it('is read by a shell as the very word', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 20, maxLength: 40 }), (all) => {
        expect(wordsOf(all.map(shellWord).join(' '))).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves plain keys as they are said', () => {
    for (const key of ['L-00042', 'SO-1042', 'label/L-7', 'a@b.c:1,2+3=5_%'])
      expect(shellWord(key)).toBe(key);
    expect(shellWord("O'Hara")).toBe("'O'\\''Hara'");
  });
});

describe('commandLine', () => {
  it.each([
    [commandLine('show', ['L-7']), 'earmark show L-7'],
    [commandLine('reserve', ['SO-1', 'L 7'], ['--line', '2']), "earmark reserve SO-1 'L 7' --line 2"],
    [
      commandLine('unreserve', ['-7'], ['--expect-order', 'SO-1']),
      'earmark unreserve --expect-order SO-1 -- -7',
    ],
    [commandLine('list', ['orders'], ['--search', '-x y']), "earmark list orders --search '-x y'"],
  ])('%s', (line, expected) => {
    expect(line).toBe(expected);
  });

  it('keeps every key behind the flags when one could be read as a flag', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), (keys) => {
        const read = wordsOf(commandLine('show', keys, ['--flag']));
        const dashed = keys.some((key) => key.startsWith('-'));
        expect(read).toEqual([
          'earmark',
          'show',
          ...(dashed ? ['--flag', '--', ...keys] : [...keys, '--flag']),
        ]);
      }),
      { numRuns: 40 },
    );
  });
});
