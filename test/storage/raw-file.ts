/** A SQLite file as SQLite sees it, behind earmark's back. */
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';

/** Runs `use` on a plain connection that checks foreign keys. */
export function rawly<T>(path: string, use: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    db.pragma('foreign_keys = on');
    return use(db);
  } finally {
    db.close();
  }
}

/** Each must give no row. */
const BROKEN: Readonly<Record<string, string>> = {
  'a reservation of an order that is not live': `
    select l.number from reservations r join labels l on l.id = r.label_id join order_lines k on k.id = r.line_id
    join orders o on o.id = k.order_id where o.status not in ('draft', 'open', 'partially_shipped')`,
  'a reservation of an empty label': `
    select l.number from reservations r join labels l on l.id = r.label_id where l.quantity = 0`,
  'a line that shipped something else than its shipments say': `
    select k.id from order_lines k where k.shipped <> k.first_shipped +
      (select coalesce(sum(d.quantity), 0) from shipment_lines d where d.line_id = k.id)`,
  'a label that lost something else than its shipments say': `
    select l.number from labels l where l.quantity <> l.first_quantity -
      (select coalesce(sum(d.quantity), 0) from shipment_labels d where d.label_id = l.id)`,
  'an operation without its answer': 'select name from operations where answer is null',
  'an event before the one before it': `
    select e.id from events e join events f on f.label_id = e.label_id and f.id < e.id where f.at > e.at`,
};

interface EventRow {
  readonly kind: string;
  readonly label_id: number | null;
  readonly order_id: number | null;
  readonly line_id: number | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** All that is broken in a ledger that has had one import and then only reserved, freed and shipped. */
export function brokenIn(path: string): string[] {
  return rawly(path, (db) => {
    const broken = db.pragma('integrity_check', { simple: true }) === 'ok' ? [] : ['the file'];
    broken.push(...(db.pragma('foreign_key_check') as unknown[]).map(() => 'a foreign key'));
    for (const [what, sql] of Object.entries(BROKEN)) {
      if (db.prepare(sql).get() !== undefined) broken.push(what);
    }
    return [...broken, ...brokenHistory(db)];
  });
}

type Fields = Record<string, unknown>;

/** Whether each event starts from where the one before it ended, and the last one told of each holder is what is there. */
function brokenHistory(db: Database.Database): string[] {
  const told = new Map<string, unknown>();
  const broken: string[] = [];
  const follow = (thing: string, known: boolean, before: unknown, after: unknown): void => {
    if ((known || told.has(thing)) && !isDeepStrictEqual(told.get(thing) ?? null, before))
      broken.push(`${thing} did not begin as it ended`);
    told.set(thing, after);
  };
  const events = db.prepare<[], EventRow>('select * from events order by id').all();
  for (const { kind, label_id, order_id, line_id, ...texts } of events) {
    const [before, after] = [fieldsOf(texts.before), fieldsOf(texts.after)];
    if (kind === 'reserved' || kind === 'unreserved') follow(`holder of ${label_id}`, true, before, after);
    else {
      const thing = `${kind} ${label_id ?? line_id ?? order_id}`;
      for (const field of Object.keys(after ?? {}))
        follow(`${thing} ${field}`, false, before?.[field], after?.[field]);
    }
  }
  const holders = db.prepare<[], { label_id: number; holder: string }>(`
    select r.label_id, json_object('order', o.number, 'line', k.line, 'by', r."by", 'operation', n.name) as holder
    from reservations r join order_lines k on k.id = r.line_id join orders o on o.id = k.order_id
    join operations n on n.id = r.operation_id`);
  for (const { label_id, holder } of holders.all()) {
    const { since: _, ...last } = (told.get(`holder of ${label_id}`) ?? {}) as Fields;
    if (!isDeepStrictEqual(last, fieldsOf(holder))) broken.push(`holder of ${label_id} is not in history`);
    told.delete(`holder of ${label_id}`);
  }
  const lost = [...told].filter(([thing, after]) => thing.startsWith('holder') && after !== null);
  return [...broken, ...lost.map(([thing]) => `${thing} is only in history`)];
}

function fieldsOf(json: string | null): Fields | null {
  return json === null ? null : (JSON.parse(json) as Fields);
}
