import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalRequest } from '../../src/core/index.ts';

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, shuffled(field)]),
  );
}

describe('canonicalRequest', () => {
  it('is the same for any order of properties, and with absent ones as undefined', () => {
    const command = { order: 'SO-1', labels: ['L-2', { label: 'L-1', line: 2 }], line: undefined };
    expect(canonicalRequest('reserve', command)).toBe(
      '["reserve",{"labels":["L-2",{"label":"L-1","line":2}],"order":"SO-1"}]',
    );
    fc.assert(
      fc.property(fc.object(), (any) => {
        expect(canonicalRequest('ship', shuffled(any))).toBe(canonicalRequest('ship', any));
      }),
    );
  });

  it.each([
    ['another verb', 'unreserve', { order: 'SO-1', labels: ['L-1', 'L-2'] }],
    ['another order of labels', 'reserve', { order: 'SO-1', labels: ['L-2', 'L-1'] }],
    ['one more field', 'reserve', { order: 'SO-1', labels: ['L-1', 'L-2'], keepGoing: false }],
    ['another value', 'reserve', { order: 'SO-2', labels: ['L-1', 'L-2'] }],
    ['null for an absent field', 'reserve', { order: 'SO-1', labels: ['L-1', 'L-2'], line: null }],
  ])('differs for %s', (_name, verb, command) => {
    const plain = canonicalRequest('reserve', { order: 'SO-1', labels: ['L-1', 'L-2'] });
    expect(canonicalRequest(verb, command)).not.toBe(plain);
  });
});
