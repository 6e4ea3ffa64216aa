/** A small warehouse for tests, and the one way that stock comes into any: the Stockroom's own import. */
import {
  fromDecimal,
  IMPORT_KINDS,
  type ImportRows,
  type ItemRow,
  type LabelDocument,
  type OrderRow,
  type ShipmentDocument,
} from '../../src/core/index.ts';
import type { OrderSummary } from '../../src/stockroom/queries.ts';
import type {
  ImportAnswer,
  ImportOptions,
  ImportProgress,
  Intent,
  Stockroom,
  View,
} from '../../src/stockroom/stockroom.ts';

type Decimal<R, F extends keyof R> = Omit<R, F> & { readonly [N in F]?: number };
export type LabelSeed = Decimal<ImportRows['labels'], 'quantity'>;
export type LineSeed = Decimal<ImportRows['lines'], 'ordered' | 'shipped'>;

/** Rows of every kind with quantities as decimals. */
export interface Stock {
  readonly items?: readonly ItemRow[];
  readonly labels?: readonly LabelSeed[];
  readonly orders?: readonly OrderRow[];
  readonly lines?: readonly LineSeed[];
}

export const WAREHOUSE = {
  items: [
    { sku: 'CABLE', name: 'Copper cable', unit: 'm', tracking: 'serialized' },
    { sku: 'PAINT', name: 'White paint', unit: 'l', tracking: 'serialized' },
    { sku: 'SCREW', name: 'Wood screw', unit: 'each', tracking: 'standard' },
  ],
  labels: [
    {
      number: 'L-1',
      item: 'CABLE',
      quantity: 100,
      code: 'C-1',
      location: 'hall',
      bin: 'A1',
      created: '2026-01-01',
    },
    { number: 'L-2', item: 'CABLE', quantity: 50.5, location: 'hall', bin: 'A2', created: '2026-02-01' },
    { number: 'L-3', item: 'CABLE', quantity: 30, location: 'yard', bin: 'Y1', created: '2026-03-01' },
    { number: 'L-4', item: 'CABLE', quantity: 0, location: 'yard', created: '2026-01-02' },
    { number: 'P-1', item: 'PAINT', quantity: 10, lot: 'B7', expiry: '2027-06-30', created: '2026-05-01' },
    { number: 'P-2', item: 'PAINT', quantity: 20, lot: 'B8', expiry: '2027-01-31', created: '2026-06-01' },
    { number: 'P-3', item: 'PAINT', quantity: 5, lot: 'B1', expiry: '2026-11-22', created: '2025-01-01' },
  ],
  orders: [
    { number: 'SO-1', customer: 'Acme', ordered: '2026-11-01', due: '2026-12-01', status: 'open' },
    { number: 'SO-2', customer: 'Bolt & Co', ordered: '2026-11-02', due: '2026-11-30', status: 'draft' },
    { number: 'SO-3', customer: 'Acme', ordered: '2026-11-03', status: 'open' },
    { number: 'SO-4', customer: 'Coil', status: 'shipped' },
    { number: 'SO-5', customer: 'Coil', status: 'closed' },
    { number: 'SO-6', status: 'cancelled' },
    { number: 'SO-7', customer: 'Dune', due: '2027-01-01', status: 'partially_shipped' },
    { number: 'SO-8', customer: 'Dune', status: 'open' },
  ],
  lines: [
    { order: 'SO-1', line: 1, item: 'CABLE', ordered: 120 },
    { order: 'SO-1', line: 2, item: 'SCREW', ordered: 500 },
    { order: 'SO-2', line: 1, item: 'CABLE', ordered: 30 },
    { order: 'SO-2', line: 2, item: 'PAINT', ordered: 8 },
    { order: 'SO-3', line: 1, item: 'CABLE', ordered: 10 },
    { order: 'SO-3', line: 2, item: 'CABLE', ordered: 20 },
    { order: 'SO-4', line: 1, item: 'CABLE', ordered: 5, shipped: 5 },
    { order: 'SO-5', line: 1, item: 'CABLE', ordered: 5 },
    { order: 'SO-6', line: 1, item: 'CABLE', ordered: 5 },
    { order: 'SO-7', line: 1, item: 'CABLE', ordered: 10, shipped: 10 },
    { order: 'SO-7', line: 2, item: 'PAINT', ordered: 12.5, shipped: 2.5 },
  ],
} as const satisfies Stock;

let operations = 0;

/** A wish of dana's with an operation id that no other test has, unless `over` says otherwise. */
export function intent(over: Partial<Intent> = {}): Intent {
  operations += 1;
  return { operation: `op-${operations}`, actor: 'dana', ...over };
}

export const NIGHTLY: ImportOptions = {
  onConflict: 'report',
  releaseClosed: false,
  atomic: false,
  problemLimit: 20,
};

/** Imports rows as a night would; the rows of a kind are numbered from 1 in a file of its name. */
export async function bring(
  room: Stockroom,
  stock: Stock,
  over: Partial<ImportOptions> = {},
  wish: Intent = intent({ actor: 'nightly' }),
): Promise<ImportAnswer> {
  return await bringRows(room, rowsOf(stock), over, wish);
}

export type KindRow = { readonly [K in keyof ImportRows]: readonly [K, ImportRows[K]] }[keyof ImportRows];

export async function bringRows(
  room: Stockroom,
  rows: Iterable<KindRow>,
  over: Partial<ImportOptions> = {},
  wish: Intent = intent({ actor: 'nightly' }),
  progress?: ImportProgress,
): Promise<ImportAnswer> {
  const session = await room.beginImport({ ...NIGHTLY, ...over }, wish);
  try {
    const counts = { items: 0, labels: 0, orders: 0, lines: 0 };
    for (const [kind, row] of rows) {
      counts[kind] += 1;
      session.add(kind, { origin: { file: kind, row: counts[kind] }, row });
    }
    return await session.finish(progress);
  } finally {
    session.close();
  }
}

/** Imports rows that must be taken whole. */
export async function seed(room: Stockroom, stock: Stock): Promise<void> {
  const answer = await bring(room, stock, { atomic: true });
  if (answer.code !== 'imported') throw new Error(`not seeded: ${JSON.stringify(answer.problems)}`);
}

export function rowsOf(stock: Stock): KindRow[] {
  const whole = <R extends object>(row: R): ImportRows[keyof ImportRows] => {
    const fields = Object.entries(row).map(([name, value]) => {
      return [name, typeof value === 'number' && name !== 'line' ? fromDecimal(value) : value];
    });
    return Object.fromEntries(fields) as unknown as ImportRows[keyof ImportRows];
  };
  return IMPORT_KINDS.flatMap((kind) => (stock[kind] ?? []).map((row) => [kind, whole(row)] as KindRow));
}

export async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const rows: T[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

/** All that can be seen of a store, without its operations. */
export interface Everything {
  readonly labels: readonly LabelDocument[];
  readonly orders: readonly OrderSummary[];
  readonly shipments: readonly ShipmentDocument[];
  readonly views: readonly View[];
}

export async function everything(room: Stockroom): Promise<Everything> {
  const labels = await all(room.labels({}));
  const orders = await all(room.orders({}));
  const views: View[] = [];
  for (const { number } of labels) views.push(await room.show({ kind: 'label', name: number }));
  for (const { number } of orders) views.push(await room.show({ kind: 'order', name: number }));
  return { labels, orders, shipments: await all(room.shipments({})), views };
}

const BIG = { labels: 6000, orders: 400 };

/** The import that `killed-import.ts` runs. */
export const KILLED: Intent = { operation: 'the-night', actor: 'nightly' };

/** Thousands of rows as a source says them before and after a day; the later file changes, adds and ends things. */
export function bigStock(when: 'before' | 'after'): Stock {
  const after = when === 'after';
  const labels = Array.from({ length: after ? BIG.labels : BIG.labels / 2 }, (_, at) => {
    return {
      number: `B-${at}`,
      item: `I-${at % 10}`,
      quantity: after && at % 7 === 0 ? 2 : 1,
      bin: `b${at % 50}`,
    };
  });
  const orders = Array.from({ length: after ? BIG.orders : BIG.orders / 2 }, (_, at) => {
    return { number: `BO-${at}`, status: after && at % 5 === 0 ? 'closed' : 'open' } as const;
  });
  const lines = orders.map(({ number }, at) => {
    return { order: number, line: 1, item: `I-${at % 10}`, ordered: after ? 3 : 2 };
  });
  return { items: Array.from({ length: 10 }, (_, at) => ({ sku: `I-${at}` })), labels, orders, lines };
}
