/** Writing merged rows to PostgreSQL: new rows with their first values, and known rows whole, each as one set. */
import type { ImportKind, ImportWrites } from '../../core/index.ts';
import { IMPORT_TABLES, type ImportColumn } from '../import-rows.ts';
import { numberArray, textArray } from './arrays.ts';
import type { Statement } from './batch.ts';

/** A statement with the number of rows that it must write. */
interface Write {
  readonly statement: Statement;
  readonly rows: number;
}

export function writeStatements<K extends ImportKind>(
  kind: K,
  writes: readonly ImportWrites[K][],
  operationId: number,
  at: number,
): Write[] {
  const { table, columns } = IMPORT_TABLES[kind];
  const added = writes.filter(({ id }) => id === null);
  const changed = writes.filter(({ id }) => id !== null);
  const statements: Write[] = [];
  if (added.length > 0) {
    statements.push({ statement: insert(table, columns, added, [at, operationId]), rows: added.length });
  }
  if (changed.length > 0) {
    const id: ImportColumn<ImportWrites[K]> = { name: 'id', type: 'bigint', value: (write) => write.id };
    const own = [id, ...columns.filter(({ once }) => once !== true)];
    statements.push({ statement: update(table, own, changed), rows: changed.length });
  }
  return statements;
}

function insert<W>(
  table: string,
  columns: readonly ImportColumn<W>[],
  writes: readonly W[],
  recorded: readonly [at: number, operationId: number],
): Statement {
  const names = columns.map(({ name }) => name).join(', ');
  const count = columns.length;
  return {
    name: `import new ${table}`,
    text: `
      insert into ${table} (${names}, recorded_at, operation_id)
      select t.*, $${count + 1}::bigint, $${count + 2}::bigint from unnest(${arrays(columns)}) t(${names})`,
    values: [...columns.map((column) => arrayOf(column, writes)), ...recorded],
  };
}

/** The first column is the id. */
function update<W>(table: string, columns: readonly ImportColumn<W>[], writes: readonly W[]): Statement {
  const names = columns.map(({ name }) => name);
  const changes = names.slice(1).map((name) => `${name} = t.${name}`);
  return {
    name: `import changed ${table}`,
    text: `
      update ${table} w set ${changes.join(', ')} from unnest(${arrays(columns)}) t(${names.join(', ')})
      where w.id = t.id`,
    values: columns.map((column) => arrayOf(column, writes)),
  };
}

function arrays<W>(columns: readonly ImportColumn<W>[]): string {
  return columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ');
}

function arrayOf<W>({ type, value }: ImportColumn<W>, writes: readonly W[]): string {
  const values = writes.map(value);
  return type === 'text' ? textArray(values as (string | null)[]) : numberArray(values as (number | null)[]);
}
