/** What must never be so of a store, whatever many desks did to it at once. */
import { type Address, openLedger } from '../support/backends.ts';
import { all } from '../support/warehouse.ts';
import { rawly } from './raw-file.ts';

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
};

/** All that is broken in a ledger that has had one import and then only reserved, freed and shipped. */
export async function brokenIn(address: Address): Promise<string[]> {
  return [...(await brokenRows(address)), ...(await brokenHistory(address))];
}

async function brokenRows(address: Address): Promise<string[]> {
  switch (address.kind) {
    case 'sqlite':
      return rawly(address.path, (db) => {
        const broken = db.pragma('integrity_check', { simple: true }) === 'ok' ? [] : ['the file'];
        broken.push(...(db.pragma('foreign_key_check') as unknown[]).map(() => 'a foreign key'));
        return [...broken, ...told((sql) => db.prepare(sql).all())];
      });
    case 'postgres': {
      const { rawly } = await import('../support/postgres-for-tests.ts');
      return await rawly(address, async (client) => {
        const rows = new Map<string, unknown[]>();
        for (const sql of Object.values(BROKEN)) rows.set(sql, (await client.query(sql)).rows);
        return told((sql) => rows.get(sql) ?? []);
      });
    }
  }
}

function told(rowsOf: (sql: string) => unknown[]): string[] {
  return Object.entries(BROKEN).flatMap(([what, sql]) => (rowsOf(sql).length > 0 ? [what] : []));
}

/** What history can't tell, by the ledger's own check. */
async function brokenHistory(address: Address): Promise<string[]> {
  const ledger = await openLedger(address);
  try {
    return (await all(ledger.history.problems())).map((problem) => JSON.stringify(problem));
  } finally {
    await ledger.close();
  }
}
