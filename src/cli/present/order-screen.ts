/** An order on one screen: what it asks for, what it has, what is in its way, and what could help. */
import {
  commandLine,
  formatDecimal,
  type LabelDocument,
  type LineDocument,
  type OrderDocument,
  printable,
} from '../../core/index.ts';
import type { OrderView, StockForLine } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { eventLines, shipmentSummaries } from './events.ts';
import { paddedWriter } from './padded.ts';
import { asOf, obstacleLines, section, steps } from './screen.ts';
import { measured, placeOf } from './words.ts';

export function orderScreen(view: OrderView, context: Context): string[] {
  const { order, labels, shipments, events, obstacles, stock } = view;
  const dates = [
    ...(order.ordered === null ? [] : [`ordered ${order.ordered}`]),
    ...(order.due === null ? [] : [`due ${order.due}`]),
  ];
  const head = [order.customer ?? 'no customer', order.status.replaceAll('_', ' '), ...dates].join(' · ');
  const held = labels.map((label) => heldLabel(label, context));
  return [
    `${context.paint.bold(printable(order.number))} · ${printable(head + asOf(view, context))}`,
    '',
    ...lineTable(order, labels, context),
    ...section('reserved labels', held, context),
    ...section('what blocks shipping', obstacleLines(obstacles), context),
    ...stock.flatMap((each) => section(stockTitle(each), stockLines(each, context), context)),
    ...section('shipments', shipmentSummaries(shipments, context), context),
    ...section('history', eventLines(events, context), context),
    ...section('next', steps(view, orderSteps(view)), context),
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
  const { reservation } = label;
  const held =
    reservation === null
      ? ''
      : `line ${reservation.line} since ${sayMoment(reservation.since)} by ${reservation.by}`;
  return labelParts(label, held);
}

/** A label in a line, with what is said of it besides. */
function labelParts(label: LabelDocument, besides: string): string {
  const { number, quantity, unit, lot, expiry, expired } = label;
  const dated = [
    lot === null ? '' : `lot ${lot}`,
    expiry === null ? '' : `${expired ? 'expired' : 'expires'} ${expiry}`,
  ];
  const parts = [number, measured(quantity, unit), placeOf(label), ...dated, besides];
  return printable(parts.filter((part) => part !== '').join(' · '));
}

function stockTitle({ line: { line, item, missing, unit } }: StockForLine): string {
  return printable(`stock for line ${line} (${item}), ${measured(missing, unit)} missing`);
}

function stockLines({ free, held, moreFree, moreHeld }: StockForLine, { sayMoment }: Context): string[] {
  if (free.length === 0 && held.length === 0) return ['there is none'];
  const heldLines = held.map((label) => {
    const { order = '', line = 0, since = '', by = '' } = label.reservation ?? {};
    return `held  ${labelParts(label, `${order} line ${line} since ${sayMoment(since)} by ${by}`)}`;
  });
  return [
    ...free.map((label) => `free  ${labelParts(label, '')}`),
    ...(moreFree ? ['free  … and more'] : []),
    ...heldLines.map(printable),
    ...(moreHeld ? ['held  … and more'] : []),
  ];
}

function orderSteps({ order, stock }: OrderView): string[] {
  if (!['draft', 'open', 'partially_shipped'].includes(order.status)) return [];
  const commands: string[] = [];
  const short = order.lines.some(({ shortfall }) => shortfall > 0);
  const canShip = ({ outstanding, reserved, tracking }: LineDocument) =>
    outstanding > 0 && (reserved > 0 || tracking === 'standard');
  for (const { line, free, held } of stock.slice(0, 2)) {
    const [other] = held;
    if (free.length > 0 || other === undefined) continue;
    commands.push(commandLine('transfer', [other.number], ['--to', `${order.number}:${line.line}`]));
  }
  if (order.lines.some(canShip))
    commands.push(commandLine('ship', [order.number], short ? ['--partial'] : []));
  if (order.lines.some(({ reservedLabels }) => reservedLabels > 0)) {
    commands.push(commandLine('unreserve', [], ['--order', order.number]));
  }
  return commands;
}
