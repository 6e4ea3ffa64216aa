/** The lists, in pages: one entry each. */
import type { z } from '@hono/zod-openapi';
import {
  LABEL_PLACES,
  ORDER_PLACES,
  type Place,
  RESERVATION_PLACES,
  SHIPMENT_PLACES,
  USUAL_SORTS,
} from '../../stockroom/positions.ts';
import type { Position } from '../../stockroom/queries.ts';
import { decodeCursor, encodeCursor, type Sorting } from '../cursor.ts';
import { LIST_PATHS, MEDIA, type Page } from '../wire.ts';
import { readParameters } from './body.ts';
import { wrongInput } from './request-problem.ts';
import { WRONG_INPUT } from './responses.ts';
import type { LongReads, Route, Served } from './route.ts';
import { labelDocument, orderSummary, shipmentDocument } from './schemas/documents.ts';
import {
  labelQuery,
  labelParameters,
  orderParameters,
  page,
  reservationParameters,
  shipmentParameters,
} from './schemas/queries.ts';

/** What all lists take besides their filters. */
interface Paging {
  readonly limit: number;
  readonly cursor?: string;
  readonly sort?: string;
  readonly descending?: boolean;
}

interface ListSpec<P extends Paging, Q extends object, T> {
  readonly summary: string;
  readonly parameters: z.ZodObject & z.ZodType<P>;
  readonly row: z.ZodType<T>;
  /** The query that the parameters mean, without limit and place. */
  query(parameters: Omit<P, 'limit' | 'cursor'>, today: string): Q;
  run(reads: LongReads, query: Q & Begun): AsyncIterable<readonly T[]>;
  readonly places: Readonly<Record<string, Place<T>>>;
}

interface Begun {
  readonly limit: number;
  readonly after?: Position;
}

type ListName = keyof typeof LIST_PATHS;
type MakeRoute = (name: ListName, path: string, served: Served) => Route;

const LISTS: Readonly<Record<ListName, MakeRoute>> = {
  labels: list({
    summary: 'Labels, whoever holds them',
    parameters: labelParameters,
    row: labelDocument,
    query: (parameters, today) => labelQuery(parameters, today),
    run: (reads, query) => reads.labels(query),
    places: LABEL_PLACES,
  }),
  orders: list({
    summary: 'Orders with how far they are',
    parameters: orderParameters,
    row: orderSummary,
    query: (filters) => filters,
    run: (reads, query) => reads.orders(query),
    places: ORDER_PLACES,
  }),
  reservations: list({
    summary: 'Labels that orders hold, longest held first',
    parameters: reservationParameters,
    row: labelDocument,
    query: (filters) => filters,
    run: (reads, query) => reads.reservations(query),
    places: RESERVATION_PLACES,
  }),
  shipments: list({
    summary: 'What was shipped, oldest first',
    parameters: shipmentParameters,
    row: shipmentDocument,
    query: (filters) => filters,
    run: (reads, query) => reads.shipments(query),
    places: SHIPMENT_PLACES,
  }),
};

export function listRoutes(served: Served): Route[] {
  const names = Object.keys(LIST_PATHS) as ListName[];
  return names.map((name) => LISTS[name](name, LIST_PATHS[name], served));
}

function list<P extends Paging, Q extends object, T>(spec: ListSpec<P, Q, T>): MakeRoute {
  return (name, path, { longReads, clock }) => ({
    role: 'read',
    definition: {
      method: 'get',
      path,
      operationId: name,
      summary: spec.summary,
      tags: ['lists'],
      request: { query: spec.parameters },
      responses: {
        200: {
          description: 'A page of the list.',
          content: {
            [MEDIA.json]: { schema: page(spec.row, `${name.charAt(0).toUpperCase()}${name.slice(1)}Page`) },
          },
        },
        ...WRONG_INPUT,
      },
    },
    async handle(context) {
      const { limit, cursor, ...filters } = readParameters(context, spec.parameters) as P;
      const query = spec.query(filters, clock.today());
      const place = spec.places[filters.sort ?? USUAL_SORTS[name]];
      if (place === undefined) throw new Error(`${name} can not be sorted by ${filters.sort}`);
      const sorting: Sorting = { list: name, sort: filters.sort, descending: filters.descending };
      const after = cursor === undefined ? undefined : decodeCursor(sorting, place, cursor);
      if (cursor !== undefined && after === undefined)
        throw wrongInput('the cursor is not one of this list with this sort; begin again without it');
      // One row more than the page tells whether there is another page.
      const begun = { ...query, limit: limit + 1, ...(after !== undefined && { after }) };
      const rows: T[] = [];
      for await (const batch of spec.run(longReads, begun)) rows.push(...batch);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const more = rows.length > limit && last !== undefined;
      const next = more ? encodeCursor(sorting, place.of(last)) : null;
      const answer: Page<T> = { schemaVersion: 1, items, next };
      return context.json(answer);
    },
  });
}
