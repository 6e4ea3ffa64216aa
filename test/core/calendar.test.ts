import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExpired, isoMoment, parseDate } from '../../src/core/index.ts';

/** Every day of four centuries. */
const days = fc
  .integer({ min: 0, max: 146_097 })
  .map((day) => new Date(Date.UTC(1900, 0, 1 + day)).toISOString().slice(0, 10));

describe('parseDate', () => {
  it.each([
    ['2026-11-23', '2026-11-23'],
    [' 2026-11-23 ', '2026-11-23'],
    ['2024-02-29', '2024-02-29'],
    ['2026-11-23T09:12:00Z', '2026-11-23'],
    ['2026-11-23 09:12', '2026-11-23'],
  ])('reads %s', (text, date) => {
    expect(parseDate(text)).toBe(date);
  });

  it.each([
    ...[
      '',
      '23.11.2026',
      '11/23/2026',
      '2026-11',
      '26-11-23',
      '2026-1-2',
      '20261123',
      '2026-11-23x',
      'today',
    ],
    ...['2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '2026-01-32'],
  ])('refuses "%s"', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  it('reads every day there is as itself', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(parseDate(day)).toBe(day);
      }),
    );
  });
});

describe('isExpired', () => {
  it('is false until the end of the expiry date, and true from the day after', () => {
    fc.assert(
      fc.property(days, (day) => {
        const next = isoMoment(Date.parse(day) + 86_400_000).slice(0, 10);
        expect([isExpired(day, day), isExpired(day, next), isExpired(next, day)]).toEqual([
          false,
          true,
          false,
        ]);
      }),
    );
  });

  it('is false without an expiry date', () => {
    expect(isExpired(null, '9999-12-31')).toBe(false);
  });
});

it('isoMoment is the moment in UTC, to the millisecond', () => {
  expect(isoMoment(Date.UTC(2026, 10, 23, 9, 12, 0, 5))).toBe('2026-11-23T09:12:00.005Z');
});
