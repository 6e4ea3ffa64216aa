/** An answer that is lost after the commit: asking again gives the first answer, and nothing is done twice (DESIGN rule 18). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Intent, Stockroom } from '../../src/stockroom/stockroom.ts';
import { type MakeBackend, postgresBackend, sqliteBackend } from '../support/backends.ts';
import { type LosingProxy, losingProxy } from '../support/losing-proxy.ts';
import { deskAt, type HttpBackend, httpBackend } from '../support/http-backend.ts';
import { all, bring, everything, intent, seed, WAREHOUSE } from '../support/warehouse.ts';

const STORES = { SQLite: sqliteBackend, PostgreSQL: postgresBackend };

let backend: HttpBackend;
let proxy: LosingProxy;
/** A desk whose answers may be lost, and one beside it that looks. */
let far: Stockroom;
let near: Stockroom;

async function set(make: MakeBackend): Promise<void> {
  backend = await httpBackend(make)();
  proxy = await losingProxy(backend.url);
  far = await deskAt(proxy.url, backend.tokenOf);
  near = await backend.open();
  await seed(near, WAREHOUSE);
  await near.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent());
}
afterEach(async () => {
  await far.close();
  await proxy.close();
  await backend.close();
});

type Deed = (room: Stockroom, wish: Intent) => Promise<{ readonly ok: boolean; readonly operation: unknown }>;

const DEEDS: Record<string, Deed> = {
  reserve: (room, wish) => room.reserve({ order: 'SO-1', labels: ['L-2', 'L-3'] }, wish),
  'reserve, choosing': (room, wish) => room.reserveAutomatically({ order: 'SO-3', strategy: 'fifo' }, wish),
  unreserve: (room, wish) => room.unreserve({ target: { order: 'SO-2' } }, wish),
  ship: (room, wish) => room.ship({ order: 'SO-2' }, wish),
};

describe.each(Object.entries(STORES))('over %s', (_, make) => {
  beforeEach(async () => await set(make));

  describe.each([1, 3])('with %i answers lost', (answers) => {
    it.each(Object.entries(DEEDS))('%s is done once, and answered as the first time', async (_, deed) => {
      const wish = intent();
      proxy.loseNext(answers);
      const answer = await deed(far, wish);
      expect(proxy.lost).toBe(answers);
      expect(answer).toMatchObject({ ok: true, operation: { id: wish.operation } });
      const after = await everything(near);
      expect(await deed(near, wish)).toEqual(answer);
      expect(await everything(near)).toEqual(after);
    });

    it('an import is done once', async () => {
      const wish = intent();
      const labels = Array.from({ length: 3_000 }, (_, at) => ({
        number: `N-${at}`,
        item: 'CABLE',
        quantity: 1,
      }));
      proxy.loseNext(answers);
      const answer = await bring(far, { labels }, {}, wish);
      expect(proxy.lost).toBe(answers);
      expect(answer).toMatchObject({ code: 'imported', counts: { labels: { added: 3_000 } } });
      expect(await bring(near, { labels }, {}, wish)).toEqual(answer);
    });
  });

  it('of answers that are all lost, the operation id tells what was done', async () => {
    const wish = intent();
    proxy.loseNext(5);
    const reserve = (room: Stockroom) => room.reserve({ order: 'SO-1', labels: ['L-2'] }, wish);
    await expect(reserve(far)).rejects.toMatchObject({
      code: 'outcome_unknown',
      message: expect.stringContaining(`run it again with --operation-id ${wish.operation}`),
    });
    expect(await reserve(far)).toMatchObject({ code: 'reserved', operation: { id: wish.operation } });
    expect(await all(near.reservations({ order: 'SO-1' }))).toHaveLength(1);
  });
});
