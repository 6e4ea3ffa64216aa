/** Rows whose fields are put back: one change for all rows of a table that get the same columns back. */
import type { RestoredRow } from '../../core/index.ts';
import { type RestoredColumns, restoredColumns } from '../restored-rows.ts';
import { numberArray, textArray } from './arrays.ts';
import type { Change } from './write.ts';

export function restoredChanges(rows: readonly RestoredRow[]): Change[] {
  const groups = new Map<string, RestoredColumns[]>();
  for (const row of merged(rows.map(restoredColumns))) {
    const name = ['restored', row.table, ...row.values.map(([column]) => column)].join('_');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups].map(([name, group]) => changeOf(name, group));
}

/** One statement can change a row once; what was put back last counts. */
function merged(rows: readonly RestoredColumns[]): RestoredColumns[] {
  const byRow = new Map<string, RestoredColumns>();
  for (const row of rows) {
    const key = `${row.table} ${row.id}`;
    const values = new Map([...(byRow.get(key)?.values ?? []), ...row.values]);
    byRow.set(key, { ...row, values: [...values].sort(([a], [b]) => (a < b ? -1 : 1)) });
  }
  return [...byRow.values()];
}

function changeOf(name: string, rows: readonly RestoredColumns[]): Change {
  const [first] = rows;
  const table = first?.table ?? 'labels';
  const columns = first?.values.map(([column]) => column) ?? [];
  const types = columns.map((column) => (isNumber(table, column) ? 'bigint' : 'text'));
  const arrays = ['$1::bigint[]', ...types.map((type, at) => `$${at + 2}::${type}[]`)];
  const changes = columns.map((column) => {
    const value = column === 'item_id' ? '(select i.id from items i where i.sku = t.item_id)' : `t.${column}`;
    return `${column} = ${value}`;
  });
  return {
    name,
    sql: `update ${table} w set ${changes.join(', ')}
      from operation, unnest(${arrays.join(', ')}) t(id, ${columns.join(', ')}) where w.id = t.id`,
    rows: () => rows.length,
    values: () => [
      numberArray(rows.map(({ id }) => id)),
      ...columns.map((_, at) => arrayOf(rows.map(({ values }) => values[at]?.[1] ?? null))),
    ],
  };
}

function isNumber(table: string, column: string): boolean {
  return ['quantity', 'shipped'].includes(column) || (table === 'order_lines' && column === 'ordered');
}

function arrayOf(values: readonly (string | number | null)[]): string {
  return textArray(values.map((value) => (value === null ? null : String(value))));
}
