/** The schema and the connections of a SQLite ledger, as SQLite itself tells of them (DESIGN section 6). */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APPLICATION_ID, connect } from '../../src/storage/sqlite/connection.ts';
import { initSqliteLedger, openSqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { SCHEMA } from '../../src/storage/schema-version.ts';
import { type SqliteBackend, sqliteBackend, temporaryFolder, waitingLong } from '../support/backends.ts';
import { intent, seed, WAREHOUSE } from '../support/warehouse.ts';
import { rawly } from './raw-file.ts';

let store: SqliteBackend;

beforeAll(async () => {
  store = await sqliteBackend();
  const room = await store.open();
  await seed(room, WAREHOUSE);
  await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent());
  await room.ship({ order: 'SO-2', partial: true }, intent());
  await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent());
  // A fault of the test's own would be seen only by the constraints it does not reach.
  await room.close();
});

afterAll(async () => {
  await store.close();
});

it.each([
  ['synchronous', 2],
  ['foreign_keys', 1],
  ['trusted_schema', 0],
  ['busy_timeout', 0],
  ['journal_mode', 'wal'],
  ['application_id', APPLICATION_ID],
])('every connection has %s = %s', async (pragma, value) => {
  const { db, version } = await connect(store.address.path, waitingLong());
  expect(db.pragma(pragma, { simple: true })).toBe(value);
  expect(version).toBe(SCHEMA);
  db.close();
});

it('the file says that it is earmark’s, in ASCII', () => {
  expect(Buffer.from(APPLICATION_ID.toString(16), 'hex').toString()).toBe('EARM');
});

it('every table is strict', () => {
  const tables = rawly(store.address.path, (db) => db.prepare('pragma table_list').all() as Table[]);
  const ours = tables.filter(({ type, name }) => type === 'table' && !name.startsWith('sqlite_'));
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.filter(({ strict }) => strict === 0)).toEqual([]);
});

interface Table {
  readonly type: string;
  readonly name: string;
  readonly strict: number;
}

const LINE = `(select k.id from order_lines k join orders o on o.id = k.order_id where o.number = 'SO-1' and k.line = 1)`;
const ITEM = (sku: string) => `(select id from items where sku = '${sku}')`;
const LABEL = (number: string) => `(select id from labels where number = '${number}')`;
const HOLD = `insert into reservations (label_id, line_id, item_id, since, "by", operation_id) values`;

const FORBIDDEN: readonly (readonly [what: string, sql: string, code: string])[] = [
  [
    'a second holder of a label',
    `${HOLD} (${LABEL('L-2')}, ${LINE}, ${ITEM('CABLE')}, 1, 'x', 1)`,
    'PRIMARYKEY',
  ],
  [
    'a label on a line of another item',
    `${HOLD} (${LABEL('P-2')}, ${LINE}, ${ITEM('CABLE')}, 1, 'x', 1)`,
    'FOREIGNKEY',
  ],
  [
    'a line for a label of another item',
    `${HOLD} (${LABEL('P-2')}, ${LINE}, ${ITEM('PAINT')}, 1, 'x', 1)`,
    'FOREIGNKEY',
  ],
  ['a holder without a name', `${HOLD} (${LABEL('L-3')}, ${LINE}, ${ITEM('CABLE')}, 1, '', 1)`, 'CHECK'],
  [
    'a holder without an operation',
    `${HOLD} (${LABEL('L-3')}, ${LINE}, ${ITEM('CABLE')}, 1, 'x', 99)`,
    'FOREIGNKEY',
  ],
  [
    'another item for a held label',
    `update labels set item_id = ${ITEM('PAINT')} where number = 'L-2'`,
    'FOREIGNKEY',
  ],
  [
    'another item for a holding line',
    `update order_lines set item_id = ${ITEM('PAINT')} where id = ${LINE}`,
    'FOREIGNKEY',
  ],
  ['the end of a held label', `delete from labels where number = 'L-2'`, 'FOREIGNKEY'],
  ['the end of an order with lines', `delete from orders where number = 'SO-1'`, 'FOREIGNKEY'],
  ['the end of an item', `delete from items where sku = 'CABLE'`, 'FOREIGNKEY'],
  ['the end of an operation', 'delete from operations where id = 1', 'FOREIGNKEY'],
  ['a quantity below 0', `update labels set quantity = -1`, 'CHECK'],
  ['a quantity above the highest', 'update labels set quantity = 1000000000000000', 'CHECK'],
  ['a quantity that is no integer', `update labels set quantity = 1.5`, 'DATATYPE'],
  ['a quantity that is a text', `update labels set quantity = 'x'`, 'DATATYPE'],
  ['a label without a number', 'update labels set number = null', 'NOTNULL'],
  ['two labels with one number', `update labels set number = 'L-1' where number = 'L-2'`, 'UNIQUE'],
  ['two labels with one code', `update labels set code = 'C-1' where number = 'L-2'`, 'UNIQUE'],
  ['two orders with one number', `update orders set number = 'SO-1' where number = 'SO-2'`, 'UNIQUE'],
  ['two items with one sku', `update items set sku = 'CABLE' where sku = 'PAINT'`, 'UNIQUE'],
  ['two operations with one id', `update operations set name = 'same'`, 'UNIQUE'],
  ['two lines with one number', `update order_lines set line = 1`, 'UNIQUE'],
  ['a line 0', 'update order_lines set line = 0', 'CHECK'],
  ['more shipped than ordered', 'update order_lines set shipped = ordered + 1', 'CHECK'],
  ['less than nothing shipped', 'update order_lines set shipped = -1', 'CHECK'],
  ['less ordered than shipped', `update order_lines set ordered = 1 where shipped > 1`, 'CHECK'],
  ['an unknown order status', `update orders set status = 'lost'`, 'CHECK'],
  ['an unknown source status', `update orders set source_status = 'lost'`, 'CHECK'],
  ['an unknown tracking', `update items set tracking = 'maybe'`, 'CHECK'],
  ['an unknown kind of event', `update events set kind = 'vanished'`, 'CHECK'],
  ['an event of no operation', `update events set operation_id = 99`, 'FOREIGNKEY'],
  ['a shipment of nothing', 'update shipment_lines set quantity = 0', 'CHECK'],
  ['a draw of nothing', 'update shipment_labels set quantity = 0', 'CHECK'],
  ['a draw below the bottom', 'update shipment_labels set remaining = -1', 'CHECK'],
  ['a date that can’t be one', `update labels set expiry = '1.1.27'`, 'CHECK'],
  ['an operation without a whole fingerprint', `update operations set fingerprint = 'short'`, 'CHECK'],
];

describe('the database itself does not allow', () => {
  it.each(FORBIDDEN)('%s', (_, sql, code) => {
    const run = (db: Database.Database) => db.prepare(sql).run();
    expect(() => rawly(store.address.path, run)).toThrow(
      expect.objectContaining({ code: `SQLITE_CONSTRAINT_${code}` }),
    );
  });
});

describe('setting a file up', () => {
  it('is done once, however many do it at once', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'new.db');
    const versions = await Promise.all(
      Array.from({ length: 6 }, () => initSqliteLedger(path, waitingLong())),
    );
    expect(versions.sort()).toEqual([0, ...Array.from({ length: 5 }, () => SCHEMA)]);
    const applied = rawly(path, (db) => db.prepare('select version from earmark_schema').pluck().all());
    expect(applied).toEqual(Array.from({ length: SCHEMA }, (_, at) => at + 1));
    await (await openSqliteLedger(path, waitingLong())).close();
    rmSync(folder, { recursive: true });
  });

  it('leaves what is there alone', async () => {
    const count = () =>
      rawly(store.address.path, (db) => db.prepare('select count(*) from events').pluck().get());
    const before = count();
    expect(await initSqliteLedger(store.address.path, waitingLong())).toBe(SCHEMA);
    expect(count()).toBe(before);
  });
});
