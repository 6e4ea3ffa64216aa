/** What a SQLite file says of itself, each broken state made by hand, and where the file can't even be opened. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckName } from '../../src/core/index.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type Backend, sqliteBackend } from '../support/backends.ts';
import { intent, seed, WAREHOUSE } from '../support/warehouse.ts';
import { rawly } from './raw-file.ts';

let backend: Backend;
let room: Stockroom;
let path: string;
beforeEach(async () => {
  backend = await sqliteBackend();
  const { address } = backend;
  if (address.kind !== 'sqlite') throw new Error('this is of SQLite');
  path = address.path;
  room = await backend.open();
  await seed(room, WAREHOUSE);
  await room.reserve({ order: 'SO-2', labels: ['L-3', 'P-1'] }, intent());
});
afterEach(async () => await backend.close());

async function messages(check: CheckName): Promise<string[]> {
  const { findings } = await room.diagnose({ stale: 1e10, operation: 'seen', checks: [check] });
  return findings.map(({ message }) => message);
}

describe('foreign keys', () => {
  it.each([
    [
      'orders',
      "delete from orders where number = 'SO-3'",
      ['2 rows of order_lines refer to rows of orders that are not there'],
    ],
    [
      'labels',
      "delete from labels where number = 'L-3'",
      [
        'a row of events refer to rows of labels that are not there',
        'a row of reservations refer to rows of labels that are not there',
      ],
    ],
    [
      'items',
      "update labels set item_id = 99 where number = 'L-1'",
      ['a row of labels refer to rows of items that are not there'],
    ],
  ])('a row of %s that is gone', async (_, statement, says) => {
    expect(await messages('foreign-keys')).toEqual([]);
    await backend.sql(statement);
    expect(await messages('foreign-keys')).toEqual(says);
  });
});

describe('constraints', () => {
  it.each([
    ['an index that was dropped', 'drop index labels_choices', /^index labels_choices is missing/],
    [
      'a trigger that was added',
      'create trigger busy after update on labels begin select 1; end',
      /^trigger busy was added/,
    ],
    [
      'a unique index that was added',
      'create unique index one_bin on labels (bin)',
      /^index one_bin was added/,
    ],
    [
      'a table that was made anew without its checks',
      'create table other as select * from reservations; drop table reservations; alter table other rename to reservations',
      /^table reservations is not as earmark made it/,
    ],
  ])('%s', async (_, statement, says) => {
    expect(await messages('constraints')).toEqual([]);
    await backend.sql(statement);
    expect(await messages('constraints')).toContainEqual(expect.stringMatching(says));
  });

  it('an index of somebody else that refuses nothing is fine', async () => {
    await backend.sql('create index by_bin on labels (bin); create table notes (text)');
    expect(await messages('constraints')).toEqual([]);
  });
});

describe('integrity', () => {
  it('a row that breaks a CHECK', async () => {
    expect(await messages('integrity')).toEqual([]);
    rawly(path, (db) => {
      db.pragma('ignore_check_constraints = on');
      db.exec("update labels set quantity = -1 where number = 'L-1'");
    });
    expect(await messages('integrity')).toEqual([
      'the database finds itself damaged: CHECK constraint failed in labels',
    ]);
  });

  it('an index that misses a row', async () => {
    const root = rawly(path, (db) => {
      return db
        .prepare("select rootpage from sqlite_schema where name = 'labels_choices'")
        .pluck()
        .get() as number;
    });
    await room.close();
    // The index begins as an empty page: a header that counts no cell.
    const pages = readFileSync(path);
    pages.writeUInt16BE(0, (root - 1) * 4096 + 3);
    writeFileSync(path, pages);
    room = await backend.open();
    expect(await messages('integrity')).toContainEqual(
      expect.stringMatching(/missing from index labels_choices/),
    );
  });
});

it('a table that is gone keeps only those checks from being made that look at it', async () => {
  await backend.sql('drop table shipment_labels');
  const { findings, checks } = await room.diagnose({ stale: 1e10, operation: 'seen' });
  expect(findings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^table shipment_labels is missing/),
  );
  expect(await messages('rules')).toEqual([
    'the data can not be read as it should: no such table: shipment_labels',
  ]);
  const notRun = checks.filter(({ result }) => result === 'not_run');
  expect(notRun).toEqual([
    expect.objectContaining({ check: 'rules', reason: 'no such table: shipment_labels' }),
  ]);
});

describe('a file that is damaged in one place', () => {
  it('is found, and what does not lie there is looked at all the same', async () => {
    const root = rawly(path, (db) => {
      return db.prepare("select rootpage from sqlite_schema where name = 'events'").pluck().get() as number;
    });
    await room.close();
    const pages = readFileSync(path);
    pages.fill(0x5a, (root - 1) * 4096, root * 4096);
    writeFileSync(path, pages);
    room = await backend.open();
    const { findings, checks } = await room.diagnose({ stale: 1e10, operation: 'seen' });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'integrity' }));
    const results = new Map(checks.map(({ check, result, reason }) => [check, { result, reason }]));
    expect(results.get('history-state')).toEqual({
      result: 'not_run',
      reason: expect.stringMatching(/is damaged/),
    });
    expect(results.get('rules')?.result).toBe('passed');
  });
});
