/** What `show` prints: a screen for people, records for pipes. */
import {
  commandLine,
  formatDecimal,
  type LabelDocument,
  type LineDocument,
  type OrderDocument,
  printable,
} from '../../core/index.ts';
import type { EventDocument, View } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { tsvRecord } from './cells.ts';
import { csvText } from './csv.ts';
import type { Cell } from './columns.ts';
import { eventLines, shipmentSummaries } from './events.ts';
import type { Format } from './formats.ts';
import { paddedWriter } from './padded.ts';
import { measured, placeOf } from './words.ts';

type Shown = Exclude<View, { kind: 'refused' }>;

export function viewScreen(view: Shown, context: Context): string[] {
  switch (view.kind) {
    case 'order':
      return orderScreen(view, context);
    case 'label':
      return labelScreen(view, context);
    case 'operation': {
      const { id, verb, at, by, reason } = view.operation;
      const why = reason === null ? '' : ` · ${reason}`;
      const head = `${context.paint.bold(printable(id))} · ${printable(`${verb} · ${context.sayMoment(at)} by ${by}${why}`)}`;
      return [head, ...section('what it changed', eventLines(view.events, context), context)];
    }
  }
}

function orderScreen(view: Extract<Shown, { kind: 'order' }>, context: Context): string[] {
  const { order, labels, shipments, events } = view;
  const dates = [
    ...(order.ordered === null ? [] : [`ordered ${order.ordered}`]),
    ...(order.due === null ? [] : [`due ${order.due}`]),
  ];
  const head = [order.customer ?? 'no customer', order.status.replaceAll('_', ' '), ...dates].join(' · ');
  return [
    `${context.paint.bold(printable(order.number))} · ${printable(head)}`,
    '',
    ...lineTable(order, labels, context),
    ...section(
      'reserved labels',
      labels.map((label) => heldLabel(label, context)),
      context,
    ),
    ...section('shipments', shipmentSummaries(shipments, context), context),
    ...section('history', eventLines(events, context), context),
    ...section('next', orderSteps(order), context),
  ];
}

function lineTable(order: OrderDocument, labels: readonly LabelDocument[], { paint }: Context): string[] {
  if (order.lines.length === 0) return ['no lines'];
  const titles = [
    'LINE',
    'ITEM',
    'NAME',
    'ORDERED',
    'SHIPPED',
    'OUTSTANDING',
    'RESERVED',
    'BALANCE',
    'RESERVED LABELS',
  ];
  const rows = order.lines.map((line) => {
    const held = labels
      .filter(({ reservation }) => reservation?.line === line.line)
      .map(({ number }) => number);
    const amounts = [line.ordered, line.shipped, line.outstanding, line.reserved];
    const cells = [
      String(line.line),
      line.item,
      line.itemName,
      ...amounts.map((amount) => measured(amount, line.unit)),
    ];
    return [...cells, balance(line), some(held)].map(printable);
  });
  const write = paddedWriter(titles, rows, [true, false, false, true, true, true, true, false, false]);
  return [paint.bold(write(titles)), ...rows.map(write)];
}

function balance(line: LineDocument): string {
  if (line.tracking === 'standard') return line.outstanding === 0 ? 'done' : 'by quantity';
  if (line.shortfall > 0) return `${formatDecimal(line.shortfall)} short`;
  if (line.surplus > 0) return `${formatDecimal(line.surplus)} surplus`;
  return line.outstanding === 0 ? 'done' : 'covered';
}

/** Enough labels to recognise a line by. */
function some(numbers: readonly string[]): string {
  const rest = numbers.length - 6;
  return rest > 0 ? `${numbers.slice(0, 6).join(', ')} and ${rest} more` : numbers.join(', ');
}

function heldLabel(label: LabelDocument, { sayMoment }: Context): string {
  const { number, quantity, unit, reservation, lot, expiry, expired } = label;
  const dated = [
    lot === null ? '' : `lot ${lot}`,
    expiry === null ? '' : `${expired ? 'expired' : 'expires'} ${expiry}`,
  ];
  const held =
    reservation === null
      ? ''
      : `line ${reservation.line} since ${sayMoment(reservation.since)} by ${reservation.by}`;
  return printable(
    [number, measured(quantity, unit), placeOf(label), ...dated, held]
      .filter((part) => part !== '')
      .join(' · '),
  );
}

function orderSteps(order: OrderDocument): string[] {
  if (!['draft', 'open', 'partially_shipped'].includes(order.status)) return [];
  const short = order.lines.filter(({ shortfall }) => shortfall > 0);
  const steps = short.slice(0, 3).map(({ line }) => {
    return commandLine('reserve', [order.number], ['--line', String(line), '--auto']);
  });
  const canShip = ({ outstanding, reserved, tracking }: LineDocument) =>
    outstanding > 0 && (reserved > 0 || tracking === 'standard');
  if (order.lines.some(canShip)) {
    steps.push(commandLine('ship', [order.number], short.length > 0 ? ['--partial'] : []));
  }
  if (order.lines.some(({ reservedLabels }) => reservedLabels > 0)) {
    steps.push(commandLine('unreserve', [], ['--order', order.number]));
  }
  return steps.map(printable);
}

function labelScreen(view: Extract<Shown, { kind: 'label' }>, context: Context): string[] {
  const { label, shipments, events } = view;
  const known: [string, string][] = [
    ['status', label.expired ? `${label.status}, expired` : label.status],
    ['item', `${label.item} (${label.itemName})`],
    ['quantity', measured(label.quantity, label.unit)],
    ['place', placeOf(label)],
    ['scan code', label.code ?? ''],
    ['lot', label.lot ?? ''],
    ['expiry', label.expiry ?? ''],
    ['created', label.created ?? ''],
    ['reserved for', holder(label, context)],
  ];
  const facts = known.filter(([, value]) => value !== '');
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    context.paint.bold(printable(label.number)),
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${printable(value)}`),
    ...section('shipments', shipmentSummaries(shipments, context), context),
    ...section('history', eventLines(events, context), context),
    ...section('next', labelSteps(label), context),
  ];
}

function holder({ reservation }: LabelDocument, { sayMoment }: Context): string {
  if (reservation === null) return '';
  const { order, customer, line, since, by, operation } = reservation;
  const who = customer === null ? order : `${order} (${customer})`;
  return `${who} line ${line} since ${sayMoment(since)} by ${by}, operation ${operation}`;
}

function labelSteps({ number, status, reservation }: LabelDocument): string[] {
  if (status === 'active') return [printable(commandLine('reserve', ['ORDER', number]))];
  if (reservation === null) return [];
  return [
    printable(commandLine('show', [reservation.order])),
    printable(commandLine('unreserve', [number], ['--expect-order', reservation.order])),
  ];
}

function section(title: string, lines: readonly string[], { paint }: Context): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines.map((line) => `  ${line}`)];
}

/** Records for pipes: an order's lines, a label's fields, an operation's events. */
export function viewRows(
  view: Shown,
  format: Exclude<Format, 'table' | 'wide' | 'json' | 'ndjson'>,
): string[] {
  if (format === 'name') return [printable(nameOf(view))];
  const records = recordsOf(view);
  return format === 'csv' ? [csvText(records).trimEnd()] : records.slice(1).map(tsvRecord);
}

function nameOf(view: Shown): string {
  switch (view.kind) {
    case 'order':
      return `order/${view.order.number}`;
    case 'label':
      return `label/${view.label.number}`;
    case 'operation':
      return `operation/${view.operation.id}`;
  }
}

/** The first record names the fields. */
function recordsOf(view: Shown): Cell[][] {
  switch (view.kind) {
    case 'order': {
      const fields = [
        'line',
        'item',
        'ordered',
        'shipped',
        'outstanding',
        'reserved',
        'surplus',
        'shortfall',
      ] as const;
      const head = [...fields, 'reservedLabels'];
      const rows = view.order.lines.map((line): Cell[] => {
        const held = view.labels.filter(({ reservation }) => reservation?.line === line.line);
        return [...fields.map((field) => line[field]), held.map(({ number }) => number).join(' ')];
      });
      return [head, ...rows];
    }
    case 'label': {
      const { reservation, ...label } = view.label;
      const fields = {
        ...label,
        ...Object.fromEntries(
          Object.entries(reservation ?? {}).map(([name, value]) => [`reservation.${name}`, value]),
        ),
      };
      return [
        ['field', 'value'],
        ...Object.entries(fields).map(([name, value]): Cell[] => [name, value as Cell]),
      ];
    }
    case 'operation':
      return [['at', 'kind', 'label', 'order', 'line', 'before', 'after'], ...view.events.map(eventRecord)];
  }
}

function eventRecord({ at, kind, label, order, line, before, after }: EventDocument): Cell[] {
  return [
    at,
    kind,
    label,
    order,
    line,
    ...[before, after].map((fields) => (fields === null ? null : JSON.stringify(fields))),
  ];
}
