/**
 * A connection that is lost at a commit leaves it unknown whether that was done (DESIGN section 6). The operation's id tells,
 * and makes it safe to go on.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Intent, Stockroom } from '../../src/stockroom/stockroom.ts';
import { openDesk, type PostgresBackend, postgresBackend } from '../support/backends.ts';
import { type Cut, CuttingProxy } from '../support/cutting-proxy.ts';
import { rawly, sharedPostgres } from '../support/postgres-for-tests.ts';
import { all, bring, everything, intent, seed, WAREHOUSE } from '../support/warehouse.ts';
import { brokenIn } from './broken.ts';

let store: PostgresBackend;
let proxy: CuttingProxy;
/** Reaches the store directly. */
let near: Stockroom;
/** Reaches it through the proxy. */
let far: Stockroom;

beforeEach(async () => {
  store = await postgresBackend();
  near = await store.open();
  await seed(near, WAREHOUSE);
  const { port } = await sharedPostgres();
  proxy = new CuttingProxy(port);
  const url = store.address.url.replace(`:${port}/`, `:${await proxy.listen()}/`);
  far = await openDesk({ ...store.address, url: `${url}&application_name=far` }, store.clock);
});

afterEach(async () => {
  await far.close();
  await proxy.close();
  await store.close();
});

const VERBS: Readonly<Record<string, (wish: Intent) => Promise<{ readonly code: string }>>> = {
  reserve: (wish) => far.reserve({ order: 'SO-1', labels: ['L-1'] }, wish),
  ship: (wish) => far.ship({ order: 'SO-3', from: ['L-3'] }, wish),
};
const once = (): Intent => intent({ operation: 'once', timeout: 100 });
const CUTS: readonly Cut[] = ['request', 'answer'];

describe.each(Object.entries(VERBS))('%s', (_, act) => {
  it.each(CUTS)('whose commit is cut at its %s is answered as done, and done once', async (cut) => {
    proxy.cutCommit(cut);
    const answer = await act(once());
    expect(answer).toMatchObject({ ok: true, operation: { id: 'once' } });
    const after = await everything(near);
    expect(await act(once())).toEqual(answer);
    expect(await everything(near)).toEqual(after);
    expect(await brokenIn(store.address)).toEqual([]);
  });

  it.each(CUTS)('cut at its %s, with nobody to ask, is unknown; later its id tells', async (cut) => {
    proxy.cutCommit(cut, 0, () => proxy.goDown());
    const fault = await act(once()).catch((error: unknown) => error);
    expect(fault).toMatchObject({
      code: 'outcome_unknown',
      message: expect.stringMatching(/can not be learnt now; run it again with --operation-id once$/),
    });
    const recorded = await near.show({ kind: 'operation', name: 'once' });
    expect(recorded.kind).toBe(cut === 'answer' ? 'operation' : 'refused');
    await expect(act(once())).rejects.toMatchObject({ code: 'database_down' });
    proxy.goDown(false);
    expect(await act(once())).toMatchObject({ ok: true, operation: { id: 'once' } });
    expect(await brokenIn(store.address)).toEqual([]);
  });
});

it('what others did while it was lost is found, and refused', async () => {
  proxy.cutCommit('request', 0, () => {
    proxy.goDown();
    near.reserve({ order: 'SO-2', labels: ['L-1'] }, intent()).then(() => proxy.goDown(false));
  });
  const answer = await far.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: 'late' }));
  expect(answer).toMatchObject({ ok: false, code: 'label_reserved_elsewhere' });
  expect(await near.show({ kind: 'operation', name: 'late' })).toMatchObject({ kind: 'refused' });
});

it('connections that the server ended while nobody used them are no matter', async () => {
  const acts = ['L-1', 'L-2', 'L-3'].map((label) => {
    return () => far.reserve({ order: 'SO-1', labels: [label] }, intent());
  });
  await Promise.all([far.find(['L-1']), far.find(['L-2']), all(far.labels({}))]);
  await rawly(store.address, async (client) => {
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'far'`);
  });
  expect(await far.find(['L-1'])).toMatchObject({ code: 'found' });
  expect(await all(far.labels({}))).toHaveLength(WAREHOUSE.labels.length);
  for (const act of acts) expect(await act()).toMatchObject({ code: 'reserved' });
});

describe.each(CUTS)('an import whose commit is cut at its %s', (cut) => {
  const stock = {
    labels: Array.from({ length: 510 }, (_, at) => ({ number: `N-${at}`, item: 'CABLE', quantity: 1 })),
    orders: [{ number: 'NO-1' }],
  };

  it.each([
    [0, /^a commit of night failed half-way/],
    [1, /^a commit failed half-way; \d+ of 511 rows were imported, run it again/],
  ])('after %i others stops and says so, and running it again finishes it', async (after, says) => {
    proxy.cutCommit(cut, after);
    const wish = intent({ operation: 'night' });
    const fault = await bring(far, stock, {}, wish).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'outcome_unknown', message: expect.stringMatching(says) });
    expect(await bring(far, stock, {}, wish)).toMatchObject({ code: 'imported', complete: true });
    expect(await all(near.labels({ search: 'n-' }))).toHaveLength(510);
    expect(await brokenIn(store.address)).toEqual([]);
  });
});
