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
