import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKey, plainScan, scanKeys } from '../../src/core/index.ts';

const GS = '\u001d';
const SSCC = '106141412345678908';
const GTIN = '09521234543213';

describe('scanKeys', () => {
  it.each([
    ['L-00042', ['L-00042']],
    ['  L-00042 \r\n', ['L-00042']],
    ['e\u0301', ['é']],
    ['UNDO', ['UNDO']],
    ['a b', ['a b']],
  ])('takes %j for itself', (scan, keys) => {
    expect(scanKeys(scan)).toEqual(keys);
  });

  it.each([']C1', ']d2', ']E0', ']Q3', ']A0'])('takes the identifier %s off', (identifier) => {
    expect(scanKeys(`${identifier}L-00042`)).toEqual([`${identifier}L-00042`, 'L-00042']);
  });

  it('takes a bracket that is no identifier for a part of the code', () => {
    expect(scanKeys(']L-00042')).toEqual([']L-00042']);
  });

  it.each([
    ['a serial number', '21ABC-7', 'ABC-7'],
    ['a logistic unit', `00${SSCC}`, SSCC],
    ['a lot', '10LOT-9', 'LOT-9'],
    ['an article', `01${GTIN}`, GTIN],
    ['a serial number behind an article', `01${GTIN}21ABC-7`, 'ABC-7'],
    ['a serial number behind dates', `01${GTIN}1127010117${'280131'}21ABC-7`, 'ABC-7'],
    ['a serial number behind a lot', `10LOT-9${GS}21ABC-7`, 'ABC-7'],
    ['a serial number before a lot', `21ABC-7${GS}10LOT-9`, 'ABC-7'],
    ['a logistic unit before its content', `00${SSCC}02${GTIN}3712`, SSCC],
    ['a separator after a value of fixed length too', `01${GTIN}${GS}21ABC-7`, 'ABC-7'],
    ['an FNC1 that came as a separator before everything', `${GS}01${GTIN}21ABC-7`, 'ABC-7'],
    ['an AIM identifier', `]C101${GTIN}21ABC-7`, 'ABC-7'],
    ['an AIM identifier, and the separator behind it', `]d2${GS}01${GTIN}21ABC-7${GS}`, 'ABC-7'],
    ['control characters before the identifier', `\u0002]d201${GTIN}21ABC-7`, 'ABC-7'],
  ])('finds in GS1 elements %s', (_, scan, key) => {
    expect(scanKeys(scan)).toContain(key);
  });

  it('offers what is exact before what names neighbours', () => {
    const keys = scanKeys(`01${GTIN}10LOT-9`);
    expect(keys.indexOf('LOT-9')).toBeGreaterThan(0);
    expect(keys.indexOf(GTIN)).toBeGreaterThan(keys.indexOf('LOT-9'));
  });

  it('never takes a neighbour for a piece whose own number is there', () => {
    const keys = scanKeys(`01${GTIN}10LOT-9${GS}21ABC-7`);
    expect(keys).toContain('ABC-7');
    expect(keys).not.toContain('LOT-9');
    expect(keys).not.toContain(GTIN);
  });

  it('names a key once, however often and however loosely it stands there', () => {
    const keys = scanKeys(`01${GTIN}10 ${GTIN} `);
    expect(keys.filter((key) => key === GTIN)).toHaveLength(1);
  });

  it.each([
    ['an unknown element', `01${GTIN}99X21ABC-7`, 'ABC-7'],
    ['an article that is too short', '01123421ABC-7', 'ABC-7'],
    ['letters where an article has digits', '01ABCDEFGHIJKLMN21ABC-7', 'ABC-7'],
    ['an empty serial number', `21${GS}10LOT-9`, 'LOT-9'],
  ])('finds nothing behind %s', (_, scan, key) => {
    expect(scanKeys(scan)).not.toContain(key);
  });

  it.each([
    // A UPC-A that was read as an EAN-13, and the other way round.
    ['036000291452', '36000291452'],
    ['0036000291452', '036000291452'],
    ['36000291452', '036000291452'],
    ['00042', '42'],
    [`01${GTIN}`, '9521234543213'],
  ])('tries %s with other leading zeros: %s', (scan, key) => {
    expect(scanKeys(scan)).toContain(key);
  });

  it.each(['007', 'L-00042', '0'])('leaves the zeros of %s alone', (scan) => {
    expect(scanKeys(scan)).toEqual([scan]);
  });

  it('drops control characters in and around a code', () => {
    expect(scanKeys('\u0002L-\u0000000\u001e42\u0003\r')).toEqual(['L-00042']);
  });

  it.each(['', ' ', '\r', GS, '/undo', ']C1/undo', ']C1', 'a\u202eb', 'x'.repeat(201), '\ud800'])(
    'makes no key of %j that is none',
    (scan) => {
      expect(scanKeys(scan).filter((key) => key !== scan)).toEqual([]);
      for (const key of scanKeys(scan)) expect(parseKey(key)).toEqual({ key });
    },
  );

  const element = fc.constantFrom(`01${GTIN}`, `00${SSCC}`, '21S-1', `10LOT${GS}`, '3712', '00', '01', '21');
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(...'019 /]C\t\r\u001d\u001eé\u0301\u202e'), maxLength: 60 }),
    fc.tuple(fc.constantFrom('', ']C1', ']d2', GS, `]C1${GS}`), fc.array(element)).map(([head, elements]) => {
      return head + elements.join('');
    }),
    fc.stringMatching(/^0*\d{1,30}$/),
  );

  it('begins with the scan itself if that is a key, whatever else it may stand for', () => {
    fc.assert(
      fc.property(hostile, (scan) => {
        const plain = parseKey(scan);
        if ('key' in plain) expect(scanKeys(scan)[0]).toBe(plain.key);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives a few different keys, each of them valid', () => {
    fc.assert(
      fc.property(hostile, (scan) => {
        const keys = scanKeys(scan);
        expect(keys.length).toBeLessThanOrEqual(18);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) expect(parseKey(key)).toEqual({ key });
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the serial number in whatever stands around it', () => {
    const serial = fc.stringMatching(/^[A-Z][A-Z0-9-]{0,18}$/);
    const before = fc.constantFrom('', `01${GTIN}`, `10LOT${GS}`, '17280131', `3712${GS}`);
    const after = fc.constantFrom('', GS, `${GS}10LOT`, `${GS}17280131`);
    const head = fc.constantFrom('', ']C1', ']d2', GS, `]Q3${GS}`);
    fc.assert(
      fc.property(head, before, serial, after, (aim, left, number, right) => {
        expect(scanKeys(`${aim}${left}21${number}${right}`)).toContain(number);
      }),
    );
  });
});

describe('plainScan', () => {
  it.each([
    ['/undo', '/undo'],
    [' UNDO\r', 'UNDO'],
    [']C1/undo', '/undo'],
    ['\u0002]d2DONE\u0003', 'DONE'],
    [GS, ''],
  ])('reads %j as %j', (scan, text) => {
    expect(plainScan(scan)).toBe(text);
  });
});
