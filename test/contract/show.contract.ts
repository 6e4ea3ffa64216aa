/** Everything about one thing, by its kind or by its bare name. */
import { expect, it } from 'vitest';
import type { MakeBackend } from '../support/backends.ts';
import { bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

export function showContract(make: MakeBackend): void {
  const setting = useStore(make);

  it('shows an order with its lines, held labels, shipments and events', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-1', labels: ['L-3', 'L-1'] }, intent());
    const part = await room.ship({ order: 'SO-1', partial: true }, intent());
    await room.reserve({ order: 'SO-2', labels: ['L-2'] }, intent());
    const view = await room.show({ kind: 'order', name: 'SO-2' });
    expect(view).toMatchObject({
      kind: 'order',
      schemaVersion: 1,
      order: {
        number: 'SO-2',
        customer: 'Bolt & Co',
        ordered: '2026-11-02',
        due: '2026-11-30',
        status: 'draft',
      },
      labels: [{ number: 'L-2', reservation: { order: 'SO-2', line: 1 } }],
      shipments: [],
      events: [{ kind: 'reserved', label: 'L-2' }],
    });
    expect(await room.show({ name: 'SO-1' })).toMatchObject({
      order: part.order,
      shipments: [part.shipment],
      labels: part.kept,
    });
  });

  it.each(['L-1', 'C-1'])('shows the label %s with its holder, shipments and events', async (name) => {
    const { room } = setting();
    await room.ship({ order: 'SO-3', from: ['L-1'] }, intent());
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    for (const ref of [{ name }, { kind: 'label', name } as const]) {
      expect(await room.show(ref)).toMatchObject({
        kind: 'label',
        label: { number: 'L-1', code: 'C-1', itemName: 'Copper cable', reservation: { order: 'SO-2' } },
        shipments: [{ order: 'SO-3' }],
        events: [{ kind: 'label_changed' }, { kind: 'label_changed' }, { kind: 'reserved' }],
      });
    }
  });

  it('shows an operation, also one that changed nothing', async () => {
    const { room, clock } = setting();
    const wish = intent({ reason: 'why not' });
    await room.unreserve({ target: { labels: ['L-1'] } }, wish);
    const operation = {
      id: wish.operation,
      verb: 'unreserve',
      by: 'dana',
      reason: 'why not',
      at: clock.iso(),
    };
    expect(await room.show({ name: wish.operation })).toEqual({
      schemaVersion: 1,
      kind: 'operation',
      operation,
      events: [],
    });
  });

  it('shows what blocks an order from shipping, and the stock that it could use', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-3'] }, intent());
    await room.reserve({ order: 'SO-3', line: 1, labels: ['L-3'] }, intent());
    const view = await room.show({ name: 'SO-1' });
    const short = { line: 1, item: 'CABLE', unit: 'm', needed: 120, reserved: 0, missing: 120 };
    expect(view).toMatchObject({
      obstacles: [{ code: 'line_is_short', order: 'SO-1', line: short }],
      stock: [{ line: short, moreFree: false, moreHeld: false }],
    });
    const [stock] = view.kind === 'order' ? view.stock : [];
    expect(stock?.free.map(({ number }) => number)).toEqual(['L-2']);
    expect(stock?.held.map(({ number, reservation }) => [number, reservation?.order])).toEqual([
      ['L-1', 'SO-2'],
      ['L-3', 'SO-3'],
    ]);
    expect(await room.show({ name: 'SO-2' })).toMatchObject({
      obstacles: [
        { code: 'order_is_draft', order: 'SO-2' },
        { code: 'line_is_short', line: { line: 2, missing: 3 } },
        { code: 'labels_expired', order: 'SO-2', labels: [{ label: 'P-3', expiry: '2026-11-22' }] },
      ],
      stock: [{ line: { line: 2 }, free: [{ number: 'P-1' }, { number: 'P-2' }], held: [] }],
    });
    expect(await room.show({ name: 'SO-4' })).toMatchObject({ obstacles: [], stock: [] });
    expect(await room.show({ name: 'SO-6' })).toMatchObject({
      obstacles: [{ code: 'order_ended', status: 'cancelled', labels: 0 }],
      stock: [],
    });
  });

  it('shows some of much stock, and that there is more', async () => {
    const { room } = setting();
    const labels = Array.from({ length: 9 }, (_, at) => ({ number: `M-${at}`, item: 'PAINT', quantity: 1 }));
    await bring(room, { labels });
    await room.reserve({ order: 'SO-2', labels: ['P-1', 'P-2', 'M-0', 'M-1', 'M-2', 'M-3'] }, intent());
    const view = await room.show({ name: 'SO-7' });
    const [stock] = view.kind === 'order' ? view.stock : [];
    expect(stock).toMatchObject({ moreFree: true, moreHeld: true });
    expect([stock?.free.length, stock?.held.length]).toEqual([5, 5]);
  });

  it('shows what keeps a label from shipping, and who wants it', async () => {
    const { room } = setting();
    const wanted = async (name: string) => {
      const view = await room.show({ name });
      if (view.kind !== 'label') throw new Error(`${name} is no label`);
      return view.wanted.map(({ order, line }) => [order, line.line, line.missing]);
    };
    // By due date; an order without one comes last.
    expect(await wanted('L-1')).toEqual([
      ['SO-2', 1, 30],
      ['SO-1', 1, 120],
      ['SO-3', 1, 10],
    ]);
    expect(await room.show({ name: 'L-1' })).toMatchObject({ obstacles: [] });
    expect(await room.show({ name: 'P-3' })).toMatchObject({
      obstacles: [{ code: 'labels_expired', order: null }],
    });
    expect(await room.show({ name: 'L-4' })).toMatchObject({
      obstacles: [{ code: 'label_is_empty', label: 'L-4' }],
      wanted: [],
    });
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    const held = { label: 'L-1', order: 'SO-2' };
    expect(await room.show({ name: 'L-1' })).toMatchObject({
      obstacles: [{ code: 'ships_with_holder_only', ...held }],
      wanted: [],
    });
    expect(await wanted('L-2')).toEqual([
      ['SO-1', 1, 120],
      ['SO-3', 1, 10],
      ['SO-3', 2, 20],
    ]);
    await bring(room, { orders: [{ number: 'SO-2', status: 'cancelled' }] });
    expect(await room.show({ name: 'L-1' })).toMatchObject({
      obstacles: [{ code: 'holder_has_ended', ...held, status: 'cancelled' }],
    });
    expect(await room.show({ name: 'SO-2' })).toMatchObject({
      obstacles: [{ code: 'order_ended', status: 'cancelled', labels: 1 }],
    });
  });

  it('says which things a bare name could mean', async () => {
    const { room } = setting();
    await bring(room, { labels: [{ number: 'SO-1', item: 'CABLE', quantity: 1, code: 'twice' }] });
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent({ operation: 'SO-1' }));
    await room.unreserve({ target: { labels: ['L-1'] } }, intent({ operation: 'twice' }));
    const kinds = async (name: string) => {
      const view = await room.show({ name });
      return view.kind === 'refused' && view.refusal.code === 'ref_ambiguous'
        ? view.refusal.kinds
        : view.kind;
    };
    expect(await kinds('SO-1')).toEqual(['order', 'label', 'operation']);
    expect(await kinds('twice')).toEqual(['label', 'operation']);
    for (const kind of ['order', 'label', 'operation'] as const) {
      expect(await room.show({ kind, name: 'SO-1' })).toMatchObject({ kind });
    }
  });

  it.each([
    [{ kind: 'order', name: 'SO1' } as const, { code: 'order_not_found', order: 'SO1', near: ['SO-1'] }],
    [{ kind: 'label', name: 'l2' } as const, { code: 'label_not_found', label: 'l2', near: ['L-2'] }],
    [{ kind: 'operation', name: 'L-1' } as const, { code: 'operation_not_found', operation: 'L-1' }],
    [{ name: 'so-2' }, { code: 'ref_not_found', ref: 'so-2', near: ['SO-2'] }],
    [{ name: 'p-2' }, { code: 'ref_not_found', ref: 'p-2', near: ['P-2'] }],
    [{ name: 'nonsense' }, { code: 'ref_not_found', ref: 'nonsense', near: [] }],
  ])('refuses %j', async (ref, refusal) => {
    expect(await setting().room.show(ref)).toEqual({ schemaVersion: 1, kind: 'refused', refusal });
  });
}
