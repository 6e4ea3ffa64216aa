/** `earmark list`: orders, labels, reservations, shipments, with filters. */
import { type Command, InvalidArgumentError } from 'commander';
import { LABEL_STATUSES, ORDER_STATUSES, parseDate } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import {
  LABEL_SORTS,
  type LabelQuery,
  ORDER_SORTS,
  type OrderQuery,
  RESERVATION_SORTS,
  type ReservationQuery,
  SHIPMENT_SORTS,
  type ShipmentQuery,
} from '../../stockroom/queries.ts';
import { examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf, lineNumber } from '../keys.ts';
import { asOfFlag, momentFlag } from '../moment-flags.ts';
import type { Listing } from '../present/columns.ts';
import type { CommonFlags } from '../settings.ts';
import { labelStatuses, orderStatuses } from '../statuses.ts';

/** On a terminal nobody reads more; in a pipe everything is given. */
const SCREENFUL = 200;

interface ListFlags extends CommonFlags {
  readonly search?: string;
  readonly item?: string;
  readonly status?: string;
  readonly location?: string;
  readonly bin?: string;
  readonly lot?: string;
  readonly order?: string;
  readonly line?: string;
  readonly label?: string;
  readonly expired?: boolean;
  readonly customer?: string;
  readonly dueBy?: string;
  readonly holding?: boolean;
  readonly by?: string;
  readonly olderThan?: string;
  readonly asOf?: string;
  readonly since?: string;
  readonly until?: string;
  readonly sort?: string;
  readonly limit?: number;
}

export const define: Define = (list, context, finish) => {
  list.description('list orders, labels, reservations or shipments');
  examples(list, [
    'earmark list orders --status open,partially_shipped --due-by 2026-12-01',
    'earmark list labels --item ROPE-8 --status active --sort created',
    'earmark list reservations --older-than 14d -o csv',
  ]);
  const labels = list.command('labels').description('labels, whoever holds them');
  examples(labels, [
    'earmark list labels --item ROPE-8 --status active --sort created',
    'earmark list labels --bin A-3 -o name | earmark find -',
  ]);
  labels.option('--search <text>', 'part of the number, code, bin, location or lot');
  labels.option('--item <sku>', 'of this item').option('--status <status>', LABEL_STATUSES.join(', '));
  labels.option('--location <name>', 'in this location').option('--bin <name>', 'in this bin');
  labels.option('--lot <name>', 'of this lot').option('--order <number>', 'held by this order');
  labels.option('--expired', 'past their expiry').option('--no-expired', 'not past their expiry');
  sorted(labels, LABEL_SORTS).action(
    handler<ListFlags>(context, finish, async (_, flags) => await listLabels(context, flags)),
  );

  const orders = list.command('orders').description('orders with how far they are');
  examples(orders, [
    'earmark list orders --status open,partially_shipped --due-by 2026-12-01',
    'earmark list orders --holding --sort -due',
  ]);
  orders.option('--search <text>', 'part of the number or the customer');
  orders
    .option('--status <status>', ORDER_STATUSES.join(', '))
    .option('--customer <name>', 'of this customer');
  orders
    .option('--item <sku>', 'with a line for this item')
    .option('--due-by <date>', 'due on this date or before');
  orders.option('--holding', 'that hold labels').option('--no-holding', 'that hold none');
  sorted(orders, ORDER_SORTS).action(
    handler<ListFlags>(context, finish, async (_, flags) => await listOrders(context, flags)),
  );

  const reservations = list
    .command('reservations')
    .description('labels that orders hold, longest held first');
  examples(reservations, [
    'earmark list reservations --order SO-1042',
    'earmark list reservations --older-than 14d -o csv',
    'earmark list reservations --as-of 2026-11-20T18:00',
  ]);
  reservations.option('--order <number>', 'for this order').option('--line <number>', 'for this line of it');
  reservations.option('--item <sku>', 'of this item').option('--by <name>', 'made by this person');
  reservations.option('--status <status>', `for orders that are ${ORDER_STATUSES.join(', ')}`);
  reservations.option('--older-than <span>', 'made longer ago than this, such as 14d');
  reservations.option('--as-of <time>', 'what was reserved at this time');
  sorted(reservations, RESERVATION_SORTS).action(
    handler<ListFlags>(context, finish, async (_, flags) => await listReservations(context, flags)),
  );

  const shipments = list.command('shipments').description('what was shipped, oldest first');
  examples(shipments, [
    'earmark list shipments --order SO-1042',
    'earmark list shipments --since 2026-11-01 --json',
  ]);
  shipments.option('--order <number>', 'of this order').option('--label <label>', 'drawn from this label');
  shipments
    .option('--since <time>', 'shipped from this time on')
    .option('--until <time>', 'shipped before this time');
  sorted(shipments, SHIPMENT_SORTS).action(
    handler<ListFlags>(context, finish, async (_, flags) => await listShipments(context, flags)),
  );
};

function sorted(command: Command, sorts: readonly string[]): Command {
  return command
    .option('--sort <field>', `${sorts.join(', ')}; with - before it the other way round`)
    .option(
      '--limit <number>',
      `at most so many rows; on a terminal ${SCREENFUL} unless given, 0 for all`,
      wholeNumber,
    );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

async function listLabels(context: Context, flags: ListFlags): Promise<number> {
  const { LABELS } = await import('../present/columns.ts');
  const query: LabelQuery = {
    ...given('search', flags.search),
    ...given('item', key(flags.item, 'item')),
    ...given('status', flags.status === undefined ? undefined : labelStatuses(flags.status)),
    ...given('location', flags.location),
    ...given('bin', flags.bin),
    ...given('lot', flags.lot),
    ...given('order', key(flags.order, 'order')),
    ...given(
      'expired',
      flags.expired === undefined ? undefined : { on: context.clock.today(), is: flags.expired },
    ),
    ...sorting(flags, LABEL_SORTS),
  };
  const stockroom = await context.stockroom();
  return await printPage(context, LABELS, flags, (limit) => stockroom.labels({ ...query, ...limit }));
}

async function listOrders(context: Context, flags: ListFlags): Promise<number> {
  const { ORDERS } = await import('../present/columns.ts');
  const query: OrderQuery = {
    ...given('search', flags.search),
    ...given('status', flags.status === undefined ? undefined : orderStatuses(flags.status)),
    ...given('customer', flags.customer),
    ...given('item', key(flags.item, 'item')),
    ...given('dueBy', flags.dueBy === undefined ? undefined : date(flags.dueBy, '--due-by')),
    ...given('holding', flags.holding),
    ...sorting(flags, ORDER_SORTS),
  };
  const stockroom = await context.stockroom();
  return await printPage(context, ORDERS, flags, (limit) => stockroom.orders({ ...query, ...limit }));
}

async function listReservations(context: Context, flags: ListFlags): Promise<number> {
  const { RESERVATIONS } = await import('../present/columns.ts');
  const query: ReservationQuery = {
    ...given('order', key(flags.order, 'order')),
    ...given('line', lineNumber(flags.line)),
    ...given('item', key(flags.item, 'item')),
    ...given('by', flags.by),
    ...given('status', flags.status === undefined ? undefined : orderStatuses(flags.status)),
    ...given(
      'before',
      flags.olderThan === undefined ? undefined : momentFlag(flags.olderThan, '--older-than', context),
    ),
    ...asOfFlag(flags.asOf, context),
    ...sorting(flags, RESERVATION_SORTS),
  };
  const stockroom = await context.stockroom();
  return await printPage(context, RESERVATIONS, flags, (limit) =>
    stockroom.reservations({ ...query, ...limit }),
  );
}

async function listShipments(context: Context, flags: ListFlags): Promise<number> {
  const { SHIPMENTS } = await import('../present/columns.ts');
  const query: ShipmentQuery = {
    ...given('order', key(flags.order, 'order')),
    ...given('label', key(flags.label, 'label')),
    ...given('since', flags.since === undefined ? undefined : momentFlag(flags.since, '--since', context)),
    ...given('until', flags.until === undefined ? undefined : momentFlag(flags.until, '--until', context)),
    ...sorting(flags, SHIPMENT_SORTS),
  };
  const stockroom = await context.stockroom();
  return await printPage(context, SHIPMENTS, flags, (limit) => stockroom.shipments({ ...query, ...limit }));
}

/** Prints the rows; where a limit cut them, says so, so that nobody takes a part for the whole. */
async function printPage<T extends object>(
  context: Context,
  listing: Listing<T>,
  flags: ListFlags,
  rows: (limit: { readonly limit?: number }) => AsyncIterable<readonly T[]>,
): Promise<number> {
  const { printListing } = await import('../present/listing.ts');
  const { out, err } = context;
  const limit = flags.limit ?? (out.isTerminal ? SCREENFUL : 0);
  if (limit === 0) {
    const count = await printListing(context, listing, rows({}));
    if (count === 0 && err.isTerminal && flags.quiet !== true) err.line('nothing matches');
    return 0;
  }
  let more = false;
  const page = firstRows(rows({ limit: limit + 1 }), limit, () => {
    more = true;
  });
  const count = await printListing(context, listing, page);
  if (flags.quiet === true || !err.isTerminal) return 0;
  if (count === 0) err.line('nothing matches');
  if (more) err.line(`the first ${limit}; --limit 0 shows all`);
  return 0;
}

async function* firstRows<T>(
  batches: AsyncIterable<readonly T[]>,
  limit: number,
  onMore: () => void,
): AsyncIterable<readonly T[]> {
  let left = limit;
  for await (const batch of batches) {
    if (batch.length > left) onMore();
    yield batch.slice(0, left);
    left -= Math.min(left, batch.length);
  }
}

/** A property that is absent where it was not given, because an absent filter filters nothing. */
function given<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V });
}

function key(text: string | undefined, kind: 'label' | 'order' | 'item'): string | undefined {
  return text === undefined ? undefined : keyOf(text, kind);
}

function sorting<S extends string>(
  { sort }: ListFlags,
  sorts: readonly S[],
): { readonly sort?: S; readonly descending?: boolean } {
  if (sort === undefined) return {};
  const name = sort.replace(/^-/, '');
  const found = sorts.find((known) => known === name);
  if (found === undefined) throw new Fault('input', `--sort ${sort} is none of ${sorts.join(', ')}`);
  return { sort: found, descending: sort.startsWith('-') };
}

function date(text: string, flag: string): string {
  if (parseDate(text) !== text) throw new Fault('input', `${flag} ${text} is not a date (YYYY-MM-DD)`);
  return text;
}
