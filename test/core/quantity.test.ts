import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDecimal,
  formatQuantity,
  fromDecimal,
  isQuantity,
  MAX_QUANTITY,
  minus,
  parseQuantity,
  plus,
  type Quantity,
  quantityOfMillionths,
  smaller,
  toDecimal,
  total,
} from '../../src/core/index.ts';

const quantities = fc.integer({ min: 0, max: MAX_QUANTITY }).map(quantityOfMillionths);
const differences = fc.integer({ min: -MAX_QUANTITY, max: MAX_QUANTITY }).map(quantityOfMillionths);

describe('parseQuantity', () => {
  it.each([
    ['0', 0],
    ['12', 12_000_000],
    ['007', 7_000_000],
    ['0.5', 500_000],
    [' 1.250000 ', 1_250_000],
    ['0.000001', 1],
    ['1.10000000', 1_100_000],
    ['999999999.999999', MAX_QUANTITY],
    ['-0', 0],
    ['-0.000', 0],
  ])('reads %s', (text, millionths) => {
    expect(parseQuantity(text)).toBe(millionths);
  });

  it.each([
    ...['', ' ', '1,5', '1 000', '1.', '.5', '+1', '1e3', '0x10', 'NaN', 'Infinity', '--1', '١'].map(
      (text) => [text, 'is not a number'],
    ),
    ['-1', 'is negative'],
    ['-0.000001', 'is negative'],
    ['0.0000001', 'has more than 6 decimal places'],
    ['1000000000', 'is more than 999,999,999.999999'],
    ['999999999999999999999', 'is more than 999,999,999.999999'],
  ])('refuses "%s": it %s', (text = '', problem) => {
    const parsed = parseQuantity(text);
    expect(parsed).toBe(problem);
    expect(isQuantity(parsed)).toBe(false);
  });

  it('reads whatever formatQuantity shows', () => {
    fc.assert(
      fc.property(quantities, (each) => {
        expect(parseQuantity(formatQuantity(each))).toBe(each);
      }),
    );
  });
});

describe('formatQuantity', () => {
  it.each([
    [0, '0'],
    [1, '0.000001'],
    [12_000_000, '12'],
    [1_250_000, '1.25'],
    [-500_000, '-0.5'],
    [-12_000_000, '-12'],
    [MAX_QUANTITY, '999999999.999999'],
  ])('shows %i millionths as %s', (millionths, text) => {
    expect(formatQuantity(quantityOfMillionths(millionths))).toBe(text);
  });

  it('never shows an exponent, nor zeros at the end of a fraction', () => {
    fc.assert(
      fc.property(differences, (each) => {
        expect(formatQuantity(each)).toMatch(/^-?\d+(\.\d{0,5}[1-9])?$/);
      }),
    );
  });
});

describe('decimals', () => {
  it('stand for quantities exactly, through JSON too', () => {
    fc.assert(
      fc.property(differences, (each) => {
        expect(fromDecimal(JSON.parse(JSON.stringify(toDecimal(each))))).toBe(each === 0 ? 0 : each);
        expect(formatDecimal(toDecimal(each))).toBe(formatQuantity(each));
      }),
    );
  });

  it('are in JSON what a person would write', () => {
    fc.assert(
      fc.property(quantities, (each) => {
        expect(JSON.stringify(toDecimal(each))).toBe(formatQuantity(each));
      }),
    );
  });
});

describe('sums', () => {
  it('are those of whole numbers', () => {
    fc.assert(
      fc.property(fc.array(quantities, { maxLength: 9 }), (all) => {
        expect(BigInt(total(all))).toBe(all.reduce((sum, each) => sum + BigInt(each), 0n));
      }),
    );
    fc.assert(
      fc.property(quantities, quantities, (a, b) => {
        expect(BigInt(plus(a, b))).toBe(BigInt(a) + BigInt(b));
        expect(BigInt(minus(a, b))).toBe(BigInt(a) - BigInt(b));
        expect(smaller(a, b)).toBe(Math.min(a, b));
      }),
    );
  });

  it('do not lose what floating point loses', () => {
    const [tenth, fifth] = [fromDecimal(0.1), fromDecimal(0.2)];
    expect(toDecimal(plus(tenth, fifth))).toBe(0.3);
  });

  it.each([Number.MAX_SAFE_INTEGER + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'and quantities are never %d millionths',
    (millionths) => {
      expect(() => quantityOfMillionths(millionths)).toThrow(RangeError);
      expect(() => plus(millionths as Quantity, 1 as Quantity)).toThrow(RangeError);
    },
  );
});
