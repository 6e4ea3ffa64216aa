import { describe, expect, it } from 'vitest';
import {
  holderPhrase,
  listed,
  OUTCOMES,
  type OutcomeCode,
  PRECEDENCE,
  type Refusal,
  sentenceOf,
} from '../../src/core/index.ts';

const HOLDER = {
  ...{ order: 'SO-1007', line: 2, customer: 'Acme' },
  ...{ since: '2026-11-23T09:12:00.000Z', by: 'dana', operation: 'op-1' },
};
const say = (iso: string): string => iso.slice(11, 16);

type Samples = {
  readonly [C in Refusal['code']]: readonly {
    readonly facts: Omit<Extract<Refusal, { code: C }>, 'code'>;
    readonly says: string;
    /** What to type next, each after what it is good for. */
    readonly next: readonly string[];
  }[];
};

/** Every refusal there is: the compiler asks for a new one here. */
const SAMPLES: Samples = {
  order_not_found: [
    {
      facts: { order: 'so 1', near: ['SO-1', 'SO-10', 'SO-11', 'SO-12'] },
      says: 'no order so 1; did you mean SO-1 or SO-10 or SO-11?',
      next: ["list: earmark list orders --search 'so 1'"],
    },
    { facts: { order: 'X', near: [] }, says: 'no order X', next: ['list: earmark list orders --search X'] },
    {
      facts: { order: 'X', near: [], asOf: '2026-11-23T09:12:00.000Z' },
      says: 'no order X as of 09:12',
      next: ['list: earmark list orders --search X'],
    },
    {
      facts: {
        ...{ order: 'X', near: [], asOf: '2026-11-23T09:12:00.000Z' },
        recordedAt: '2026-11-23T10:30:00.000Z',
      },
      says: 'no order X as of 09:12; it came in 10:30',
      next: ['see: earmark history X'],
    },
  ],
  order_not_live: [
    {
      facts: { order: 'SO-1', status: 'closed' },
      says: 'SO-1 is closed; only draft, open and partially shipped orders hold or ship stock',
      next: ['see: earmark show SO-1'],
    },
  ],
  no_labels_chosen: [{ facts: {}, says: 'no labels were named', next: ['list: earmark list labels'] }],
  line_not_found: [
    {
      facts: { order: 'SO-1', line: 9, lines: [1, 2, 3] },
      says: 'SO-1 has no line 9; it has 1, 2 and 3',
      next: ['see: earmark show SO-1'],
    },
    {
      facts: { order: 'SO-1', line: 9, lines: [] },
      says: 'SO-1 has no line 9; it has no lines',
      next: ['see: earmark show SO-1'],
    },
  ],
  item_not_serialized: [
    {
      facts: { order: 'SO-1', line: 2, item: 'BOLT' },
      says: 'line 2 of SO-1 is for BOLT, a standard item: it ships by quantity, without labels',
      next: ['see: earmark show SO-1'],
    },
  ],
  line_already_shipped: [
    {
      facts: { order: 'SO-1', line: 2, item: 'ROLL', label: null },
      says: 'line 2 of SO-1 (ROLL) is shipped in full',
      next: ['see: earmark show SO-1'],
    },
    {
      facts: { order: 'SO-1', line: 2, item: 'ROLL', label: 'L-7' },
      says: 'line 2 of SO-1 (ROLL) is shipped in full; L-7 was not reserved',
      next: ['see: earmark show SO-1'],
    },
  ],
  label_not_found: [
    {
      facts: { label: '-7', near: ['L-7'] },
      says: 'no label -7; did you mean L-7?',
      next: ['list: earmark list labels --search -7'],
    },
  ],
  label_of_other_item: [
    {
      facts: { label: 'L-7', item: 'PIPE', order: 'SO-1', line: null, wanted: ['ROLL', 'TAPE'] },
      says: 'L-7 is of item PIPE; SO-1 asks for ROLL and TAPE',
      next: ['see: earmark show SO-1'],
    },
    {
      facts: { label: 'L-7', item: 'PIPE', order: 'SO-1', line: 3, wanted: [] },
      says: 'L-7 is of item PIPE; line 3 of SO-1 asks for no more labels',
      next: ['see: earmark show SO-1'],
    },
  ],
  line_ambiguous: [
    {
      facts: { label: 'L-7', item: 'ROLL', order: 'SO-1', lines: [1, 4, 6], verb: 'reserve' },
      says: 'L-7 (ROLL) fits lines 1, 4 and 6 of SO-1; say which one',
      next: ['reserve: earmark reserve SO-1 L-7 --line 1', 'reserve: earmark reserve SO-1 L-7 --line 4'],
    },
    {
      facts: { label: 'L-7', item: 'ROLL', order: 'SO-1', lines: [1, 4], verb: 'transfer' },
      says: 'L-7 (ROLL) fits lines 1 and 4 of SO-1; say which one',
      next: ['transfer: earmark transfer L-7 --to SO-1:1', 'transfer: earmark transfer L-7 --to SO-1:4'],
    },
  ],
  label_depleted: [{ facts: { label: 'L-7' }, says: 'L-7 is empty', next: ['see: earmark show L-7'] }],
  label_reserved_elsewhere: [
    {
      facts: { label: 'L-7', holder: HOLDER, order: 'SO-1' },
      says: 'L-7 is reserved for SO-1007 line 2 since 09:12 by dana',
      next: ['see: earmark show L-7', 'free: earmark unreserve L-7 --expect-order SO-1007'],
    },
    {
      facts: { label: 'L-7', holder: HOLDER, order: 'SO-1', instead: [] },
      says: 'L-7 is reserved for SO-1007 line 2 since 09:12 by dana',
      next: ['see: earmark show L-7', 'free: earmark unreserve L-7 --expect-order SO-1007'],
    },
    {
      facts: {
        ...{ label: 'L-7', holder: HOLDER, order: 'SO-1' },
        instead: [
          {
            ...{ label: 'L-8', quantity: 62.5, unit: 'm', location: 'Main', bin: 'A-2' },
            ...{ lot: null, expiry: null },
          },
          { label: 'L 9', quantity: 1, unit: 'each', location: null, bin: null, lot: null, expiry: null },
        ],
      },
      says: 'L-7 is reserved for SO-1007 line 2 since 09:12 by dana; free instead: L-8 (62.5 m, Main A-2), L 9 (1)',
      next: [
        'see: earmark show L-7',
        'free: earmark unreserve L-7 --expect-order SO-1007',
        'instead: earmark reserve SO-1 L-8',
      ],
    },
  ],
  nothing_to_ship: [
    {
      facts: { order: 'SO-1' },
      says: 'SO-1 has nothing to ship: nothing is outstanding, or nothing is reserved for what is',
      next: ['see: earmark show SO-1'],
    },
  ],
  line_short: [
    {
      facts: {
        order: 'SO-1',
        lines: [
          { line: 1, item: 'ROLL', unit: 'kg', needed: 15.5, reserved: 0.1, missing: 15.4 },
          { line: 2, item: 'PIPE', unit: 'each', needed: 4, reserved: 0, missing: 4 },
        ],
      },
      says:
        'SO-1 is short on line 1 (ROLL): 15.5 needed, 0.1 reserved, 15.4 kg missing; ' +
        'line 2 (PIPE): 4 needed, 0 reserved, 4 missing',
      next: [
        'reserve what there is: earmark reserve SO-1 --auto --keep-going',
        'ship the rest: earmark ship SO-1 --partial',
      ],
    },
  ],
  label_expired: [
    {
      facts: { order: 'SO-1', partial: false, labels: [{ label: 'L-7', expiry: '2026-11-22' }] },
      says: 'SO-1 would ship stock past its expiry: L-7 (2026-11-22)',
      next: ['ship it all the same: earmark ship SO-1 --allow-expired'],
    },
    {
      facts: { order: 'SO-1', partial: true, labels: [{ label: 'L-7', expiry: '2026-11-22' }] },
      says: 'SO-1 would ship stock past its expiry: L-7 (2026-11-22)',
      next: ['ship it all the same: earmark ship SO-1 --partial --allow-expired'],
    },
  ],
  plan_stale: [
    {
      facts: { order: 'SO-1' },
      says: 'SO-1 has changed since this was shown; nothing was done',
      next: ['see: earmark show SO-1'],
    },
    {
      facts: { order: null },
      says: 'the stock has changed since this was shown; nothing was done',
      next: ['list: earmark list reservations'],
    },
  ],
  label_not_reserved: [
    {
      facts: { label: 'L-7', order: 'SO-2', line: 3 },
      says: 'nobody holds L-7, so there is nothing to transfer',
      next: ['reserve: earmark reserve SO-2 L-7 --line 3'],
    },
  ],
  nothing_to_swap: [
    {
      facts: { labels: ['L-7', 'L-7'], because: 'same_label' },
      says: 'L-7 is named twice; swap takes two labels',
      next: ['see: earmark find-order L-7'],
    },
    {
      facts: { labels: ['L-7', 'L-8'], because: 'both_free' },
      says: 'nobody holds L-7 or L-8, so there is nothing to swap',
      next: ['see: earmark find-order L-7 L-8'],
    },
    {
      facts: { labels: ['L-7', 'L-8'], because: 'same_line' },
      says: 'L-7 and L-8 are held for the same line, so there is nothing to swap',
      next: ['see: earmark find-order L-7 L-8'],
    },
    {
      facts: { labels: ['L-7', 'L-8'], because: 'same_order' },
      says: 'L-7 and L-8 are of different items and held for the same order, so there is nothing to swap',
      next: ['see: earmark find-order L-7 L-8'],
    },
  ],
  order_ended: [
    {
      facts: { order: 'SO-1', status: 'shipped', wanted: 'cancelled' },
      says: 'SO-1 is shipped; it can not be cancelled any more',
      next: ['see: earmark show SO-1'],
    },
  ],
  operation_not_undoable: [
    {
      facts: { operation: 'op-1', verb: 'ship' },
      says: 'operation op-1 shipped stock; shipments are not undone',
      next: ['see: earmark show operation/op-1'],
    },
    {
      facts: { operation: 'op-1', verb: 'import' },
      says: 'operation op-1 is an import; import a corrected file instead',
      next: ['see: earmark show operation/op-1'],
    },
    {
      facts: { operation: 'op-1', verb: 'stocktake' },
      says: 'operation op-1 (stocktake) changed more than reservations, and is not undone',
      next: ['see: earmark show operation/op-1'],
    },
  ],
  changed_since: [
    {
      facts: {
        ...{ label: 'L-7', order: null },
        later: { operation: 'op-9', verb: 'transfer', at: HOLDER.since, by: 'eve' },
      },
      says: 'L-7 was changed since, 09:12 by eve (transfer op-9), and was left as it is',
      next: ['see: earmark show operation/op-9', 'undo that first: earmark undo op-9'],
    },
    {
      facts: {
        ...{ label: null, order: 'SO-1' },
        later: { operation: 'op-9', verb: 'import', at: HOLDER.since, by: 'nightly' },
      },
      says: 'SO-1 was changed since, 09:12 by nightly (import op-9), and was left as it is',
      next: ['see: earmark show operation/op-9'],
    },
    {
      facts: { label: 'L-7', order: null, later: null },
      says: 'L-7 is not as the history says, and was left as it is',
      next: ['see: earmark show label/L-7'],
    },
  ],
  holder_ended: [
    {
      facts: { label: 'L-7', order: 'SO-1', line: 2, because: 'order_not_live', status: 'cancelled' },
      says: 'L-7 was not put back: SO-1 is cancelled since',
      next: ['see: earmark show SO-1'],
    },
    {
      facts: { label: 'L-7', order: 'SO-1', line: 2, because: 'line_shipped', status: 'partially_shipped' },
      says: 'L-7 was not put back: line 2 of SO-1 is shipped in full since',
      next: ['see: earmark show SO-1'],
    },
    {
      facts: { label: 'L-7', order: 'SO-1', line: 2, because: 'line_of_other_item', status: 'open' },
      says: 'L-7 was not put back: line 2 of SO-1 is of another item since',
      next: ['see: earmark show SO-1'],
    },
  ],
  order_holds_labels: [
    {
      facts: { order: 'SO-1', status: 'partially_shipped', wanted: 'cancelled', labels: 1 },
      says: 'SO-1 stays partially shipped: it would be cancelled while it holds 1 label',
      next: ['free: earmark unreserve --order SO-1'],
    },
    {
      facts: { order: 'SO-1', status: 'open', wanted: 'closed', labels: 3 },
      says: 'SO-1 stays open: it would be closed while it holds 3 labels',
      next: ['free: earmark unreserve --order SO-1'],
    },
  ],
  operation_id_reused: [
    {
      facts: { operation: 'op-1', by: 'dana', at: HOLDER.since, differs: 'actor' },
      says: 'operation id op-1 was used by another person, 09:12 by dana; choose another id',
      next: ['see: earmark show operation/op-1'],
    },
    {
      facts: { operation: 'op-1', by: 'dana', at: HOLDER.since, differs: 'request' },
      says: 'operation id op-1 was used with another request, 09:12 by dana; choose another id',
      next: ['see: earmark show operation/op-1'],
    },
  ],
  operation_not_found: [
    {
      facts: { operation: 'op-9' },
      says: 'no operation op-9',
      next: ['list: earmark list reservations --output wide'],
    },
    {
      facts: {
        ...{ operation: 'op-9', asOf: '2026-11-23T09:12:00.000Z' },
        recordedAt: '2026-11-23T10:30:00.000Z',
      },
      says: 'no operation op-9 as of 09:12; it came in 10:30',
      next: ['see: earmark history operation/op-9'],
    },
  ],
  ref_not_found: [
    {
      facts: { ref: 'L-99', near: [] },
      says: 'no order, label or operation L-99',
      next: ['list: earmark list orders --search L-99'],
    },
  ],
  history_changed: [
    {
      facts: { digest: 'a', found: 'b' },
      says: 'history is not what it was when the digest was taken: someone has changed the past',
      next: ['see: earmark history'],
    },
  ],
  ref_ambiguous: [
    {
      facts: { ref: '7', kinds: ['order', 'label'] },
      says: '7 is the name of 2 things; say which one',
      next: ['order: earmark show order/7', 'label: earmark show label/7'],
    },
  ],
};

const ROWS = Object.entries(SAMPLES).flatMap(([code, samples]) =>
  samples.map(({ facts, says, next }) => ({ refusal: { code, ...facts } as Refusal, says, next })),
);

describe('sentenceOf', () => {
  it.each(ROWS)('$refusal.code: $says', ({ refusal, says, next }) => {
    const sentence = sentenceOf(refusal, say);
    expect(sentence.message).toBe(says);
    expect(sentence.next.map(({ label, command }) => `${label}: ${command}`)).toEqual(next);
  });

  it('never leaves a fact out, and every hint is a command of earmark', () => {
    for (const { refusal } of ROWS) {
      const { message, next } = sentenceOf(refusal, say);
      expect(message).toMatch(/^\S.*[^.\s]$/);
      for (const text of [message, ...next.map(({ command }) => command)])
        expect(text).not.toMatch(/undefined|null|NaN|\[object/);
      for (const { label, command } of next) {
        expect(label).not.toBe('');
        expect(command).toMatch(/^earmark [a-z-]+/);
      }
    }
  });

  it('has a sentence for every outcome of a verb that is not a success', () => {
    const codes = Object.values<readonly OutcomeCode[]>(PRECEDENCE).flat();
    const refused = codes.filter((code) => OUTCOMES[code].exit !== 0);
    expect(refused.filter((code) => !(code in SAMPLES))).toEqual([]);
  });
});

describe('OUTCOMES', () => {
  it('tells successes by exit 0 and 200, and nothing else by either', () => {
    for (const { exit, http } of Object.values(OUTCOMES)) expect(exit === 0).toBe(http === 200);
  });

  it('has a sentence for every row of the table, and no two alike', () => {
    const meanings = Object.values(OUTCOMES).map(({ meaning }) => meaning);
    for (const meaning of meanings) expect(meaning).toMatch(/^[A-Z-].*\.$/);
    expect(new Set(meanings).size).toBe(meanings.length);
  });

  it('names no outcome twice in the precedence of a verb', () => {
    for (const codes of Object.values(PRECEDENCE)) expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('phrases', () => {
  it('name a holder by order, line, since when and by whom', () => {
    expect(holderPhrase(HOLDER, say)).toBe('SO-1007 line 2 since 09:12 by dana');
  });

  it.each([
    [[], 'nothing'],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c, d and e'],
    [['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'a, b, c, d, e and 2 more'],
  ])('list %j as %s', (names, text) => {
    expect(listed(names, 'nothing')).toBe(text);
  });
});
