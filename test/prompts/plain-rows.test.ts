import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key } from '../../src/cli/prompts/key.ts';
import { type Line, pressLine, UNTYPED } from '../../src/cli/prompts/plain-lines.ts';
import { confirmed } from '../../src/cli/prompts/plain-questions.ts';
import { type Listed, meaningOf, nextPage } from '../../src/cli/prompts/plain-rows.ts';
import { indexRows } from '../../src/cli/prompts/row-index.ts';
import type { PickRow } from '../../src/cli/prompts/types.ts';
import { key, keysOf, PAUSE, PERSON, pasted, SCANNER } from './keys.ts';

const rows: PickRow[] = [
  { key: 'L-1', names: ['01001'], cells: ['L-1', 'A-3', ''] },
  { key: '2', names: [], cells: ['2', 'B-1', '5 pcs'], note: 'expired' },
  { key: '#3', names: ['?x'], cells: ['#3', '\u001b[2J', '5 pcs'], disabled: 'held by SO-9' },
  { key: 'L-4', names: [], cells: ['L-4'] },
];
const index = indexRows(rows, ['label', 'bin', 'available']);
const listed: Listed = { index, noun: 'label', found: Uint32Array.of(0, 1, 2, 3), said: 3 };

const typed: Line = { text: '', scanned: false, early: false, deliberate: false };
const person = (text: string): Line => ({ ...typed, text });
const scanner = (text: string): Line => ({ ...typed, text, scanned: true });
const meant = (line: Line): unknown => {
  const meaning = meaningOf(line, listed);
  return meaning.kind === 'row' || meaning.kind === 'off' ? [meaning.kind, meaning.row.key] : meaning.kind;
};

describe('an answer to a list', () => {
  it.each([
    ['a key', person('L-4'), ['row', 'L-4']],
    ['a code', scanner('01001'), ['row', 'L-1']],
    ['a number of the list', person('#1'), ['row', 'L-1']],
    ['a key that looks like a number of the list', person('#3'), ['row', '#3']],
    ['a key that looks like a number', scanner('2'), ['row', '2']],
    ['a name that looks like a search', scanner('?x'), ['row', '#3']],
    ['a bare number', person('1'), 'refused'],
    ['a bare number beyond the list', person('4'), 'unknown'],
    ['a scanned number', scanner('1'), 'unknown'],
    ['a number of a row that has not been said', person('#4'), 'refused'],
    ['a scanned number of the list', scanner('#1'), 'unknown'],
    ['a number of the list before the list was there', { ...person('#1'), early: true }, 'refused'],
    ['a search', person('?b'), 'search'],
    ['a scanned search', scanner('?b'), 'unknown'],
    ['Enter', { ...typed, deliberate: true }, 'more'],
    ['the rest of a suffix', typed, 'nothing'],
    ['a command', person('/DONE'), 'done'],
    ['a command that came too early', { ...person('/done'), early: true }, 'refused'],
    ['another command', person('/leave'), 'leave'],
    ['no command', person('/x'), 'refused'],
    ['taking a number off', person('/off #1'), ['off', 'L-1']],
    ['taking a name off', person('/off  01001'), ['off', 'L-1']],
    ['taking nothing off', person('/off'), 'refused'],
    ['something else', person('L-9'), 'unknown'],
  ])('%s', (_name, line, expected) => expect(meant(line)).toEqual(expected));

  it('hints at the number of the list', () => {
    expect(meaningOf(person('1'), listed)).toEqual({
      kind: 'refused',
      sentence: 'no label 1 here; #1 means the number in the list',
    });
  });

  it('that a scanner typed is its name or nothing', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 5 }),
      fc.constantFrom('#1', '1', '?', '#', '2', 'L-1'),
    );
    fc.assert(
      fc.property(text, (code) => {
        const name = code.trim();
        if (name.startsWith('/')) return;
        const meaning = meaningOf(scanner(name), listed);
        const at = index.named(name);
        if (name === '') expect(meaning.kind).toBe('nothing');
        else
          expect(meaning).toEqual(
            at === undefined ? { kind: 'unknown', text: name } : { kind: 'row', row: rows[at] },
          );
      }),
    );
  });
});

describe('a list that is read out', () => {
  it('has numbers, titles and notes, and no control characters', () => {
    const page = nextPage({ ...listed, said: 0 }, 3);
    expect(page.lines).toEqual([
      '#1  label L-1, bin A-3',
      '#2  label 2, bin B-1, available 5 pcs (expired)',
      '#3  label #3, available 5 pcs (held by SO-9)',
      '3 of 4 labels; Enter alone says more',
    ]);
    const rest = nextPage(page.listed, 3);
    expect(rest.lines).toEqual(['#4  label L-4', '4 labels']);
    expect(nextPage(rest.listed, 3).lines).toEqual(['that was all of the list']);
    expect(nextPage({ ...listed, found: Uint32Array.of() }, 3).lines).toEqual(['no label fits']);
  });
});

describe('a line', () => {
  const line = (keys: readonly Key[]): Line | undefined =>
    keys.reduce((state, next) => (state.line === undefined ? pressLine(state, next) : state), UNTYPED).line;

  it.each([
    ['a scan', keysOf(' L-1 \r', SCANNER), { text: 'L-1', scanned: true, early: false }],
    ['a scan with a Tab', keysOf('L-1\t', SCANNER), { text: 'L-1', scanned: true }],
    ['typing', keysOf('L-12\u007f\r', PERSON), { text: 'L-1', scanned: false, deliberate: false }],
    ['a Tab of a person', keysOf('L-1\t', PERSON), undefined],
    [
      'something begun early',
      [...keysOf('L', PERSON, true), ...keysOf('-1\r', PERSON)],
      { text: 'L-1', early: true },
    ],
    ['an empty Enter', [key('enter', PAUSE)], { text: '', deliberate: true }],
    ['a second suffix', [key('enter', SCANNER)], { text: '', deliberate: false }],
    ['an empty Enter typed before', [key('enter', PAUSE, true)], { text: '', deliberate: false }],
    ['a paste', pasted('L-1\rL-2'), { text: 'L-1', scanned: true }],
  ])('%s', (_name, keys, expected) =>
    expected === undefined ? expect(line(keys)).toBeUndefined() : expect(line(keys)).toMatchObject(expected),
  );
});

describe('a whole word', () => {
  it.each([
    ['yes', person('yes'), true],
    ['No', person('No'), false],
    ['nothing', person(''), undefined],
    ['an early no', { ...person('no'), early: true }, false],
  ])('%s', (_name, line, expected) => expect(confirmed(line)).toBe(expected));

  it('is what y, an early yes and __proto__ are not', () => {
    for (const line of [person('y'), person('ye'), person('__proto__'), { ...person('yes'), early: true }])
      expect(typeof confirmed(line)).toBe('string');
  });
});
