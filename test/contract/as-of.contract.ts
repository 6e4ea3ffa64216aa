/** What was true at a past moment, from first values and events alone (DESIGN rule 16). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stockroom, View } from '../../src/stockroom/stockroom.ts';
import { anyStep, LABELS, ORDERS } from '../support/any-step.ts';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, intent, seed, WAREHOUSE } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

const MINUTE = 60_000;

export function asOfContract(make: MakeBackend, runs: number): void {
  const setting = useStore(make);

  it('says who held a label then, and that nobody did', async () => {
    const { room, clock } = setting();
    const before = clock.now();
    clock.move(MINUTE);
    const since = clock.iso();
    const wish = intent({ actor: 'eve' });
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, wish);
    const held = clock.now();
    clock.move(MINUTE);
    await room.transfer({ labels: ['L-1'], to: { order: 'SO-1' } }, intent());
    clock.move(MINUTE);
    await room.ship({ order: 'SO-1', partial: true }, intent());
    const at = async (asOf: number) => (await room.find(['C-1'], { asOf })).results[0];
    expect(await at(before)).toMatchObject({ status: 'active', available: 100, reservation: null });
    const reservation = { order: 'SO-2', line: 1, customer: 'Bolt & Co', since, by: 'eve' };
    expect(await at(held)).toMatchObject({
      ...{ status: 'reserved', quantity: 100 },
      reservation: { ...reservation, operation: wish.operation },
    });
    expect(await at(held + MINUTE - 1)).toEqual(await at(held));
    expect(await at(held + MINUTE)).toMatchObject({ reservation: { order: 'SO-1', line: 1, by: 'dana' } });
    expect(await at(clock.now())).toMatchObject({ status: 'depleted', quantity: 0, reservation: null });
  });

  it('answers that it is of the past', async () => {
    const { room, clock } = setting();
    const answer = await room.find(['L-1'], { asOf: clock.now() });
    expect(answer).toMatchObject({ asOf: clock.iso(), code: 'found', ok: true });
    for (const ref of [{ name: 'L-1' }, { name: 'SO-1' }]) {
      expect(await room.show(ref, { asOf: clock.now() })).toMatchObject({ asOf: clock.iso() });
      expect(await room.show(ref)).not.toHaveProperty('asOf');
    }
    expect(await room.find(['L-1'])).not.toHaveProperty('asOf');
  });

  it('shows an order as it was: its status, customer, lines, labels, shipments and events', async () => {
    const { room, clock } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent());
    const before = await room.show({ name: 'SO-2' });
    const then = clock.now();
    clock.move(MINUTE);
    const shipped = await room.ship({ order: 'SO-2' }, intent());
    expect(await room.show({ name: 'SO-2' }, { asOf: clock.now() })).toMatchObject({
      order: shipped.order,
      shipments: [shipped.shipment],
    });
    clock.move(MINUTE);
    await bring(room, {
      orders: [{ number: 'SO-2', customer: 'Nut & Co', due: '2027-05-05' }],
      lines: [{ order: 'SO-2', line: 3, item: 'PAINT', ordered: 1 }],
      labels: [{ number: 'P-1', location: 'moon', lot: 'B9' }],
      items: [{ sku: 'PAINT', name: 'Black paint' }],
    });
    const after = await room.show({ name: 'SO-2' });
    expect(after).toMatchObject({
      order: { customer: 'Nut & Co', due: '2027-05-05', status: 'shipped', lines: [{}, {}, { line: 3 }] },
    });
    const past = { asOf: new Date(then).toISOString(), stock: [] };
    expect(await room.show({ kind: 'order', name: 'SO-2' }, { asOf: then })).toEqual({ ...before, ...past });
  });

  it('shows shipments with the customer and the units of that time', async () => {
    const { room, clock } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent());
    await room.ship({ order: 'SO-2' }, intent());
    const then = clock.now();
    const shown = [await room.show({ name: 'SO-2' }), await room.show({ name: 'P-1' })];
    clock.move(MINUTE);
    await bring(room, {
      orders: [{ number: 'SO-2', customer: 'Nut & Co' }],
      items: [{ sku: 'PAINT', unit: 'bucket' }],
    });
    for (const [at, name] of ['SO-2', 'P-1'].entries()) {
      const view = await room.show({ name }, { asOf: then });
      expect(view).toMatchObject({ shipments: [{ customer: 'Bolt & Co' }] });
      expect(withoutPast(view)).toEqual(withoutPast(shown[at] as View));
    }
  });

  it.each([
    [['L-9'], 'label', { code: 'label_not_found', label: 'L-9' }],
    [['SO-9'], 'order', { code: 'order_not_found', order: 'SO-9' }],
  ] as const)('of %s, which came later, says so', async ([name], kind, expected) => {
    const { room, clock } = setting();
    const then = clock.now();
    clock.move(MINUTE);
    await bring(room, {
      labels: [{ number: 'L-9', item: 'CABLE', quantity: 1 }],
      orders: [{ number: 'SO-9' }],
    });
    const refusal = { ...expected, near: [], asOf: new Date(then).toISOString(), recordedAt: clock.iso() };
    for (const ref of [{ name }, { kind, name }]) {
      expect(await room.show(ref, { asOf: then })).toEqual({ schemaVersion: 1, kind: 'refused', refusal });
      expect(await room.show(ref, { asOf: clock.now() })).toMatchObject({ kind });
    }
    if (kind === 'label') {
      expect(await room.find([name, 'L-1'], { asOf: then })).toMatchObject({
        ...{ ok: false, code: 'label_not_found', refusals: [refusal] },
        results: [{ number: 'L-1' }],
      });
    }
  });

  it('of what nobody ever heard of says that, too', async () => {
    const { room, clock } = setting();
    const asOf = { asOf: clock.iso() };
    expect(await room.find(['l-1'], { asOf: clock.now() })).toMatchObject({
      refusals: [{ code: 'label_not_found', label: 'l-1', near: ['L-1'], ...asOf }],
    });
    expect(await room.show({ name: 'nonsense' }, { asOf: clock.now() })).toMatchObject({
      refusal: { code: 'ref_not_found', ref: 'nonsense', ...asOf },
    });
  });

  it('an operation is not known before it was done', async () => {
    const { room, clock } = setting();
    const then = clock.now();
    clock.move(MINUTE);
    const wish = intent();
    await room.reserve({ order: 'SO-1', labels: ['L-1'] }, wish);
    const refusal = { code: 'operation_not_found', operation: wish.operation, recordedAt: clock.iso() };
    expect(await room.show({ name: wish.operation }, { asOf: then })).toMatchObject({ refusal });
    expect(await room.show({ name: wish.operation }, { asOf: clock.now() })).toMatchObject({
      kind: 'operation',
    });
  });

  describe('of reservations', () => {
    const held = async (query: Parameters<Stockroom['reservations']>[0]) => {
      return (await all(setting().room.reservations(query))).map(({ number }) => number);
    };

    it('every filter is about that moment', async () => {
      const { room, clock } = setting();
      const early = clock.now();
      await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent({ operation: 'group/1' }));
      clock.move(MINUTE);
      await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent({ actor: 'eve', operation: 'group' }));
      // What happens to a label besides says nothing of its holder.
      await bring(room, { labels: [{ number: 'L-1', bin: 'B9' }] });
      const asOf = clock.now();
      clock.move(MINUTE);
      await room.cancelOrder({ order: 'SO-2' }, intent());
      await room.unreserve({ target: { labels: ['L-2'] } }, intent());
      expect(await held({})).toEqual([]);
      expect(await held({ asOf: clock.now() })).toEqual([]);
      expect(await held({ asOf })).toEqual(['L-1', 'P-1', 'L-2']);
      expect(await held({ asOf, sort: 'label', descending: true })).toEqual(['P-1', 'L-2', 'L-1']);
      expect(await held({ asOf, sort: 'order' })).toEqual(['L-2', 'L-1', 'P-1']);
      expect(await held({ asOf, order: 'SO-2' })).toEqual(['L-1', 'P-1']);
      expect(await held({ asOf, order: 'SO-2', line: 2 })).toEqual(['P-1']);
      expect(await held({ asOf, item: 'PAINT' })).toEqual(['P-1']);
      expect(await held({ asOf, status: ['draft'] })).toEqual(['L-1', 'P-1']);
      expect(await held({ asOf, status: ['cancelled'] })).toEqual([]);
      expect(await held({ asOf, by: 'eve' })).toEqual(['L-2']);
      expect(await held({ asOf, before: asOf })).toEqual(['L-1', 'P-1']);
      expect(await held({ asOf, operation: 'group' })).toEqual(['L-1', 'P-1', 'L-2']);
      expect(await held({ asOf, operation: 'group/1' })).toEqual(['L-1', 'P-1']);
      expect(await held({ asOf, limit: 1 })).toEqual(['L-1']);
      expect(await held({ asOf, after: [early, 'L-1'] })).toEqual(['P-1', 'L-2']);
      expect(await held({ asOf: early })).toEqual(['L-1', 'P-1']);
      expect(await held({ asOf: early - 1 })).toEqual([]);
    });
  });

  it('is what was true at that moment, whatever happened', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 16 }), async (steps) => {
        const backend = await make();
        try {
          const room = await backend.open();
          await seed(room, WAREHOUSE);
          // So that there is something to free, to ship and to move from the first step on.
          for (const [order, ...labels] of HELD) await room.reserve({ order, labels }, intent());
          const told: { readonly asOf: number; readonly state: State }[] = [];
          for (const [at, step] of steps.entries()) {
            backend.clock.move(1 + (at % 3));
            await step.run(room, `step-${at}`);
            told.push({ asOf: backend.clock.now(), state: await stateOf(room, {}) });
          }
          for (const { asOf, state } of told) expect(await stateOf(room, { asOf })).toEqual(state);
          const ledger = await backend.ledger();
          try {
            expect(await all(ledger.history.problems())).toEqual([]);
          } finally {
            await ledger.close();
          }
        } finally {
          await backend.close();
        }
      }),
      { numRuns: runs },
    );
  });
}

const HELD = [
  ['SO-2', 'L-2', 'P-1'],
  ['SO-1', 'L-1'],
  ['SO-7', 'P-2'],
] as const;

interface State {
  readonly found: object;
  readonly views: readonly object[];
  readonly reservations: readonly object[];
}

/** All that can be asked of the past, without what says that it is of the past. */
async function stateOf(room: Stockroom, past: { readonly asOf?: number }): Promise<State> {
  const { results, refusals } = await room.find(LABELS, past);
  const views: object[] = [];
  for (const name of [...LABELS, ...ORDERS]) views.push(withoutPast(await room.show({ name }, past)));
  const reservations: object[] = [];
  for (const sort of ['since', 'label', 'order'] as const) {
    reservations.push(await all(room.reservations({ sort, ...past })));
  }
  const missing = refusals.map((refusal) => ('label' in refusal ? refusal.label : refusal.code));
  return { found: { results, missing }, views, reservations };
}

function withoutPast(view: View): object {
  if (view.kind === 'refused') return { kind: 'refused' };
  const { asOf: _, ...rest } = view;
  // What could help is asked of the present alone.
  return { ...rest, stock: [], wanted: [] };
}
