/** New events as parameters, in the order in which they happened. */
import type { NewEvent } from '../../core/index.ts';
import { numberArray, textArray } from './arrays.ts';

/** Rows of the parameters $1 to $7, with the place of each. */
export const EVENT_ROWS = `
  unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
    with ordinality t(kind, item_id, label_id, order_id, line_id, before, after, place)`;

/** One event as its values, in the same order. */
export function eventValues({ kind, itemId, labelId, orderId, lineId, before, after }: NewEvent): unknown[] {
  return [kind, itemId, labelId, orderId, lineId, jsonOrNull(before), jsonOrNull(after)];
}

export function eventArrays(events: readonly NewEvent[]): string[] {
  return [
    textArray(events.map(({ kind }) => kind)),
    numberArray(events.map(({ itemId }) => itemId)),
    numberArray(events.map(({ labelId }) => labelId)),
    numberArray(events.map(({ orderId }) => orderId)),
    numberArray(events.map(({ lineId }) => lineId)),
    textArray(events.map(({ before }) => jsonOrNull(before))),
    textArray(events.map(({ after }) => jsonOrNull(after))),
  ];
}

function jsonOrNull(fields: object | null): string | null {
  return fields === null ? null : JSON.stringify(fields);
}
