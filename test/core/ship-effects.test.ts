import { describe, expect, it } from 'vitest';
import type { ShipAnswer, ShipCommand } from '../../src/core/index.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { BOLT, type Given, MORNING, NOON, occasion, PIPE, q } from '../support/stock.ts';

/** Two lines of one item; line 1 is covered with a surplus, line 2 is not covered. */
const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 12 }, { ordered: 5, shipped: 1 }, { of: BOLT, ordered: 40 }] },
    'SO-SMALL': { lines: [{ ordered: 1 }] },
    'SO-FULL': { status: 'draft', lines: [{ of: PIPE, ordered: 7.25 }] },
  },
  labels: {
    'L-YOUNG': { quantity: 10, holder: 'SO-1/1', created: '2026-03-01' },
    'L-OLDEST': { quantity: 5, holder: 'SO-1/1', created: '2026-01-01' },
    'L-SPARE': { quantity: 9, holder: 'SO-1/1' },
    'L-FREE': { quantity: 3, created: '2026-05-01' },
    'L-LAST': { quantity: 20 },
    'L-PIPE': { of: PIPE, quantity: 10.5, holder: 'SO-FULL/1' },
    'L-PIPE-2': { of: PIPE, quantity: 1, holder: 'SO-FULL/1', created: '2026-01-01' },
  },
};
const FULL: ShipCommand = { order: 'SO-1', from: ['L-LAST', 'L-FREE'] };

function draws({ shipment }: ShipAnswer): string[] {
  return (shipment?.labels ?? []).map(
    ({ label, line, quantity, remaining }) => `${label}/${line} ${quantity} ${remaining}`,
  );
}

const numbers = (labels: readonly { readonly number: string }[]): string[] =>
  labels.map(({ number }) => number);

describe('a full shipment', () => {
  it('draws each line from its own labels first, never from the surplus of another line (rules 9 and 11)', () => {
    const { answer } = new ModelLedger(STOCK).ship(FULL, occasion());
    expect(answer.code).toBe('shipped');
    expect(draws(answer)).toEqual(['L-OLDEST/1 5 0', 'L-YOUNG/1 7 3', 'L-FREE/2 3 0', 'L-LAST/2 1 19']);
  });

  it('frees all that the order held, and says which labels are active again', () => {
    const ledger = new ModelLedger(STOCK);
    const { answer } = ledger.ship(FULL, occasion());
    expect(numbers(answer.released)).toEqual(['L-SPARE', 'L-YOUNG']);
    expect(answer.released).toMatchObject([
      { status: 'active', quantity: 9, available: 9, reservation: null },
      { status: 'active', quantity: 3, available: 3, reservation: null },
    ]);
    expect(answer.kept).toEqual([]);
    expect(ledger.held(1)).toEqual([]);
    expect(ledger.label(2).label.quantity).toBe(0);
  });

  it('says how the order stands afterwards', () => {
    const ledger = new ModelLedger(STOCK);
    const { answer } = ledger.ship(FULL, occasion());
    expect(answer.order?.status).toBe('shipped');
    expect(answer.order?.lines).toMatchObject([
      { shipped: 12, outstanding: 0, reserved: 0, reservedLabels: 0, surplus: 0 },
      { shipped: 5, outstanding: 0, reserved: 0 },
      { shipped: 40, outstanding: 0 },
    ]);
    const { status, lines } = ledger.order(1);
    expect([status, ...lines.map(({ shipped }) => shipped)]).toEqual(['shipped', q(12), q(5), q(40)]);
  });

  it('writes an event for each draw, line, label freed and the order, each from where the last ended', () => {
    const { changes } = new ModelLedger(STOCK).ship({ order: 'SO-FULL' }, occasion());
    const ids = { itemId: null, orderId: 3, lineId: 300 };
    const held = { order: 'SO-FULL', line: 1, since: new Date(MORNING).toISOString(), by: 'erin' };
    const freed = { kind: 'unreserved', before: { ...held, operation: 'op-0' }, after: null };
    expect(changes.events).toEqual([
      { kind: 'label_changed', ...ids, labelId: 7, before: { quantity: 1 }, after: { quantity: 0 } },
      { kind: 'label_changed', ...ids, labelId: 6, before: { quantity: 10.5 }, after: { quantity: 4.25 } },
      { kind: 'line_changed', ...ids, labelId: null, before: { shipped: 0 }, after: { shipped: 7.25 } },
      { ...freed, ...ids, labelId: 6 },
      { ...freed, ...ids, labelId: 7 },
      {
        ...{ kind: 'order_changed', ...ids, labelId: null, lineId: null },
        ...{ before: { status: 'draft' }, after: { status: 'shipped' } },
      },
    ]);
  });

  it('draws one offered label for two lines, in two draws that follow on each other', () => {
    const stock: Given = {
      orders: { 'SO-1': { lines: [{ ordered: 0.1 }, { ordered: 0.2 }] } },
      labels: { 'L-1': { quantity: 0.3 } },
    };
    const { answer, changes } = new ModelLedger(stock).ship({ order: 'SO-1', from: ['L-1'] }, occasion());
    expect(draws(answer)).toEqual(['L-1/1 0.1 0.2', 'L-1/2 0.2 0']);
    const drawn = changes.events.filter(({ kind }) => kind === 'label_changed');
    expect(drawn.map(({ before, after }) => [before?.['quantity'], after?.['quantity']])).toEqual([
      [0.3, 0.2],
      [0.2, 0],
    ]);
    expect([...changes.labelQuantities]).toEqual([[1, 0]]);
    expect(changes.shipments[0]?.labels.map(({ remaining }) => remaining)).toEqual([q(0.2), q(0)]);
  });

  it('names labels that were offered and not needed, and leaves them alone', () => {
    const stock: Given = {
      orders: { 'SO-1': { lines: [{ ordered: 1 }] } },
      labels: {
        'L-3': {},
        'L-2': {},
        'L-1': { created: '2026-01-01' },
        'L-OWN': { quantity: 0.5, holder: 'SO-1/1' },
      },
    };
    const { answer, changes } = new ModelLedger(stock).ship(
      { order: 'SO-1', from: ['L-3', 'L-2', 'L-1', 'L-OWN'] },
      occasion(),
    );
    expect(draws(answer)).toEqual(['L-OWN/1 0.5 0', 'L-1/1 0.5 9.5']);
    expect(answer.unused).toEqual(['L-2', 'L-3']);
    expect([...changes.labelQuantities.keys()].sort()).toEqual([3, 4]);
  });

  it('gives no line the surplus of another one, even if that label is offered', () => {
    const from = ['L-SPARE', 'L-FREE'];
    const { answer } = new ModelLedger(STOCK).ship({ order: 'SO-1', from }, occasion());
    expect(answer.refusals).toMatchObject([{ code: 'line_short', lines: [{ line: 2, missing: 1 }] }]);
  });

  it('repeated, is a success that shows the shipment and changes nothing', () => {
    const ledger = new ModelLedger(STOCK);
    const first = ledger.ship(FULL, occasion());
    const again = ledger.ship(FULL, occasion({ operation: 'op-2' }));
    expect(again.answer).toMatchObject({ ok: true, complete: true, code: 'already_shipped' });
    expect(again.answer.shipment).toEqual(first.answer.shipment);
    expect(again.changes.events).toEqual([]);
  });
});

describe('a partial shipment', () => {
  const partial: ShipCommand = { order: 'SO-1', partial: true };

  it('keeps labels with stock left reserved, and frees those that are empty', () => {
    const ledger = new ModelLedger(STOCK);
    const { answer, changes } = ledger.ship(partial, occasion());
    expect(answer.code).toBe('partially_shipped');
    expect(numbers(answer.kept)).toEqual(['L-SPARE', 'L-YOUNG']);
    expect(answer.kept).toMatchObject([
      { status: 'reserved', quantity: 9, available: 0, reservation: { line: 1, by: 'erin' } },
      { status: 'reserved', quantity: 3, available: 0, reservation: { line: 1, by: 'erin' } },
    ]);
    expect(answer.released).toEqual([]);
    expect(changes.freedLabels).toEqual([2]);
    expect(answer.order?.lines).toMatchObject([
      { outstanding: 0, reserved: 12, reservedLabels: 2, surplus: 12 },
      { outstanding: 4, reserved: 0, shortfall: 4 },
      { outstanding: 0, shortfall: 0 },
    ]);
  });

  it('of an order that is partially shipped already tells of no other status', () => {
    const ledger = new ModelLedger(STOCK);
    ledger.ship(partial, occasion());
    const { answer, changes } = ledger.ship(
      { ...partial, from: ['L-FREE'] },
      occasion({ operation: 'op-2' }),
    );
    expect(answer.code).toBe('partially_shipped');
    expect(changes.events.map(({ kind }) => kind)).toEqual(['label_changed', 'line_changed']);
  });

  it('is finished by a later one, which frees the rest', () => {
    const ledger = new ModelLedger(STOCK);
    ledger.ship(partial, occasion());
    ledger.reserve({ order: 'SO-1', line: 2, labels: ['L-LAST'] }, occasion({ operation: 'op-2' }));
    const { answer } = ledger.ship({ order: 'SO-1' }, occasion({ operation: 'op-3' }));
    expect(answer.code).toBe('shipped');
    expect(draws(answer)).toEqual(['L-LAST/2 4 16']);
    expect(numbers(answer.released)).toEqual(['L-LAST', 'L-SPARE', 'L-YOUNG']);
  });

  it('of what is covered in full anyway is a full one', () => {
    const { answer } = new ModelLedger(STOCK).ship({ order: 'SO-FULL', partial: true }, occasion());
    expect(answer).toMatchObject({ code: 'shipped', kept: [], released: [{ number: 'L-PIPE' }] });
  });

  it('repeated, has nothing to ship', () => {
    const ledger = new ModelLedger(STOCK);
    ledger.ship(partial, occasion());
    const again = ledger.ship(partial, occasion({ operation: 'op-2' }));
    expect(again.answer).toMatchObject({ ok: false, code: 'nothing_to_ship' });
    expect(again.changes.events).toEqual([]);
  });
});

describe('the plan of a shipment', () => {
  it('of a dry run is what the shipment with it does', () => {
    const ledger = new ModelLedger(STOCK);
    const dry = ledger.ship(FULL, occasion({ dryRun: true }));
    expect(dry.answer).toMatchObject({ ok: true, dryRun: true, operation: null, code: 'shipped' });
    expect(ledger.order(1).status).toBe('open');
    const plan = dry.answer.plan ?? '';
    const { answer } = ledger.ship({ ...FULL, plan }, occasion());
    expect({ ...answer, dryRun: true, operation: null }).toEqual(dry.answer);
  });

  it.each<{
    name: string;
    meanwhile: (ledger: ModelLedger) => { readonly answer: { readonly ok: boolean } };
  }>([
    {
      name: 'another label is reserved for a line that was covered',
      meanwhile: (ledger) => ledger.reserve({ order: 'SO-1', line: 1, labels: ['L-PLUS'] }, occasion()),
    },
    {
      name: 'another label would be drawn from',
      meanwhile: (ledger) => ledger.reserve({ order: 'SO-1', line: 2, labels: ['L-PLUS'] }, occasion()),
    },
    {
      name: 'a label is freed',
      meanwhile: (ledger) => ledger.unreserve({ target: { labels: ['L-SPARE'] } }, occasion()),
    },
    {
      name: 'less is left in an offered label',
      meanwhile: (ledger) => ledger.ship({ order: 'SO-SMALL', from: ['L-FREE'] }, occasion()),
    },
  ])('is stale when $name', ({ meanwhile }) => {
    const ledger = new ModelLedger({ ...STOCK, labels: { ...STOCK.labels, 'L-PLUS': {} } });
    const plan = ledger.ship(FULL, occasion({ dryRun: true })).answer.plan ?? '';
    expect(meanwhile(ledger).answer.ok).toBe(true);
    const { answer } = ledger.ship({ ...FULL, plan }, occasion({ operation: 'op-2' }));
    expect(answer).toMatchObject({ ok: false, code: 'plan_stale', shipment: null });
  });
});

it('happens no earlier than the last event of the order and of every label it draws from', () => {
  const late = { ...STOCK, labels: { ...STOCK.labels, 'L-LAST': { quantity: 20, recordedAt: NOON + 7 } } };
  expect(new ModelLedger(late).ship(FULL, occasion()).at).toBe(NOON + 7);
  const behind = occasion({ now: MORNING - 60_000 });
  const { at, answer } = new ModelLedger(STOCK).ship(FULL, behind);
  expect([at, answer.shipment?.at]).toEqual([MORNING, new Date(MORNING).toISOString()]);
});
