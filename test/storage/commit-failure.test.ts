/**
 * A COMMIT that fails is unknown, not failed (DESIGN section 6): it may have been done all the same. SQLite itself is made
 * to say so here, after a commit that was done or instead of one that was not.
 */
import { renameSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/stockroom/fault.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type SqliteBackend, sqliteBackend } from '../support/backends.ts';
import { all, bring, everything, intent, seed, WAREHOUSE } from '../support/warehouse.ts';
import { failCommit, healCommits } from './failing-commit.ts';
import { brokenIn } from './broken.ts';

let store: SqliteBackend;
let room: Stockroom;

beforeEach(async () => {
  store = await sqliteBackend();
  room = await store.open();
  await seed(room, WAREHOUSE);
});

afterEach(async () => {
  healCommits();
  await store.close();
});

const reserve = (operation: string) => {
  return room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation }));
};

describe.each(['SQLITE_IOERR_FSYNC', 'SQLITE_FULL'])('%s', (code) => {
  it('a commit that was done is found, and answered as done', async () => {
    failCommit({ done: true, code });
    const answer = await reserve('once');
    expect(answer).toMatchObject({ code: 'reserved', operation: { id: 'once' } });
    expect(await reserve('once')).toEqual(answer);
    expect((await room.find(['L-1'])).results).toMatchObject([{ reservation: { operation: 'once' } }]);
    expect((await room.ship({ order: 'SO-1', from: ['L-2'] }, intent())).code).toBe('shipped');
    expect(await brokenIn(store.address)).toEqual([]);
  });

  it('a commit that was not done fails, and can be done with the same id', async () => {
    const before = await everything(room);
    failCommit({ done: false, code });
    await expect(reserve('once')).rejects.toThrow();
    expect(await everything(room)).toEqual(before);
    expect(await reserve('once')).toMatchObject({ code: 'reserved' });
    expect(await brokenIn(store.address)).toEqual([]);
  });
});

it('a full disk is called so', async () => {
  failCommit({ done: false, code: 'SQLITE_FULL' });
  const fault = await reserve('once').catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Fault);
  expect(fault).toMatchObject({
    code: 'disk_full',
    message: expect.stringMatching(/is full; nothing was done$/),
  });
});

it.each([true, false])(
  'what can not be learnt is called unknown, with the id to ask by (done: %s)',
  async (done) => {
    const { path } = store.address;
    const files = ['', '-wal', '-shm'];
    const move = (from: string, to: string) => {
      for (const file of files) renameSync(`${path}${from}${file}`, `${path}${to}${file}`);
    };
    // A desk of its own keeps the write-ahead log in its place.
    await (await store.open()).find(['L-1']);
    failCommit({ done, code: 'SQLITE_IOERR_FSYNC', meanwhile: () => move('', '.away') });
    const fault = await reserve('once').catch((error: unknown) => error);
    expect(fault).toMatchObject({
      code: 'outcome_unknown',
      message: expect.stringContaining('--operation-id once'),
    });
    expect(await reserve('once').catch((error: unknown) => error)).toMatchObject({
      code: 'database_not_found',
    });
    move('.away', '');
    expect(await reserve('once')).toMatchObject({ code: 'reserved', operation: { id: 'once' } });
    const view = await room.show({ kind: 'label', name: 'L-1' });
    expect(view).toMatchObject({ events: [{ kind: 'reserved', operation: 'once' }] });
  },
);

describe.each([true, false])('an import whose commit fails (done: %s)', (done) => {
  const stock = {
    labels: Array.from({ length: 510 }, (_, at) => ({ number: `N-${at}`, item: 'CABLE', quantity: 1 })),
    orders: [{ number: 'NO-1' }],
    lines: [{ order: 'NO-1', line: 1, item: 'CABLE', ordered: 1 }],
  };
  const states = async () => [await all(room.labels({})), await all(room.orders({}))];

  it.each([
    ['the first', 0, 'SQLITE_IOERR_FSYNC', /a commit of night failed half-way/],
    [
      'a later one',
      1,
      'SQLITE_IOERR_FSYNC',
      /^a commit failed half-way; 500 of 512 rows were imported, run it again/,
    ],
    ['a later one', 1, 'SQLITE_FULL', /^the disk takes no more; 500 of 512 rows were imported, run it again/],
    ['the last', 4, 'SQLITE_FULL', /^the disk takes no more; 512 of 512 rows were imported, run it again/],
  ])('%s (%i, %s) stops and says so, and running it again finishes it', async (_, after, code, says) => {
    failCommit({ done, code, after });
    const wish = intent({ operation: 'night' });
    const fault = await bring(room, stock, {}, wish).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({
      code: code === 'SQLITE_FULL' ? 'disk_full' : 'outcome_unknown',
      message: expect.stringMatching(says),
    });
    expect(await bring(room, stock, {}, wish)).toMatchObject({ ok: true, complete: true, code: 'imported' });
    const finished = await states();
    expect(await all(room.labels({ search: 'N-' }))).toHaveLength(510);
    expect(await bring(room, stock)).toMatchObject({
      counts: { labels: { unchanged: 510 }, lines: { unchanged: 1 } },
    });
    expect(await states()).toEqual(finished);
    expect(await brokenIn(store.address)).toEqual([]);
  });
});

describe('an import in one transaction', () => {
  const stock = {
    items: [{ sku: 'N' }],
    labels: [{ number: 'N-1', item: 'N', quantity: 1 }],
    orders: [{ number: 'NO-1' }],
  };

  it('is there whole or not at all', async () => {
    const before = await everything(room);
    failCommit({ done: false, code: 'SQLITE_FULL' });
    await expect(bring(room, stock, { atomic: true })).rejects.toMatchObject({ code: 'disk_full' });
    expect(await everything(room)).toEqual(before);
    const answer = await bring(room, stock, { atomic: true });
    expect(answer).toMatchObject({ code: 'imported', counts: { labels: { added: 1 } } });
  });

  it('has one commit', async () => {
    failCommit({ done: false, code: 'SQLITE_FULL', after: 1 });
    expect(await bring(room, stock, { atomic: true })).toMatchObject({ code: 'imported' });
    await expect(reserve('next')).rejects.toMatchObject({ code: 'disk_full' });
  });
});
