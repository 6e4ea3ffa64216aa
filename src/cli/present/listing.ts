/** Printing rows in the format that was asked for, as they come, so that a listing of millions needs little memory. */
import { printable, SCHEMA_VERSION } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json-text.ts';
import { shownText, tsvRecord } from './cells.ts';
import type { Cell, Column, Listing } from './columns.ts';
import { type Format, formatOf } from './formats.ts';

/** From so many rows on, a table is written as it comes; cli-table3 measures every cell several times. */
const SMALL_TABLE = 200;

/** Prints all rows and gives how many there were. */
export async function printListing<T extends object>(
  context: Context,
  listing: Listing<T>,
  rows: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
): Promise<number> {
  const format = formatOf(context);
  const columns = columnsOf(context, listing, format);
  const printer = printerOf(context, listing, columns, format);
  let count = 0;
  for await (const batch of rows) {
    await printer.rows(batch);
    count += batch.length;
    await context.out.drained();
    if (context.out.closed) break;
  }
  await printer.end();
  return count;
}

/** The columns of `--fields`, in that order; else those that the format shows. */
export function columnsOf<T>(
  { flags }: Context,
  { columns }: Listing<T>,
  format: Format,
): readonly Column<T>[] {
  if (flags.fields === undefined) {
    const all = format === 'wide' || format === 'csv';
    return all ? columns : columns.filter(({ wide }) => wide !== true);
  }
  return flags.fields.split(',').map((text) => {
    const name = text.trim();
    const found = columns.find(({ field, title }) => field === name || title === name);
    if (found !== undefined) return found;
    const known = columns.map(({ field }) => field).join(', ');
    throw new Fault(
      'input',
      `--fields: there is no field ${JSON.stringify(printable(name))}; there are ${known}`,
    );
  });
}

interface Printer<T> {
  rows(batch: readonly T[]): void | Promise<void>;
  end(): void | Promise<void>;
}

function printerOf<T extends object>(
  context: Context,
  listing: Listing<T>,
  columns: readonly Column<T>[],
  format: Format,
): Printer<T> {
  const { out } = context;
  const lines = (line: (row: T) => string, head?: string): Printer<T> => {
    if (head !== undefined) out.line(head);
    return {
      rows: (batch) => out.write(batch.map((row) => `${line(row)}\n`).join('')),
      end: () => undefined,
    };
  };
  const record = (row: T) => columns.map((column) => column.value(row));
  switch (format) {
    case 'name':
      return lines((row) => printable(listing.nameOf(row)));
    case 'tsv':
      return lines((row) => tsvRecord(record(row)));
    case 'csv':
      return csvPrinter(context, columns);
    case 'ndjson':
      return lines((row) => jsonText(documentOf(context, columns, row)));
    case 'json':
      return jsonPrinter(context, listing, columns);
    case 'table':
    case 'wide':
      return tablePrinter(context, columns);
  }
}

/** The row itself, or with `--fields` an object of just those, nested as the row nests them. */
function documentOf<T extends object>({ flags }: Context, columns: readonly Column<T>[], row: T): object {
  if (flags.fields === undefined) return row;
  const picked: Record<string, unknown> = {};
  for (const { field } of columns) copyField(row as Record<string, unknown>, picked, field.split('.'));
  return picked;
}

function copyField(
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  path: readonly string[],
): void {
  const [name = '', ...rest] = path;
  const value = from[name] ?? null;
  if (rest.length === 0 || value === null) {
    to[name] = value;
    return;
  }
  const inner = (to[name] ?? {}) as Record<string, unknown>;
  to[name] = inner;
  copyField(value as Record<string, unknown>, inner, rest);
}

function csvPrinter<T>({ out }: Context, columns: readonly Column<T>[]): Printer<T> {
  let head: Cell[][] = [columns.map(({ field }) => field)];
  const write = async (batch: readonly T[]) => {
    const { csvText } = await import('./csv.ts');
    out.write(csvText([...head, ...batch.map((row) => columns.map((column) => column.value(row)))]));
    head = [];
  };
  // Without any rows the head is still written.
  return { rows: write, end: async () => (head.length > 0 ? await write([]) : undefined) };
}

function jsonPrinter<T extends object>(
  context: Context,
  listing: Listing<T>,
  columns: readonly Column<T>[],
): Printer<T> {
  const { out } = context;
  out.write(`{\n  "schemaVersion": ${SCHEMA_VERSION},\n  ${JSON.stringify(listing.name)}: [`);
  let separator = '\n    ';
  return {
    rows: (batch) => {
      for (const row of batch) {
        out.write(separator + jsonText(documentOf(context, columns, row)));
        separator = ',\n    ';
      }
    },
    end: () => out.line(`${separator === '\n    ' ? '' : '\n  '}]\n}`),
  };
}

/** A small table goes through cli-table3; a long one is padded by the widths of its first rows, as it comes. */
function tablePrinter<T>(context: Context, columns: readonly Column<T>[]): Printer<T> {
  const titles = columns.map(({ title }) => title.toUpperCase());
  const right = columns.map((column) => column.right === true);
  const first: string[][] = [];
  let long: ((cells: readonly string[]) => string) | undefined;
  const startLong = async () => {
    const { paddedWriter } = await import('./padded.ts');
    long = paddedWriter(titles, first, right);
    context.out.line(context.paint.bold(long(titles)));
    for (const cells of first) context.out.line(long(cells));
  };
  return {
    rows: async (batch) => {
      for (const row of batch) {
        const cells = columns.map((column) => shownText(column, row, context.sayMoment));
        if (long === undefined) first.push(cells);
        else context.out.line(long(cells));
        if (long === undefined && first.length > SMALL_TABLE) await startLong();
      }
    },
    end: async () => {
      if (long !== undefined || first.length === 0) return;
      const { smallTable } = await import('./small-table.ts');
      context.out.line(smallTable(titles.map(context.paint.bold), first, right));
    },
  };
}
