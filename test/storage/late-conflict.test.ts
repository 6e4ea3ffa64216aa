/** Somebody changes what an import goes by after its rows were checked, and before they are applied. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportAnswer, Stockroom } from '../../src/stockroom/stockroom.ts';
import { type SqliteBackend, sqliteBackend } from '../support/backends.ts';
import { bringRows, everything, intent, rowsOf, seed, WAREHOUSE } from '../support/warehouse.ts';
import { rawly } from './raw-file.ts';

let store: SqliteBackend;
let room: Stockroom;

beforeEach(async () => {
  store = await sqliteBackend();
  room = await store.open();
  await seed(room, WAREHOUSE);
});

afterEach(async () => {
  await store.close();
});

const STOCK = {
  labels: [
    { number: 'L-1', quantity: 90 },
    { number: 'L-2', quantity: 40 },
  ],
  orders: [{ number: 'SO-8', customer: 'Echo' }],
};

/** As soon as all rows are checked, L-2 is drawn from. */
async function importBesideDraw(atomic: boolean, operation: string): Promise<ImportAnswer> {
  const draw = (phase: string, done: number, of: number) => {
    if (phase !== 'checked' || done < of) return;
    rawly(store.address.path, (db) => db.exec(`update labels set quantity = 7000000 where number = 'L-2'`));
  };
  return await bringRows(room, rowsOf(STOCK), { atomic }, intent({ operation }), draw);
}

const reason = 'label L-2: the file says 40; it said 50.5 before, and 7 is left here';
const problem = { file: 'labels', row: 2, column: 'quantity', reason };

it('in one transaction nothing of it is applied', async () => {
  const answer = await importBesideDraw(true, 'night');
  const refused = { ok: false, complete: false, code: 'import_refused', operation: null, problemCount: 1 };
  expect(answer).toMatchObject({ ...refused, problems: [problem] });
  const { labels, orders } = await everything(room);
  expect(labels.slice(0, 2).map(({ quantity }) => quantity)).toEqual([100, 7]);
  expect(orders.at(-1)).toMatchObject({ number: 'SO-8', customer: 'Dune' });
  expect(await room.show({ kind: 'operation', name: 'night' })).toMatchObject({ kind: 'refused' });
});

it('in bursts the other rows are applied, what is not is named, and the id may be tried again', async () => {
  const answer = await importBesideDraw(false, 'night');
  const partly = {
    ok: true,
    complete: false,
    code: 'import_refused',
    operation: { id: 'night' },
    problemCount: 1,
  };
  expect(answer).toMatchObject({ ...partly, problems: [problem] });
  const { labels, orders } = await everything(room);
  expect(labels.slice(0, 2).map(({ quantity }) => quantity)).toEqual([90, 7]);
  expect(orders.at(-1)).toMatchObject({ number: 'SO-8', customer: 'Echo' });
  const again = await bringRows(room, rowsOf(STOCK), {}, intent({ operation: 'night' }));
  expect(again).toMatchObject({ ok: false, code: 'import_refused', problems: [problem] });
});
