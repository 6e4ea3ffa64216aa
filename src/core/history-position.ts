/** Places in history, as short texts: where a page ended, and up to where a digest was taken. */

/** The tables that history is in. Rows are only ever added to them, with rising ids. */
export const HISTORY_TABLES = [
  'operations',
  'items',
  'labels',
  'orders',
  'lines',
  'events',
  'shipments',
] as const;
export type HistoryTable = (typeof HISTORY_TABLES)[number];

/** A row id of each table: everything up to and including it. */
export type HistoryPosition = Readonly<Record<HistoryTable, number>>;

/** `12.4.30.9.14.57.2`, in the order of HISTORY_TABLES. */
export function positionText(position: HistoryPosition): string {
  return HISTORY_TABLES.map((table) => position[table]).join('.');
}

/** The position, or undefined for a text that is none. */
export function parsePosition(text: string): HistoryPosition | undefined {
  if (!/^\d{1,15}(\.\d{1,15})*$/.test(text)) return undefined;
  const ids = text.split('.').map(Number);
  if (ids.length !== HISTORY_TABLES.length) return undefined;
  const entries = HISTORY_TABLES.map((table, at) => [table, ids[at]]);
  return Object.fromEntries(entries) as HistoryPosition;
}

/** What all history up to a position comes to. */
export interface HistoryDigest {
  readonly upTo: HistoryPosition;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

const DIGEST = 'earmark-history-1';

/** One line to keep somewhere else: `earmark-history-1:POSITION:SHA256`. The 1 is the version of what is hashed. */
export function digestText({ upTo, sha256 }: HistoryDigest): string {
  return `${DIGEST}:${positionText(upTo)}:${sha256}`;
}

/** The digest, or undefined for a text that is none. */
export function parseDigest(text: string): HistoryDigest | undefined {
  const [name, position = '', sha256 = '', ...rest] = text.trim().split(':');
  const upTo = parsePosition(position);
  if (name !== DIGEST || upTo === undefined || rest.length > 0) return undefined;
  return /^[0-9a-f]{64}$/.test(sha256) ? { upTo, sha256 } : undefined;
}
