/** Where history ends on PostgreSQL: ids come from sequences, so a lower one may be committed after a higher one. */
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type PostgresBackend, postgresBackend } from '../support/backends.ts';
import { rawly } from '../support/postgres-for-tests.ts';
import { intent, seed, WAREHOUSE } from '../support/warehouse.ts';

let backend: PostgresBackend;
let room: Stockroom;

beforeEach(async () => {
  backend = await postgresBackend();
  room = await backend.open();
  await seed(room, WAREHOUSE);
});
afterEach(async () => await backend.close());

const LATE = `
  insert into operations (name, verb, actor, fingerprint, at, answer)
    values ('late', 'reserve', 'eve', repeat('0', 64), 1, '{}')`;

it('waits for whoever has drawn an id and not committed, and nobody commits before it afterwards', async () => {
  await rawly(backend.address, async (client) => {
    await client.query(`begin; ${LATE}`);
    const proving = room.proveHistory();
    const other = await backend.open();
    const first = await Promise.race([proving.then(() => 'proved'), setTimeout(300, 'waits')]);
    expect(first).toBe('waits');
    await client.query('commit');
    const { digest } = await proving;
    await other.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    expect(await room.proveHistory(digest)).toMatchObject({ refusal: null });
    await client.query("update operations set actor = 'dana' where name = 'late'");
    expect(await room.proveHistory(digest)).toMatchObject({ refusal: { code: 'history_changed' } });
  });
});

it('gives up where someone keeps a transaction open, and keeps nobody waiting for long', async () => {
  await rawly(backend.address, async (client) => {
    await client.query(`begin; ${LATE}`);
    const proving = room.historyEnd();
    await expect(proving).rejects.toMatchObject({ code: 'busy' });
    const other = await backend.open();
    expect(await other.reserve({ order: 'SO-2', labels: ['L-1'] }, intent())).toMatchObject({ ok: true });
    await client.query('rollback');
  });
  expect(await room.historyEnd()).toMatch(/^\d/);
});
