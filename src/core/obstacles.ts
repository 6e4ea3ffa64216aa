/** Why an order, or a label, can not ship now: what `show` says before it says what to do. */
import { isExpired } from './calendar.ts';
import { lineDocument } from './documents.ts';
import {
  assertNever,
  isLive,
  type LabelState,
  type OrderState,
  type OrderStatus,
  outstanding,
} from './model.ts';
import { listed, type Sentence, step } from './phrases.ts';
import { formatDecimal } from './quantity.ts';
import type { ShortLine } from './refusals.ts';

export type Obstacle =
  | {
      readonly code: 'order_ended';
      readonly order: string;
      readonly status: OrderStatus;
      /** How many labels it holds all the same. */
      readonly labels: number;
    }
  /** A draft ships, too, but not without being asked about. */
  | { readonly code: 'order_is_draft'; readonly order: string }
  | { readonly code: 'line_is_short'; readonly order: string; readonly line: ShortLine }
  | {
      readonly code: 'labels_expired';
      /** The order that would ship them; null where nobody holds them. */
      readonly order: string | null;
      readonly labels: readonly { readonly label: string; readonly expiry: string }[];
    }
  | { readonly code: 'label_is_empty'; readonly label: string }
  | {
      readonly code: 'holder_has_ended';
      readonly label: string;
      readonly order: string;
      readonly status: OrderStatus;
    }
  | {
      readonly code: 'line_is_shipped';
      readonly label: string;
      readonly order: string;
      readonly line: number;
    }
  | { readonly code: 'ships_with_holder_only'; readonly label: string; readonly order: string };

/** What keeps an order from being shipped in full; nothing for one that is shipped. */
export function orderObstacles(order: OrderState, held: readonly LabelState[], today: string): Obstacle[] {
  const { number, status } = order;
  if (status === 'shipped' && held.length === 0) return [];
  if (!isLive(status)) return [{ code: 'order_ended', order: number, status, labels: held.length }];
  const expired = held.filter(({ label }) => isExpired(label.expiry, today));
  return [
    ...(status === 'draft' ? [{ code: 'order_is_draft', order: number } as const] : []),
    ...order.lines.flatMap((line) => shortLine(number, line)),
    ...expiredLabels(number, expired),
  ];
}

function shortLine(order: string, state: OrderState['lines'][number]): Obstacle[] {
  const { line, item, unit, outstanding: needed, reserved, shortfall: missing } = lineDocument(state);
  if (missing === 0) return [];
  return [{ code: 'line_is_short', order, line: { line, item, unit, needed, reserved, missing } }];
}

function expiredLabels(order: string | null, expired: readonly LabelState[]): Obstacle[] {
  if (expired.length === 0) return [];
  const labels = expired.map(({ label }) => ({ label: label.number, expiry: label.expiry ?? '' }));
  return [{ code: 'labels_expired', order, labels }];
}

/** Why a label can not ship, or only with its holder; `order` is its holder's. */
export function labelObstacles(state: LabelState, order: OrderState | null, today: string): Obstacle[] {
  const { label, holder } = state;
  if (label.quantity === 0) return [{ code: 'label_is_empty', label: label.number }];
  const expired = isExpired(label.expiry, today) ? expiredLabels(holder?.order ?? null, [state]) : [];
  if (holder === null) return expired;
  const facts = { label: label.number, order: holder.order };
  const line = order?.lines.find(({ id }) => id === holder.lineId);
  if (!isLive(holder.orderStatus)) {
    return [{ code: 'holder_has_ended', ...facts, status: holder.orderStatus }, ...expired];
  }
  if (line !== undefined && outstanding(line) <= 0) {
    return [{ code: 'line_is_shipped', ...facts, line: holder.line }, ...expired];
  }
  return [{ code: 'ships_with_holder_only', ...facts }, ...expired];
}

/** An obstacle in one clause, with the commands that would do something about it. */
export function obstacleSentence(obstacle: Obstacle): Sentence {
  switch (obstacle.code) {
    case 'order_ended': {
      const { order, status, labels } = obstacle;
      const holds = `, and holds ${labels} label${labels === 1 ? '' : 's'} that nobody can ship`;
      return {
        message: `${order} is ${status}${labels === 0 ? '' : holds}`,
        next: labels === 0 ? [] : [step('free', 'unreserve', [], ['--order', order])],
      };
    }
    case 'order_is_draft':
      return { message: `${obstacle.order} is a draft; shipping it is asked about`, next: [] };
    case 'line_is_short': {
      const { order, line } = obstacle;
      const amounts = `${formatDecimal(line.needed)} needed, ${formatDecimal(line.reserved)} reserved`;
      const missing = `${formatDecimal(line.missing)}${line.unit === 'each' ? '' : ` ${line.unit}`} missing`;
      return {
        message: `line ${line.line} (${line.item}) is short: ${amounts}, ${missing}`,
        next: [step('reserve', 'reserve', [order], ['--line', String(line.line), '--auto'])],
      };
    }
    case 'labels_expired': {
      const { order, labels } = obstacle;
      const names = labels.map(({ label, expiry }) => `${label} (${expiry})`);
      return {
        message: `past ${labels.length === 1 ? 'its' : 'their'} expiry: ${listed(names, '')}`,
        next: order === null ? [] : [step('ship all the same', 'ship', [order], ['--allow-expired'])],
      };
    }
    case 'label_is_empty':
      return { message: `${obstacle.label} is empty`, next: [] };
    case 'holder_has_ended': {
      const { label, order, status } = obstacle;
      return {
        message: `${order}, which holds it, is ${status}, so it ships with nobody`,
        next: [step('free', 'unreserve', [label], ['--expect-order', order])],
      };
    }
    case 'line_is_shipped': {
      const { label, order, line } = obstacle;
      return {
        message: `line ${line} of ${order}, which holds it, is shipped in full`,
        next: [step('free', 'unreserve', [label], ['--expect-order', order])],
      };
    }
    case 'ships_with_holder_only':
      return { message: `it ships only with ${obstacle.order}`, next: [] };
    default:
      return assertNever(obstacle);
  }
}
