/**
 * What the server and its clients agree on: paths, headers, and the documents around those of the Stockroom
 * (DESIGN section 8). Constants and types only, so that a client stays small.
 */
import type { ImportKind, ImportRows, Problem, Refusal, RowProblem, Staged } from '../core/index.ts';
import type { EventDocument, ImportAnswer, ImportOptions } from '../stockroom/stockroom.ts';

/** Raised when an older client or server could misunderstand the other. */
export const API_VERSION = 1;

/** In lower case, as Node gives them. */
export const HEADER = {
  /** The API version, on every request and response: without it, it is no earmark server. */
  api: 'earmark-api',
  /** The id of the operation; required for everything that changes something, but for a dry run. */
  operation: 'idempotency-key',
  /** Who acts, percent-encoded; believed only by a server without tokens, and then recorded as unverified. */
  actor: 'earmark-actor',
} as const;

export const MEDIA = {
  json: 'application/json',
  problem: 'application/problem+json',
  rows: 'application/x-ndjson',
} as const;

/** POST a `VerbRequest`; 200 with the verb's answer, or a `RefusedProblem`. */
export const VERB_PATHS = {
  reserve: '/v1/reserve',
  reserveAutomatically: '/v1/reserve-automatically',
  unreserve: '/v1/unreserve',
  ship: '/v1/ship',
  transfer: '/v1/transfer',
  swap: '/v1/swap',
  cancelOrder: '/v1/cancel',
  closeOrder: '/v1/close',
  undo: '/v1/undo',
  repair: '/v1/repair',
} as const;

/** GET with the filters of the query as parameters, and `limit`, `sort`, `descending`, `cursor`; 200 with a `Page`. */
export const LIST_PATHS = {
  labels: '/v1/labels',
  orders: '/v1/orders',
  reservations: '/v1/reservations',
  shipments: '/v1/shipments',
} as const;

export const PATHS = {
  /** POST `{ labels, asOf }`, a read; 200 with a FindAnswer, also where labels are unknown. */
  find: '/v1/find',
  /** POST a SuggestQuery, a read; 200 with a Suggestion, also where it is refused. */
  suggest: '/v1/suggest',
  /** GET with `name`, `kind` unless the name is bare, and `asOf` for the past; 200 with a View, also where it is refused. */
  show: '/v1/show',
  /** GET with `name`, and `kind` unless the name is bare; 200 with a NamedSubject, also where it is refused. */
  subject: '/v1/subject',
  /** GET with the fields of a HistoryQuery as parameters (`kind` and `name` for `of`); 200 with a `WireHistoryPage`. */
  history: '/v1/history',
  /** GET; 200 with a `HistoryEnd`. */
  historyEnd: '/v1/history/end',
  /** GET, with `digest` to verify one; 200 with a HistoryProof, also where it does not hold. */
  historyDigest: '/v1/history/digest',
  /** POST a DiagnoseQuery, a read; 200 with a DiagnoseAnswer, also where it is refused. */
  diagnose: '/v1/diagnose',
  /** POST a BundleQuery, a read; 200 with a Bundle, also where it is refused. */
  bundle: '/v1/bundle',
  /** POST an `ImportRequest`; 201 with an `ImportState`. Everything else is below `/v1/imports/ID`. */
  imports: '/v1/imports',
  openapi: '/openapi.json',
  health: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
} as const;

export interface VerbRequest<C> {
  readonly command: C;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Most milliseconds to wait for locks. */
  readonly timeout?: number | undefined;
}

/** A refused verb: the whole answer stands in it, so that a client gives the same document as the server has. */
export interface RefusedProblem<A> extends Problem {
  readonly refusals: readonly Refusal[];
  readonly answer: A;
}

export interface Page<T> {
  readonly schemaVersion: 1;
  readonly items: readonly T[];
  /** What to give as `cursor` for the next page; null after the last. */
  readonly next: string | null;
}

export interface WireHistoryPage {
  readonly schemaVersion: 1;
  readonly events: readonly EventDocument[];
  /** What to give as `after`; null where there was nothing to begin with. */
  readonly position: string | null;
  readonly more: boolean;
}

export interface HistoryEnd {
  readonly schemaVersion: 1;
  readonly position: string;
}

export interface ImportRequest {
  readonly options: ImportOptions;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly timeout?: number | undefined;
}

/**
 * A line of NDJSON, POSTed in batches to `/v1/imports/ID/rows?batch=N`, N from 1 on. A batch that is sent again is not
 * taken twice.
 */
export type ImportLine =
  | { [K in ImportKind]: { readonly kind: K } & Staged<ImportRows[K]> }[ImportKind]
  | { readonly problem: RowProblem };

/**
 * An import on its way. POST `/v1/imports/ID/preview` or `/apply` begins (202), and GET `/v1/imports/ID?wait=MS` tells how
 * far it is, at once when it is done. DELETE drops it. The server drops what nobody asked for in a while.
 */
export interface ImportState {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly state: 'open' | 'working' | 'done' | 'failed';
  readonly staged: number;
  /** The last batch that was taken. */
  readonly batch: number;
  readonly progress: {
    readonly phase: 'checked' | 'imported';
    readonly done: number;
    readonly of: number;
  } | null;
  /** When it is done. */
  readonly answer: ImportAnswer | null;
  /** When it failed. */
  readonly problem: Problem | null;
}
