/** What may be taken in place of a label that somebody else holds. */
import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../src/core/index.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, intent, type Stock } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

const CABLES: Stock = {
  labels: [
    { number: 'K-1', item: 'CABLE', quantity: 118, location: 'hall' },
    { number: 'K-2', item: 'CABLE', quantity: 5, location: 'hall' },
    { number: 'K-3', item: 'CABLE', quantity: 121, location: 'yard' },
    { number: 'K-4', item: 'CABLE', quantity: 120, location: 'hall', expiry: '2026-11-22' },
    { number: 'K-5', item: 'CABLE', quantity: 0, location: 'hall' },
  ],
};

export function insteadContract(make: MakeBackend): void {
  const setting = useStore(make);
  const offers = (refusals: readonly Refusal[]) => {
    return refusals.map((refusal) => {
      return refusal.code === 'label_reserved_elsewhere'
        ? [refusal.label, ...(refusal.instead ?? []).map(({ label }) => label)]
        : refusal.code;
    });
  };

  describe('a reserve that is refused offers active labels of the item', () => {
    it('of the same location first, then nearest to what the line is short of', async () => {
      const { room } = setting();
      await bring(room, CABLES);
      await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
      const { refusals } = await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
      // SO-1 is short of 120; K-4 is past its expiry, and L-2 holds 50.5.
      expect(offers(refusals)).toEqual([['L-1', 'K-1', 'L-2', 'K-2']]);
      expect(refusals[0]).toMatchObject({
        instead: [
          {
            ...{ label: 'K-1', quantity: 118, unit: 'm', location: 'hall' },
            ...{ bin: null, lot: null, expiry: null },
          },
          {},
          {},
        ],
      });
    });

    it('of any location where there are no others, nearest to what the label holds if nothing is short', async () => {
      const { room } = setting();
      await room.reserve({ order: 'SO-2', labels: ['P-1'] }, intent());
      await room.reserve({ order: 'SO-7', labels: ['P-2'] }, intent());
      const { refusals } = await room.reserve({ order: 'SO-7', labels: ['P-1'] }, intent());
      // P-3 is past its expiry.
      expect(offers(refusals)).toEqual([['P-1']]);
      await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
      await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent());
      const again = await room.reserve({ order: 'SO-3', line: 1, labels: ['L-2'] }, intent({ dryRun: true }));
      expect(offers(again.refusals)).toEqual([['L-2', 'L-3']]);
    });

    it('none that was asked for besides, and none twice', async () => {
      const { room } = setting();
      await bring(room, CABLES);
      await room.reserve({ order: 'SO-2', labels: ['L-1', 'L-2'] }, intent());
      const answer = await room.reserve({ order: 'SO-1', labels: ['L-1', 'K-1', 'C-1', 'L-2'] }, intent());
      expect(offers(answer.refusals)).toEqual([['L-1', 'K-2', 'K-3', 'L-3'], ['L-2']]);
    });
  });

  it('a shipment that is refused offers them, too', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-3'] }, intent());
    const { refusals } = await room.ship({ order: 'SO-1', from: ['L-3'], partial: true }, intent());
    expect(offers(refusals)).toEqual([['L-3', 'L-1', 'L-2']]);
  });

  it('freeing what another order holds offers nothing', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-3'] }, intent());
    const { refusals } = await room.unreserve({ target: { labels: ['L-3'] }, expectOrder: 'SO-1' }, intent());
    expect(refusals[0]).not.toHaveProperty('instead');
  });
}
