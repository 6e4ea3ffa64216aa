/** Where the next page of a list begins, as an opaque text. Server and clients make it alike, and the server checks it. */
import { isPosition, type Place } from '../stockroom/positions.ts';
import type { Position } from '../stockroom/queries.ts';

/** The list, its sort and its direction stand in a cursor, so that it can't be used for another. */
export interface Sorting {
  readonly list: string;
  /** Undefined for the list's usual one. */
  readonly sort: string | undefined;
  readonly descending: boolean | undefined;
}

export function encodeCursor(sorting: Sorting, position: Position): string {
  return Buffer.from(JSON.stringify([headOf(sorting), ...position])).toString('base64url');
}

/** The position, or undefined for a text that is no cursor of a list sorted so. */
export function decodeCursor(
  sorting: Sorting,
  place: Pick<Place<never>, 'kinds'>,
  cursor: string,
): Position | undefined {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(values)) return undefined;
  const [head, ...position] = values as readonly unknown[];
  return head === headOf(sorting) && isPosition(place, position) ? position : undefined;
}

function headOf({ list, sort = '', descending = false }: Sorting): string {
  return `${list}:${descending ? '-' : ''}${sort}`;
}
