import { describe, expect, it } from 'vitest';
import { answerFind, type OutcomeCode, PRECEDENCE } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { type Given, MORNING, occasion } from '../support/stock.ts';

const STOCK: Given = {
  orders: { 'SO-1': { lines: [{ ordered: 10 }, { ordered: 10 }] } },
  labels: {
    'L-1': { quantity: 2.5, code: '4001' },
    'L-HELD': { holder: 'SO-1/2' },
    'L-EMPTY': { quantity: 0 },
    'L-OLD': { expiry: '2026-11-22' },
    'L-LAST-DAY': { expiry: '2026-11-23' },
  },
};

interface Row {
  readonly name: string;
  readonly labels: readonly string[];
  readonly code: OutcomeCode;
  readonly found: readonly string[];
  readonly unknown?: readonly string[];
}

const TABLE: readonly Row[] = [
  { name: 'no label', labels: [], code: 'no_labels_chosen', found: [] },
  {
    name: 'an unknown label among others, which are answered all the same',
    labels: ['L-1', 'l-1', 'L-HELD'],
    code: 'label_not_found',
    found: ['L-1 active', 'L-HELD reserved'],
    unknown: ['l-1: L-1'],
  },
  {
    name: 'an unknown label twice',
    labels: ['X', 'X'],
    code: 'label_not_found',
    found: [],
    unknown: ['X: '],
  },
  {
    name: 'labels in the order of the request, one of them by its code',
    labels: ['L-EMPTY', '4001', 'L-HELD'],
    code: 'found',
    found: ['L-EMPTY depleted', 'L-1 active', 'L-HELD reserved'],
  },
];

function find(labels: readonly string[]) {
  return answerFind(labels, new ModelLedger(STOCK).snapshot({ labels }), occasion());
}

describe('find', () => {
  it.each(TABLE)('$name: $code', ({ labels, code, found, unknown = [] }) => {
    const answer = find(labels);
    const ok = code === 'found';
    expect(answer).toMatchObject({ verb: 'find', code, ok, complete: ok, operation: null });
    expect(answer.results.map(({ number, status }) => `${number} ${status}`)).toEqual(found);
    const refused = answer.refusals.filter((refusal) => refusal.code === 'label_not_found');
    expect(refused.map(({ label, near }) => `${label}: ${near.join(' ')}`)).toEqual(unknown);
  });

  it('reaches every outcome of its list', () => {
    const reached = new Set(TABLE.map(({ code }) => code));
    expect(PRECEDENCE.find.filter((code) => !reached.has(code))).toEqual([]);
  });

  it('says which order and line hold a label, for whom, since when, by whom and by which operation', () => {
    expect(find(['L-HELD']).results[0]?.reservation).toEqual({
      ...{ order: 'SO-1', line: 2, customer: 'Acme' },
      ...{ since: new Date(MORNING).toISOString(), by: 'erin', operation: 'op-0' },
    });
  });

  it('gives the whole quantity of an active label as available, else none', () => {
    const available = find(['L-1', 'L-HELD', 'L-EMPTY']).results.map((label) => label.available);
    expect(available).toEqual([2.5, 0, 0]);
  });

  it('marks a label as expired from the day after its expiry date', () => {
    expect(find(['L-1', 'L-OLD', 'L-LAST-DAY']).results.map(({ expired }) => expired)).toEqual([
      false,
      true,
      false,
    ]);
  });
});
