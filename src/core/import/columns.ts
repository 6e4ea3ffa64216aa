/**
 * Tells what a file holds from the names of its columns (DESIGN rule 15). Names are compared without case, blanks, `_`,
 * `-`, `.` and `#`. Where names could mean two things nothing is guessed: the problem says which flag settles it.
 */
import { printable } from '../key.ts';
import { type FieldOf, type Meaning, meaningsOf } from './column-words.ts';
import { IMPORT_KINDS, type ImportKind } from './row.ts';
import { bareWord } from './status-words.ts';

/** How one kind of row is read from a record: for each column its field, or null where this kind ignores it. */
export type Reading = {
  readonly [K in ImportKind]: { readonly kind: K; readonly fields: readonly (FieldOf<K> | null)[] };
}[ImportKind];

export interface Columns {
  /** One, or two for a join of orders with their lines: then every record gives an order's row and a line's row. */
  readonly readings: readonly Reading[];
  /** The file's own names of the columns that nothing is read from; those without a name are left out. */
  readonly ignored: readonly string[];
}

export interface ColumnOptions {
  /** What the user says that the file holds. */
  readonly kind?: ImportKind | undefined;
  /** The file's name of a column → ours, or any that we recognise, or `orders.ordered` where kinds differ. */
  readonly map?: ReadonlyMap<string, string> | undefined;
}

interface Column {
  readonly name: string;
  readonly bare: string;
  readonly mapped: boolean;
  readonly meanings: readonly Meaning[];
}

interface Problem {
  readonly problem: string;
}

/** What must have a column; the rest may be absent, which leaves earmark's values alone. */
const REQUIRED: { readonly [K in ImportKind]: readonly FieldOf<K>[] } = {
  items: ['sku'],
  labels: ['number'],
  orders: ['number'],
  lines: ['order', 'line'],
};

const SINGULAR: Record<ImportKind, string> = {
  items: 'item',
  labels: 'label',
  orders: 'order',
  lines: 'line',
};
const FLAGS = '--items, --orders, --lines or --labels';
const MOST_NAMED = 20;
const LONGEST_NAME = 40;

/** Tells kind and fields from a file's header, or says in one clause what is missing or could mean two things. */
export function recognize(headers: readonly string[], options: ColumnOptions): Columns | Problem {
  const map = new Map<string, string>();
  for (const [theirs, ours] of options.map ?? []) map.set(bareWord(theirs), ours);
  const columns: Column[] = [];
  for (const header of headers) {
    const column = columnOf(header, map);
    if ('problem' in column) return column;
    columns.push(column);
  }
  const kinds = options.kind === undefined ? kindsOf(columns) : [options.kind];
  if ('problem' in kinds) return kinds;
  const readings: Reading[] = [];
  for (const kind of kinds) {
    const fields = fieldsOf(kind, kinds.length > 1 ? settleOrdered(columns, kind) : columns);
    if ('problem' in fields) return fields;
    readings.push({ kind, fields } as Reading);
  }
  const ignored = columns.filter(
    ({ bare }, at) => bare !== '' && readings.every(({ fields }) => fields[at] === null),
  );
  return { readings, ignored: ignored.map(({ name }) => name) };
}

function columnOf(name: string, map: ReadonlyMap<string, string>): Column | Problem {
  const ours = map.get(bareWord(name));
  if (ours === undefined)
    return { name, bare: bareWord(name), mapped: false, meanings: meaningsOf(bareWord(name)) };
  const dot = ours.indexOf('.');
  const kind = IMPORT_KINDS.find(
    (each) => each === ours.slice(0, dot) || SINGULAR[each] === ours.slice(0, dot),
  );
  const bare = bareWord(kind === undefined ? ours : ours.slice(dot + 1));
  const meanings = meaningsOf(bare).filter((meaning) => kind === undefined || meaning.kind === kind);
  if (meanings.length === 0)
    return { problem: `--map ${shown(name)}=${shown(ours)}: no column is called ${quoted(ours)} here` };
  const sure = kind !== undefined;
  return {
    name,
    bare,
    mapped: true,
    meanings: sure ? meanings.map((meaning) => ({ ...meaning, sure })) : meanings,
  };
}

function kindsOf(columns: readonly Column[]): readonly ImportKind[] | Problem {
  const has = (kind: ImportKind, ...fields: readonly string[]): boolean =>
    columns.some(({ meanings }) =>
      meanings.some((each) => each.kind === kind && each.sure && fields.includes(each.field)),
    );
  if (has('labels', 'number')) return ['labels'];
  const bareNumber = columns.some(({ bare }) => bare === 'number');
  if (has('orders', 'number') || has('lines', 'order')) {
    if (!has('lines', 'item', 'line')) return ['orders'];
    // A list of labels that says who holds each also has order, line and item: its number is the label's.
    return bareNumber ? undecided(columns) : linesOrJoin(columns);
  }
  if (bareNumber) {
    const ofLabels = has('labels', 'item', 'code', 'quantity', 'location', 'bin', 'lot', 'expiry');
    const ofOrders = has('orders', 'customer', 'ordered', 'due');
    if (ofLabels !== ofOrders) return [ofLabels ? 'labels' : 'orders'];
    return undecided(columns);
  }
  if (has('items', 'sku') && has('items', 'name', 'tracking', 'unit')) return ['items'];
  return undecided(columns);
}

/** Lines that carry a status or a due date may mean their own; a customer or an order's date is surely the order's. */
function linesOrJoin(columns: readonly Column[]): readonly ImportKind[] | Problem {
  const ofOrders = columns.filter(({ meanings }) => meanings.length === 1 && ownOfOrders(meanings[0]));
  const isClear = ({ bare, mapped, meanings }: Column): boolean =>
    mapped ||
    bare.startsWith('order') ||
    meanings.some(({ field }) => field === 'customer' || field === 'ordered');
  if (ofOrders.some(isClear)) return ['orders', 'lines'];
  const [first] = ofOrders;
  if (first === undefined) return ['lines'];
  const settled = `--map ${shown(first.name)}=orders.${first.meanings[0]?.field}`;
  return {
    problem: `column ${quoted(first.name)} may be the order's or the line's: leave it out with --lines, or say ${settled}`,
  };
}

function ownOfOrders(meaning: Meaning | undefined): boolean {
  return meaning?.kind === 'orders' && meaning.sure && meaning.field !== 'number';
}

/** In a join, `ordered` is the line's quantity, unless another column gives that: then it is the order's date. */
function settleOrdered(columns: readonly Column[], kind: ImportKind): readonly Column[] {
  const means = (column: Column, of: ImportKind): boolean =>
    column.meanings.some((each) => each.kind === of && each.field === 'ordered' && each.sure);
  const isBoth = (column: Column): boolean => means(column, 'orders') && means(column, 'lines');
  const takenBy = columns.some((column) => means(column, 'lines') && !isBoth(column)) ? 'orders' : 'lines';
  return columns.map((column) => (isBoth(column) && kind !== takenBy ? { ...column, meanings: [] } : column));
}

function fieldsOf(kind: ImportKind, columns: readonly Column[]): readonly (string | null)[] | Problem {
  const fields: (string | null)[] = columns.map(() => null);
  const taken = new Map<string, { readonly at: number; readonly rank: number }>();
  for (const [at, column] of columns.entries()) {
    const meaning = column.meanings.find((each) => each.kind === kind);
    if (meaning === undefined) continue;
    const rank = column.mapped ? 2 : meaning.sure ? 1 : 0;
    const other = taken.get(meaning.field);
    if (other?.rank === rank) return sameField(columns[other.at], column, meaning);
    if (other !== undefined && other.rank > rank) continue;
    if (other !== undefined) fields[other.at] = null;
    fields[at] = meaning.field;
    taken.set(meaning.field, { at, rank });
  }
  for (const field of REQUIRED[kind]) {
    if (taken.has(field)) continue;
    const names = listed(columns);
    return {
      problem: `no column is the ${fieldName(kind, field)} (${names}): name it with --map theirs=${field}`,
    };
  }
  return fields;
}

function sameField(one: Column | undefined, other: Column, { kind, field }: Meaning): Problem {
  const first = one?.name ?? '';
  const both = `columns ${quoted(first)} and ${quoted(other.name)} both mean the ${fieldName(kind, field)}`;
  if (first === other.name || other.mapped) return { problem: both };
  return {
    problem: `${both}: choose with --map ${shown(first)}=${field} or --map ${shown(other.name)}=${field}`,
  };
}

function fieldName(kind: ImportKind, field: string): string {
  if (field === 'line') return 'line number';
  if (field === 'order') return 'order number';
  return field === 'ordered'
    ? kind === 'orders'
      ? 'ordered date'
      : 'ordered quantity'
    : `${SINGULAR[kind]} ${field}`;
}

function undecided(columns: readonly Column[]): Problem {
  return {
    problem: `can't tell what the file holds (${listed(columns)}): say ${FLAGS}, or rename with --map theirs=ours`,
  };
}

function listed(columns: readonly Column[]): string {
  const named = columns.filter(({ bare }) => bare !== '');
  if (named.length === 0) return 'no column has a name';
  const names = named.slice(0, MOST_NAMED).map(({ name }) => quoted(name));
  const more = named.length - names.length;
  return `columns found: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function shown(name: string): string {
  return printable(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name);
}

function quoted(name: string): string {
  return `"${shown(name)}"`;
}
