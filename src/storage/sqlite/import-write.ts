/** Writing merged rows to SQLite: new rows with their first values, and known rows whole. */
import type Database from 'better-sqlite3';
import type { ImportKind, ImportWrites } from '../../core/index.ts';
import { IMPORT_TABLES } from '../import-rows.ts';

/** Writes rows one by one through two prepared statements, which SQLite does faster than taking them as a set. */
export function writeRows<K extends ImportKind>(
  db: Database.Database,
  kind: K,
  writes: readonly ImportWrites[K][],
  operationId: number,
  at: number,
): void {
  const { table, columns } = IMPORT_TABLES[kind];
  const changing = columns.filter(({ once }) => once !== true);
  const names = [...columns.map(({ name }) => name), 'recorded_at', 'operation_id'];
  const insert = db.prepare(
    `insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
  );
  const update = db.prepare(
    `update ${table} set ${changing.map(({ name }) => `${name} = ?`).join(', ')} where id = ?`,
  );
  for (const write of writes) {
    if (write.id === null) insert.run(...columns.map(({ value }) => value(write)), at, operationId);
    else update.run(...changing.map(({ value }) => value(write)), write.id);
  }
}
