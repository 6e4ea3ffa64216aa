/** Repeats, refusals and dry runs (DESIGN rule 18), all or nothing and keep-going (rule 6). */
import { describe, expect, it } from 'vitest';
import type { Intent } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, everything, intent } from '../support/warehouse.ts';
import { type Setting, useStore } from './setting.ts';

/** The operation by which SO-2 holds L-1 and P-1; and the group that it is of. */
const GROUP = 'before';
const HELD = `${GROUP}/1`;

const DEEDS: Record<string, (setting: Setting, wish: Intent) => Promise<{ readonly ok: boolean }>> = {
  reserve: ({ room }, wish) => room.reserve({ order: 'SO-1', labels: ['L-2', 'L-3'] }, wish),
  'reserve what is reserved': ({ room }, wish) => room.reserve({ order: 'SO-2', labels: ['P-1'] }, wish),
  'reserve, going on': ({ room }, wish) => {
    return room.reserve({ order: 'SO-1', labels: ['L-2', 'P-2'], keepGoing: true }, wish);
  },
  'reserve, choosing': ({ room }, wish) => {
    return room.reserveAutomatically({ order: 'SO-3', strategy: 'fifo' }, wish);
  },
  unreserve: ({ room }, wish) => room.unreserve({ target: { order: 'SO-2' } }, wish),
  'unreserve what is free': ({ room }, wish) => room.unreserve({ target: { labels: ['L-3'] } }, wish),
  ship: ({ room }, wish) => room.ship({ order: 'SO-2' }, wish),
  'ship a part': ({ room }, wish) => room.ship({ order: 'SO-1', partial: true }, wish),
  transfer: ({ room }, wish) => {
    return room.transfer({ labels: ['L-1'], to: { order: 'SO-3', line: 1 }, expectOrder: 'SO-2' }, wish);
  },
  'transfer, going on': ({ room }, wish) => {
    return room.transfer({ labels: ['L-1', 'L-2'], to: { order: 'SO-1' }, keepGoing: true }, wish);
  },
  'transfer to where it is': ({ room }, wish) => {
    return room.transfer({ labels: ['L-1'], to: { order: 'SO-2' } }, wish);
  },
  swap: ({ room }, wish) => room.swap({ labels: ['L-1', 'L-3'] }, wish),
  cancel: ({ room }, wish) => room.cancelOrder({ order: 'SO-2' }, wish),
  'cancel what is cancelled': ({ room }, wish) => room.cancelOrder({ order: 'SO-6' }, wish),
  close: ({ room }, wish) => room.closeOrder({ order: 'SO-2' }, wish),
  undo: ({ room }, wish) => room.undo({ operation: HELD }, wish),
  'undo a group': ({ room }, wish) => room.undo({ operation: GROUP }, wish),
  import: ({ room }, wish) =>
    bring(room, { labels: [{ number: 'L-9', item: 'CABLE', quantity: 7 }] }, {}, wish),
};

export function operationsContract(make: MakeBackend): void {
  const setting = useStore(make);
  const hold = async (): Promise<void> => {
    const wish = intent({ operation: HELD });
    const answer = await setting().room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, wish);
    expect(answer.code).toBe('reserved');
  };

  describe('an operation asked for again', () => {
    it.each(Object.entries(DEEDS))('%s: gives the first answer and does nothing twice', async (_, deed) => {
      await hold();
      const wish = intent({ reason: 'first' });
      const first = await deed(setting(), wish);
      const after = await everything(setting().room);
      setting().clock.move(60_000);
      const elsewhere = await setting().backend.open();
      const again = await deed({ ...setting(), room: elsewhere }, { ...wish, reason: 'other', timeout: 5 });
      expect(again).toEqual(first);
      expect(await everything(setting().room)).toEqual(after);
    });

    it('gives the first answer even when the world has moved on', async () => {
      const wish = intent();
      const first = await setting().room.reserve({ order: 'SO-1', labels: ['L-1'] }, wish);
      await setting().room.unreserve({ target: { labels: ['L-1'] } }, intent());
      await setting().room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
      expect(await setting().room.reserve({ order: 'SO-1', labels: ['L-1'] }, wish)).toEqual(first);
      const found = await setting().room.find(['L-1']);
      expect(found.results[0]?.reservation?.order).toBe('SO-2');
    });

    it('is refused to another person, and for another request', async () => {
      const wish = intent();
      await setting().room.reserve({ order: 'SO-1', labels: ['L-1'] }, wish);
      const at = setting().clock.iso();
      setting().clock.move(1000);
      const before = await everything(setting().room);
      const answers = [
        await setting().room.reserve({ order: 'SO-1', labels: ['L-1'] }, { ...wish, actor: 'eve' }),
        await setting().room.reserve({ order: 'SO-1', labels: ['L-1'], line: 1 }, wish),
        await setting().room.unreserve({ target: { labels: ['L-1'] } }, wish),
        await bring(setting().room, {}, {}, wish),
      ];
      const refusal = { code: 'operation_id_reused', operation: wish.operation, by: 'dana', at };
      expect(answers.map(({ ok, refusals }) => [ok, refusals])).toEqual([
        [false, [{ ...refusal, differs: 'actor' }]],
        [false, [{ ...refusal, differs: 'request' }]],
        [false, [{ ...refusal, differs: 'request' }]],
        [false, [{ ...refusal, differs: 'request' }]],
      ]);
      expect(await everything(setting().room)).toEqual(before);
    });
  });

  it('a refusal is not recorded: the same id may be tried again', async () => {
    const { room } = setting();
    await hold();
    const wish = intent();
    const reserve = () => room.reserve({ order: 'SO-1', labels: ['L-1'] }, wish);
    expect((await reserve()).code).toBe('label_reserved_elsewhere');
    const name = { kind: 'operation', name: wish.operation } as const;
    expect(await room.show(name)).toMatchObject({ refusal: { code: 'operation_not_found' } });
    await room.unreserve({ target: { labels: ['L-1'] } }, intent());
    expect((await reserve()).code).toBe('reserved');
    expect(await room.show(name)).toMatchObject({ operation: { id: wish.operation, verb: 'reserve' } });
  });

  it.each(Object.entries(DEEDS))(
    'a dry run of %s says what would be, and records nothing',
    async (_, deed) => {
      await hold();
      const before = await everything(setting().room);
      const wish = intent();
      const dry = await deed(setting(), { ...wish, dryRun: true });
      expect(await everything(setting().room)).toEqual(before);
      const done = await deed(setting(), wish);
      expect(dry).toEqual({ ...done, dryRun: true, operation: null });
      expect(done).toMatchObject({ dryRun: false, operation: { id: wish.operation } });
    },
  );

  describe('several labels', () => {
    const mixed = ['L-4', 'L-1', 'none', 'P-1', 'L-2', 'C-1'];
    const refused = ['label_depleted', 'label_reserved_elsewhere', 'label_not_found', 'label_of_other_item'];

    it('are reserved together or not at all, and each failing one is reported', async () => {
      await hold();
      const before = await everything(setting().room);
      const answer = await setting().room.reserve({ order: 'SO-1', labels: mixed }, intent());
      expect(answer).toMatchObject({ ok: false, code: 'label_not_found', results: [], operation: null });
      expect(answer.refusals.map(({ code }) => code)).toEqual(refused);
      expect(await everything(setting().room)).toEqual(before);
    });

    it('going on, those are reserved that can be', async () => {
      await hold();
      const command = { order: 'SO-1', labels: mixed, keepGoing: true };
      const answer = await setting().room.reserve(command, intent());
      expect(answer).toMatchObject({ ok: true, complete: false, code: 'label_not_found' });
      expect(answer.refusals.map(({ code }) => code)).toEqual(refused);
      expect(answer.results.map(({ label }) => label.number)).toEqual(['L-2']);
      const held = await all(setting().room.reservations({ order: 'SO-1' }));
      expect(held.map(({ number }) => number)).toEqual(['L-2']);
    });

    it('going on with none that can be, nothing is done', async () => {
      const command = { order: 'SO-1', labels: ['L-4', 'none'], keepGoing: true };
      const answer = await setting().room.reserve(command, intent());
      expect(answer).toMatchObject({ ok: false, complete: false, operation: null });
    });

    it.each([
      [false, { ok: false, results: [] }, ['L-1', 'P-1']],
      [true, { ok: true, complete: false, results: [{ code: 'unreserved' }] }, ['L-1']],
    ])('are freed together, or going on (%s) those that can be', async (keepGoing, expected, left) => {
      await hold();
      const target = { labels: ['P-1', 'none'] };
      const answer = await setting().room.unreserve({ target, keepGoing }, intent());
      expect(answer).toMatchObject({ ...expected, code: 'label_not_found' });
      const held = await all(setting().room.reservations({ sort: 'label' }));
      expect(held.map(({ number }) => number)).toEqual(left);
    });
  });

  it('a thousand labels are reserved in one operation, and freed in one', async () => {
    const { room } = setting();
    const labels = Array.from({ length: 1000 }, (_, at) => `M-${at + 1}`);
    await bring(room, { labels: labels.map((number) => ({ number, item: 'CABLE', quantity: 0.5 })) });
    const answer = await room.reserve({ order: 'SO-1', labels }, intent());
    expect(answer).toMatchObject({ code: 'reserved', lines: [{ reserved: 500, surplus: 380 }] });
    expect(answer.results).toHaveLength(1000);
    expect(await all(room.reservations({ order: 'SO-1' }))).toHaveLength(1000);
    const freed = await room.unreserve({ target: { order: 'SO-1', line: 1, plan: labels } }, intent());
    expect(freed.results).toHaveLength(1000);
    expect(await all(room.reservations({}))).toEqual([]);
  });

  it('desks that choose for themselves at once choose again until each has its own', async () => {
    // Of five that begin with the same choice, each loses at most to the four others: five attempts are enough.
    const labels = Array.from({ length: 40 }, (_, at) => ({ number: `R-${at}`, item: 'PAINT', quantity: 1 }));
    const orders = Array.from({ length: 5 }, (_, at) => ({ number: `RO-${at}` }));
    const lines = orders.map(({ number }) => ({ order: number, line: 1, item: 'PAINT', ordered: 5 }));
    await bring(setting().room, { labels, orders, lines });
    const desks = await Promise.all([setting().backend.open(), setting().backend.open()]);
    const answers = await Promise.all(
      orders.map(({ number: order }, at) => {
        const wish = intent({ actor: `desk-${at % 2}` });
        return desks[at % 2]?.reserveAutomatically({ order, strategy: 'fewest' }, wish);
      }),
    );
    expect(answers.map((answer) => answer?.code)).toEqual(orders.map(() => 'reserved'));
    const held = await all(setting().room.reservations({}));
    expect(held).toHaveLength(answers.flatMap((answer) => answer?.results).length);
  });
}
