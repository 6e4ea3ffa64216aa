import { describe, expect, it } from 'vitest';
import type { ReserveCommand } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { type Given, MORNING, NOON, occasion, PIPE, q } from '../support/stock.ts';

const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 3 }, { ordered: 4.5, shipped: 0.5 }, { of: PIPE, ordered: 1 }] },
    'SO-2': { lines: [{ ordered: 10 }] },
  },
  labels: {
    'L-1': { quantity: 100, code: '4001' },
    'L-2': { quantity: 0.1 },
    'L-3': { quantity: 0.2, holder: 'SO-1/2' },
    'L-HELD': { holder: 'SO-2/1' },
    'L-EMPTY': { quantity: 0 },
  },
};
const MIXED: ReserveCommand = { order: 'SO-1', line: 2, labels: ['L-9', 'L-2', 'L-EMPTY', 'L-3', 'L-HELD'] };

describe('what a reserve does', () => {
  it('sets the whole label aside and says how much more that is than the line needs', () => {
    const { answer } = new ModelLedger(STOCK).reserve(
      { order: 'SO-1', line: 1, labels: ['L-1'] },
      occasion(),
    );
    expect(answer.results[0]?.label).toMatchObject({ status: 'reserved', quantity: 100, available: 0 });
    expect(answer.lines).toMatchObject([
      { line: 1, outstanding: 3, reserved: 100, surplus: 97, shortfall: 0 },
    ]);
    expect(answer.order?.lines.map(({ reservedLabels }) => reservedLabels)).toEqual([1, 1, 0]);
  });

  it('adds decimals up exactly', () => {
    const { answer } = new ModelLedger(STOCK).reserve(
      { order: 'SO-1', line: 2, labels: ['L-2'] },
      occasion(),
    );
    expect(answer.lines).toMatchObject([
      { reserved: 0.3, outstanding: 4, shortfall: 3.7, reservedLabels: 2 },
    ]);
  });

  it('writes who holds the label, since when and by which operation, and the same into the history', () => {
    const ledger = new ModelLedger(STOCK);
    const command = { order: 'SO-1', line: 1, labels: ['4001'] };
    const { changes, answer, at } = ledger.reserve(command, occasion({ reason: 'asked by phone' }));
    const since = new Date(NOON).toISOString();
    expect(at).toBe(NOON);
    expect(answer.operation).toEqual({ id: 'op-1', at: since, by: 'dana', reason: 'asked by phone' });
    const reservation = { order: 'SO-1', line: 1, since, by: 'dana', operation: 'op-1' };
    expect(answer.results[0]?.label.reservation).toEqual({ ...reservation, customer: 'Acme' });
    const ids = { itemId: null, labelId: 1, orderId: 1, lineId: 100 };
    expect(changes.events).toEqual([{ kind: 'reserved', ...ids, before: null, after: reservation }]);
    expect(changes.reservations).toEqual([{ labelId: 1, lineId: 100, itemId: 1 }]);
  });

  it('reserves nothing if one label is refused, and names every one that is', () => {
    const { answer, changes } = new ModelLedger(STOCK).reserve(MIXED, occasion());
    expect(answer).toMatchObject({ ok: false, code: 'label_not_found', results: [], operation: null });
    expect(answer.refusals.map(({ code }) => code)).toEqual([
      'label_not_found',
      'label_depleted',
      'label_reserved_elsewhere',
    ]);
    expect(changes.events).toEqual([]);
  });

  it('reserves what it can with keepGoing, and lists the rest', () => {
    const ledger = new ModelLedger(STOCK);
    const { answer } = ledger.reserve({ ...MIXED, keepGoing: true }, occasion());
    expect(answer).toMatchObject({ ok: true, complete: false, code: 'label_not_found' });
    expect(answer.results.map(({ code, label }) => `${label.number} ${code}`)).toEqual([
      'L-2 reserved',
      'L-3 already_reserved',
    ]);
    expect(answer.refusals).toHaveLength(3);
    expect(ledger.label(2).holder).toMatchObject({ order: 'SO-1', line: 2 });
  });

  it('is refused with keepGoing too where nothing can be done, or the request itself is wrong', () => {
    const nothing: ReserveCommand = { order: 'SO-1', line: 2, labels: ['L-9', 'L-EMPTY'], keepGoing: true };
    for (const command of [nothing, { ...MIXED, keepGoing: true, line: 9 }]) {
      const { answer, changes } = new ModelLedger(STOCK).reserve(command, occasion());
      expect(answer).toMatchObject({ ok: false, operation: null, results: [] });
      expect(changes.events).toEqual([]);
    }
  });

  it('repeated, changes nothing and keeps since, by and operation (rule 7)', () => {
    const ledger = new ModelLedger(STOCK);
    const command = { order: 'SO-1', line: 1, labels: ['L-1'] };
    ledger.reserve(command, occasion());
    const later = occasion({ now: NOON + 60_000, by: 'eve', operation: 'op-2' });
    const { answer, changes } = ledger.reserve(command, later);
    expect(answer).toMatchObject({ ok: true, complete: true, code: 'already_reserved' });
    expect(changes.events).toEqual([]);
    expect(answer.results[0]?.label.reservation).toMatchObject({ by: 'dana', operation: 'op-1' });
  });

  it('refuses a label of another line of the same order, naming the holder', () => {
    const command = { order: 'SO-1', line: 1, labels: ['L-3'] };
    const { answer } = new ModelLedger(STOCK).reserve(command, occasion());
    expect(answer.refusals).toMatchObject([
      { code: 'label_reserved_elsewhere', label: 'L-3', order: 'SO-1', holder: { order: 'SO-1', line: 2 } },
    ]);
  });

  it('refuses a held label that is named for another line besides', () => {
    const labels = ['L-3', { label: 'L-3', line: 1 }];
    const { answer } = new ModelLedger(STOCK).reserve({ order: 'SO-1', labels }, occasion());
    expect(answer.refusals).toMatchObject([{ code: 'label_reserved_elsewhere', holder: { line: 2 } }]);
  });

  it('happens no earlier than the last event of the order or of any of the labels', () => {
    const behind = occasion({ now: MORNING - 60_000 });
    const ofOrder = new ModelLedger(STOCK).reserve({ order: 'SO-1', line: 1, labels: ['L-1'] }, behind);
    expect(ofOrder.at).toBe(MORNING);
    expect(ofOrder.answer.results[0]?.label.reservation?.since).toBe(new Date(MORNING).toISOString());
    const late = {
      orders: { 'SO-1': { lines: [{ ordered: 3 }] } },
      labels: { 'L-1': { recordedAt: NOON + 5 } },
    };
    expect(new ModelLedger(late).reserve({ order: 'SO-1', labels: ['L-1'] }, occasion()).at).toBe(NOON + 5);
  });

  it('says in a dry run what would happen, and belongs to no operation', () => {
    const ledger = new ModelLedger(STOCK);
    const { answer } = ledger.reserve(
      { order: 'SO-1', line: 1, labels: ['L-1'] },
      occasion({ dryRun: true }),
    );
    expect(answer).toMatchObject({ ok: true, dryRun: true, code: 'reserved', operation: null });
    expect(ledger.label(1)).toMatchObject({ holder: null, label: { quantity: q(100) } });
  });
});
