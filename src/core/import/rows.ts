/**
 * Turns the cells of one record into a row (DESIGN rule 15, section 2), or into all that is wrong with it at once. Cells are
 * a CSV file's texts or JSON's scalars. An empty cell clears a text or a date, and leaves everything else alone.
 */
import { parseDate } from '../calendar.ts';
import { parseKey, printable } from '../key.ts';
import { ORDER_STATUSES, TRACKINGS } from '../model.ts';
import { isQuantity, parseQuantity } from '../quantity.ts';
import type { FieldOf } from './column-words.ts';
import type { Reading } from './columns.ts';
import type { ImportKind, ImportRows } from './row.ts';
import { orderStatusOf, trackingOf } from './status-words.ts';

/** What is wrong with one cell: the file's own name of the column (null: the whole row), and a whole clause. */
interface CellProblem {
  readonly column: string | null;
  readonly reason: string;
}

type ReadRow<K extends ImportKind> =
  | { readonly row: ImportRows[K] }
  | { readonly problems: readonly CellProblem[] };

/** Reads records of one file; a cell is a string, or any JSON value, or undefined where the record ends early. */
export type RowReader<K extends ImportKind> = (cells: readonly unknown[]) => ReadRow<K>;

/** A field's value, or undefined where the cell leaves it alone. */
type Value = string | number | null | undefined | Wrong;
type CellReader = (text: string) => Value;

interface Cell {
  readonly at: number;
  readonly name: string;
  readonly field: string;
  readonly read: CellReader;
  readonly ofText: boolean;
  /** The last cell and its value: columns such as item, location and created repeat themselves for thousands of rows. */
  lastCell: unknown;
  lastValue: Value;
}

/** A clause without its subject; a class, so that the many good cells need no wrapper to be told from it. */
class Wrong {
  readonly clause: string;

  constructor(clause: string) {
    this.clause = clause;
  }
}

const LONGEST_TEXT = 500;
const LONGEST_SHOWN = 40;
const HIGHEST_LINE = 1_000_000;

const CELL_READERS: { readonly [K in ImportKind]: { readonly [F in FieldOf<K>]-?: CellReader } } = {
  items: { sku: readKey, name: readName, unit: readName, tracking: readTracking },
  labels: {
    number: readKey,
    item: readOptionalKey,
    code: readClearableKey,
    quantity: readQuantity,
    location: readText,
    bin: readText,
    lot: readText,
    expiry: readDate,
    created: readDate,
  },
  orders: { number: readKey, customer: readText, ordered: readDate, due: readDate, status: readStatus },
  lines: {
    order: readKey,
    line: readLine,
    item: readOptionalKey,
    ordered: readQuantity,
    shipped: readQuantity,
  },
};

/** Readers whose numbers in JSON are numbers; all others want a text and take a number only if none can be lost in it. */
const OF_NUMBERS: ReadonlySet<CellReader> = new Set([readQuantity, readLine]);

/** Prepares a reader for all records of a file. `headers` are the file's own names, in the order of the cells. */
export function rowReader<R extends Reading>(reading: R, headers: readonly string[]): RowReader<R['kind']> {
  const cells = cellsOf(reading, headers);
  return (record) => {
    const row: Record<string, string | number | null> = {};
    let problems: CellProblem[] | undefined;
    for (const cell of cells) {
      const given = record[cell.at];
      if (given !== cell.lastCell || given === undefined) {
        cell.lastCell = given;
        cell.lastValue = readCell(cell, given);
      }
      const value = cell.lastValue;
      if (value instanceof Wrong) {
        problems ??= [];
        problems.push({ column: cell.name, reason: `${printable(shorten(cell.name))} ${value.clause}` });
      } else if (value !== undefined) {
        row[cell.field] = value;
      }
    }
    // The table above gives each field of the kind a reader of its type, and the reader refuses an empty key.
    return problems === undefined ? { row: row as unknown as ImportRows[R['kind']] } : { problems };
  };
}

function cellsOf(reading: Reading, headers: readonly string[]): readonly Cell[] {
  const readers: Readonly<Record<string, CellReader>> = CELL_READERS[reading.kind];
  const cells: Cell[] = [];
  for (const [at, field] of reading.fields.entries()) {
    const read = field === null ? undefined : readers[field];
    if (field === null || read === undefined) continue;
    const ofText = !OF_NUMBERS.has(read);
    cells.push({
      at,
      name: headers[at] ?? field,
      field,
      read,
      ofText,
      lastCell: undefined,
      lastValue: undefined,
    });
  }
  return cells;
}

function readCell(cell: Cell, given: unknown): Value {
  if (typeof given === 'string') return cell.read(given.trim());
  if (given === undefined || given === null) return cell.read('');
  if (typeof given === 'number') return cell.ofText ? readNumberAsText(cell, given) : readNumber(cell, given);
  if (typeof given === 'boolean') return new Wrong(`${given} is not a text or a number`);
  return new Wrong(Array.isArray(given) ? 'is a list, not one value' : 'is an object, not one value');
}

/** JSON has read the number as a double already: a long one has lost digits, and `1.10` has lost its zero. */
function readNumberAsText(cell: Cell, given: number): Value {
  if (Number.isSafeInteger(given)) return cell.read(String(given));
  return new Wrong(`${given} may have lost digits as a number: put it in quotes`);
}

/** An exponent stands for a number that no quantity and no line can be. */
function readNumber(cell: Cell, given: number): Value {
  const text = String(given);
  if (!text.includes('e')) return cell.read(text);
  return new Wrong(
    Math.abs(given) < 1 ? `${text} has more than 6 decimal places` : `${text} is out of range`,
  );
}

function readKey(text: string): Value {
  const parsed = parseKey(text);
  if ('key' in parsed) return parsed.key;
  return text === '' ? new Wrong('is empty') : wrong(text, parsed.problem);
}

function readOptionalKey(text: string): Value {
  return text === '' ? undefined : readKey(text);
}

function readClearableKey(text: string): Value {
  return text === '' ? null : readKey(text);
}

function readText(text: string): Value {
  if (text === '') return null;
  if (text.length > LONGEST_TEXT) return wrong(text, `is longer than ${LONGEST_TEXT} characters`);
  const normal = text.normalize('NFC');
  return printable(normal) === normal ? normal : wrong(text, 'contains a control character');
}

function readName(text: string): Value {
  return text === '' ? undefined : readText(text);
}

function readDate(text: string): Value {
  if (text === '') return null;
  return parseDate(text) ?? wrong(text, 'is not a date (YYYY-MM-DD)');
}

function readQuantity(text: string): Value {
  if (text === '') return undefined;
  const parsed = parseQuantity(text);
  return isQuantity(parsed) ? parsed : wrong(text, parsed);
}

function readLine(text: string): Value {
  if (text === '') return new Wrong('is empty');
  const line = /^\d+$/.test(text) ? Number(text) : 0;
  return line >= 1 && line <= HIGHEST_LINE ? line : wrong(text, 'is not a whole number from 1 to 1,000,000');
}

function readStatus(text: string): Value {
  if (text === '') return undefined;
  return orderStatusOf(text) ?? wrong(text, `is not an order status (${ORDER_STATUSES.join(', ')})`);
}

function readTracking(text: string): Value {
  if (text === '') return undefined;
  return trackingOf(text) ?? wrong(text, `is not a tracking (${TRACKINGS.join(' or ')})`);
}

function wrong(text: string, clause: string): Wrong {
  return new Wrong(`"${printable(shorten(text))}" ${clause}`);
}

/** Cuts between characters, never within a surrogate pair. */
function shorten(text: string): string {
  if (text.length <= LONGEST_SHOWN) return text;
  return `${[...text.slice(0, LONGEST_SHOWN * 2)].slice(0, LONGEST_SHOWN).join('')}…`;
}
