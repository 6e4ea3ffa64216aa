/** What the source said last time, what it says now, what earmark holds (DESIGN rule 15): every way they can differ. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Fields,
  lineKey,
  MERGE,
  type MergeOptions,
  type MergeResult,
  type OnConflict,
  type OrderStatus,
  type Quantity,
  toDecimal,
} from '../../src/core/index.ts';
import { freeLabel, NOON, q, ROLL } from '../support/stock.ts';

/** A field that is merged, with three values for it; the merge as a function of what the three sides hold. */
interface Merged<T> {
  readonly name: string;
  readonly event: string;
  readonly field: string;
  readonly values: readonly [T, T, T];
  readonly merge: (said: T, says: T | undefined, ours: T, options: MergeOptions) => MergeResult<object>;
  readonly written: (write: object) => readonly [value: T, source: T];
  readonly shown: (value: T) => string | number;
}

const origin = { file: 'night.csv', row: 7 };
const item = ROLL;

const labelQuantity: Merged<Quantity> = {
  ...{ name: 'labels.quantity', event: 'label_changed', field: 'quantity', values: [q(10), q(4.5), q(7)] },
  merge(said, says, ours, options) {
    const state = freeLabel(1, 'L-1');
    const label = {
      state: { ...state, label: { ...state.label, quantity: ours } },
      source: said,
      hasShipped: false,
    };
    const row = { number: 'L-1', ...(says === undefined ? {} : { quantity: says }) };
    const known = {
      labels: new Map([['L-1', label]]),
      items: new Map(),
      codeOwners: new Map(),
      numbers: new Set<string>(),
    };
    return MERGE.labels([{ origin, row }], known, options);
  },
  written: (write) => {
    const { quantity, source } = write as { quantity: Quantity; source: Quantity };
    return [quantity, source];
  },
  shown: toDecimal,
};

const orderStatus: Merged<OrderStatus> = {
  ...{
    name: 'orders.status',
    event: 'order_changed',
    field: 'status',
    values: ['open', 'closed', 'partially_shipped'],
  },
  merge(said, says, ours, options) {
    const facts = {
      id: 1,
      number: 'SO-1',
      customer: null,
      ordered: null,
      due: null,
      held: [],
      lastEventAt: null,
    };
    const row = { number: 'SO-1', ...(says === undefined ? {} : { status: says }) };
    const orders = new Map([['SO-1', { ...facts, status: ours, source: said }]]);
    return MERGE.orders([{ origin, row }], { orders }, options);
  },
  written: (write) => {
    const { status, source } = write as { status: OrderStatus; source: OrderStatus };
    return [status, source];
  },
  shown: (value) => value,
};

function lineField(
  field: 'ordered' | 'shipped',
  values: readonly [Quantity, Quantity, Quantity],
): Merged<Quantity> {
  const source = field === 'ordered' ? 'sourceOrdered' : 'sourceShipped';
  return {
    ...{ name: `lines.${field}`, event: 'line_changed', field, values },
    merge(said, says, ours, options) {
      const plain = { ordered: q(50), sourceOrdered: q(50), shipped: q(1), sourceShipped: q(1) };
      const facts = { id: 11, item, inUse: true, lastEventAt: null, ...plain };
      const lines = new Map([[lineKey('SO-1', 1), { ...facts, [field]: ours, [source]: said }]]);
      const orders = new Map([['SO-1', { id: 1, lastEventAt: null }]]);
      const row = { order: 'SO-1', line: 1, ...(says === undefined ? {} : { [field]: says }) };
      return MERGE.lines([{ origin, row }], { orders, items: new Map(), lines }, options);
    },
    written: (write) => {
      const values = write as Record<string, Quantity>;
      return [values[field] as Quantity, values[source] as Quantity];
    },
    shown: toDecimal,
  };
}

const LETTERS = ['a', 'b', 'c'] as const;
type Letter = (typeof LETTERS)[number];

/** The same with the three values known as a, b and c, so that one table serves every field. */
function lettered<T>({ values, merge, written, shown, ...names }: Merged<T>) {
  const meant = (letter: Letter): T => values[LETTERS.indexOf(letter) as 0 | 1 | 2];
  return {
    ...names,
    merge: (said: Letter, says: Letter | undefined, ours: Letter, options: MergeOptions) =>
      merge(meant(said), says === undefined ? undefined : meant(says), meant(ours), options),
    written: (write: object) => written(write).map((value) => LETTERS[values.indexOf(value)] ?? 'a'),
    shown: (letter: Letter) => shown(meant(letter)),
  };
}

const FIELDS = [
  lettered(labelQuantity),
  lettered(orderStatus),
  lettered(lineField('ordered', [q(30), q(20.25), q(10)])),
  lettered(lineField('shipped', [q(3), q(0.25), q(50)])),
];

interface Row {
  readonly name: string;
  readonly said: Letter;
  readonly says?: Letter;
  readonly ours: Letter;
  readonly onConflict?: OnConflict;
  /** Undefined where nothing is written. */
  readonly writes?: { readonly value: Letter; readonly source: Letter };
  readonly conflict?: true;
}

const TABLE: readonly Row[] = [
  { name: 'an absent column', said: 'a', ours: 'a' },
  { name: 'an absent column leaves what earmark changed', said: 'a', ours: 'b' },
  { name: 'nothing new', said: 'a', says: 'a', ours: 'a' },
  { name: 'source unchanged: what earmark changed stays', said: 'a', says: 'a', ours: 'b' },
  {
    name: 'earmark unchanged: the source is taken',
    ...{ said: 'a', says: 'b', ours: 'a', writes: { value: 'b', source: 'b' } },
  },
  {
    name: 'both changed to the same: only the word of the source is kept',
    ...{ said: 'a', says: 'b', ours: 'b', writes: { value: 'b', source: 'b' } },
  },
  { name: 'both changed and unequal', said: 'a', says: 'b', ours: 'c', conflict: true },
  {
    name: 'both changed and unequal, ours: the source is not asked again for the same word',
    ...{ said: 'a', says: 'b', ours: 'c', onConflict: 'ours', writes: { value: 'c', source: 'b' } },
  },
  {
    name: 'both changed and unequal, theirs',
    ...{ said: 'a', says: 'b', ours: 'c', onConflict: 'theirs', writes: { value: 'b', source: 'b' } },
  },
];

describe.each(FIELDS)('$name', ({ merge, written, shown, event, field }) => {
  it.each(TABLE)('$name', ({ said, says, ours, onConflict = 'report', writes, conflict }) => {
    const options = { onConflict, releaseClosed: false, now: NOON };
    const result = merge(said, says, ours, options);
    const changed = writes !== undefined && writes.value !== ours;
    expect(result.problems.map(({ file, row, column }) => [file, row, column])).toEqual(
      conflict ? [['night.csv', 7, field]] : [],
    );
    expect(result.writes.map(written)).toEqual(writes === undefined ? [] : [[writes.value, writes.source]]);
    const fields = (letter: Letter): Fields => ({ [field]: shown(letter) });
    expect(result.events.map(({ kind, before, after }) => ({ kind, before, after }))).toEqual(
      changed ? [{ kind: event, before: fields(ours), after: fields(writes.value) }] : [],
    );
    expect([result.added, result.changed, result.unchanged]).toEqual([
      0,
      changed ? 1 : 0,
      conflict || changed ? 0 : 1,
    ]);
    expect([result.notices, result.freedLabels]).toEqual([[], []]);
  });

  it('names all three in a conflict', () => {
    const options = { onConflict: 'report', releaseClosed: false, now: NOON } as const;
    const [problem] = merge('a', 'b', 'c', options).problems;
    for (const letter of LETTERS) expect(problem?.reason).toContain(String(shown(letter)));
  });

  it('has nothing to do when the same file comes again', () => {
    const letters = fc.constantFrom(...LETTERS);
    const policies = fc.constantFrom<OnConflict>('ours', 'theirs');
    fc.assert(
      fc.property(letters, letters, letters, policies, (said, says, ours, onConflict) => {
        const options = { onConflict, releaseClosed: false, now: NOON };
        const [write] = merge(said, says, ours, options).writes;
        const [value = ours, source = said] = write === undefined ? [] : written(write);
        const again = merge(source, says, value, { ...options, onConflict: 'report' });
        expect([again.writes, again.events, again.problems]).toEqual([[], [], []]);
      }),
    );
  });
});
