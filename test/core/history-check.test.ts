/** Whether events agree with one another and with what is there (DESIGN rule 16), and what rows were at a moment. */
import { describe, expect, it } from 'vitest';
import {
  type EventKind,
  type Fields,
  FieldsThen,
  HistoryCheck,
  type HistoryEvent,
  type HistoryFacts,
} from '../../src/core/index.ts';
import { NOON } from '../support/stock.ts';

const HELD = { order: 'SO-1', line: 1, since: '2026-11-23T12:00:00.000Z', by: 'dana', operation: 'op-1' };

interface Told {
  readonly kind: EventKind;
  readonly before?: Fields | null;
  readonly after?: Fields | null;
  readonly at?: number;
  readonly lineId?: number;
  readonly labelId?: number | null;
}

function event(id: number, { kind, before = null, after = null, at = NOON, ...ids }: Told): HistoryEvent {
  const { lineId = null, labelId = null } = ids;
  return { id, at, kind, operation: `op-${id}`, labelId, lineId, before, after };
}

const LABEL: HistoryFacts = {
  ...{ kind: 'label', name: 'L-1', recordedAt: NOON - 1000, holder: null },
  parts: [{ lineId: null, line: null, first: { quantity: 100 }, now: { quantity: 100, location: 'hall' } }],
};

/** An order with lines 1 and 2, whose row ids are 11 and 12. */
const ORDER: HistoryFacts = {
  ...{ kind: 'order', name: 'SO-1', recordedAt: NOON - 1000, holder: null },
  parts: [
    { lineId: null, line: null, first: { status: 'open' }, now: { status: 'open', customer: 'Acme' } },
    { lineId: 11, line: 1, first: { ordered: 5, shipped: 0 }, now: { ordered: 5, shipped: 0 } },
    { lineId: 12, line: 2, first: { ordered: 7, shipped: 0 }, now: { ordered: 7, shipped: 0 } },
  ],
};

function now(facts: HistoryFacts, fields: Fields, holder: Fields | null = null): HistoryFacts {
  const [own, ...lines] = facts.parts;
  if (own === undefined) throw new Error('no thing without its own part');
  return { ...facts, holder, parts: [{ ...own, now: { ...own.now, ...fields } }, ...lines] };
}

function problems(facts: HistoryFacts, ...told: readonly Told[]) {
  const check = new HistoryCheck(facts);
  for (const [at, each] of told.entries()) check.follow(event(at + 1, each));
  return check.problems().map(({ problem, field, line, operation, told: says, found }) => {
    return [problem, ...(line === null ? [] : [`line ${line}`]), field, operation, says, found];
  });
}

const reserved: Told = { kind: 'reserved', after: HELD, labelId: 1 };
const unreserved: Told = { kind: 'unreserved', before: HELD, labelId: 1 };
const drawn: Told = { kind: 'label_changed', before: { quantity: 100 }, after: { quantity: 70 }, labelId: 1 };

describe('a history that is whole', () => {
  it.each([
    ['nothing happened', LABEL, []],
    ['held', now(LABEL, {}, HELD), [reserved]],
    ['held, drawn from and freed', now(LABEL, { quantity: 70 }), [reserved, drawn, unreserved]],
    [
      'a field that has no first value is believed',
      now(LABEL, { location: 'yard' }),
      [{ kind: 'label_changed', before: { location: 'moon' }, after: { location: 'yard' } }],
    ],
    [
      'a field that was there is gone',
      now(LABEL, { location: null }),
      [{ kind: 'label_changed', before: { location: 'hall' }, after: { location: null } }],
    ],
    [
      'lines and the order itself have fields of their own',
      now(ORDER, { status: 'closed' }),
      [
        { kind: 'line_changed', lineId: 11, before: { ordered: 5 }, after: { ordered: 6 } },
        { kind: 'line_changed', lineId: 11, before: { ordered: 6 }, after: { ordered: 5 } },
        { kind: 'order_changed', before: { status: 'open' }, after: { status: 'closed' } },
      ],
    ],
    ['what labels did is no field of the order', ORDER, [{ ...reserved, lineId: 11 }, drawn]],
    [
      'an event of the same moment, and a later one',
      now(LABEL, {}, HELD),
      [reserved, { ...unreserved, at: NOON + 5 }, { ...reserved, at: NOON + 5 }],
    ],
    [
      'what was found was put back',
      now(LABEL, {}),
      [{ kind: 'restored', before: { quantity: 3 }, after: { quantity: 100 }, labelId: 1 }],
    ],
    [
      'a holder that was there without an event was taken away',
      LABEL,
      [{ kind: 'restored', before: HELD, after: null, labelId: 1 }],
    ],
    [
      'what did not follow was put right later',
      now(LABEL, { quantity: 60 }),
      [
        { kind: 'label_changed', before: { quantity: 99 }, after: { quantity: 60 }, labelId: 1 },
        { kind: 'restored', before: { quantity: 60 }, after: { quantity: 60 }, labelId: 1 },
      ],
    ],
  ] as const satisfies readonly (readonly [string, HistoryFacts, readonly Told[]])[])(
    '%s',
    (_, facts, told) => {
      expect(problems(facts, ...told)).toEqual([]);
    },
  );
});

describe('a history that can not be', () => {
  it.each([
    ['held without an event', now(LABEL, {}, HELD), [], [['state_differs', 'holder', null, null, HELD]]],
    ['free without an event', LABEL, [reserved], [['state_differs', 'holder', null, HELD, null]]],
    [
      'held by another than history says',
      now(LABEL, {}, { ...HELD, line: 2 }),
      [reserved],
      [['state_differs', 'holder', null, HELD, { ...HELD, line: 2 }]],
    ],
    [
      'freed without having been held',
      LABEL,
      [unreserved],
      [['does_not_follow', 'holder', 'op-1', null, HELD]],
    ],
    [
      'held twice',
      now(LABEL, {}, HELD),
      [reserved, reserved],
      [['does_not_follow', 'holder', 'op-2', HELD, null]],
    ],
    [
      'a quantity that no event tells of',
      now(LABEL, { quantity: 99 }),
      [],
      [['state_differs', 'quantity', null, 100, 99]],
    ],
    [
      'a quantity that begins where none ended',
      now(LABEL, { quantity: 5 }),
      [{ kind: 'label_changed', before: { quantity: 99 }, after: { quantity: 5 }, labelId: 1 }],
      [['does_not_follow', 'quantity', 'op-1', 100, 99]],
    ],
    [
      'an order that is not as it ended',
      now(ORDER, { status: 'cancelled', customer: 'Zinc' }),
      [{ kind: 'order_changed', before: { customer: 'Bolt' }, after: { customer: 'Acme' } }],
      [
        ['state_differs', 'status', null, 'open', 'cancelled'],
        ['state_differs', 'customer', null, 'Acme', 'Zinc'],
      ],
    ],
    [
      'a line that shipped what nobody drew',
      ORDER,
      [{ kind: 'line_changed', lineId: 12, before: { shipped: 0 }, after: { shipped: 7 } }],
      [['state_differs', 'line 2', 'shipped', null, 7, 0]],
    ],
    [
      'a line that is not there',
      ORDER,
      [{ kind: 'line_changed', lineId: 13, before: { shipped: 0 }, after: { shipped: 7 } }],
      [['of_nothing_known', null, 'op-1', null, null]],
    ],
    [
      'time that runs backwards',
      LABEL,
      [reserved, { ...unreserved, at: NOON - 1 }],
      [['runs_backwards', null, 'op-2', '2026-11-23T12:00:00.000Z', '2026-11-23T11:59:59.999Z']],
    ],
    [
      'an event before the thing itself came in',
      LABEL,
      [
        { ...reserved, at: NOON - 1001 },
        { ...unreserved, at: NOON },
      ],
      [['runs_backwards', null, 'op-1', '2026-11-23T11:59:59.000Z', '2026-11-23T11:59:58.999Z']],
    ],
    [
      'an order whose labels were touched out of time',
      ORDER,
      [reserved, { ...unreserved, at: NOON - 5 }],
      [['runs_backwards', null, 'op-2', '2026-11-23T12:00:00.000Z', '2026-11-23T11:59:59.995Z']],
    ],
    [
      'something put back that is not there after all',
      now(LABEL, { quantity: 3 }),
      [{ kind: 'restored', before: { quantity: 3 }, after: { quantity: 100 }, labelId: 1 }],
      [['state_differs', 'quantity', null, 100, 3]],
    ],
  ] as const satisfies readonly (readonly [string, HistoryFacts, readonly Told[], readonly unknown[]])[])(
    '%s',
    (_, facts, told, expected) => {
      expect(problems(facts, ...told)).toEqual(expected);
    },
  );

  it('is told with its thing and its moment', () => {
    const check = new HistoryCheck(LABEL);
    check.follow(event(7, unreserved));
    expect(check.problems()).toEqual([
      {
        ...{ problem: 'does_not_follow', label: 'L-1', order: null, line: null, item: null, field: 'holder' },
        ...{ operation: 'op-7', at: '2026-11-23T12:00:00.000Z', told: null, found: HELD },
      },
    ]);
  });

  it('is told of one thing so often, and no more', () => {
    expect(problems(LABEL, ...Array.from({ length: 80 }, () => unreserved))).toHaveLength(50);
  });
});

describe('the fields of a row at a moment', () => {
  const then = (moment: number, ...told: readonly (readonly [number, Fields, Fields])[]) => {
    const fields = new FieldsThen({ quantity: 5, bin: 'now', lot: 'L' }, { quantity: 100 }, moment);
    for (const [at, before, after] of told) fields.follow({ at, before, after });
    return fields.fields;
  };
  const moved = [NOON, { bin: 'first' }, { bin: 'second' }] as const;
  const drawnAt = [NOON + 10, { quantity: 100 }, { quantity: 5 }] as const;
  const again = [NOON + 20, { bin: 'second', lot: null }, { bin: 'now', lot: 'L' }] as const;

  it.each([
    [NOON - 1, { quantity: 100, bin: 'first', lot: null }],
    [NOON, { quantity: 100, bin: 'second', lot: null }],
    [NOON + 10, { quantity: 5, bin: 'second', lot: null }],
    [NOON + 19, { quantity: 5, bin: 'second', lot: null }],
    [NOON + 20, { quantity: 5, bin: 'now', lot: 'L' }],
  ])('%i', (moment, expected) => {
    expect(then(moment, moved, drawnAt, again)).toEqual(expected);
  });

  it('that nothing ever happened to are as they are, and as they came in', () => {
    expect(then(NOON)).toEqual({ quantity: 100, bin: 'now', lot: 'L' });
  });
});
