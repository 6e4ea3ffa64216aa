/** Tells from the events of a model ledger alone how the stock must stand, and where the history contradicts itself. */
import { type Fields, isoMoment, toDecimal } from '../../src/core/index.ts';
import type { ModelEvent, ModelLedger } from './model-ledger.ts';

/**
 * What is wrong with the history (DESIGN rule 16): an event whose `before` is not the previous `after`, one that is
 * earlier than the last of the same label or order, and stock that is not as the last `after` says.
 */
export function historyProblems(ledger: ModelLedger): string[] {
  const problems: string[] = [];
  const values = firstValues(ledger);
  const times = new Map<string, number>();
  for (const event of ledger.events) {
    const what = subjectOf(event);
    const known = values.get(what);
    if (JSON.stringify(known) !== JSON.stringify(event.before)) {
      problems.push(`${what}: before ${JSON.stringify(event.before)} is not ${JSON.stringify(known)}`);
    }
    values.set(what, event.after);
    for (const touched of [`label ${event.labelId}`, `order ${event.orderId}`]) {
      if (touched.endsWith('null')) continue;
      if (event.at < (times.get(touched) ?? 0))
        problems.push(`${touched}: time runs backwards at ${event.at}`);
      times.set(touched, event.at);
    }
  }
  for (const [what, now] of presentValues(ledger)) {
    const told = JSON.stringify(values.get(what));
    if (told !== JSON.stringify(now))
      problems.push(`${what}: is ${JSON.stringify(now)}, history says ${told}`);
  }
  return problems;
}

function subjectOf({ kind, labelId, orderId, lineId }: ModelEvent): string {
  switch (kind) {
    case 'reserved':
    case 'unreserved':
      return `holder of label ${labelId}`;
    case 'label_changed':
      return `label ${labelId}`;
    case 'line_changed':
      return `line ${lineId}`;
    case 'order_changed':
      return `order ${orderId}`;
    case 'item_changed':
      throw new Error('only an import changes items');
    case 'restored':
      throw new Error('only a diagnosis restores');
  }
}

function firstValues({ first }: ModelLedger): Map<string, Fields | null> {
  return new Map<string, Fields | null>([
    ...[...first.labels.keys()].map((id) => [`holder of label ${id}`, null] as const),
    ...[...first.labels].map(
      ([id, { quantity }]) => [`label ${id}`, { quantity: toDecimal(quantity) }] as const,
    ),
    ...[...first.lines].map(([id, { shipped }]) => [`line ${id}`, { shipped: toDecimal(shipped) }] as const),
    ...[...first.statuses].map(([id, status]) => [`order ${id}`, { status }] as const),
  ]);
}

function presentValues(ledger: ModelLedger): [string, Fields | null][] {
  const { labels, orders } = ledger.state();
  return [
    ...labels.map(({ label, holder }): [string, Fields | null] => {
      if (holder === null) return [`holder of label ${label.id}`, null];
      const { order, line, since, by, operation } = holder;
      return [`holder of label ${label.id}`, { order, line, since: isoMoment(since), by, operation }];
    }),
    ...labels.map(({ label }): [string, Fields] => [
      `label ${label.id}`,
      { quantity: toDecimal(label.quantity) },
    ]),
    ...orders.map(({ id, status }): [string, Fields] => [`order ${id}`, { status }]),
    ...orders.flatMap(({ lines }) =>
      lines.map(({ id, shipped }): [string, Fields] => [`line ${id}`, { shipped: toDecimal(shipped) }]),
    ),
  ];
}
