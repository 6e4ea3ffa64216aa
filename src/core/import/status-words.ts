/**
 * The status and tracking words of other systems, in ours. A word stands here only if it can mean one thing; the others
 * are for the person who imports to settle, so they stay unknown and are reported.
 */
import type { OrderStatus, Tracking } from '../model.ts';

/**
 * Words as they read without case, blanks, `_`, `-` and `.`. What may still be called off without trace is a draft, because
 * shipping a draft asks first. A *completed* order is closed and not shipped: it says nothing of what its lines shipped.
 */
const STATUS_WORDS = {
  draft:
    'draft quotation quote estimate pending pendingapproval pendingpayment awaitingpayment awaitingapproval',
  open:
    'open new placed booked confirmed approved accepted released active processing inprocess inprogress sale unfulfilled ' +
    'unshipped notshipped pendingfulfillment pendingshipment awaitingfulfillment awaitingshipment readytoship',
  partially_shipped:
    'partiallyshipped partlyshipped partial partially partialshipped partialshipment partiallyfulfilled ' +
    'partialfulfilled partialfulfillment partiallydelivered partiallydispatched',
  shipped: 'shipped fullyshipped fulfilled fullyfulfilled delivered fullydelivered dispatched',
  closed: 'closed complete completed done finished archived',
  cancelled: 'cancelled canceled cancel void voided',
} as const satisfies Record<OrderStatus, string>;

/** `lot` is missing on purpose: a lot may be one label or many. So are yes and no: tracked how? */
const TRACKING_WORDS = {
  serialized: 'serialized serialised serial serialnumber serialnumbers byserialnumber byserial',
  standard:
    'standard none untracked nottracked notracking nonserialized nonserialised notserialized notserialised ' +
    'unserialized unserialised',
} as const satisfies Record<Tracking, string>;

const STATUSES = wordMap(STATUS_WORDS);
const TRACKINGS = wordMap(TRACKING_WORDS);

/** The order status that a word of any system means; undefined when it is unknown or could mean several. */
export function orderStatusOf(word: string): OrderStatus | undefined {
  return STATUSES.get(bareWord(word));
}

/** The tracking that a word of any system means; undefined when it is unknown or could mean several. */
export function trackingOf(word: string): Tracking | undefined {
  return TRACKINGS.get(bareWord(word));
}

/** A word without what other systems spell differently: case, blanks, `_`, `-`, `.` and `#`. */
export function bareWord(word: string): string {
  return word.toLowerCase().replace(/[\s_\-.#\ufeff]+/gu, '');
}

function wordMap<Ours extends string>(words: Readonly<Record<Ours, string>>): ReadonlyMap<string, Ours> {
  const map = new Map<string, Ours>();
  for (const ours of Object.keys(words) as Ours[])
    for (const word of words[ours].split(' ')) map.set(word, ours);
  return map;
}
