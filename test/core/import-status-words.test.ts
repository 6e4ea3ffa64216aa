import { describe, expect, test } from 'vitest';
import { orderStatusOf, trackingOf } from '../../src/core/import/status-words.ts';
import { ORDER_STATUSES, TRACKINGS } from '../../src/core/model.ts';

test('our own words mean themselves', () => {
  expect(ORDER_STATUSES.map(orderStatusOf)).toEqual([...ORDER_STATUSES]);
  expect(TRACKINGS.map(trackingOf)).toEqual([...TRACKINGS]);
});

describe('order status', () => {
  test.each([
    ['draft', 'Quotation|quote|ESTIMATE|pending|Pending Approval|awaiting_payment'],
    [
      'open',
      'unfulfilled|Unfulfilled|confirmed|approved|processing|in_progress|New|released|sale|not shipped|ready-to-ship',
    ],
    [
      'partially_shipped',
      'partially_fulfilled|partiallyFulfilled|Partially Shipped|partial|partially-delivered',
    ],
    ['shipped', 'fulfilled|SHIPPED|Fully Shipped|delivered|dispatched'],
    ['closed', 'completed|complete|Done|closed|finished'],
    ['cancelled', 'void|Voided|canceled|Cancelled|cancel'],
  ])('%s', (ours, theirs) => {
    expect(theirs.split('|').map(orderStatusOf)).toEqual(theirs.split('|').map(() => ours));
  });

  test.each(['', 'on hold', 'sent', 'paid', 'returned', 'failed', 'shipped?', 'constructor'])(
    '%j is unknown',
    (word) => {
      expect(orderStatusOf(word)).toBeUndefined();
    },
  );
});

describe('tracking', () => {
  test.each([
    ['serialized', 'Serialized|serialised|serial|SERIAL NUMBER|by_serial_number'],
    ['standard', 'standard|none|untracked|Not Tracked|non-serialized|no tracking'],
  ])('%s', (ours, theirs) => {
    expect(theirs.split('|').map(trackingOf)).toEqual(theirs.split('|').map(() => ours));
  });

  // Each of these could mean either: a lot may be one label or many, and yes doesn't say how.
  test.each(['', 'lot', 'batch', 'yes', 'no', 'true', 'false', '1', 'tracked'])('%j is unknown', (word) => {
    expect(trackingOf(word)).toBeUndefined();
  });
});
