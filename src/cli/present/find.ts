/** What `find-order` says. */
import { type FindAnswer, formatDecimal, type LabelDocument, printable } from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { FOUND } from './columns.ts';
import { measured, placeOf } from './words.ts';

export const FIND: Presentation<FindAnswer, LabelDocument> = {
  listing: FOUND,
  rows: ({ results }) => results,
  sentences: ({ results, asOf }, context) => {
    const then = asOf === undefined ? '' : `as of ${context.sayMoment(asOf)}: `;
    return results.map((label) => then + sentence(label, context));
  },
};

function sentence(label: LabelDocument, { paint, sayMoment }: Context): string {
  const what = `${measured(label.quantity, label.unit)} × ${printable(label.item)}`;
  const place = placeOf(label) === '' ? '' : `, ${placeOf(label)}`;
  const expired = label.expired ? paint.warn(`, expired ${label.expiry}`) : '';
  const name = paint.bold(printable(label.number));
  const { reservation } = label;
  switch (label.status) {
    case 'reserved': {
      if (reservation === null) return `${name} is reserved`;
      const customer = reservation.customer === null ? '' : ` (${reservation.customer})`;
      const holder = `${reservation.order}${customer} line ${reservation.line}`;
      const since = `since ${sayMoment(reservation.since)} by ${reservation.by}, operation ${reservation.operation}`;
      return `${name} is reserved for ${paint.bold(printable(holder))} ${printable(since)} · ${what}${place}${expired}`;
    }
    case 'active':
      return `${name} is active: no order holds it · ${what}${place}${expired}`;
    case 'depleted':
      return `${name} is depleted: ${formatDecimal(0)} left of ${printable(label.item)}${place}`;
  }
}
