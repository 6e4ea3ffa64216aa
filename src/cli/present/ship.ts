/** What `ship` says, before and after: line by line, and label by label what leaves and what stays. */
import {
  formatDecimal,
  type LabelDocument,
  printable,
  type ShipAnswer,
  type ShipmentDocument,
  type ShippedLabelDocument,
} from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { abridged, counted, measured, orderPhrase } from './words.ts';

interface ShippedRow {
  readonly order: string;
  readonly line: number;
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly label: string | null;
  readonly remaining: number | null;
}

export const SHIPPED: Presentation<ShipAnswer, ShippedRow> = {
  listing: {
    name: 'shipped',
    columns: [
      { field: 'order', title: 'order', value: (row) => row.order },
      { field: 'line', title: 'line', value: (row) => row.line, right: true },
      { field: 'item', title: 'item', value: (row) => row.item },
      { field: 'quantity', title: 'quantity', value: (row) => row.quantity, right: true },
      { field: 'unit', title: 'unit', value: (row) => row.unit },
      { field: 'label', title: 'label', value: (row) => row.label },
      { field: 'remaining', title: 'remaining', value: (row) => row.remaining, right: true },
    ],
    nameOf: (row) => (row.label === null ? `order/${row.order}` : `label/${row.label}`),
  },
  rows: ({ shipment }) => (shipment === null ? [] : rowsOf(shipment)),
  sentences,
};

/** A row for each label drawn from, and for each line that ships without labels. */
function rowsOf({ order, lines, labels }: ShipmentDocument): ShippedRow[] {
  return lines.flatMap(({ line, item, unit, quantity }): ShippedRow[] => {
    const drawn = labels.filter((label) => label.line === line);
    if (drawn.length === 0) return [{ order, line, item, quantity, unit, label: null, remaining: null }];
    return drawn.map((draw) => ({
      ...{ order, line, item, unit },
      ...{ quantity: draw.quantity, label: draw.label, remaining: draw.remaining },
    }));
  });
}

function sentences(answer: ShipAnswer, context: Context): string[] {
  const order = answer.order === null ? 'the order' : orderPhrase(answer.order);
  const { shipment } = answer;
  if (answer.code === 'already_shipped') {
    if (shipment === null) return [`${order} was shipped before, elsewhere; nothing changed`];
    const when = printable(`${context.sayMoment(shipment.at)} by ${shipment.by}`);
    return [`${order} was shipped before, ${when}; nothing changed`, ...shipmentLines(shipment)];
  }
  const verb = answer.code === 'shipped' ? 'shipped' : 'partially shipped';
  const done = answer.dryRun
    ? `dry run: ${order} would be ${verb}`
    : `${context.paint.good('✓')} ${order} is ${verb}`;
  return [done, ...consequences(answer)];
}

/** What leaves, what becomes active, what stays reserved, and what is still missing. */
export function consequences(answer: ShipAnswer): string[] {
  const lines = answer.shipment === null ? [] : shipmentLines(answer.shipment);
  lines.push(...rest('becomes active again', 'become active again', answer.released));
  lines.push(...rest('stays reserved', 'stay reserved', answer.kept));
  if (answer.unused.length > 0) lines.push(`not needed: ${printable(answer.unused.join(', '))}`);
  for (const line of answer.order?.lines ?? []) {
    if (line.outstanding > 0) {
      lines.push(
        `line ${line.line} (${printable(line.item)}): ${measured(line.outstanding, line.unit)} still to ship`,
      );
    }
  }
  return lines;
}

function shipmentLines({ lines, labels }: ShipmentDocument): string[] {
  return lines.flatMap(({ line, item, unit, quantity }) => {
    const drawn = labels.filter((label) => label.line === line);
    const head = `  line ${line}: ${measured(quantity, unit)} × ${printable(item)}`;
    return [drawn.length === 0 ? `${head}, without labels` : head, ...abridged(drawn.map(drawLine))];
  });
}

function drawLine({ label, quantity, remaining }: ShippedLabelDocument): string {
  const left = remaining === 0 ? 'then empty' : `${formatDecimal(remaining)} left`;
  return `    ${printable(label)} · ${formatDecimal(quantity)} drawn, ${left}`;
}

function rest(one: string, several: string, labels: readonly LabelDocument[]): string[] {
  if (labels.length === 0) return [];
  const named = labels.map(
    ({ number, quantity, unit }) => `  ${printable(number)} · ${measured(quantity, unit)} left`,
  );
  return [`${counted(labels.length, 'label')} ${labels.length === 1 ? one : several}:`, ...abridged(named)];
}
