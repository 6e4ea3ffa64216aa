import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LabelState,
  MAX_QUANTITY,
  type Quantity,
  quantityOfMillionths,
  STRATEGIES,
  type Strategy,
  selectLabels,
  total,
} from '../../src/core/index.ts';
import { freeLabel, holder, type LabelGiven, q, TODAY } from '../support/stock.ts';

const dates = fc.option(
  fc.constantFrom('2025-01-01', '2026-06-30', '2026-11-22', '2026-11-23', '2026-11-24', '2027-01-01'),
);
/** Mostly small whole quantities, so that exact fits are common; now and then any at all. */
const quantities = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 20 }).map(q) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: MAX_QUANTITY }).map(quantityOfMillionths) },
);
const choices: fc.Arbitrary<LabelState[]> = fc
  .array(fc.record({ quantity: quantities, expiry: dates, created: dates, held: fc.nat(9) }), {
    maxLength: 12,
  })
  .map((all) =>
    all.map(({ quantity, expiry, created, held }, at) => {
      const { label } = freeLabel(at + 1, `L-${at}`);
      const owner = held === 0 ? holder() : null;
      return { label: { ...label, quantity, expiry, created }, holder: owner, lastEventAt: null };
    }),
  );
const needs = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map(q),
  fc.integer({ min: 0, max: MAX_QUANTITY }).map(quantityOfMillionths),
);

function usable({ label, holder }: LabelState): boolean {
  return holder === null && label.quantity > 0 && (label.expiry === null || label.expiry >= TODAY);
}

function sum(states: readonly LabelState[]): Quantity {
  return total(states.map(({ label }) => label.quantity));
}

function choose(strategy: Strategy, labels: Readonly<Record<string, LabelGiven>>, needed: number): string[] {
  const states = Object.entries(labels).map(([number, given], at) => freeLabel(at + 1, number, given));
  return selectLabels(strategy, states, q(needed), TODAY).map(({ label }) => label.number);
}

describe.each(STRATEGIES)('%s', (strategy) => {
  it('never chooses a held, an empty or an expired label, nor one twice', () => {
    fc.assert(
      fc.property(choices, needs, (given, needed) => {
        const chosen = selectLabels(strategy, given, needed, TODAY);
        expect(chosen.filter((state) => !usable(state) || !given.includes(state))).toEqual([]);
        expect(new Set(chosen).size).toBe(chosen.length);
      }),
    );
  });

  it('covers the need if the usable labels do, and else takes them all', () => {
    fc.assert(
      fc.property(choices, needs, (given, needed) => {
        const all = given.filter(usable);
        const chosen = selectLabels(strategy, given, needed, TODAY);
        expect(sum(chosen)).toBeGreaterThanOrEqual(Math.min(needed, sum(all)));
        if (sum(all) <= needed) expect(chosen).toHaveLength(all.length);
      }),
    );
  });

  it('stops as soon as the need is covered, and leaves the choices as they were', () => {
    fc.assert(
      fc.property(choices, needs, (given, needed) => {
        const before = [...given];
        const chosen = selectLabels(strategy, given, needed, TODAY);
        expect(sum(chosen.slice(0, -1)) < needed || chosen.length === 0).toBe(true);
        expect(given).toEqual(before);
      }),
    );
  });

  it('does not depend on the order of the choices', () => {
    fc.assert(
      fc.property(choices, needs, (given, needed) => {
        const numbers = (states: readonly LabelState[]) => states.map(({ label }) => label.number);
        const [one, other] = [given, [...given].reverse()].map((each) =>
          numbers(selectLabels(strategy, each, needed, TODAY)),
        );
        expect(one).toEqual(other);
      }),
    );
  });

  it('chooses nothing where nothing is needed', () => {
    expect(choose(strategy, { 'L-1': {} }, 0)).toEqual([]);
  });
});

describe('what the strategies are for', () => {
  it('best-fit never sets more aside than fifo', () => {
    fc.assert(
      fc.property(choices, needs, (given, needed) => {
        const [best, oldest] = (['best-fit', 'fifo'] as const).map((strategy) =>
          sum(selectLabels(strategy, given, needed, TODAY)),
        );
        expect(best).toBeLessThanOrEqual(oldest ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it('fewest chooses no more labels than any other', () => {
    fc.assert(
      fc.property(choices, needs, (given, needed) => {
        const [fewest = 0, ...others] = (['fewest', 'fifo', 'fefo', 'best-fit'] as const).map(
          (strategy) => selectLabels(strategy, given, needed, TODAY).length,
        );
        expect(fewest).toBeLessThanOrEqual(Math.min(...others));
      }),
      { numRuns: 500 },
    );
  });

  const aged = {
    'L-UNDATED': {},
    'L-OLD': { created: '2026-01-01', expiry: '2027-12-31' },
    'L-OLD-TOO': { created: '2026-01-01' },
    'L-NEW': { created: '2026-06-01', expiry: '2026-11-23' },
    'L-EXPIRED': { created: '2025-01-01', expiry: '2026-11-22' },
  };
  it.each([
    ['fifo', ['L-OLD', 'L-OLD-TOO', 'L-NEW', 'L-UNDATED']],
    ['fefo', ['L-NEW', 'L-OLD', 'L-OLD-TOO', 'L-UNDATED']],
  ] as const)(
    '%s takes by date, undated labels last, and by label number on one day',
    (strategy, numbers) => {
      for (let count = 1; count <= numbers.length; count++)
        expect(choose(strategy, aged, count * 10)).toEqual(numbers.slice(0, count));
    },
  );

  const pile = {
    'L-100': { quantity: 100 },
    'L-9': { quantity: 9 },
    'L-6': { quantity: 6 },
    'L-4': { quantity: 4 },
  };
  it.each([
    { strategy: 'fewest', needed: 10, numbers: ['L-100'] },
    { strategy: 'fewest', needed: 105, numbers: ['L-100', 'L-9'] },
    { strategy: 'best-fit', needed: 6, numbers: ['L-6'] },
    { strategy: 'best-fit', needed: 5, numbers: ['L-6'] },
    { strategy: 'best-fit', needed: 15, numbers: ['L-9', 'L-6'] },
    { strategy: 'best-fit', needed: 12.5, numbers: ['L-9', 'L-4'] },
    { strategy: 'best-fit', needed: 20, numbers: ['L-100'] },
    { strategy: 'best-fit', needed: 104, numbers: ['L-100', 'L-4'] },
    { strategy: 'best-fit', needed: 200, numbers: ['L-100', 'L-9', 'L-6', 'L-4'] },
  ] as const)('$strategy of 100, 9, 6 and 4 for $needed is $numbers', ({ strategy, needed, numbers }) => {
    expect(choose(strategy, pile, needed)).toEqual(numbers);
  });
});
