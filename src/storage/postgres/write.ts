/**
 * Writing what was decided, in one statement that writes all of it or nothing: it checks that everything the decision
 * relied on is still so, records the operation, and all else hangs on the operation's row. It must run after its orders
 * and labels were locked, by statements before it in the same transaction: then it sees whatever was committed by those
 * who held the locks earlier, and nobody can change any of it.
 */
import type { ChangeSet, NewReservation } from '../../core/index.ts';
import type { OperationRequest } from '../../stockroom/ledger.ts';
import { numberArray, textArray } from './arrays.ts';
import type { Prepared } from './batch.ts';
import { EVENT_ROWS, eventArrays, eventValues } from './events.ts';
import { GUARDS } from './guards.ts';
import type { Loaded } from './load.ts';
import { type Chosen, chosenParts, numbered, type Part, textOf } from './parts.ts';
import { restoredChanges } from './restored.ts';

export interface Writing {
  readonly operation: OperationRequest;
  readonly at: number;
  /** The document of the answer. */
  readonly answer: string;
  readonly changes: ChangeSet;
  /** The orders whose history it goes into. */
  readonly touched: readonly number[];
  /** What the decision was made from. */
  readonly loaded: Loaded;
}

/** Something to write where the operation was recorded. */
export interface Change extends Part<Writing> {
  /** How many rows it must write; absent where it writes all that it is given, or fails. */
  readonly rows?: (writing: Writing) => number;
  /** The change that must come before it, if there is one of that name. */
  readonly after?: string;
  /** What it tells the changes behind it of the rows that it wrote. */
  readonly returning?: string;
}

const OPERATION: Part<Writing> = {
  name: 'operation',
  sql: `insert into operations (name, verb, actor, reason, fingerprint, at, answer)
    select $1, $2, $3, $4, $5, $6::bigint, $7 where (select holds from guard)
    on conflict (name) do nothing returning id`,
  values: ({ operation: { id, verb, actor, reason, fingerprint }, at, answer }) => {
    return [id, verb, actor, reason, fingerprint, at, answer];
  },
};

const FREED: Change = {
  name: 'freed',
  sql: 'delete from reservations where label_id = any($1::bigint[]) and exists (select from operation)',
  rows: ({ changes }) => changes.freedLabels.length,
  values: (writing) => valuesOf(writing.changes.freedLabels, (labels) => [numberArray(labels)]),
};

const RESERVED: Change = {
  name: 'reserved',
  sql: `insert into reservations (label_id, line_id, item_id, since, "by", operation_id)
    select t.label_id, t.line_id, t.item_id, $4::bigint, $5, operation.id
    from operation, unnest($1::bigint[], $2::bigint[], $3::bigint[]) t(label_id, line_id, item_id)`,
  // A label that one operation frees and reserves must be free first.
  after: 'freed',
  values: ({ changes, at, operation }) => {
    const rows = newReservations(changes);
    if (rows.length < 2) return undefined;
    const labels = numberArray(rows.map(({ labelId }) => labelId));
    const lines = numberArray(rows.map(({ lineId }) => lineId));
    const items = numberArray(rows.map(({ itemId }) => itemId));
    return [labels, lines, items, at, operation.actor];
  },
};

/** The same for one label, which is most often so and takes half the time without arrays. */
const RESERVED_ONE: Change = {
  name: 'reserved_one',
  sql: `insert into reservations (label_id, line_id, item_id, since, "by", operation_id)
    select $1::bigint, $2::bigint, $3::bigint, $4::bigint, $5, operation.id from operation`,
  after: 'freed',
  values: ({ changes, at, operation }) => {
    const [row, ...more] = newReservations(changes);
    if (row === undefined || more.length > 0) return undefined;
    return [row.labelId, row.lineId, row.itemId, at, operation.actor];
  },
};

/** Earlier reservations as they were; only their operations go by another key here than in the core. */
const PUT_BACK: Change = {
  name: 'put_back',
  sql: `insert into reservations (label_id, line_id, item_id, since, "by", operation_id)
    select t.label_id, t.line_id, t.item_id, t.since, t."by", n.id
    from operation, unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
      t(label_id, line_id, item_id, since, "by", operation) join operations n on n.name = t.operation`,
  after: 'freed',
  rows: ({ changes }) => earlierReservations(changes).length,
  values: ({ changes }) =>
    valuesOf(earlierReservations(changes), (rows) => [
      numberArray(rows.map(({ labelId }) => labelId)),
      numberArray(rows.map(({ lineId }) => lineId)),
      numberArray(rows.map(({ itemId }) => itemId)),
      numberArray(rows.map(({ restored }) => restored.since)),
      textArray(rows.map(({ restored }) => restored.by)),
      textArray(rows.map(({ restored }) => restored.operation)),
    ]),
};

const QUANTITIES: Change = {
  name: 'quantities',
  sql: `update labels l set quantity = t.quantity
    from operation, unnest($1::bigint[], $2::bigint[]) t(id, quantity) where l.id = t.id`,
  rows: ({ changes }) => changes.labelQuantities.size,
  values: ({ changes }) =>
    valuesOf([...changes.labelQuantities], (rows) => [
      numberArray(rows.map(([id]) => id)),
      numberArray(rows.map(([, quantity]) => quantity)),
    ]),
};

const SHIPPED: Change = {
  name: 'shipped',
  sql: `update order_lines k set shipped = t.shipped
    from operation, unnest($1::bigint[], $2::bigint[]) t(id, shipped) where k.id = t.id`,
  rows: ({ changes }) => changes.lineShipped.length,
  values: ({ changes }) =>
    valuesOf(changes.lineShipped, (rows) => [
      numberArray(rows.map(({ lineId }) => lineId)),
      numberArray(rows.map(({ shipped }) => shipped)),
    ]),
};

const STATUSES: Change = {
  name: 'statuses',
  sql: `update orders o set status = t.status
    from operation, unnest($1::bigint[], $2::text[]) t(id, status) where o.id = t.id`,
  rows: ({ changes }) => changes.orderStatuses.length,
  values: ({ changes }) =>
    valuesOf(changes.orderStatuses, (rows) => [
      numberArray(rows.map(({ orderId }) => orderId)),
      textArray(rows.map(({ status }) => status)),
    ]),
};

/** An operation ships an order once at most, so its shipments are told apart by their orders. */
const SHIPMENTS: Change = {
  name: 'shipment',
  sql: `insert into shipments (operation_id, order_id, at, "by")
    select operation.id, t.order_id, $2::bigint, $3 from operation, unnest($1::bigint[]) t(order_id)`,
  returning: 'id, order_id',
  values: ({ changes, at, operation }) =>
    valuesOf(changes.shipments, (rows) => [
      numberArray(rows.map(({ orderId }) => orderId)),
      at,
      operation.actor,
    ]),
};

const SHIPMENT_LINES: Change = {
  name: 'shipment_lines',
  sql: `insert into shipment_lines (shipment_id, line_id, quantity)
    select s.id, t.line_id, t.quantity
    from unnest($1::bigint[], $2::bigint[], $3::bigint[]) t(order_id, line_id, quantity)
      join shipment s on s.order_id = t.order_id`,
  rows: (writing) => shippedLines(writing).length,
  values: (writing) =>
    valuesOf(shippedLines(writing), (rows) => [
      numberArray(rows.map(({ orderId }) => orderId)),
      numberArray(rows.map(({ lineId }) => lineId)),
      numberArray(rows.map(({ quantity }) => quantity)),
    ]),
};

const SHIPMENT_LABELS: Change = {
  name: 'shipment_labels',
  sql: `insert into shipment_labels (shipment_id, line_id, label_id, quantity, remaining)
    select s.id, t.line_id, t.label_id, t.quantity, t.remaining
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
      t(order_id, line_id, label_id, quantity, remaining)
      join shipment s on s.order_id = t.order_id`,
  rows: (writing) => shippedLabels(writing).length,
  values: (writing) =>
    valuesOf(shippedLabels(writing), (rows) => [
      numberArray(rows.map(({ orderId }) => orderId)),
      numberArray(rows.map(({ lineId }) => lineId)),
      numberArray(rows.map(({ labelId }) => labelId)),
      numberArray(rows.map(({ quantity }) => quantity)),
      numberArray(rows.map(({ remaining }) => remaining)),
    ]),
};

const EVENTS: Change = {
  name: 'events',
  sql: `insert into events (operation_id, at, kind, item_id, label_id, order_id, line_id, before, after)
    select operation.id, $8::bigint, t.kind, t.item_id, t.label_id, t.order_id, t.line_id, t.before, t.after
    from operation, ${EVENT_ROWS} order by t.place`,
  values: ({ changes: { events }, at }) => (events.length > 1 ? [...eventArrays(events), at] : undefined),
};

const ONE_EVENT: Change = {
  name: 'one_event',
  sql: `insert into events (operation_id, at, kind, item_id, label_id, order_id, line_id, before, after)
    select operation.id, $8::bigint, $1, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6, $7 from operation`,
  values: ({ changes, at }) => {
    const [event, ...more] = changes.events;
    return event === undefined || more.length > 0 ? undefined : [...eventValues(event), at];
  },
};

const CHANGES: readonly Change[] = [
  ...[FREED, RESERVED, RESERVED_ONE, PUT_BACK, QUANTITIES, SHIPPED, STATUSES],
  ...[SHIPMENTS, SHIPMENT_LINES, SHIPMENT_LABELS, EVENTS, ONE_EVENT],
];

/**
 * The statement that writes a decision. It gives a row if the operation was recorded, and none if something is no longer
 * so, or somebody else has recorded an operation of this id; then nothing was written.
 */
export function writeStatement(writing: Writing): Prepared {
  const values: unknown[] = [];
  const guards = chosenParts(GUARDS, writing, values);
  const operation = chosenParts([OPERATION], writing, values);
  const changes = chosenParts<Writing, Change>(
    [...CHANGES, ...restoredChanges(writing.changes.restoredRows)],
    writing,
    values,
  );
  const parameters = values.length;
  values.push(...changes.flatMap(({ part: { rows } }) => rows?.(writing) ?? []));
  const name = `write ${[...guards, ...changes].map(({ part }) => part.name).join(' ')}`;
  return { name, text: textOf(name, () => writeText(guards, operation, changes, parameters)), values };
}

function writeText(
  guards: readonly Chosen<Part<Writing>>[],
  [operation]: readonly Chosen<Part<Writing>>[],
  changes: readonly Chosen<Change>[],
  parameters: number,
): string {
  if (operation === undefined) throw new Error('a write without an operation');
  const steps = changes.map((change) => {
    const { name, after, rows, returning = rows === undefined ? undefined : '1' } = change.part;
    const waits = changes.some(({ part }) => part.name === after);
    const condition = waits ? ` where (select count(*) from ${after}) >= 0` : '';
    return `,\n${name} as (${numbered(change)}${condition}${returning === undefined ? '' : ` returning ${returning}`})`;
  });
  const names = changes.flatMap(({ part: { name, rows } }) => (rows === undefined ? [] : name));
  return `
    with guard as materialized (select ${guards.map(numbered).join(' and ') || 'true'} as holds),
    operation as (${numbered(operation)})${steps.join('')}
    select operation.id, ${wroteAll(names, parameters)} from operation`;
}

/** With the locks held every row must take effect; else it is a bug, and an error undoes it all. */
function wroteAll(changes: readonly string[], parametersBefore: number): string {
  if (changes.length === 0) return 'true';
  const counts = changes.map((name) => `(select count(*) from ${name})`);
  const expected = changes.map((_, at) => `$${parametersBefore + at + 1}::bigint`);
  const complaint = `('not all of operation ' || operation.id || ' was written')::boolean`;
  return `case when row(${counts.join(', ')}) = row(${expected.join(', ')}) then true else ${complaint} end`;
}

function valuesOf<R>(rows: readonly R[], values: (rows: readonly R[]) => unknown[]): unknown[] | undefined {
  return rows.length === 0 ? undefined : values(rows);
}

function newReservations({ reservations }: ChangeSet): NewReservation[] {
  return reservations.filter(({ restored }) => restored === undefined);
}

function earlierReservations({ reservations }: ChangeSet) {
  return reservations.flatMap(({ restored, ...reservation }) => {
    return restored === undefined ? [] : [{ ...reservation, restored }];
  });
}

function shippedLines({ changes }: Writing) {
  return changes.shipments.flatMap(({ orderId, lines }) => lines.map((line) => ({ orderId, ...line })));
}

function shippedLabels({ changes }: Writing) {
  return changes.shipments.flatMap(({ orderId, labels }) => labels.map((label) => ({ orderId, ...label })));
}
