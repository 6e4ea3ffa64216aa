/** The latest events of a label, an order or an operation. */
import type { Kysely } from 'kysely';
import type { Fields } from '../core/index.ts';
import type { RecordedEvent } from '../stockroom/ledger.ts';
import type { Schema } from './schema.ts';

export async function eventRows(
  db: Kysely<Schema>,
  of: { label: string } | { order: string } | { operation: string },
  limit: number,
): Promise<RecordedEvent[]> {
  let rows = db
    .selectFrom('events as e')
    .innerJoin('operations as n', 'n.id', 'e.operation_id')
    .leftJoin('labels as l', 'l.id', 'e.label_id')
    .leftJoin('orders as o', 'o.id', 'e.order_id')
    .leftJoin('order_lines as k', 'k.id', 'e.line_id')
    .select(['e.at', 'e.kind', 'n.name as operation', 'n.verb', 'n.actor as by', 'n.reason'])
    .select(['l.number as label', 'o.number as order', 'k.line', 'e.before', 'e.after']);
  if ('label' in of) {
    rows = rows.where('e.label_id', '=', (from) =>
      from.selectFrom('labels').select('id').where('number', '=', of.label),
    );
  } else if ('order' in of) {
    rows = rows.where('e.order_id', '=', (from) =>
      from.selectFrom('orders').select('id').where('number', '=', of.order),
    );
  } else {
    rows = rows.where('n.name', '=', of.operation);
  }
  const found = await rows.orderBy('e.id', 'desc').limit(limit).execute();
  return found.map((row) => ({ ...row, before: fields(row.before), after: fields(row.after) }));
}

function fields(json: string | null): Fields | null {
  return json === null ? null : (JSON.parse(json) as Fields);
}
