/** What was reserved at a moment. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { isoMoment, type LabelState } from '../../core/index.ts';
import type { Position, RESERVATION_SORTS, ReservationQuery } from '../../stockroom/queries.ts';
import { behind, ordering, type SortColumn } from '../keyset.ts';
import type { Schema } from '../schema.ts';
import { labelsAt } from './as-of.ts';
import { inParts } from './changes.ts';
import { type HistorySql, tellsOfHolder } from './sql.ts';

const BATCH = 500;

const byLabel: SortColumn = { column: 'h.label' };
const SORTED: Readonly<Record<(typeof RESERVATION_SORTS)[number], readonly SortColumn[]>> = {
  since: [{ column: 'h.since' }, byLabel],
  label: [byLabel],
  order: [{ column: 'h.order' }, { column: 'h.line' }, byLabel],
};

/** In batches. Of all that match only the ids are held in memory, because past holders have no index to be sorted by. */
export async function* reservationsAt(
  db: Kysely<Schema>,
  dialect: HistorySql,
  query: ReservationQuery,
  moment: number,
): AsyncIterable<readonly LabelState[]> {
  const ids: number[] = [];
  for await (const { id } of matching(db, dialect, query, moment).stream(BATCH)) ids.push(id);
  for (const part of inParts(ids)) {
    const labels = await labelsAt(db, part, moment);
    yield part.flatMap((id) => {
      const state = labels.get(id)?.state;
      return state == null ? [] : [state];
    });
  }
}

function matching(db: Kysely<Schema>, dialect: HistorySql, query: ReservationQuery, moment: number) {
  const sort = query.sort ?? 'since';
  const columns = SORTED[sort].map((column, at) => {
    return at === 0 ? { ...column, descending: query.descending === true } : column;
  });
  let rows = db
    .selectFrom(holders(db, dialect, query, moment).as('h'))
    .select('h.id')
    .orderBy(ordering(columns));
  if (query.line !== undefined) rows = rows.where('h.line', '=', query.line);
  if (query.by !== undefined) rows = rows.where('h.by', '=', query.by);
  if (query.before !== undefined) rows = rows.where('h.since', '<', isoMoment(query.before));
  const { operation } = query;
  if (operation !== undefined) {
    rows = rows.where((where) =>
      where.or([
        where('h.operation', '=', operation),
        where.and([where('h.operation', '>=', `${operation}/`), where('h.operation', '<', `${operation}0`)]),
      ]),
    );
  }
  if (query.item !== undefined) {
    rows = rows.where(sql<SqlBool>`${itemAt(dialect, moment)} = ${query.item}`);
  }
  if (query.status !== undefined) {
    const status = statusAt(dialect, moment);
    rows = rows.where(sql<SqlBool>`${status} in (${sql.join(query.status)})`);
  }
  if (query.after !== undefined) rows = rows.where(behind(columns, positionThen(query.after, sort)));
  return query.limit === undefined ? rows : rows.limit(query.limit);
}

/** Of each label the last event that tells of its holder, if it has one by then. */
function holders(db: Kysely<Schema>, { field }: HistorySql, { order }: ReservationQuery, moment: number) {
  let last = db
    .selectFrom('events as f')
    .select((select) => select.fn.max('f.id').as('id'))
    .where('f.label_id', 'is not', null)
    .where('f.at', '<=', moment)
    .where(tellsOfHolder('f'))
    .groupBy('f.label_id');
  if (order !== undefined) {
    // Only labels that ever had to do with the order can have been held by it.
    last = last.where('f.label_id', 'in', (from) =>
      from
        .selectFrom('events as t')
        .innerJoin('orders as p', 'p.id', 't.order_id')
        .select('t.label_id')
        .where('p.number', '=', order),
    );
  }
  const held = db
    .selectFrom('events as e')
    .innerJoin('labels as l', 'l.id', 'e.label_id')
    .innerJoin('items as i', 'i.id', 'l.item_id')
    .innerJoin('orders as o', 'o.id', 'e.order_id')
    .innerJoin('order_lines as k', 'k.id', 'e.line_id')
    .select(['l.id', 'l.number as label', 'o.number as order', 'k.line', 'i.sku', 'o.first_status'])
    .select(['e.order_id', field('e.after', 'since').as('since'), field('e.after', 'by').as('by')])
    .select(field('e.after', 'operation').as('operation'))
    .where('e.id', 'in', last)
    .where('e.after', 'is not', null);
  return order === undefined ? held : held.where('o.number', '=', order);
}

/** The item of the label: what the first change after the moment found, or what it is now. */
function itemAt({ field }: HistorySql, moment: number): RawBuilder<string> {
  const before = field('c.before', 'item');
  return sql`coalesce((select ${before} from events c where c.label_id = h.id and c.kind = 'label_changed'
    and c.at > ${moment} and ${before} is not null order by c.id limit 1), h.sku)`;
}

/** The status of the order: what the last change until the moment left, or what it came in with. */
function statusAt({ field }: HistorySql, moment: number): RawBuilder<string> {
  const after = field('c.after', 'status');
  return sql`coalesce((select ${after} from events c where c.order_id = h.order_id and c.label_id is null
    and c.line_id is null and c.at <= ${moment} and ${after} is not null order by c.id desc limit 1),
    h.first_status)`;
}

/** History says since when in ISO form. */
function positionThen(position: Position, sort: string): Position {
  const [first, ...rest] = position;
  return sort === 'since' && typeof first === 'number' ? [isoMoment(first), ...rest] : position;
}
