/** An import that is killed half-way is finished by running it again, and ends as if it had never been killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import type { Address, MakeBackend } from '../support/backends.ts';
import { all, bigStock, bringRows, intent, KILLED, rowsOf, seed } from '../support/warehouse.ts';

const PROGRAM = fileURLToPath(new URL('../support/killed-import.ts', import.meta.url));

export function killedImportContract(make: MakeBackend): void {
  it.each([
    ['among the labels', 3500],
    ['after the orders', 6100],
    ['before its answer is recorded', 6810],
    // Two whole nights, and a process that has to start first, perhaps on a busy machine.
  ])('killed %s', { timeout: 120_000 }, async (_, rows) => {
    const [killed, whole] = [await make(), await make()];
    const [room, other] = [await killed.open(), await whole.open()];
    for (const desk of [room, other]) await morning(desk);
    await killImport(killed.address, rows);
    const again = await night(room);
    expect(again).toMatchObject({ code: 'imported', operation: { id: KILLED.operation } });
    expect(again.counts.labels.added).toBeLessThan(3000);
    const undisturbed = await night(other);
    expect(undisturbed.counts).toMatchObject({
      labels: { added: 3000 },
      orders: { added: 200, changed: 40 },
    });
    expect(await state(room)).toEqual(await state(other));
    expect(await night(room)).toEqual(again);
    await killed.close();
    await whole.close();
  });
}

async function morning(room: Stockroom): Promise<void> {
  await seed(room, bigStock('before'));
  for (const [order, labels] of [
    ['BO-0', ['B-0', 'B-10']],
    ['BO-1', ['B-1', 'B-11']],
  ] as const) {
    expect((await room.reserve({ order, labels }, intent())).code).toBe('reserved');
  }
}

async function night(room: Stockroom) {
  return await bringRows(room, rowsOf(bigStock('after')), { releaseClosed: true }, KILLED);
}

async function killImport(address: Address, rows: number): Promise<void> {
  const args = ['--import', 'tsx', PROGRAM, JSON.stringify(address), String(rows)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect([code, signal]).toEqual([null, 'SIGKILL']);
}

/** What must be the same however often the import was begun: all but when, and by which operation, it was done. */
async function state(room: Stockroom) {
  const views = [];
  for (const name of ['BO-0', 'BO-1', 'BO-5', 'BO-399']) views.push(await room.show({ kind: 'order', name }));
  for (const name of ['B-0', 'B-7', 'B-10', 'B-11', 'B-5999'])
    views.push(await room.show({ kind: 'label', name }));
  const parts = { labels: await all(room.labels({})), orders: await all(room.orders({})), views };
  return JSON.parse(
    JSON.stringify(parts, (name, value) => (/^(at|since|operation)$/.test(name) ? null : value)),
  );
}
