/** A label on one screen: where it is, who holds it, why it may not ship, and what can be done with it. */
import { commandLine, type LabelDocument, printable } from '../../core/index.ts';
import type { LabelView, WantingLine } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { eventLines, shipmentSummaries } from './events.ts';
import { asOf, obstacleLines, section, steps } from './screen.ts';
import { measured, orderPhrase, placeOf } from './words.ts';

export function labelScreen(view: LabelView, context: Context): string[] {
  const { label, shipments, events, obstacles, wanted } = view;
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
    context.paint.bold(printable(label.number)) + printable(asOf(view, context)),
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${printable(value)}`),
    ...section('shipping', obstacleLines(obstacles), context),
    ...section('wanted by', wanted.map(wantingLine), context),
    ...section('shipments', shipmentSummaries(shipments, context), context),
    ...section('history', eventLines(events, context), context),
    ...section('next', steps(view, labelSteps(view)), context),
  ];
}

function holder({ reservation }: LabelDocument, { sayMoment }: Context): string {
  if (reservation === null) return '';
  const { order, customer, line, since, by, operation } = reservation;
  const who = customer === null ? order : `${order} (${customer})`;
  return `${who} line ${line} since ${sayMoment(since)} by ${by}, operation ${operation}`;
}

function wantingLine({ order, customer, due, line }: WantingLine): string {
  const when = due === null ? '' : `, due ${due}`;
  const missing = `${measured(line.missing, line.unit)} missing`;
  return printable(`${orderPhrase({ number: order, customer })} line ${line.line}: ${missing}${when}`);
}

function labelSteps({ label: { number, expired, reservation }, wanted }: LabelView): string[] {
  // Nobody is told to set stock aside that is past its expiry, although it can be done.
  if (reservation === null && expired) return [];
  if (reservation === null) {
    return wanted.map(({ order, line }) =>
      commandLine('reserve', [order, number], ['--line', String(line.line)]),
    );
  }
  return [
    commandLine('show', [reservation.order]),
    commandLine('unreserve', [number], ['--expect-order', reservation.order]),
  ];
}
