/** What the four verbs leave behind in a store (DESIGN rules 1 to 12). */
import { describe, expect, it } from 'vitest';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

export function verbsContract(make: MakeBackend): void {
  const setting = useStore(make);
  const statuses = async (...labels: string[]) => {
    const { results } = await setting().room.find(labels);
    return results.map(({ number, status, quantity, available }) => [number, status, quantity, available]);
  };
  const line = async (order: string, number: number) => {
    const view = await setting().room.show({ kind: 'order', name: order });
    return view.kind === 'order' ? view.order.lines.find((each) => each.line === number) : undefined;
  };

  it('a reservation says since when, by whom and by which operation, at every desk', async () => {
    const { room, clock, backend } = setting();
    clock.move(5000);
    const since = clock.iso();
    const wish = intent({ actor: 'eve', reason: 'rush' });
    const answer = await room.reserve({ order: 'SO-2', labels: ['C-1'] }, wish);
    expect(answer.operation).toEqual({ id: wish.operation, at: since, by: 'eve', reason: 'rush' });
    clock.move(5000);
    const by = { by: 'eve', operation: wish.operation };
    const reservation = { order: 'SO-2', line: 1, customer: 'Bolt & Co', since, ...by };
    const elsewhere = await backend.open();
    expect((await elsewhere.find(['L-1'])).results[0]?.reservation).toEqual(reservation);
    expect((await all(elsewhere.reservations({})))[0]?.reservation).toEqual(reservation);
    const again = await elsewhere.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    expect(again.results).toMatchObject([{ code: 'already_reserved', label: { reservation } }]);
  });

  it('a whole label is set aside, and the answer says what is left over', async () => {
    const answer = await setting().room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    expect(answer.lines).toMatchObject([
      { line: 1, outstanding: 30, reserved: 100, surplus: 70, shortfall: 0 },
    ]);
    expect(await line('SO-2', 1)).toEqual(answer.lines[0]);
    expect(await statuses('L-1')).toEqual([['L-1', 'reserved', 100, 0]]);
  });

  it('labels of several items go to their lines, and a label may name its line', async () => {
    const { room } = setting();
    const two = await room.reserve({ order: 'SO-2', labels: ['P-1', 'L-3'] }, intent());
    expect(two.results.map(({ label }) => label.reservation?.line)).toEqual([2, 1]);
    const named = [
      { label: 'L-1', line: 2 },
      { label: 'L-2', line: 1 },
    ];
    const each = await room.reserve({ order: 'SO-3', labels: named }, intent());
    expect(each.results.map(({ label }) => label.reservation?.line)).toEqual([2, 1]);
    const other = await room.reserve({ order: 'SO-3', line: 1, labels: ['L-1'] }, intent());
    expect(other).toMatchObject({
      code: 'label_reserved_elsewhere',
      refusals: [{ holder: { order: 'SO-3', line: 2 } }],
    });
  });

  describe('a label is found by its number, else by its scan code', () => {
    it.each([
      ['reserve', () => setting().room.reserve({ order: 'SO-1', labels: ['C-1', 'L-1'] }, intent())],
      ['unreserve', () => setting().room.unreserve({ target: { labels: ['C-1', 'L-1'] } }, intent())],
    ])('%s', async (_, act) => {
      const { results } = await act();
      expect(results.map(({ label }) => label.number)).toEqual(['L-1']);
    });

    it('find and ship', async () => {
      expect((await setting().room.find(['C-1', 'L-1'])).results.map(({ number }) => number)).toEqual([
        'L-1',
        'L-1',
      ]);
      const answer = await setting().room.ship({ order: 'SO-3', from: ['C-1'] }, intent());
      expect(answer.shipment?.labels.map(({ label }) => label)).toEqual(['L-1', 'L-1']);
    });
  });

  it.each([
    ['a missing dash', ['L-1', 'l1'], { l1: ['L-1'] }],
    ['case', ['l-3'], { 'l-3': ['L-3'] }],
    ['padding', ['L-0002'], { 'L-0002': ['L-2'] }],
    ['two letters swapped', ['-L1'], { '-L1': ['L-1'] }],
    ['the same twice', ['l-3', 'l-3', 'L-3'], { 'l-3': ['L-3'] }],
    ['nothing alike', ['XYZZY'], { XYZZY: [] }],
  ])('unknown labels are named with near misses: %s', async (_, labels, near) => {
    const answer = await setting().room.find(labels);
    const said = answer.refusals.map((refusal) =>
      refusal.code === 'label_not_found' ? [refusal.label, refusal.near] : [],
    );
    expect(Object.fromEntries(said)).toEqual(near);
  });

  it('freeing an order or a line frees what it holds and nothing else', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'L-2', 'P-1'] }, intent());
    await room.reserve({ order: 'SO-1', labels: ['L-3'] }, intent());
    const one = await room.unreserve({ target: { order: 'SO-2', line: 2 } }, intent());
    expect(one.results.map(({ code, label }) => [code, label.number])).toEqual([['unreserved', 'P-1']]);
    const rest = await room.unreserve({ target: { order: 'SO-2', plan: ['L-2', 'L-1'] } }, intent());
    expect(rest.results.map(({ label }) => label.number)).toEqual(['L-1', 'L-2']);
    expect((await room.unreserve({ target: { order: 'SO-2' } }, intent())).code).toBe('not_reserved');
    expect((await all(room.reservations({}))).map(({ number }) => number)).toEqual(['L-3']);
  });

  it('shipping draws from the labels, empties or releases them, and is not done twice', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-1', labels: ['L-1', 'L-2'] }, intent());
    const answer = await room.ship({ order: 'SO-1' }, intent());
    expect(answer.shipment?.labels).toEqual([
      { label: 'L-1', line: 1, quantity: 100, remaining: 0 },
      { label: 'L-2', line: 1, quantity: 20, remaining: 30.5 },
    ]);
    expect(answer.shipment?.lines).toMatchObject([
      { item: 'CABLE', quantity: 120 },
      { item: 'SCREW', quantity: 500 },
    ]);
    expect(await statuses('L-1', 'L-2')).toEqual([
      ['L-1', 'depleted', 0, 0],
      ['L-2', 'active', 30.5, 30.5],
    ]);
    expect(await line('SO-1', 1)).toMatchObject({ shipped: 120, outstanding: 0, reservedLabels: 0 });
    const again = await room.ship({ order: 'SO-1' }, intent());
    expect(again).toMatchObject({ code: 'already_shipped', shipment: answer.shipment });
    expect(await all(room.shipments({}))).toEqual([answer.shipment]);
  });

  it('a part is shipped, what is left stays held, and the rest is shipped later', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent());
    await room.reserve({ order: 'SO-2', labels: ['P-1'] }, intent());
    const part = await room.ship({ order: 'SO-2', partial: true }, intent());
    expect(part).toMatchObject({
      code: 'partially_shipped',
      kept: [{ number: 'P-1', quantity: 2, status: 'reserved' }],
    });
    expect(await statuses('P-1')).toEqual([['P-1', 'reserved', 2, 0]]);
    expect(await line('SO-2', 2)).toMatchObject({ shipped: 8, reserved: 2, reservedLabels: 1 });
    await room.reserve({ order: 'SO-2', labels: ['L-3'] }, intent());
    const rest = await room.ship({ order: 'SO-2' }, intent());
    expect(rest).toMatchObject({ code: 'shipped', released: [{ number: 'P-1' }] });
    expect(await statuses('P-1', 'L-3', 'L-2')).toEqual([
      ['P-1', 'active', 2, 2],
      ['L-3', 'depleted', 0, 0],
      ['L-2', 'reserved', 50.5, 0],
    ]);
    expect((await all(room.shipments({ order: 'SO-2' }))).map(({ lines }) => lines.length)).toEqual([1, 1]);
  });

  it('labels offered besides are drawn after the held ones, never held, and named if unused', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-3', labels: [{ label: 'L-3', line: 1 }] }, intent());
    const command = { order: 'SO-3', from: ['L-2', 'L-1'] };
    const dry = await room.ship(command, intent({ dryRun: true }));
    const answer = await room.ship({ ...command, plan: dry.plan ?? '' }, intent());
    expect(answer.shipment?.labels).toMatchObject([
      { label: 'L-3', line: 1 },
      { label: 'L-1', line: 2 },
    ]);
    expect(answer).toMatchObject({ unused: ['L-2'], released: [{ number: 'L-3', quantity: 20 }] });
    expect(await statuses('L-1', 'L-2', 'L-3')).toEqual([
      ['L-1', 'active', 80, 80],
      ['L-2', 'active', 50.5, 50.5],
      ['L-3', 'active', 20, 20],
    ]);
  });

  it('the earliest expiry leaves first, and what is past it only when allowed', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-7', labels: ['P-1', 'P-2', 'P-3'] }, intent());
    const answer = await room.ship({ order: 'SO-7', allowExpired: true }, intent());
    expect(answer.shipment?.labels.map(({ label, quantity }) => [label, quantity])).toEqual([
      ['P-3', 5],
      ['P-2', 5],
    ]);
    expect((await room.find(['P-3', 'P-2'])).results.map(({ expired }) => expired)).toEqual([true, false]);
  });

  it('millionths add up exactly', async () => {
    const { room } = setting();
    const numbers = Array.from({ length: 10 }, (_, at) => `T-${at}`);
    await bring(room, {
      labels: numbers.map((number) => ({ number, item: 'CABLE', quantity: 0.1 })),
      orders: [{ number: 'TO-1' }],
      lines: [{ order: 'TO-1', line: 1, item: 'CABLE', ordered: 0.999999 }],
    });
    const answer = await room.reserve({ order: 'TO-1', labels: numbers }, intent());
    expect(answer.lines).toMatchObject([{ reserved: 1, surplus: 0.000001 }]);
    const shipped = await room.ship({ order: 'TO-1' }, intent());
    expect(shipped.released).toMatchObject([{ number: 'T-9', quantity: 0.000001 }]);
  });
}
