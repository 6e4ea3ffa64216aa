import { describe, expect, it } from 'vitest';
import { type OutcomeCode, PRECEDENCE, type Refusal, type TransferCommand } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { BOLT, type Given, MORNING, NOON, occasion, PIPE } from '../support/stock.ts';

const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 10 }, { of: PIPE, ordered: 5 }] },
    'SO-2': {
      status: 'draft',
      lines: [{ ordered: 10 }, { of: BOLT, ordered: 5 }, { ordered: 1, shipped: 1 }],
    },
    'SO-TWO': { lines: [{ ordered: 10 }, { ordered: 4 }] },
    'SO-PIPE': { lines: [{ of: PIPE, ordered: 10 }] },
    'SO-DONE': {
      status: 'partially_shipped',
      lines: [
        { ordered: 1, shipped: 1 },
        { of: PIPE, ordered: 1 },
      ],
    },
    'SO-ENDED': { status: 'closed', lines: [{ ordered: 10 }] },
  },
  labels: {
    'L-1': { holder: 'SO-1/1', code: '4001' },
    'L-2': { holder: 'SO-1/1' },
    'L-PIPE': { of: PIPE, holder: 'SO-1/2' },
    'L-TWO': { holder: 'SO-TWO/1' },
    'L-ENDED': { holder: 'SO-ENDED/1' },
    'L-FREE': {},
    'L-EMPTY': { quantity: 0 },
  },
};

const since = new Date(MORNING).toISOString();
const SO1_HOLDS = { order: 'SO-1', line: 1, customer: 'Acme', since, by: 'erin', operation: 'op-0' };
const unknown: Refusal = { code: 'label_not_found', label: 'L1', near: ['L-1'] };

interface Row {
  readonly name: string;
  readonly when: TransferCommand;
  readonly gives: {
    readonly code: OutcomeCode;
    readonly done?: readonly string[];
    readonly refused?: readonly Refusal[];
  };
}

const TABLE: readonly Row[] = [
  {
    name: 'to an unknown order, before everything else',
    when: { labels: [], to: { order: 'SO2', line: 9 } },
    gives: { code: 'order_not_found', refused: [{ code: 'order_not_found', order: 'SO2', near: ['SO-2'] }] },
  },
  {
    name: 'to an order that has ended',
    when: { labels: ['L1'], to: { order: 'SO-ENDED', line: 9 } },
    gives: {
      code: 'order_not_live',
      refused: [{ code: 'order_not_live', order: 'SO-ENDED', status: 'closed' }],
    },
  },
  {
    name: 'of no label',
    when: { labels: [], to: { order: 'SO-2', line: 9 } },
    gives: { code: 'no_labels_chosen', refused: [{ code: 'no_labels_chosen' }] },
  },
  {
    name: 'to a line that the order does not have',
    when: { labels: ['L-1'], to: { order: 'SO-2', line: 9 } },
    gives: {
      code: 'line_not_found',
      refused: [{ code: 'line_not_found', order: 'SO-2', line: 9, lines: [1, 2, 3] }],
    },
  },
  {
    name: 'to a line of a standard item',
    when: { labels: ['L-1'], to: { order: 'SO-2', line: 2 } },
    gives: {
      code: 'item_not_serialized',
      refused: [{ code: 'item_not_serialized', order: 'SO-2', line: 2, item: 'BOLT' }],
    },
  },
  {
    name: 'to a line with nothing outstanding',
    when: { labels: ['L-1'], to: { order: 'SO-2', line: 3 } },
    gives: {
      code: 'line_already_shipped',
      refused: [{ code: 'line_already_shipped', order: 'SO-2', line: 3, item: 'ROLL', label: null }],
    },
  },
  {
    name: 'of an unknown label, beside one that is fine',
    when: { labels: ['L-1', 'L1', 'L1'], to: { order: 'SO-2' } },
    gives: { code: 'label_not_found', refused: [unknown] },
  },
  {
    name: 'to an order that does not ask for the item',
    when: { labels: ['L-1'], to: { order: 'SO-PIPE' } },
    gives: {
      code: 'label_of_other_item',
      refused: [
        {
          ...{ code: 'label_of_other_item', label: 'L-1', item: 'ROLL' },
          ...{ order: 'SO-PIPE', line: null, wanted: ['PIPE'] },
        },
      ],
    },
  },
  {
    name: 'to an order whose line of the item is shipped',
    when: { labels: ['L-1'], to: { order: 'SO-DONE' } },
    gives: {
      code: 'line_already_shipped',
      refused: [{ code: 'line_already_shipped', order: 'SO-DONE', line: 1, item: 'ROLL', label: 'L-1' }],
    },
  },
  {
    name: 'to an order with two lines of the item',
    when: { labels: ['L-1'], to: { order: 'SO-TWO' } },
    gives: {
      code: 'line_ambiguous',
      refused: [
        {
          ...{ code: 'line_ambiguous', label: 'L-1', item: 'ROLL' },
          ...{ order: 'SO-TWO', lines: [1, 2], verb: 'transfer' },
        },
      ],
    },
  },
  {
    name: 'of an empty label',
    when: { labels: ['L-EMPTY'], to: { order: 'SO-2' } },
    gives: { code: 'label_depleted', refused: [{ code: 'label_depleted', label: 'L-EMPTY' }] },
  },
  {
    name: 'of a label that nobody holds',
    when: { labels: ['L-FREE'], to: { order: 'SO-2' }, expectOrder: 'SO-1' },
    gives: {
      code: 'label_not_reserved',
      refused: [{ code: 'label_not_reserved', label: 'L-FREE', order: 'SO-2', line: 1 }],
    },
  },
  ...[
    { labels: ['L-1'], expectOrder: 'SO-2' },
    { labels: [{ label: 'L-1', expectOrder: 'SO-2' }], expectOrder: 'SO-1' },
    { labels: ['L-1', { label: '4001', expectOrder: 'SO-2' }, 'L-1'] },
  ].map((command): Row => {
    return {
      name: `of a label that another order holds than was expected: ${JSON.stringify(command)}`,
      when: { ...command, to: { order: 'SO-TWO', line: 1 } },
      gives: {
        code: 'label_reserved_elsewhere',
        refused: [{ code: 'label_reserved_elsewhere', label: 'L-1', holder: SO1_HOLDS, order: 'SO-2' }],
      },
    };
  }),
  {
    name: 'with a plan of something else',
    when: { labels: ['L-1'], to: { order: 'SO-2' }, plan: 'another' },
    gives: { code: 'plan_stale', refused: [{ code: 'plan_stale', order: 'SO-2' }] },
  },
  {
    name: 'to another order, by number and code, with the right order expected',
    when: { labels: ['4001', 'L-2', 'L-1'], to: { order: 'SO-2' }, expectOrder: 'SO-1' },
    gives: { code: 'transferred', done: ['L-1 transferred SO-2/1', 'L-2 transferred SO-2/1'] },
  },
  {
    name: 'to another line of the order that holds it',
    when: { labels: ['L-TWO'], to: { order: 'SO-TWO', line: 2 } },
    gives: { code: 'transferred', done: ['L-TWO transferred SO-TWO/2'] },
  },
  {
    name: 'from an order that has ended',
    when: { labels: ['L-ENDED'], to: { order: 'SO-2' } },
    gives: { code: 'transferred', done: ['L-ENDED transferred SO-2/1'] },
  },
  {
    name: 'of a label that is there already, whatever order was expected, and of one that is not',
    when: { labels: ['L-TWO', { label: 'L-1', expectOrder: 'SO-1' }], to: { order: 'SO-TWO', line: 1 } },
    gives: { code: 'transferred', done: ['L-TWO already_reserved SO-TWO/1', 'L-1 transferred SO-TWO/1'] },
  },
  {
    name: 'to the order that holds it, without a line, even if it has two',
    when: { labels: ['L-TWO'], to: { order: 'SO-TWO' }, expectOrder: 'SO-1', plan: 'another' },
    gives: { code: 'already_reserved', done: ['L-TWO already_reserved SO-TWO/1'] },
  },
];

/** Not reached here: a storage looks the operation id up before anything is decided; the contract suite reaches it. */
const ELSEWHERE: readonly OutcomeCode[] = ['operation_id_reused'];

function transfer(command: TransferCommand, ledger = new ModelLedger(STOCK)) {
  const decision = ledger.transfer(command, occasion());
  const done = decision.answer.results.map(({ code, label }) => {
    return `${label.number} ${code} ${label.reservation?.order}/${label.reservation?.line}`;
  });
  return { ...decision, done, ledger };
}

describe('transfer', () => {
  it.each(TABLE)('$name: $gives.code', ({ when, gives }) => {
    const { answer, changes, done } = transfer(when);
    expect(answer.code).toBe(gives.code);
    expect(answer.refusals).toEqual(gives.refused ?? []);
    expect(done).toEqual(gives.done ?? []);
    const ok = gives.refused === undefined;
    expect(answer).toMatchObject({ ok, complete: ok });
    const moved = answer.results.filter(({ code }) => code === 'transferred').length;
    const { freedLabels, reservations, events } = changes;
    expect([freedLabels.length, reservations.length, events.length]).toEqual([moved, moved, 2 * moved]);
  });

  it('reaches every outcome of its list', () => {
    const reached = new Set<OutcomeCode>(TABLE.map(({ gives }) => gives.code));
    expect(PRECEDENCE.transfer.filter((code) => !reached.has(code))).toEqual(ELSEWHERE);
  });

  it('moves what it can with keepGoing, and lists the rest', () => {
    const command = { labels: ['L-FREE', 'L-1', 'L1'], to: { order: 'SO-2' }, keepGoing: true };
    const { answer, done } = transfer(command);
    expect(answer).toMatchObject({ ok: true, complete: false, code: 'label_not_found' });
    expect(answer.refusals.map(({ code }) => code)).toEqual(['label_not_reserved', 'label_not_found']);
    expect(done).toEqual(['L-1 transferred SO-2/1']);
    expect(transfer({ ...command, labels: ['L-FREE', 'L1'] }).answer).toMatchObject({
      ok: false,
      results: [],
    });
  });

  it('answers and writes who held the label and who holds it now, and how the lines stand', () => {
    const { answer, changes } = transfer({ labels: ['L-1'], to: { order: 'SO-2' } });
    const holds = {
      order: 'SO-2',
      line: 1,
      since: new Date(NOON).toISOString(),
      by: 'dana',
      operation: 'op-1',
    };
    const { customer: _, ...held } = SO1_HOLDS;
    expect(answer.results[0]).toMatchObject({
      was: SO1_HOLDS,
      label: { status: 'reserved', reservation: holds },
    });
    const label = { itemId: null, labelId: 1 };
    expect(changes.events).toEqual([
      { kind: 'unreserved', ...label, orderId: 1, lineId: 100, before: held, after: null },
      { kind: 'reserved', ...label, orderId: 2, lineId: 200, before: null, after: holds },
    ]);
    expect(answer.order).toMatchObject({
      number: 'SO-2',
      lines: [{ reserved: 10, reservedLabels: 1 }, {}, {}],
    });
    expect(
      answer.lines.map(({ order, line, reserved, shortfall }) => [order, line, reserved, shortfall]),
    ).toEqual([
      ['SO-2', 1, 10, 0],
      ['SO-1', 1, 10, 0],
    ]);
  });

  it('does exactly what its plan says, or nothing', () => {
    const command: TransferCommand = { labels: ['L-1', 'L-2'], to: { order: 'SO-2' } };
    const plan = transfer(command).answer.plan ?? '';
    expect(transfer({ ...command, plan }).answer.code).toBe('transferred');
    const ledger = new ModelLedger(STOCK);
    // The label is with the same order again, but not as it was.
    ledger.unreserve({ target: { labels: ['L-1'] } }, occasion({ operation: 'op-a' }));
    ledger.reserve({ order: 'SO-1', labels: ['L-1'] }, occasion({ operation: 'op-b' }));
    expect(transfer({ ...command, plan }, ledger).answer.code).toBe('plan_stale');
  });

  it('repeated, changes nothing', () => {
    const command = { labels: ['L-1', 'L-PIPE'], to: { order: 'SO-1', line: 1 }, keepGoing: true };
    const { ledger } = transfer({ ...command, to: { order: 'SO-TWO', line: 2 } });
    const again = transfer({ ...command, to: { order: 'SO-TWO', line: 2 } }, ledger);
    expect(again.done).toEqual(['L-1 already_reserved SO-TWO/2']);
    expect(again.changes.events).toEqual([]);
  });

  it('happens no earlier than the last event of the label, of its holder and of the order that gets it', () => {
    for (const touched of ['SO-1', 'SO-2']) {
      const ledger = new ModelLedger(STOCK);
      const late = occasion({ now: NOON + 9, operation: 'op-a' });
      ledger.reserve({ order: touched, line: 1, labels: ['L-FREE'] }, late);
      expect(transfer({ labels: ['L-2'], to: { order: 'SO-2' } }, ledger).at).toBe(NOON + 9);
    }
  });
});
