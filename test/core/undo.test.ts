import { describe, expect, it } from 'vitest';
import { type OutcomeCode, PRECEDENCE, type UndoCommand } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { type Given, MORNING, NOON, occasion, PIPE } from '../support/stock.ts';

const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 10 }, { of: PIPE, ordered: 5 }] },
    'SO-2': { status: 'draft', lines: [{ ordered: 10 }] },
    'SO-3': { lines: [{ ordered: 10 }] },
    'SO-DEAD': { status: 'cancelled', lines: [{ ordered: 10 }] },
  },
  labels: {
    'L-1': { holder: 'SO-1/1' },
    'L-2': { holder: 'SO-2/1' },
    'L-3': {},
    'L-4': {},
    'L-DEAD': { holder: 'SO-DEAD/1' },
    'P-1': { of: PIPE, holder: 'SO-1/2' },
    'P-2': { of: PIPE, holder: 'SO-1/2' },
  },
};

/** What is done before the undo, a step an operation: `reserve` of labels for an order is `['a', 'reserve', 'SO-1', 'L-1']`. */
type Step = readonly [id: string, verb: keyof typeof DEEDS, ...words: readonly string[]];

let tick = 0;
function when(operation: string) {
  tick += 1;
  return occasion({ now: NOON + tick, operation, by: 'frank' });
}

const DEEDS = {
  reserve: (ledger, id, [order = '', ...labels]) => ledger.reserve({ order, labels }, when(id)),
  free: (ledger, id, labels) => ledger.unreserve({ target: { labels } }, when(id)),
  transfer: (ledger, id, [order = '', ...labels]) => ledger.transfer({ to: { order }, labels }, when(id)),
  swap: (ledger, id, [one = '', other = '']) => ledger.swap({ labels: [one, other] }, when(id)),
  ship: (ledger, id, [order = '']) => ledger.ship({ order, partial: true }, when(id)),
  cancel: (ledger, id, [order = '']) => ledger.end('cancel', { order }, when(id)),
  close: (ledger, id, [order = '']) => ledger.end('close', { order }, when(id)),
  undo: (ledger, id, [operation = '']) => ledger.undo({ operation }, when(id)),
} as const satisfies Record<
  string,
  (ledger: ModelLedger, id: string, words: readonly string[]) => { readonly answer: { readonly ok: boolean } }
>;

function having(...steps: readonly Step[]): ModelLedger {
  const ledger = new ModelLedger(STOCK);
  for (const [id, verb, ...words] of steps) {
    const { answer } = DEEDS[verb](ledger, id, words);
    if (!answer.ok) throw new Error(`${id} was not done: ${answer.code}`);
  }
  return ledger;
}

/** Who holds each label and how each order is, in words: `L-1 SO-1/1 erin op-0`. */
function stand(ledger: ModelLedger): string[] {
  const { labels, orders } = ledger.state();
  return [
    ...labels.map(({ label: { number }, holder }) => {
      if (holder === null) return `${number} free`;
      return `${number} ${holder.order}/${holder.line} ${holder.by} ${holder.operation} ${holder.since - MORNING}`;
    }),
    ...orders.map(({ number, status }) => `${number} ${status}`),
  ];
}

interface Row {
  readonly name: string;
  readonly given: readonly Step[];
  readonly when: UndoCommand;
  readonly gives: {
    readonly code: OutcomeCode;
    readonly done?: readonly string[];
    readonly refused?: readonly object[];
  };
}

const later = (operation: string, verb: string) => ({ operation, verb, by: 'frank' });

const TABLE: readonly Row[] = [
  {
    name: 'an operation that is not there',
    given: [],
    when: { operation: 'nothing' },
    gives: {
      code: 'operation_not_found',
      refused: [{ code: 'operation_not_found', operation: 'nothing' }],
    },
  },
  {
    name: 'a group of another name that begins alike',
    given: [['day/one', 'reserve', 'SO-1', 'L-3']],
    when: { operation: 'day' },
    gives: { code: 'operation_not_found', refused: [{ code: 'operation_not_found', operation: 'day' }] },
  },
  {
    name: 'a shipment',
    given: [['s', 'ship', 'SO-1']],
    when: { operation: 's' },
    gives: {
      code: 'operation_not_undoable',
      refused: [{ code: 'operation_not_undoable', operation: 's', verb: 'ship' }],
    },
  },
  {
    name: 'a label that a later operation has freed, beside one that is as it was left',
    given: [
      ['a', 'reserve', 'SO-2', 'L-3', 'L-4'],
      ['b', 'transfer', 'SO-3', 'L-3'],
    ],
    when: { operation: 'a' },
    gives: {
      code: 'changed_since',
      done: ['L-4 undone'],
      refused: [{ code: 'changed_since', label: 'L-3', order: null, later: later('b', 'transfer') }],
    },
  },
  {
    name: 'labels that a later shipment has drawn from or freed',
    given: [
      ['a', 'transfer', 'SO-3', 'L-1'],
      ['s', 'ship', 'SO-3'],
    ],
    when: { operation: 'a' },
    gives: {
      code: 'changed_since',
      refused: [{ code: 'changed_since', label: 'L-1', order: null, later: later('s', 'ship') }],
    },
  },
  {
    name: 'an order that was closed since it was cancelled, and its labels',
    given: [
      ['a', 'cancel', 'SO-1'],
      ['b', 'undo', 'a'],
      ['c', 'close', 'SO-1'],
    ],
    when: { operation: 'b' },
    gives: {
      code: 'changed_since',
      // The labels are free as they were before.
      done: ['L-1 nothing_to_undo', 'P-1 nothing_to_undo', 'P-2 nothing_to_undo'],
      refused: [{ code: 'changed_since', label: null, order: 'SO-1', later: later('c', 'close') }],
    },
  },
  {
    name: 'labels that another order holds than was expected',
    given: [['a', 'transfer', 'SO-3', 'L-1', 'L-2']],
    when: { operation: 'a', expectOrder: 'SO-1' },
    gives: {
      code: 'label_reserved_elsewhere',
      refused: ['L-1', 'L-2'].map((label) => {
        return { code: 'label_reserved_elsewhere', label, order: 'SO-1', holder: { order: 'SO-3' } };
      }),
    },
  },
  {
    name: 'a label of an order that was cancelled since',
    given: [
      ['a', 'free', 'L-1', 'L-2'],
      ['b', 'cancel', 'SO-1'],
    ],
    when: { operation: 'a' },
    gives: {
      code: 'holder_ended',
      done: ['L-2 undone'],
      refused: [
        {
          ...{ code: 'holder_ended', label: 'L-1', order: 'SO-1', line: 1 },
          ...{ because: 'order_not_live', status: 'cancelled' },
        },
      ],
    },
  },
  {
    name: 'a label of a line that was shipped since',
    given: [
      ['a', 'free', 'P-2'],
      ['b', 'free', 'L-1'],
      ['s', 'ship', 'SO-1'],
    ],
    when: { operation: 'a' },
    gives: {
      code: 'holder_ended',
      refused: [
        {
          ...{ code: 'holder_ended', label: 'P-2', order: 'SO-1', line: 2 },
          ...{ because: 'line_shipped', status: 'partially_shipped' },
        },
      ],
    },
  },
  {
    name: 'the undoing of a cancel, where the order has got another label since',
    given: [
      ['a', 'cancel', 'SO-1'],
      ['b', 'undo', 'a'],
      ['c', 'reserve', 'SO-1', 'L-3'],
    ],
    when: { operation: 'b' },
    gives: {
      code: 'order_holds_labels',
      done: ['L-1 undone', 'P-1 undone', 'P-2 undone'],
      refused: [
        { code: 'order_holds_labels', order: 'SO-1', status: 'open', wanted: 'cancelled', labels: 1 },
      ],
    },
  },
  {
    name: 'with a plan of something else',
    given: [['a', 'reserve', 'SO-1', 'L-3']],
    when: { operation: 'a', plan: 'another' },
    gives: { code: 'plan_stale', refused: [{ code: 'plan_stale', order: null }] },
  },
  {
    name: 'an operation that found everything as it should be',
    given: [['a', 'free', 'L-3']],
    when: { operation: 'a', plan: 'another' },
    gives: { code: 'nothing_to_undo' },
  },
  {
    name: 'what is undone already',
    given: [
      ['a', 'swap', 'L-1', 'L-2'],
      ['b', 'undo', 'a'],
    ],
    when: { operation: 'a' },
    gives: { code: 'nothing_to_undo', done: ['L-1 nothing_to_undo', 'L-2 nothing_to_undo'] },
  },
  {
    name: 'a reserve',
    given: [['a', 'reserve', 'SO-3', 'L-3', 'L-4']],
    when: { operation: 'a', expectOrder: 'SO-3' },
    gives: { code: 'undone', done: ['L-3 undone', 'L-4 undone'] },
  },
];

const ELSEWHERE: readonly OutcomeCode[] = ['operation_id_reused'];

function undo(ledger: ModelLedger, command: UndoCommand) {
  const decision = ledger.undo(command, when('the-undo'));
  return { ...decision, done: decision.answer.results.map(({ label, code }) => `${label.number} ${code}`) };
}

describe('undo', () => {
  it.each(TABLE)('$name: $gives.code', ({ given, when: command, gives }) => {
    const { answer, done, changes } = undo(having(...given), command);
    expect(answer.code).toBe(gives.code);
    expect(answer.refusals).toMatchObject(gives.refused ?? []);
    const undone = (gives.done ?? []).some((text) => text.endsWith(' undone'));
    expect(answer).toMatchObject({
      ok: undone || gives.refused === undefined,
      complete: gives.refused === undefined,
    });
    // A refusal that undoes nothing tells of nothing else.
    expect(done).toEqual(answer.ok ? (gives.done ?? []) : []);
    expect(changes.events.length > 0).toBe(undone);
  });

  it('reaches every outcome of its list', () => {
    const reached = new Set<OutcomeCode>(TABLE.map(({ gives }) => gives.code));
    expect(PRECEDENCE.undo.filter((code) => !reached.has(code))).toEqual(ELSEWHERE);
  });
});

/** One operation, undone and done again. */
const STEPS: readonly Step[] = [
  ['op', 'reserve', 'SO-2', 'L-3', 'L-4'],
  ['op', 'free', 'L-1', 'L-2', 'P-1'],
  ['op', 'free', 'L-DEAD'],
  ['op', 'transfer', 'SO-3', 'L-1', 'L-2', 'L-DEAD'],
  ['op', 'swap', 'L-1', 'L-2'],
  ['op', 'swap', 'L-3', 'L-2'],
  ['op', 'cancel', 'SO-1'],
  ['op', 'close', 'SO-1'],
  ['op', 'cancel', 'SO-DEAD'],
];

describe('the way back', () => {
  it.each(STEPS.map((step) => [step.slice(1).join(' '), step] as const))(
    'of %s leads back exactly, and forth again',
    (_, step) => {
      const ledger = having();
      const before = stand(ledger);
      DEEDS[step[1]](ledger, step[0], step.slice(2));
      const done = stand(ledger);
      expect(done).not.toEqual(before);
      expect(ledger.undo({ operation: 'op' }, when('back')).answer).toMatchObject({
        code: 'undone',
        complete: true,
      });
      expect(stand(ledger)).toEqual(before);
      expect(ledger.undo({ operation: 'back' }, when('forth')).answer.code).toBe('undone');
      expect(stand(ledger)).toEqual(done);
      expect(ledger.undo({ operation: 'forth' }, when('back again')).answer.code).toBe('undone');
      expect(stand(ledger)).toEqual(before);
    },
  );

  it('answers with the operation, the labels and orders, and how the lines stand', () => {
    const { answer, changes } = undo(having(['a', 'cancel', 'SO-2']), { operation: 'a' });
    const since = new Date(MORNING).toISOString();
    const held = { order: 'SO-2', line: 1, since, by: 'erin', operation: 'op-0' };
    expect(answer).toMatchObject({
      operations: [{ id: 'a', verb: 'cancel', by: 'frank' }],
      results: [
        { code: 'undone', label: { number: 'L-2', status: 'reserved', reservation: held }, was: null },
      ],
      orders: [{ code: 'undone', order: { number: 'SO-2', status: 'draft' }, was: 'cancelled' }],
      lines: [{ order: 'SO-2', line: 1, reserved: 10, reservedLabels: 1 }],
      operation: { id: 'the-undo', by: 'frank' },
    });
    expect(changes.events.map(({ kind, before, after }) => [kind, before, after])).toEqual([
      ['order_changed', { status: 'cancelled' }, { status: 'draft' }],
      ['reserved', null, held],
    ]);
    expect(changes.reservations).toMatchObject([{ labelId: 2, restored: { since: MORNING, by: 'erin' } }]);
  });

  it('of a group goes newest first, and stops for a label where somebody else came between', () => {
    const ledger = having(
      ['g/1', 'reserve', 'SO-1', 'L-3', 'L-4'],
      ['g/2', 'transfer', 'SO-2', 'L-3'],
      ['x', 'transfer', 'SO-3', 'L-3'],
      ['g/3', 'transfer', 'SO-1', 'L-3'],
      ['g/4', 'free', 'L-2'],
    );
    const { answer, done } = undo(ledger, { operation: 'g' });
    expect(answer.operations.map(({ id }) => id)).toEqual(['g/4', 'g/3', 'g/2', 'g/1']);
    expect(done).toEqual(['L-2 undone', 'L-3 undone', 'L-4 undone']);
    expect(answer).toMatchObject({ ok: true, complete: false, code: 'changed_since' });
    expect(answer.refusals).toMatchObject([
      { code: 'changed_since', label: 'L-3', later: later('x', 'transfer') },
    ]);
    expect(stand(ledger).slice(1, 4)).toEqual([
      'L-2 SO-2/1 erin op-0 0',
      expect.stringMatching(/^L-3 SO-3\/1 frank x/),
      'L-4 free',
    ]);
  });

  it('puts a label back on a line that was shipped already when it was freed', () => {
    const ledger = having(['g/1', 'free', 'L-1'], ['s', 'ship', 'SO-1'], ['g/2', 'free', 'P-2']);
    const { answer, done } = undo(ledger, { operation: 'g' });
    expect(done).toEqual(['L-1 undone', 'P-2 undone']);
    expect(answer).toMatchObject({ complete: true, code: 'undone' });
  });

  it('of a group leaves its shipments, and what they touched', () => {
    const ledger = having(
      ['g/1', 'transfer', 'SO-3', 'L-1'],
      ['g/2', 'ship', 'SO-3'],
      ['g/3', 'free', 'L-2'],
      ['g/10', 'undo', 'g/3'],
    );
    const { answer, done } = undo(ledger, { operation: 'g' });
    expect(answer.refusals).toMatchObject([
      { code: 'operation_not_undoable', operation: 'g/2', verb: 'ship' },
      { code: 'changed_since', label: 'L-1', later: later('g/2', 'ship') },
    ]);
    // What the group did to it, it took back itself.
    expect(done).toEqual([]);
    expect(answer.ok).toBe(false);
  });

  it('prefers the operation of exactly the name', () => {
    const ledger = having(['g', 'reserve', 'SO-1', 'L-3'], ['g/1', 'reserve', 'SO-1', 'L-4']);
    expect(undo(ledger, { operation: 'g' }).done).toEqual(['L-3 undone']);
  });

  it('does exactly what its plan says, or nothing', () => {
    const steps: Step[] = [['a', 'reserve', 'SO-2', 'L-3', 'L-4']];
    const { plan } = having(...steps).undo({ operation: 'a' }, when('x')).answer;
    const command = { operation: 'a', plan: plan ?? '' };
    expect(undo(having(...steps, ['b', 'free', 'L-4']), command).answer).toMatchObject({
      ...{ ok: false, code: 'plan_stale', results: [] },
    });
  });

  it('leaves a label alone that is not as the history says, and an order', () => {
    const ledger = having(['a', 'reserve', 'SO-2', 'L-3', 'L-4'], ['b', 'close', 'SO-3']);
    const taken = ledger.reservations.get(3);
    if (taken !== undefined) ledger.reservations.set(3, { ...taken, lineId: 300 });
    ledger.orders.set(3, { ...ledger.order(3), status: 'shipped' });
    expect(undo(ledger, { operation: 'a' }).answer).toMatchObject({
      results: [{ code: 'undone', label: { number: 'L-4' } }],
      refusals: [{ code: 'changed_since', label: 'L-3', later: null }],
    });
    expect(undo(ledger, { operation: 'b' }).answer.refusals).toMatchObject([
      { code: 'changed_since', order: 'SO-3', later: null },
    ]);
  });

  it('does not put a label back on a line that is of another item by now', () => {
    const ledger = having(['a', 'free', 'P-1']);
    const line = ledger.lines.get(101);
    if (line !== undefined) ledger.lines.set(101, { ...line, item: { ...PIPE, id: 99 } });
    ledger.reservations.delete(7);
    expect(undo(ledger, { operation: 'a' }).answer.refusals).toMatchObject([
      { code: 'holder_ended', label: 'P-1', because: 'line_of_other_item', status: 'open' },
    ]);
  });

  it('happens no earlier than the last event of what it touches', () => {
    const ledger = having(['a', 'reserve', 'SO-2', 'L-3']);
    ledger.reserve({ order: 'SO-2', labels: ['L-4'] }, occasion({ now: NOON + 90_000, operation: 'b' }));
    expect(undo(ledger, { operation: 'a' }).at).toBe(NOON + 90_000);
  });
});
