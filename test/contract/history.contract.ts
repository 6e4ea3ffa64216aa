/** Every change writes its event, and the events of a thing follow one another (DESIGN rule 16). */
import { expect, it } from 'vitest';
import type { EventDocument } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

export function historyContract(make: MakeBackend): void {
  const setting = useStore(make);
  const told = (events: readonly EventDocument[]) => {
    return events.map(({ kind, order, line, before, after }) => ({ kind, order, line, before, after }));
  };

  it('tells how a label was held, drawn from and freed', async () => {
    const { room, clock } = setting();
    const wish = intent({ reason: 'call' });
    const since = clock.iso();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, wish);
    clock.move(1000);
    const ship = intent({ actor: 'eve' });
    await room.ship({ order: 'SO-2' }, ship);
    const events = await setting().events({ label: 'L-1' });
    const held = { order: 'SO-2', line: 1, since, by: 'dana', operation: wish.operation };
    const where = { order: 'SO-2', line: 1 };
    expect(told(events)).toEqual([
      { kind: 'reserved', ...where, before: null, after: held },
      { kind: 'label_changed', ...where, before: { quantity: 100 }, after: { quantity: 70 } },
      { kind: 'unreserved', ...where, before: held, after: null },
    ]);
    const deed = {
      label: 'L-1',
      at: since,
      operation: wish.operation,
      verb: 'reserve',
      by: 'dana',
      reason: 'call',
    };
    expect(events[0]).toMatchObject(deed);
    expect(events[2]).toMatchObject({ at: clock.iso(), operation: ship.operation, verb: 'ship', by: 'eve' });
    const ofOrder = await setting().events({ order: 'SO-2' });
    expect(
      ofOrder
        .filter(({ label }) => label === null)
        .map(({ kind, line, before, after }) => [kind, line, before, after]),
    ).toEqual([
      ['line_changed', 1, { shipped: 0 }, { shipped: 30 }],
      ['line_changed', 2, { shipped: 0 }, { shipped: 8 }],
      ['order_changed', null, { status: 'draft' }, { status: 'shipped' }],
    ]);
    expect(await room.show({ kind: 'operation', name: ship.operation })).toMatchObject({
      operation: { id: ship.operation, verb: 'ship', by: 'eve', reason: null, at: clock.iso() },
      events: ofOrder.filter(({ operation }) => operation === ship.operation),
    });
  });

  it('tells of each draw from a label that serves two lines, one after the other', async () => {
    await setting().room.ship({ order: 'SO-3', from: ['L-1'] }, intent());
    const quantities = (await setting().events({ label: 'L-1' })).map(({ before, after }) => [before, after]);
    expect(quantities).toEqual([
      [{ quantity: 100 }, { quantity: 90 }],
      [{ quantity: 90 }, { quantity: 70 }],
    ]);
  });

  it('writes nothing for what was so already', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
    const before = await setting().events({ order: 'SO-1' });
    await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
    await room.unreserve({ target: { labels: ['L-2'] } }, intent());
    expect(await setting().events({ order: 'SO-1' })).toEqual(before);
    expect(await setting().events({ label: 'L-2' })).toEqual([]);
  });

  it('never goes back in time, even when the clock does', async () => {
    const { room, clock } = setting();
    const started = clock.iso();
    const hour = 3_600_000;
    await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
    clock.move(-hour);
    await room.unreserve({ target: { labels: ['L-1'] } }, intent());
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    await room.reserve({ order: 'SO-1', labels: ['L-2', 'L-3'] }, intent());
    clock.move(-hour);
    await room.ship({ order: 'SO-1', partial: true }, intent());
    const lowered = { labels: [{ number: 'L-1', quantity: 90 }], items: [{ sku: 'CABLE', name: 'Wire' }] };
    await bring(room, { ...lowered, orders: [{ number: 'SO-8', due: '2027-01-01' }] });
    await bring(room, { lines: [{ order: 'SO-2', line: 1, ordered: 31 }] });
    for (const of of [
      { label: 'L-1' },
      { label: 'L-3' },
      { order: 'SO-1' },
      { order: 'SO-2' },
      { order: 'SO-8' },
    ]) {
      const moments = (await setting().events(of)).map(({ at }) => at);
      expect(moments.length, JSON.stringify(of)).toBeGreaterThan(0);
      expect(moments, JSON.stringify(of)).toEqual(moments.map(() => started));
    }
    clock.move(3 * hour);
    await room.unreserve({ target: { labels: ['L-1'] } }, intent());
    expect((await setting().events({ label: 'L-1' })).at(-1)?.at).toBe(clock.iso());
  });

  it('shows the latest twenty events, oldest first', async () => {
    const { room, clock } = setting();
    for (let round = 0; round < 12; round++) {
      clock.move(1000);
      await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
      await room.unreserve({ target: { labels: ['L-1'] } }, intent());
    }
    const events = await setting().events({ label: 'L-1' });
    expect(events).toHaveLength(20);
    expect(events.at(-1)).toMatchObject({ kind: 'unreserved', at: clock.iso() });
    for (const [at, { before }] of events.entries())
      expect(before).toEqual(at === 0 ? null : (events[at - 1]?.after ?? null));
  });
}
