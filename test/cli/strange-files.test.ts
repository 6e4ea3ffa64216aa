import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { SCHEMA } from '../../src/storage/schema-version.ts';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';

afterAll(leaveDesks);

/** What earmark says about the file, whichever command meets it; and the file stays as it is, to the byte. */
async function expectRefused(desk: Desk, path: string, code: number, said: string): Promise<void> {
  const before = readFileSync(path);
  for (const command of ['find L-1', 'reserve SO-1001 L-1', 'list labels', 'import items.csv', 'init']) {
    const { stdout, stderr, code: exit } = await desk.earmark([...command.split(' '), '--db', path]);
    expect([command, exit, stdout]).toEqual([command, code, '']);
    expect(stderr, command).toContain(said);
    expect(stderr.split('\n').length, command).toBeLessThanOrEqual(3);
    expect(readFileSync(path).equals(before), command).toBe(true);
  }
}

async function desk(): Promise<Desk> {
  const made = await openDesk('demo');
  made.write('items.csv', 'sku,name\nX,Y\n');
  return made;
}

test('a text', async () => {
  const at = await desk();
  const path = join(at.cwd, 'notes.db');
  writeFileSync(path, 'my notes\n'.repeat(1000));
  await expectRefused(at, path, 1, `${path} is not an earmark database  [not_a_database]`);
});

test('a SQLite file of another program', async () => {
  const at = await desk();
  const path = join(at.cwd, 'other.db');
  const other = new Database(path);
  other.exec('create table orders (id integer primary key); insert into orders values (1)');
  other.close();
  await expectRefused(at, path, 1, `${path} is a SQLite file of another program`);
});

test('a schema of a newer earmark', async () => {
  const at = await desk();
  const db = new Database(at.db);
  db.prepare("insert into earmark_schema (version, name, applied_at) values (99, 'later', 0)").run();
  db.pragma('wal_checkpoint(truncate)');
  db.close();
  await expectRefused(
    at,
    at.db,
    1,
    `${at.db} was made by a newer earmark (schema 99; this one knows ${SCHEMA}); update earmark`,
  );
});

test('a file that is cut off', async () => {
  const at = await desk();
  truncateSync(at.db, 20_000);
  const { stdout, stderr, code } = await at.earmark(['list', 'labels']);
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toMatch(/^error: .*warehouse\.db is damaged: .* {2}\[not_a_database\]\n$/);
});
