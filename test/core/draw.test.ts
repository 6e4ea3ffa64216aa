import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byAge,
  byDrawOrder,
  compareKeys,
  type LabelState,
  outstanding,
  planDraws,
  type Quantity,
  total,
} from '../../src/core/index.ts';
import {
  BOLT,
  freeLabel,
  heldLabel,
  holder,
  type LabelGiven,
  line,
  PIPE,
  q,
  ROLL,
} from '../support/stock.ts';

const dates = fc.option(fc.constantFrom('2026-01-01', '2026-06-30', '2027-01-01'));
const states = fc
  .record({ number: fc.constantFrom('L-1', 'L-2', 'L-10'), expiry: dates, created: dates })
  .map(({ number, expiry, created }): LabelState => {
    const { label } = freeLabel(1, number);
    return { label: { ...label, expiry, created }, holder: null, lastEventAt: null };
  });

function numbersIn(
  order: (a: LabelState, b: LabelState) => number,
  labels: Record<string, LabelGiven>,
): string[] {
  const all = Object.entries(labels).map(([number, given], at) => freeLabel(at + 1, number, given));
  return all.sort(order).map(({ label }) => label.number);
}

describe('the order in which labels are drawn', () => {
  const labels = {
    'L-0': {},
    'L-1': { created: '2026-01-01' },
    'L-2': { expiry: '2027-02-01' },
    'L-3': { expiry: '2027-02-01', created: '2026-05-01' },
    'L-4': { expiry: '2027-02-01', created: '2026-04-01' },
    'L-10': { expiry: '2027-01-01' },
    'L-9': { expiry: '2027-01-01' },
  };

  it('is earliest expiry, then oldest, then label number; what is missing sorts last', () => {
    const byExpiry = ['L-10', 'L-9', 'L-4', 'L-3', 'L-2', 'L-1', 'L-0'];
    expect(numbersIn(byDrawOrder, labels)).toEqual(byExpiry);
  });

  it('by age leaves the expiry out', () => {
    expect(numbersIn(byAge, labels)).toEqual(['L-1', 'L-4', 'L-3', 'L-0', 'L-10', 'L-2', 'L-9']);
  });

  it.each([
    ['byDrawOrder', byDrawOrder],
    ['byAge', byAge],
  ] as const)('%s is an order: antisymmetric and transitive', (_name, order) => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) => {
        expect(Math.sign(order(a, b)) + Math.sign(order(b, a))).toBe(0);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('compares keys by code unit, as SQLite and JavaScript do, and not by any language', () => {
    expect(['b', 'ä', 'a', 'B', '10', '9'].sort(compareKeys)).toEqual(['10', '9', 'B', 'a', 'b', 'ä']);
  });
});

describe('planDraws', () => {
  const lines = [
    line(1, { ordered: 5 }),
    line(2, { ordered: 9, shipped: 2 }),
    line(3, { of: PIPE, ordered: 4 }),
    line(4, { of: BOLT, ordered: 8, shipped: 3 }),
    line(5, { of: BOLT, ordered: 8, shipped: 8 }),
  ];
  const labelGiven = fc.record({
    item: fc.constantFrom(ROLL, ROLL, PIPE),
    quantity: fc.integer({ min: 0, max: 8 }),
    line: fc.constantFrom(1, 2),
    held: fc.boolean(),
  });
  const stocks = fc.array(labelGiven, { maxLength: 8 }).map((all) =>
    all.map(({ item, quantity, line, held }, at) => {
      const given = { of: item, quantity };
      const lineId = 10 + (item === PIPE ? 3 : line);
      return held
        ? heldLabel(at + 1, `L-${at}`, holder({ lineId }), given)
        : freeLabel(at + 1, `L-${at}`, given);
    }),
  );

  it('draws as much as there is and never more: of a label, and for a line', () => {
    fc.assert(
      fc.property(stocks, (all) => {
        const held = all.filter(({ holder }) => holder !== null);
        const offered = all.filter(({ holder }) => holder === null);
        const plan = planDraws(lines, held, offered);
        const drawn = (of: (draw: (typeof plan.draws)[number]) => boolean): Quantity =>
          total(plan.draws.filter(of).map(({ quantity }) => quantity));
        for (const { label } of all)
          expect(drawn(({ state }) => state.label.id === label.id)).toBeLessThanOrEqual(label.quantity);
        for (const each of lines.filter(({ item }) => item.tracking === 'serialized')) {
          const needed = outstanding(each);
          const covered = drawn(({ line }) => line.id === each.id);
          const short = plan.short.find(({ line }) => line.id === each.id);
          expect(plan.lines.find(({ line }) => line.id === each.id)?.quantity ?? 0).toBe(covered);
          expect([short?.covered ?? needed, short?.missing ?? 0]).toEqual([covered, needed - covered]);
          if (short === undefined) continue;
          // Where a line stays short, its own labels and all that were offered for it are empty.
          const left = [...held.filter(({ holder }) => holder?.lineId === each.id), ...offered];
          for (const { label } of left.filter(({ label }) => label.item.id === each.item.id))
            expect(drawn(({ state }) => state.label.id === label.id)).toBe(label.quantity);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('draws nothing of nothing, and nothing of another item or line', () => {
    fc.assert(
      fc.property(stocks, (all) => {
        const plan = planDraws(
          lines,
          all.filter(({ holder }) => holder !== null),
          all.filter(({ holder }) => holder === null),
        );
        for (const { state, line, quantity } of plan.draws) {
          expect(quantity).toBeGreaterThan(0);
          expect(state.label.item.id).toBe(line.item.id);
          expect([null, line.id]).toContain(state.holder?.lineId ?? null);
        }
      }),
    );
  });

  it('ships standard lines by what is outstanding, without labels', () => {
    const plan = planDraws(lines.slice(3), [], []);
    expect(plan.lines).toMatchObject([{ line: { line: 4 }, quantity: q(5) }]);
    expect([plan.draws, plan.short]).toEqual([[], []]);
  });
});
