import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_KEY_LENGTH, nearKeys, parseKey, printable } from '../../src/core/index.ts';

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'aZ09-_/ \t\n\u0007é\u0301ß\u202e'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('parseKey', () => {
  it.each([
    ['L-00042', 'L-00042'],
    ['  SO-1042\r\n', 'SO-1042'],
    ['\ufeffL-1\u00a0', 'L-1'],
    ['a b/c', 'a b/c'],
    ['e\u0301', 'é'],
    ['-5', '-5'],
    ['Straße 🏭', 'Straße 🏭'],
    ['x'.repeat(MAX_KEY_LENGTH), 'x'.repeat(MAX_KEY_LENGTH)],
  ])('takes %j', (text, key) => {
    expect(parseKey(text)).toEqual({ key });
  });

  it.each([
    ['', 'is empty'],
    [' \t\n ', 'is empty'],
    ['/ship', 'begins with /'],
    ['  /', 'begins with /'],
    ['x'.repeat(MAX_KEY_LENGTH + 1), 'is longer than 200 characters'],
  ])('refuses %j: it %s', (text, problem) => {
    expect(parseKey(text)).toEqual({ problem });
  });

  const control = ['a\nb', 'a\u0000', '\u0007', 'a\u007fb', '\u009b31m'];
  const hiding = ['a\u2028b', 'a\u202eb', 'a\u2066b', 'a\ud800b'];
  it.each([...control, ...hiding])('refuses %j: it contains a control character', (text) => {
    expect(parseKey(text)).toEqual({ problem: 'contains a control character' });
  });

  it('gives one form, however often it is asked, that is safe to print', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseKey(text);
        if ('problem' in parsed) return;
        expect(parseKey(parsed.key)).toEqual(parsed);
        expect(parseKey(` ${parsed.key.normalize('NFD')} `)).toEqual(parsed);
        expect(printable(parsed.key)).toBe(parsed.key);
      }),
      { numRuns: 500 },
    );
  });
});

describe('printable', () => {
  it('replaces whatever could move a cursor or hide text, and nothing else', () => {
    expect(printable('\u001b[31mred\u001b[0m\r\n')).toBe('?[31mred?[0m??');
    expect(printable('a\u202eb\u2066c\u2029')).toBe('a?b?c?');
    expect(printable('Straße 🏭 é')).toBe('Straße 🏭 é');
  });

  it('leaves no control character, and as many characters as there were', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect([...shown]).toHaveLength([...text].length);
      }),
      { numRuns: 500 },
    );
  });
});

/** Keys as warehouses make them: letters, a separator, digits. */
const labelNumbers = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...'ABLXZ'), minLength: 1, maxLength: 3 }),
    fc.constantFrom('-', '', '_'),
    fc.integer({ min: 0, max: 99_999 }),
    fc.integer({ min: 1, max: 8 }),
  )
  .map(([prefix, separator, number, width]) => prefix + separator + String(number).padStart(width, '0'));

describe('nearKeys', () => {
  it.each([
    ['l-00042', 'L-00042', 'other case'],
    ['L-42', 'L-00042', 'fewer zeros'],
    ['L-0000042', 'L-42', 'more zeros'],
    ['L00042', 'L-00042', 'no dash'],
    ['L 42', 'L-00042', 'a blank for the dash'],
    ['L_42', 'L-42', 'a low line for the dash'],
    ['l42', 'L-0042', 'other case, no dash and fewer zeros'],
    ['L-00043', 'L-00042', 'another digit'],
    ['L-0042', 'L-00142', 'a digit too few'],
    ['L-000422', 'L-00042', 'a digit too many'],
    ['L-00024', 'L-00042', 'two digits exchanged'],
    ['M-00042', 'L-00042', 'another letter'],
    ['L-0042A', 'L-00042A', 'zeros before a letter at the end'],
    ['SO1042', 'SO-1042', 'no dash in an order number'],
  ])('of %s has %s: %s', (typed, meant) => {
    expect(nearKeys(typed)).toContain(meant);
  });

  it('has the other case and any padding up to ten digits, before typing errors', () => {
    fc.assert(
      fc.property(labelNumbers, fc.integer({ min: 1, max: 10 }), (key, width) => {
        const near = nearKeys(key);
        const [, head = '', digits = ''] = /^(.*?)(\d+)$/.exec(key) ?? [];
        const padded = head + String(Number(digits)).padStart(width, '0');
        for (const meant of [key.toLowerCase(), padded])
          if (meant !== key) expect(near.slice(0, 100)).toContain(meant);
      }),
    );
  });

  it('has every key that one typing error makes of it', () => {
    const edits = fc.record({
      key: labelNumbers,
      at: fc.nat(),
      letter: fc.constantFrom(...'ABLXZ0123456789-'),
      edit: fc.constantFrom('drop', 'add', 'replace', 'exchange'),
    });
    fc.assert(
      fc.property(edits, ({ key, at, letter, edit }) => {
        const place = at % key.length;
        const [before, here, after] = [key.slice(0, place), key[place] ?? '', key.slice(place + 1)];
        const meant = {
          drop: before + after,
          add: before + letter + here + after,
          replace: before + letter + after,
          exchange: before + after.slice(0, 1) + here + after.slice(1),
        }[edit];
        if (meant !== key) expect(nearKeys(key)).toContain(meant);
      }),
      { numRuns: 500 },
    );
  });

  it('is never the key itself, has nothing twice, and is bounded for any key', () => {
    const keys = fc.oneof(texts, fc.string({ unit: fc.constantFrom(...'0aZ-9'), maxLength: MAX_KEY_LENGTH }));
    fc.assert(
      fc.property(keys, (key) => {
        const near = nearKeys(key);
        expect(near).not.toContain(key);
        expect(new Set(near).size).toBe(near.length);
        expect(near.length).toBeLessThan(6000);
      }),
    );
    expect(nearKeys(`${'0'.repeat(MAX_KEY_LENGTH - 1)}1`).length).toBeLessThan(6000);
  });
});
