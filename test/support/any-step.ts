/** Anything that can happen in the small warehouse of `warehouse.ts`, so that it comes into every state there is. */
import fc from 'fast-check';
import type { ReserveCommand } from '../../src/core/index.ts';
import type { ImportOptions, Intent, Stockroom } from '../../src/stockroom/stockroom.ts';
import { bring, type LabelSeed, type LineSeed, type Stock } from './warehouse.ts';

export const LABELS = ['L-1', 'L-2', 'L-3', 'L-4', 'P-1', 'P-2', 'P-3', 'N-1', 'N-2'] as const;
export const ORDERS = ['SO-1', 'SO-2', 'SO-3', 'SO-5', 'SO-7', 'SO-8', 'NO-1'] as const;

export interface Step {
  readonly run: (room: Stockroom, operation: string) => Promise<unknown>;
}

const labels = fc.constantFrom(...LABELS);
const orders = fc.constantFrom('SO-1', 'SO-2', 'SO-2', 'SO-3', 'SO-7', 'SO-7', 'SO-8', 'NO-1');
const lines = fc.constantFrom(1, 1, 2);
const maybe = fc.constantFrom(true, false);
const actors = fc.constantFrom('dana', 'eve');

const reserves = fc
  .record({
    order: orders,
    chosen: fc.array(labels, { minLength: 1, maxLength: 3 }),
    line: lines,
    named: maybe,
  })
  .map(({ order, chosen, line, named }): ReserveCommand => {
    return { order, labels: chosen, keepGoing: true, ...(named ? { line } : {}) };
  });

/** Words that fields of labels and orders change between; null takes a value away. */
const places = fc.constantFrom('hall', 'yard', null);
const quantities = fc.constantFrom(0, 5, 12.5, 40, 100);

const labelRows: fc.Arbitrary<LabelSeed> = fc.record(
  {
    number: labels,
    item: fc.constantFrom('CABLE', 'PAINT'),
    quantity: quantities,
    location: places,
    bin: places,
    lot: places,
    expiry: fc.constantFrom('2026-11-20', '2027-01-01', null),
    created: fc.constantFrom('2026-01-01', null),
  },
  { requiredKeys: ['number'] },
);
const orderRows = fc.record(
  {
    number: fc.constantFrom(...ORDERS),
    customer: fc.constantFrom('Acme', 'Zinc', null),
    due: fc.constantFrom('2026-12-24', null),
    status: fc.constantFrom('draft', 'open', 'open', 'closed', 'cancelled'),
  },
  { requiredKeys: ['number'] },
);
const lineRows: fc.Arbitrary<LineSeed> = fc.record(
  {
    order: fc.constantFrom(...ORDERS),
    line: fc.constantFrom(1, 2, 3),
    item: fc.constantFrom('CABLE', 'PAINT'),
    ordered: fc.constantFrom(1, 20, 60),
  },
  { requiredKeys: ['order', 'line'] },
);
const itemRows = fc.record(
  { sku: fc.constantFrom('CABLE', 'PAINT', 'GLUE'), name: fc.constantFrom('Wire', 'Colour'), unit: places },
  { requiredKeys: ['sku'] },
);

const imports: fc.Arbitrary<{ readonly stock: Stock; readonly options: Partial<ImportOptions> }> = fc.record({
  stock: fc.oneof(
    fc.record({ labels: fc.array(labelRows, { minLength: 1, maxLength: 3 }) }),
    fc.record({ orders: fc.array(orderRows, { minLength: 1, maxLength: 2 }) }),
    fc.record({ lines: fc.array(lineRows, { minLength: 1, maxLength: 2 }) }),
    fc.record({ items: fc.array(itemRows, { maxLength: 1 }).map((rows) => rows.map(withUnit)) }),
  ),
  options: fc.record({ onConflict: fc.constantFrom('ours', 'theirs'), releaseClosed: maybe }),
});

function withUnit({ unit, ...row }: { sku: string; name?: string; unit?: string | null }) {
  return unit == null ? row : { ...row, unit };
}

/** Something that a person or a nightly import does; much of it is refused, and that is a state, too. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: doing('reserve', reserves, (room, command, wish) => room.reserve(command, wish)) },
  {
    weight: 2,
    arbitrary: doing('unreserve', fc.array(labels, { minLength: 1, maxLength: 2 }), (room, chosen, wish) => {
      return room.unreserve({ target: { labels: chosen } }, wish);
    }),
  },
  {
    weight: 2,
    arbitrary: doing('ship', fc.record({ order: orders, partial: maybe }), (room, command, wish) => {
      return room.ship({ ...command, allowExpired: true }, wish);
    }),
  },
  {
    weight: 2,
    arbitrary: doing('transfer', fc.tuple(labels, orders), (room, [label, order], wish) => {
      return room.transfer({ labels: [label], to: { order, line: 1 } }, wish);
    }),
  },
  {
    weight: 2,
    arbitrary: doing('swap', fc.tuple(labels, labels), (room, pair, wish) =>
      room.swap({ labels: pair }, wish),
    ),
  },
  { weight: 1, arbitrary: doing('cancel', orders, (room, order, wish) => room.cancelOrder({ order }, wish)) },
  { weight: 1, arbitrary: doing('close', orders, (room, order, wish) => room.closeOrder({ order }, wish)) },
  {
    weight: 2,
    arbitrary: doing('undo', fc.nat({ max: 20 }), (room, at, wish) => {
      return room.undo({ operation: wish.operation.replace(/\d+$/, String(at)) }, wish);
    }),
  },
  {
    weight: 4,
    arbitrary: doing('import', imports, (room, { stock, options }, wish) =>
      bring(room, stock, options, wish),
    ),
  },
);

function doing<C>(
  verb: string,
  commands: fc.Arbitrary<C>,
  act: (room: Stockroom, command: C, wish: Intent) => Promise<unknown>,
): fc.Arbitrary<Step> {
  return fc.tuple(commands, actors).map(([command, actor]) => ({
    // For whoever reads of a history that went wrong.
    [fc.toStringMethod]: () => `${verb} ${JSON.stringify(command)}`,
    run: async (room, operation) => await act(room, command, { operation, actor, reason: 'a step' }),
  }));
}
