/** What `show` prints: a screen for people, records for pipes. */
import { commandLine, printable } from '../../core/index.ts';
import type { EventDocument, OperationView, View } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { tsvRecord } from './cells.ts';
import { csvText } from './csv.ts';
import type { Cell } from './columns.ts';
import { eventLines } from './events.ts';
import type { Format } from './formats.ts';
import { labelScreen } from './label-screen.ts';
import { orderScreen } from './order-screen.ts';
import { asOf, section } from './screen.ts';

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
      const what = printable(`${verb} · ${context.sayMoment(at)} by ${by}${why}${asOf(view, context)}`);
      const head = `${context.paint.bold(printable(id))} · ${what}`;
      return [
        head,
        ...section('what it changed', eventLines(view.events, context), context),
        ...section('next', operationSteps(view), context),
      ];
    }
  }
}

/** What changed something can be taken back, but for shipments and imports (DESIGN rule 17). */
function operationSteps({ operation: { id, verb }, events, asOf: then }: OperationView): string[] {
  if (then !== undefined || events.length === 0 || verb === 'ship' || verb === 'import') return [];
  return [printable(commandLine('undo', [id]))];
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
