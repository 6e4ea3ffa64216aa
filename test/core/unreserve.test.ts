import { describe, expect, it } from 'vitest';
import { type OutcomeCode, PRECEDENCE, type Refusal, type UnreserveCommand } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { type Given, MORNING, NOON, occasion, PIPE } from '../support/stock.ts';

const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 10 }, { of: PIPE, ordered: 5 }, { ordered: 1 }] },
    'SO-2': { lines: [{ ordered: 10 }] },
    'SO-ENDED': { status: 'cancelled', lines: [{ ordered: 10 }] },
    'SO-IDLE': { lines: [{ ordered: 10 }] },
  },
  labels: {
    'L-FREE': {},
    'L-1': { holder: 'SO-1/1', code: '4001' },
    'L-2': { holder: 'SO-1/1' },
    'L-PIPE': { of: PIPE, holder: 'SO-1/2' },
    'L-OTHER': { holder: 'SO-2/1' },
    'L-ENDED': { holder: 'SO-ENDED/1' },
  },
};

const since = new Date(MORNING).toISOString();
const SO2_HOLDS = { order: 'SO-2', line: 1, customer: 'Acme', since, by: 'erin', operation: 'op-0' };
const unknown: Refusal = { code: 'label_not_found', label: 'L1', near: ['L-1'] };
const elsewhere: Refusal = {
  ...{ code: 'label_reserved_elsewhere', label: 'L-OTHER' },
  ...{ holder: SO2_HOLDS, order: 'SO-1' },
};

interface Row {
  readonly name: string;
  readonly when: UnreserveCommand;
  readonly gives: {
    readonly code: OutcomeCode;
    readonly done?: readonly string[];
    readonly refused?: readonly Refusal[];
  };
}

const TABLE: readonly Row[] = [
  {
    name: 'an unknown order, with what may have been meant',
    when: { target: { order: 'SO1', line: 9 } },
    gives: { code: 'order_not_found', refused: [{ code: 'order_not_found', order: 'SO1', near: ['SO-1'] }] },
  },
  {
    name: 'a line that the order does not have, before a plan that is stale',
    when: { target: { order: 'SO-1', line: 9, plan: ['L-1'] } },
    gives: {
      code: 'line_not_found',
      refused: [{ code: 'line_not_found', order: 'SO-1', line: 9, lines: [1, 2, 3] }],
    },
  },
  {
    name: 'no label',
    when: { target: { labels: [] }, expectOrder: 'SO-1' },
    gives: { code: 'no_labels_chosen', refused: [{ code: 'no_labels_chosen' }] },
  },
  {
    name: 'an unknown label before one that another order holds',
    when: { target: { labels: ['L-OTHER', 'L1', 'L-1', 'L1'] }, expectOrder: 'SO-1' },
    gives: { code: 'label_not_found', refused: [elsewhere, unknown] },
  },
  {
    name: 'a label that another order holds than was expected',
    when: { target: { labels: ['L-1', 'L-OTHER'] }, expectOrder: 'SO-1' },
    gives: { code: 'label_reserved_elsewhere', refused: [elsewhere] },
  },
  {
    name: 'a label with an expectation of its own, which counts before the general one',
    when: { target: { labels: [{ label: 'L-OTHER', expectOrder: 'SO-1' }] }, expectOrder: 'SO-2' },
    gives: { code: 'label_reserved_elsewhere', refused: [elsewhere] },
  },
  {
    name: 'a label that is named with a wrong expectation and again without one',
    when: { target: { labels: ['L-OTHER', { label: 'L-OTHER', expectOrder: 'SO-1' }, 'L-OTHER'] } },
    gives: { code: 'label_reserved_elsewhere', refused: [elsewhere] },
  },
  ...[['L-1'], ['L-1', 'L-2', 'L-PIPE'], ['L-1', 'L-1']].map((plan): Row => {
    return {
      name: `other labels than were seen: ${plan.join(' ')}`,
      when: { target: { order: 'SO-1', line: 1, plan } },
      gives: { code: 'plan_stale', refused: [{ code: 'plan_stale', order: 'SO-1' }] },
    };
  }),
  {
    name: 'labels of several orders',
    when: { target: { labels: ['L-OTHER', 'L-1'] } },
    gives: { code: 'unreserved', done: ['L-OTHER unreserved SO-2', 'L-1 unreserved SO-1'] },
  },
  {
    name: 'a label by its code, its number and its code again',
    when: { target: { labels: ['4001', 'L-1', '4001'] }, expectOrder: 'SO-1' },
    gives: { code: 'unreserved', done: ['L-1 unreserved SO-1'] },
  },
  {
    name: 'a held label and a free one',
    when: { target: { labels: ['L-FREE', { label: 'L-1', expectOrder: 'SO-1' }] } },
    gives: { code: 'unreserved', done: ['L-FREE not_reserved null', 'L-1 unreserved SO-1'] },
  },
  {
    name: 'all that an order holds',
    when: { target: { order: 'SO-1', plan: ['L-PIPE', 'L-2', 'L-1'] } },
    gives: {
      code: 'unreserved',
      done: ['L-1 unreserved SO-1', 'L-2 unreserved SO-1', 'L-PIPE unreserved SO-1'],
    },
  },
  {
    name: 'all that a line holds',
    when: { target: { order: 'SO-1', line: 2 } },
    gives: { code: 'unreserved', done: ['L-PIPE unreserved SO-1'] },
  },
  {
    name: 'what an order holds that has ended',
    when: { target: { order: 'SO-ENDED' } },
    gives: { code: 'unreserved', done: ['L-ENDED unreserved SO-ENDED'] },
  },
  {
    name: 'a label that nobody holds, whatever order was expected',
    when: { target: { labels: ['L-FREE'] }, expectOrder: 'SO-1' },
    gives: { code: 'not_reserved', done: ['L-FREE not_reserved null'] },
  },
  {
    name: 'an order that holds nothing',
    when: { target: { order: 'SO-IDLE', plan: [] } },
    gives: { code: 'not_reserved' },
  },
  {
    name: 'a line that holds nothing',
    when: { target: { order: 'SO-1', line: 3 } },
    gives: { code: 'not_reserved' },
  },
];

/** Not reached here: a storage looks the operation id up before anything is decided; the contract suite reaches it. */
const ELSEWHERE: readonly OutcomeCode[] = ['operation_id_reused'];

function unreserve(command: UnreserveCommand) {
  const decision = new ModelLedger(STOCK).unreserve(command, occasion());
  const { results } = decision.answer;
  const done = results.map(({ code, label, was }) => `${label.number} ${code} ${was?.order ?? null}`);
  return { ...decision, done };
}

describe('unreserve', () => {
  it.each(TABLE)('$name: $gives.code', ({ when, gives }) => {
    const { answer, changes, done } = unreserve(when);
    expect(answer.code).toBe(gives.code);
    expect(answer.refusals).toEqual(gives.refused ?? []);
    expect(done).toEqual(gives.done ?? []);
    const ok = gives.refused === undefined;
    expect(answer).toMatchObject({ ok, complete: ok });
    const freed = answer.results.filter(({ code }) => code === 'unreserved').length;
    expect([changes.freedLabels.length, changes.events.length]).toEqual([freed, freed]);
    expect(answer.results.every(({ label }) => label.status === 'active' && label.reservation === null)).toBe(
      true,
    );
  });

  it('reaches every outcome of its list', () => {
    const reached = new Set<OutcomeCode>(TABLE.map(({ gives }) => gives.code));
    expect(PRECEDENCE.unreserve.filter((code) => !reached.has(code))).toEqual(ELSEWHERE);
  });

  it('frees what it can with keepGoing, and lists the rest', () => {
    const labels = ['L-OTHER', 'L-1', 'L1', 'L-FREE'];
    const { answer, done } = unreserve({ target: { labels }, expectOrder: 'SO-1', keepGoing: true });
    expect(answer).toMatchObject({ ok: true, complete: false, code: 'label_not_found' });
    expect(answer.refusals).toEqual([elsewhere, unknown]);
    expect(done).toEqual(['L-1 unreserved SO-1', 'L-FREE not_reserved null']);
  });

  it('leaves a label alone with keepGoing if any of its expectations is wrong', () => {
    const labels = ['L-OTHER', 'L-1', { label: 'L-OTHER', expectOrder: 'SO-1' }];
    const { answer, done } = unreserve({ target: { labels }, keepGoing: true });
    expect(answer.refusals).toEqual([elsewhere]);
    expect(done).toEqual(['L-1 unreserved SO-1']);
  });

  it('is refused with keepGoing too where nothing can be freed', () => {
    for (const labels of [['L1', 'L-OTHER'], []]) {
      const { answer } = unreserve({ target: { labels }, expectOrder: 'SO-1', keepGoing: true });
      expect(answer).toMatchObject({ ok: false, complete: false, results: [], operation: null });
    }
  });

  it('writes whom the label was taken from into the history, and answers it', () => {
    const { answer, changes } = unreserve({ target: { labels: ['L-OTHER'] } });
    const before = { order: 'SO-2', line: 1, since, by: 'erin', operation: 'op-0' };
    const ids = { itemId: null, labelId: 5, orderId: 2, lineId: 200 };
    expect(changes.events).toEqual([{ kind: 'unreserved', ...ids, before, after: null }]);
    expect(answer.results[0]?.was).toEqual(SO2_HOLDS);
  });

  it('repeated, changes nothing', () => {
    const targets = [{ labels: ['L-1', '4001', 'L-PIPE'] }, { order: 'SO-1' }, { order: 'SO-1', line: 2 }];
    for (const target of targets) {
      const ledger = new ModelLedger(STOCK);
      ledger.unreserve({ target }, occasion());
      const again = ledger.unreserve({ target }, occasion({ operation: 'op-2' }));
      expect(again.answer).toMatchObject({ ok: true, complete: true, code: 'not_reserved' });
      expect(again.changes.events).toEqual([]);
    }
  });

  it('happens no earlier than the last event of the labels and of their orders', () => {
    const ledger = new ModelLedger(STOCK);
    ledger.reserve({ order: 'SO-1', line: 1, labels: ['L-FREE'] }, occasion({ now: NOON + 9 }));
    const { at } = ledger.unreserve({ target: { labels: ['L-2'] } }, occasion({ now: NOON }));
    expect(at).toBe(NOON + 9);
  });
});
