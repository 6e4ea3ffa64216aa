/** Transfers, swaps, cancelled and closed orders, and undoing it all (DESIGN rules 13, 14 and 17). */
import { describe, expect, it } from 'vitest';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, intent, type Stock } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

export function wayBackContract(make: MakeBackend): void {
  const setting = useStore(make);
  /** Who holds what: label, order, line, since, by, operation. */
  const holds = async () => {
    const held = await all(setting().room.reservations({ sort: 'label' }));
    return held.map(({ number, reservation }) => ({ number, ...reservation }));
  };
  const statusOf = async (order: string) => {
    const view = await setting().room.show({ kind: 'order', name: order });
    return view.kind === 'order' ? view.order.status : undefined;
  };
  const reserve = async (operation: string, order: string, ...labels: string[]) => {
    setting().clock.move(1000);
    const answer = await setting().room.reserve({ order, labels }, intent({ operation, actor: 'erin' }));
    expect(answer.code).toBe('reserved');
  };
  const undo = async (operation: string, by = intent()) => {
    setting().clock.move(1000);
    return await setting().room.undo({ operation }, by);
  };

  it('a transfer is two events of one moment: the label is never free in between', async () => {
    const { room, clock } = setting();
    await reserve('first', 'SO-2', 'L-1');
    const since = clock.iso();
    clock.move(1000);
    const wish = intent({ operation: 'moved', reason: 'more urgent' });
    await room.transfer({ labels: ['L-1'], to: { order: 'SO-3', line: 2 } }, wish);
    const [, freed, taken] = await setting().events({ label: 'L-1' });
    const deed = { at: clock.iso(), operation: 'moved', verb: 'transfer', by: 'dana', reason: 'more urgent' };
    const before = { order: 'SO-2', line: 1, since, by: 'erin', operation: 'first' };
    const after = { order: 'SO-3', line: 2, since: clock.iso(), by: 'dana', operation: 'moved' };
    expect(freed).toMatchObject({ ...deed, kind: 'unreserved', order: 'SO-2', line: 1, before, after: null });
    expect(taken).toMatchObject({ ...deed, kind: 'reserved', order: 'SO-3', line: 2, before: null, after });
    expect(await holds()).toEqual([{ number: 'L-1', customer: 'Acme', ...after }]);
  });

  describe('undo gives back exactly who held what, since when, by whom and by which operation', () => {
    it.each([
      [
        'a transfer',
        () =>
          setting().room.transfer(
            { labels: ['L-1', 'P-1'], to: { order: 'SO-7' }, keepGoing: true },
            intent({ operation: 'op' }),
          ),
      ],
      [
        'a transfer to another line',
        () =>
          setting().room.transfer(
            { labels: ['L-3'], to: { order: 'SO-3', line: 2 } },
            intent({ operation: 'op' }),
          ),
      ],
      ['a swap', () => setting().room.swap({ labels: ['L-1', 'L-3'] }, intent({ operation: 'op' }))],
      [
        'a swap with an active label',
        () => setting().room.swap({ labels: ['L-2', 'L-3'] }, intent({ operation: 'op' })),
      ],
      [
        'an unreserve',
        () => setting().room.unreserve({ target: { order: 'SO-2' } }, intent({ operation: 'op' })),
      ],
      [
        'a reserve',
        () => setting().room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent({ operation: 'op' })),
      ],
      ['a cancelled order', () => setting().room.cancelOrder({ order: 'SO-2' }, intent({ operation: 'op' }))],
      ['a closed order', () => setting().room.closeOrder({ order: 'SO-3' }, intent({ operation: 'op' }))],
    ])('%s', async (_, act) => {
      const { room } = setting();
      await reserve('first', 'SO-2', 'L-1', 'P-1');
      setting().clock.move(1000);
      await room.reserve({ order: 'SO-3', labels: [{ label: 'L-3', line: 1 }] }, intent({ actor: 'frank' }));
      const standing = async () => [await holds(), await statusOf('SO-2'), await statusOf('SO-3')];
      const before = await standing();
      setting().clock.move(1000);
      expect(await act()).toMatchObject({ ok: true });
      const after = await standing();
      expect(after).not.toEqual(before);
      expect(await undo('op', intent({ operation: 'back' }))).toMatchObject({
        code: 'undone',
        complete: true,
      });
      expect(await standing()).toEqual(before);
      expect(await undo('back', intent({ operation: 'forth' }))).toMatchObject({ code: 'undone' });
      expect(await standing()).toEqual(after);
      expect(await undo('op')).toMatchObject({ ok: false, code: 'changed_since' });
      expect(await undo('forth')).toMatchObject({ code: 'undone' });
      expect(await standing()).toEqual(before);
      expect(await undo('op')).toMatchObject({ ok: true, code: 'nothing_to_undo' });
    });
  });

  it('undo is told in the history like everything else', async () => {
    const { room, clock } = setting();
    await reserve('first', 'SO-2', 'L-1');
    await room.unreserve({ target: { labels: ['L-1'] } }, intent());
    await undo(
      (await setting().events({ label: 'L-1' })).at(-1)?.operation ?? '',
      intent({ operation: 'back' }),
    );
    const events = await setting().events({ label: 'L-1' });
    expect(events.at(-1)).toMatchObject({ kind: 'reserved', verb: 'undo', at: clock.iso(), by: 'dana' });
    expect(events.at(-1)?.after).toEqual(events[0]?.after);
    expect(await room.show({ kind: 'operation', name: 'back' })).toMatchObject({
      operation: { verb: 'undo' },
      events: [{ label: 'L-1', order: 'SO-2' }],
    });
  });

  describe('a group', () => {
    it('is undone newest first, in one operation, which is undone as one', async () => {
      const { room } = setting();
      await reserve('session/1', 'SO-1', 'L-1');
      await room.transfer({ labels: ['L-1'], to: { order: 'SO-2' } }, intent({ operation: 'session/2' }));
      await reserve('session/10', 'SO-1', 'L-2');
      await reserve('session/x', 'SO-1', 'L-3');
      const done = await holds();
      const answer = await undo('session', intent({ operation: 'back' }));
      expect(answer.operations.map(({ id }) => id)).toEqual(['session/10', 'session/2', 'session/1']);
      expect(answer).toMatchObject({ complete: true, results: [{ label: { number: 'L-1' } }, {}] });
      expect((await holds()).map(({ number }) => number)).toEqual(['L-3']);
      expect((await undo('back')).code).toBe('undone');
      expect(await holds()).toEqual(done);
    });

    it('is undone as far as it goes, and the rest is named', async () => {
      const { room } = setting();
      await reserve('session/1', 'SO-1', 'L-1', 'L-2');
      await room.ship({ order: 'SO-3', from: ['L-3'] }, intent({ operation: 'session/2' }));
      await room.transfer(
        { labels: ['L-2'], to: { order: 'SO-2' } },
        intent({ operation: 'x', actor: 'eve' }),
      );
      const answer = await undo('session');
      expect(answer).toMatchObject({
        ...{ ok: true, complete: false, code: 'operation_not_undoable' },
        operations: [{ id: 'session/1' }],
        results: [{ code: 'undone', label: { number: 'L-1', status: 'active' } }],
        refusals: [
          { code: 'operation_not_undoable', operation: 'session/2', verb: 'ship' },
          { code: 'changed_since', label: 'L-2', later: { operation: 'x', verb: 'transfer', by: 'eve' } },
        ],
      });
    });
  });

  describe('what an import changed since', () => {
    it('is named and left alone', async () => {
      await reserve('op', 'SO-1', 'L-1', 'L-2');
      const night = intent({ operation: 'night', actor: 'nightly' });
      await bring(setting().room, { labels: [{ number: 'L-1', quantity: 90 }] }, {}, night);
      const answer = await undo('op');
      expect(answer.results.map(({ label }) => label.number)).toEqual(['L-2']);
      expect(answer.refusals).toMatchObject([
        { code: 'changed_since', label: 'L-1', later: { operation: 'night', verb: 'import', by: 'nightly' } },
      ]);
    });

    it('may be that the line is shipped, or of another item', async () => {
      const { room } = setting();
      await reserve('held', 'SO-2', 'P-1', 'P-2');
      await room.unreserve({ target: { labels: ['P-2'] } }, intent({ operation: 'op' }));
      await room.ship({ order: 'SO-2', partial: true }, intent());
      expect((await undo('op')).refusals).toMatchObject([
        { code: 'holder_ended', label: 'P-2', order: 'SO-2', line: 2, because: 'line_shipped' },
      ]);
      await reserve('held-2', 'SO-1', 'L-1');
      await room.unreserve({ target: { labels: ['L-1'] } }, intent({ operation: 'op-2' }));
      await bring(room, { lines: [{ order: 'SO-1', line: 1, item: 'PAINT' }] });
      expect((await undo('op-2')).refusals).toMatchObject([
        { code: 'holder_ended', label: 'L-1', order: 'SO-1', line: 1, because: 'line_of_other_item' },
      ]);
    });

    it('may be the status that an order had', async () => {
      const { room } = setting();
      await reserve('held', 'SO-1', 'L-1');
      await room.cancelOrder({ order: 'SO-1' }, intent({ operation: 'op' }));
      const night = intent({ operation: 'night', actor: 'nightly' });
      await bring(room, { orders: [{ number: 'SO-1', status: 'closed' }] }, { onConflict: 'theirs' }, night);
      expect(await undo('op')).toMatchObject({
        ok: false,
        refusals: [
          { code: 'changed_since', order: 'SO-1', later: { operation: 'night' } },
          { code: 'holder_ended', label: 'L-1', because: 'order_not_live', status: 'closed' },
        ],
      });
    });
  });

  describe('an order that an import ended while it held labels', () => {
    const ended = async (): Promise<void> => {
      await reserve('held', 'SO-1', 'L-1', 'L-2');
      await bring(setting().room, { orders: [{ number: 'SO-1', status: 'cancelled' }] });
    };

    it('is freed of them by a cancel, though it is cancelled already', async () => {
      const { room } = setting();
      await ended();
      const before = await holds();
      const answer = await room.cancelOrder({ order: 'SO-1' }, intent({ operation: 'op' }));
      expect(answer).toMatchObject({ code: 'cancelled', released: [{}, {}] });
      expect(await holds()).toEqual([]);
      // It stood so when they were freed, so exactly that comes back.
      expect((await undo('op')).code).toBe('undone');
      expect(await holds()).toEqual(before);
      expect((await room.closeOrder({ order: 'SO-1' }, intent())).code).toBe('order_ended');
    });

    it('can hand them over, and gets none', async () => {
      const { room } = setting();
      await ended();
      const moved = await room.transfer({ labels: ['L-1'], to: { order: 'SO-2' } }, intent());
      expect(moved.code).toBe('transferred');
      const refused = await room.swap({ labels: ['L-1', 'L-2'] }, intent());
      expect(refused.refusals).toMatchObject([{ code: 'order_not_live', order: 'SO-1' }]);
    });
  });

  it('an import is not undone, nor what it freed', async () => {
    const night = intent({ operation: 'night' });
    await reserve('held', 'SO-1', 'L-1');
    const stock: Stock = { orders: [{ number: 'SO-1', status: 'closed' }] };
    await bring(setting().room, stock, { releaseClosed: true }, night);
    expect(await undo('night')).toMatchObject({
      refusals: [{ code: 'operation_not_undoable', operation: 'night', verb: 'import' }],
    });
  });

  it('what was cancelled stays so when the source says nothing new', async () => {
    const { room } = setting();
    await room.cancelOrder({ order: 'SO-1' }, intent());
    await bring(room, { orders: [{ number: 'SO-1', status: 'open' }] });
    expect(await statusOf('SO-1')).toBe('cancelled');
  });

  it('a thousand labels are moved, released and put back in one operation each', async () => {
    const { room } = setting();
    const labels = Array.from({ length: 1000 }, (_, at) => `M-${at + 1}`);
    await bring(room, { labels: labels.map((number) => ({ number, item: 'CABLE', quantity: 0.5 })) });
    await room.reserve({ order: 'SO-1', labels }, intent());
    const before = await holds();
    const moved = await room.transfer({ labels, to: { order: 'SO-2' } }, intent({ operation: 'moved' }));
    expect(moved).toMatchObject({
      code: 'transferred',
      lines: [{ order: 'SO-2', reserved: 500 }, { reserved: 0 }],
    });
    const ended = await room.cancelOrder({ order: 'SO-2' }, intent({ operation: 'ended' }));
    expect(ended.released).toHaveLength(1000);
    expect((await undo('ended')).results).toHaveLength(1000);
    expect(await undo('moved')).toMatchObject({ ok: false, refusals: { length: 1000 } });
    const back = await room.transfer({ labels, to: { order: 'SO-1' } }, intent({ operation: 'back' }));
    expect(back.results).toHaveLength(1000);
    expect((await holds()).map(({ number }) => number)).toEqual(before.map(({ number }) => number));
  });
}
