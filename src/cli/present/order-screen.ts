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
import { widthOf } from '../prompts/terminal-text.ts';
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

interface LineColumn {
  readonly title: string;
  readonly right?: boolean;
  readonly value: (line: LineDocument, held: readonly LabelDocument[]) => string;
}

const NAME: LineColumn = { title: 'NAME', value: ({ itemName }) => itemName };
const ORDERED = amountColumn('ORDERED', ({ ordered }) => ordered);
const SHIPPED = amountColumn('SHIPPED', ({ shipped }) => shipped);
const RESERVED_LABELS: LineColumn = {
  title: 'RESERVED LABELS',
  value: ({ line }, held) => {
    return some(held.filter(({ reservation }) => reservation?.line === line).map(({ number }) => number));
  },
};
const LINE_COLUMNS: readonly LineColumn[] = [
  { title: 'LINE', right: true, value: ({ line }) => String(line) },
  { title: 'ITEM', value: ({ item }) => item },
  NAME,
  ORDERED,
  SHIPPED,
  amountColumn('OUTSTANDING', ({ outstanding }) => outstanding),
  amountColumn('RESERVED', ({ reserved }) => reserved),
  { title: 'BALANCE', value: balance },
  RESERVED_LABELS,
];
/** Left out one after another until a terminal has room for the rest; reserved labels have a section of their own. */
const SPARED = [NAME, SHIPPED, ORDERED, RESERVED_LABELS];

function amountColumn(title: string, amount: (line: LineDocument) => number): LineColumn {
  return { title, right: true, value: (line) => measured(amount(line), line.unit) };
}

function lineTable(
  order: OrderDocument,
  labels: readonly LabelDocument[],
  { out, paint }: Context,
): string[] {
  if (order.lines.length === 0) return ['no lines'];
  const room = out.isTerminal ? out.columns : Number.POSITIVE_INFINITY;
  for (let spared = 0; ; spared++) {
    const columns = LINE_COLUMNS.filter((column) => !SPARED.slice(0, spared).includes(column));
    const titles = columns.map(({ title }) => title);
    const rows = order.lines.map((line) => columns.map(({ value }) => printable(value(line, labels))));
    const write = paddedWriter(
      titles,
      rows,
      columns.map(({ right = false }) => right),
    );
    const lines = [titles, ...rows].map(write);
    if (spared < SPARED.length && lines.some((line) => widthOf(line) > room)) continue;
    const [head = '', ...body] = lines;
    return [paint.bold(head), ...body];
  }
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
