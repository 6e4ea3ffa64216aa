import { describe, expect, it } from 'vitest';
import { ORDER_STATUSES, type OutcomeCode, PRECEDENCE } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { type Given, MORNING, NOON, occasion, PIPE } from '../support/stock.ts';

/** An order of each status, and ones that hold labels. */
const STOCK: Given = {
  orders: {
    ...Object.fromEntries(
      ORDER_STATUSES.map((status) => [`SO-${status}`, { status, lines: [{ ordered: 9 }] }]),
    ),
    'SO-1': { status: 'partially_shipped', lines: [{ ordered: 9 }, { of: PIPE, ordered: 2, shipped: 1 }] },
    'SO-DEAD': { status: 'cancelled', lines: [{ ordered: 9 }] },
  },
  labels: {
    'L-1': { holder: 'SO-1/1', quantity: 4 },
    'L-2': { holder: 'SO-1/2', of: PIPE },
    'L-DEAD': { holder: 'SO-DEAD/1' },
    'L-OTHER': { holder: 'SO-open/1' },
  },
};

type Verb = 'cancel' | 'close';
interface Row {
  readonly verb: Verb;
  readonly order: string;
  readonly code: OutcomeCode;
  readonly plan?: string;
}

const TABLE: readonly Row[] = [
  { verb: 'cancel', order: 'SO-9', code: 'order_not_found' },
  { verb: 'cancel', order: 'SO-draft', code: 'cancelled' },
  { verb: 'cancel', order: 'SO-open', code: 'cancelled' },
  { verb: 'cancel', order: 'SO-partially_shipped', code: 'cancelled' },
  { verb: 'cancel', order: 'SO-shipped', code: 'order_ended', plan: 'another' },
  { verb: 'cancel', order: 'SO-closed', code: 'order_ended' },
  { verb: 'cancel', order: 'SO-cancelled', code: 'already_cancelled', plan: 'another' },
  { verb: 'cancel', order: 'SO-1', code: 'plan_stale', plan: 'another' },
  { verb: 'close', order: 'SO-9', code: 'order_not_found' },
  { verb: 'close', order: 'SO-draft', code: 'closed' },
  { verb: 'close', order: 'SO-open', code: 'closed' },
  { verb: 'close', order: 'SO-partially_shipped', code: 'closed' },
  { verb: 'close', order: 'SO-shipped', code: 'closed' },
  { verb: 'close', order: 'SO-closed', code: 'already_closed' },
  { verb: 'close', order: 'SO-cancelled', code: 'order_ended', plan: 'another' },
  { verb: 'close', order: 'SO-1', code: 'plan_stale', plan: 'another' },
];

const ELSEWHERE: readonly OutcomeCode[] = ['operation_id_reused'];

describe.each(['cancel', 'close'] as const)('%s', (verb) => {
  const ended = verb === 'cancel' ? 'cancelled' : 'closed';

  it.each(TABLE.filter((row) => row.verb === verb))('$order: $code', ({ order, code, plan }) => {
    const ledger = new ModelLedger(STOCK);
    const before = ledger.state();
    const { answer, changes } = ledger.end(
      verb,
      plan === undefined ? { order } : { order, plan },
      occasion(),
    );
    expect(answer).toMatchObject({ verb, code });
    const done = code === ended;
    expect(answer.ok).toBe(done || code === `already_${ended}`);
    if (done) expect(answer.order?.status).toBe(ended);
    else expect(ledger.state()).toEqual(before);
    expect(changes.orderStatuses).toEqual(done ? [{ orderId: expect.any(Number), status: ended }] : []);
  });

  it('reaches every outcome of its list', () => {
    const reached = new Set(TABLE.flatMap((row) => (row.verb === verb ? [row.code] : [])));
    expect(PRECEDENCE[verb].filter((code) => !reached.has(code))).toEqual(ELSEWHERE);
  });

  it('frees what the order holds and changes its status in one step, and says both', () => {
    const ledger = new ModelLedger(STOCK);
    const { answer, changes } = ledger.end(verb, { order: 'SO-1' }, occasion());
    expect(answer.released).toMatchObject([
      { label: { number: 'L-1', status: 'active' }, was: { order: 'SO-1', line: 1, by: 'erin' } },
      { label: { number: 'L-2', status: 'active' }, was: { order: 'SO-1', line: 2, by: 'erin' } },
    ]);
    expect(answer.order).toMatchObject({ status: ended, lines: [{ reservedLabels: 0 }, { reserved: 0 }] });
    const since = new Date(MORNING).toISOString();
    const told = (line: number) => ({ order: 'SO-1', line, since, by: 'erin', operation: 'op-0' });
    const order = { itemId: null, orderId: 7 };
    expect(changes.events).toEqual([
      { kind: 'unreserved', ...order, labelId: 1, lineId: 700, before: told(1), after: null },
      { kind: 'unreserved', ...order, labelId: 2, lineId: 701, before: told(2), after: null },
      {
        ...{ kind: 'order_changed', ...order, labelId: null, lineId: null },
        ...{ before: { status: 'partially_shipped' }, after: { status: ended } },
      },
    ]);
    expect(ledger.held(7)).toEqual([]);
    expect(ledger.label(4).holder?.order).toBe('SO-open');
  });

  it('does exactly what its plan says, or nothing', () => {
    const ledger = new ModelLedger(STOCK);
    const { plan } = ledger.end(verb, { order: 'SO-1' }, occasion({ dryRun: true })).answer;
    const command = { order: 'SO-1', plan: plan ?? '' };
    ledger.unreserve({ target: { labels: ['L-2'] } }, occasion({ operation: 'op-a' }));
    expect(ledger.end(verb, command, occasion()).answer.code).toBe('plan_stale');
    expect(new ModelLedger(STOCK).end(verb, command, occasion()).answer.code).toBe(ended);
  });

  it('happens no earlier than the last event of the order and its labels', () => {
    const ledger = new ModelLedger(STOCK);
    ledger.unreserve({ target: { labels: ['L-2'] } }, occasion({ now: NOON + 9, operation: 'op-a' }));
    expect(ledger.end(verb, { order: 'SO-1' }, occasion()).at).toBe(NOON + 9);
  });
});

it('cancelling a cancelled order frees the labels that it holds all the same, and changes no status', () => {
  const ledger = new ModelLedger(STOCK);
  const { answer, changes } = ledger.end('cancel', { order: 'SO-DEAD' }, occasion());
  expect(answer).toMatchObject({ code: 'cancelled', released: [{ label: { number: 'L-DEAD' } }] });
  expect(changes.orderStatuses).toEqual([]);
  expect(ledger.end('cancel', { order: 'SO-DEAD' }, occasion({ operation: 'op-2' })).answer).toMatchObject({
    ...{ code: 'already_cancelled', ok: true, released: [] },
  });
});
