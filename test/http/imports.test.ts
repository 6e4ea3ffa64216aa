/** Imports over a real port: batches, previews, progress, and everything that can go wrong on the way. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/index.ts';
import type { ImportLine, ImportRequest, ImportState } from '../../src/http/wire.ts';
import { NIGHTLY, rowsOf, type Stock } from '../support/warehouse.ts';
import { operation, useServer } from './running.ts';

const running = useServer();
const ndjson = { 'content-type': 'application/x-ndjson' };

const STOCK = {
  items: [{ sku: 'TUBE' }],
  labels: [
    { number: 'T-1', item: 'TUBE', quantity: 2.5, bin: 'T' },
    { number: 'T-2', item: 'TUBE', quantity: 0.000001 },
  ],
  orders: [{ number: 'SO-T', status: 'open' }],
  lines: [{ order: 'SO-T', line: 1, item: 'TUBE', ordered: 3 }],
} as const satisfies Stock;

function lines(stock: Stock): ImportLine[] {
  return rowsOf(stock).map(
    ([kind, row], at) => ({ kind, origin: { file: 'f.csv', row: at + 2 }, row }) as ImportLine,
  );
}

const text = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

async function begin(over: Partial<ImportRequest> = {}, headers = operation()) {
  const reply = await running().post('/v1/imports', { options: NIGHTLY, ...over }, headers);
  return { reply, state: reply.json<ImportState>() };
}

/** Dana begins all imports here, and asks after them. */
const dana = { 'earmark-actor': 'dana' };
const rows = async (id: string, batch: number | string, body: string | Uint8Array) =>
  await running().post(`/v1/imports/${id}/rows?batch=${batch}`, body, { ...dana, ...ndjson });
const run = async (id: string, what: 'preview' | 'apply') =>
  await running().post(`/v1/imports/${id}/${what}`, undefined, dana);
const stateOf = async (id: string, wait = 20_000) =>
  (await running().get(`/v1/imports/${id}?wait=${wait}`, dana)).json<ImportState>();

async function applied(stock: Stock, over: Partial<ImportRequest> = {}, headers = operation()) {
  const { state } = await begin(over, headers);
  await rows(state.id, 1, text(lines(stock)));
  await run(state.id, 'apply');
  return await stateOf(state.id);
}

describe('an import', () => {
  it('is staged in batches, applied, and says what came of it', async () => {
    const { room } = running();
    const { reply, state } = await begin({ reason: 'the night' });
    expect(reply.status).toBe(201);
    expect(reply.headers['location']).toBe(`/v1/imports/${state.id}`);
    const empty = { staged: 0, batch: 0, progress: null, answer: null, problem: null };
    expect(state).toEqual({ schemaVersion: 1, id: state.id, state: 'open', ...empty });

    const [first, ...rest] = lines(STOCK);
    expect((await rows(state.id, 1, text([first]))).json()).toMatchObject({
      state: 'open',
      staged: 1,
      batch: 1,
    });
    expect((await rows(state.id, 2, text(rest))).json()).toMatchObject({ staged: 5, batch: 2 });
    const begun = await run(state.id, 'apply');
    expect([begun.status, begun.json<ImportState>().state]).toEqual([202, 'working']);
    const done = await stateOf(state.id);
    expect(done).toMatchObject({
      state: 'done',
      problem: null,
      progress: { phase: 'imported', done: 5, of: 5 },
    });
    expect(done.answer).toMatchObject({
      verb: 'import',
      code: 'imported',
      operation: { by: 'dana (unverified)', reason: 'the night' },
      counts: { items: { added: 1 }, labels: { added: 2 }, orders: { added: 1 }, lines: { added: 1 } },
    });
    expect((await room.find(['T-1', 'T-2'])).results).toMatchObject([
      { quantity: 2.5, bin: 'T' },
      { quantity: 0.000001 },
    ]);
  });

  it('says first what it would do', async () => {
    const { room } = running();
    const { state } = await begin();
    await rows(state.id, 1, text(lines(STOCK)));
    expect((await run(state.id, 'preview')).status).toBe(202);
    const previewed = await stateOf(state.id);
    expect(previewed).toMatchObject({
      state: 'done',
      answer: { dryRun: true, counts: { labels: { added: 2 } } },
    });
    expect((await room.find(['T-1'])).code).toBe('label_not_found');
    await run(state.id, 'apply');
    expect((await stateOf(state.id)).answer).toMatchObject({ dryRun: false, code: 'imported' });
    expect((await room.find(['T-1'])).code).toBe('found');
  });

  it('with wrong rows changes nothing and names them all', async () => {
    const { room } = running();
    const unread = { problem: { file: 'f.csv', row: 9, column: 'qty', reason: 'qty "x" is not a number' } };
    const { state } = await begin();
    const wrong = lines({
      ...STOCK,
      labels: [...STOCK.labels, { number: 'T-3', item: 'NONE', quantity: 1 }],
    });
    await rows(state.id, 1, text([...wrong, unread]));
    await run(state.id, 'apply');
    const { answer } = await stateOf(state.id);
    expect(answer).toMatchObject({ ok: false, code: 'import_refused', problemCount: 2 });
    expect(answer?.problems[0]).toEqual(unread.problem);
    expect((await room.find(['T-1'])).code).toBe('label_not_found');
  });

  it('of the same operation gives the first answer, whoever staged it anew', async () => {
    const headers = operation();
    const first = await applied(STOCK, {}, headers);
    const again = await applied(STOCK, {}, headers);
    expect(again.id).not.toBe(first.id);
    expect(again.answer).toEqual(first.answer);
    const other = await applied({ items: [{ sku: 'OTHER' }] }, {}, headers);
    expect(other.answer).toMatchObject({ ok: false, code: 'operation_id_reused' });
  });

  it('as a dry run needs no id, and changes nothing', async () => {
    const done = await applied(STOCK, { dryRun: true }, { ...dana } as Record<string, string>);
    expect(done.answer).toMatchObject({ dryRun: true, operation: null, counts: { labels: { added: 2 } } });
    expect((await running().room.find(['T-1'])).code).toBe('label_not_found');
  });

  it('is applied once, however often that is asked for', async () => {
    const { state } = await begin();
    await rows(state.id, 1, text(lines(STOCK)));
    const statuses = await Promise.all([1, 2, 3].map(async () => (await run(state.id, 'apply')).status));
    expect(statuses.every((status) => status === 202 || status === 200)).toBe(true);
    const done = await stateOf(state.id);
    expect((await run(state.id, 'apply')).json()).toEqual(done);
    expect((await run(state.id, 'preview')).json()).toEqual(done);
  });
});

describe('a batch', () => {
  it('that is sent again is not taken twice', async () => {
    const { state } = await begin();
    const unread = { problem: { file: 'f.csv', row: 9, column: null, reason: 'is no row' } };
    const body = text([...lines(STOCK), unread]);
    const [one, two] = await Promise.all([rows(state.id, 1, body), rows(state.id, 1, body)]);
    expect(one?.json()).toEqual(two?.json());
    expect(one?.json()).toMatchObject({ staged: 5, batch: 1 });
    await run(state.id, 'apply');
    expect((await stateOf(state.id)).answer).toMatchObject({ problemCount: 1 });
  });

  it('out of turn is refused', async () => {
    const { state } = await begin();
    const reply = await rows(state.id, 2, text(lines(STOCK)));
    expect([reply.status, reply.json<Problem>().detail]).toEqual([409, 'batch 1 comes next, not 2']);
  });

  it('that comes after the end is refused', async () => {
    const { state } = await begin();
    await run(state.id, 'apply');
    await stateOf(state.id);
    expect((await rows(state.id, 1, text(lines(STOCK)))).status).toBe(409);
  });

  const label = { kind: 'labels', origin: { file: 'f', row: 1 } };
  it.each([
    ['no JSON', 'x', 'line 1 of the batch is not JSON'],
    [
      'a wrong kind',
      text([{ kind: 'boxes' }]),
      'line 1 of the batch: kind has none of the forms that it may have',
    ],
    ['no key', text([{ ...label, row: {} }]), 'line 1 of the batch: row.number is missing'],
    [
      'a wrong key',
      text([{ ...label, row: { number: '/x' } }]),
      'line 1 of the batch: row.number begins with /',
    ],
    [
      'a decimal quantity',
      text([{ ...label, row: { number: 'x', quantity: 0.5 } }]),
      'line 1 of the batch: row.quantity is not a whole number',
    ],
    [
      'a quantity below 0',
      text([{ ...label, row: { number: 'x', quantity: -1 } }]),
      'line 1 of the batch: row.quantity is less than 0',
    ],
    [
      'a wrong date',
      text([{ ...label, row: { number: 'x', expiry: '2026-02-30' } }]),
      'line 1 of the batch: row.expiry is not a date (YYYY-MM-DD)',
    ],
    [
      'a control character',
      text([{ ...label, row: { number: 'x', bin: '\u001b' } }]),
      'line 1 of the batch: row.bin contains a control character',
    ],
    [
      'an unknown field',
      text([{ ...label, row: { number: 'x', colour: 'red' } }]),
      'line 1 of the batch: row has an unknown field: colour',
    ],
    ['a good line before it', `${text(lines(STOCK))}{`, 'line 6 of the batch is not JSON'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the batch is not in UTF-8'],
  ])('with %s is refused whole', async (_, body, detail) => {
    const { state } = await begin();
    const reply = await rows(state.id, 1, body);
    expect([reply.status, reply.json<Problem>().detail]).toEqual([400, detail]);
    expect(await stateOf(state.id, 0)).toMatchObject({ staged: 0, batch: 0, state: 'open' });
  });

  it('is brought into the form of the core', async () => {
    const decomposed = 'Cafe\u0301';
    const { state } = await begin();
    const row = { number: ` ${decomposed} `, item: 'CABLE', quantity: 1_000_000 };
    await rows(state.id, 1, text([{ ...label, row }]));
    await run(state.id, 'apply');
    await stateOf(state.id);
    expect((await running().room.find(['Caf\u00e9'])).code).toBe('found');
  });

  it('that is too large, or has too many lines, is refused', async () => {
    const { state } = await begin();
    expect((await rows(state.id, 1, Buffer.alloc(17 * 1024 * 1024, '\n'))).status).toBe(413);
    const many = `${JSON.stringify({ ...label, row: { number: 'x' } })}\n`.repeat(50_001);
    expect((await rows(state.id, 1, many)).status).toBe(413);
    expect((await rows(state.id, 1, text(lines(STOCK)))).status).toBe(200);
  });

  it('needs its number, and its type', async () => {
    const { state } = await begin();
    for (const batch of ['0', '-1', '1.5', 'x', ''])
      expect((await rows(state.id, batch, '')).status).toBe(400);
    const reply = await running().post(`/v1/imports/${state.id}/rows?batch=1`, '', dana);
    expect(reply.status).toBe(415);
  });
});

describe('imports are', () => {
  it('known only to who began them', async () => {
    const { get, call } = running();
    const { state } = await begin();
    const eve = { 'earmark-actor': 'eve' };
    expect((await get(`/v1/imports/${state.id}`, eve)).status).toBe(404);
    expect((await call('DELETE', `/v1/imports/${state.id}`, { headers: eve })).status).toBe(404);
    expect((await get('/v1/imports/nothing', dana)).json<Problem>()).toMatchObject({
      status: 404,
      code: 'input',
    });
  });

  it('dropped when they are no longer wanted', async () => {
    const { call, get } = running();
    const { state } = await begin();
    expect((await call('DELETE', `/v1/imports/${state.id}`, { headers: dana })).status).toBe(204);
    expect((await get(`/v1/imports/${state.id}`, dana)).status).toBe(404);
  });

  it('applied to the end when they are dropped on the way', async () => {
    const { call, get, backend, room } = running();
    const headers = operation();
    const { state } = await begin({}, headers);
    await rows(state.id, 1, text(lines(STOCK)));
    const other = new Database(backend.address.path);
    other.exec('begin immediate');
    await run(state.id, 'apply');
    expect((await call('DELETE', `/v1/imports/${state.id}`, { headers: dana })).status).toBe(204);
    expect((await get(`/v1/imports/${state.id}`, dana)).status).toBe(404);
    expect((await begin({}, headers)).reply.status).toBe(503);
    other.exec('rollback');
    other.close();
    await expect.poll(async () => (await room.find(['T-1'])).code).toBe('found');
    await expect.poll(async () => (await begin({}, headers)).reply.status).toBe(201);
  });

  it('dropped when nobody asks after them for ten minutes', async () => {
    const { get, backend } = running();
    const { state } = await begin();
    backend.clock.move(9 * 60_000);
    expect((await get(`/v1/imports/${state.id}`, dana)).status).toBe(200);
    backend.clock.move(9 * 60_000);
    expect((await get(`/v1/imports/${state.id}`, dana)).status).toBe(200);
    backend.clock.move(11 * 60_000);
    expect((await get(`/v1/imports/${state.id}`, dana)).status).toBe(404);
  });

  it('few at once; what is finished makes room', async () => {
    const begun = [];
    for (let count = 0; count < 8; count++) begun.push((await begin()).state.id);
    const { reply } = await begin();
    expect([reply.status, reply.headers['retry-after'], reply.json<Problem>().code]).toEqual([
      503,
      '5',
      'busy',
    ]);
    await run(begun[0] ?? '', 'apply');
    await stateOf(begun[0] ?? '');
    expect((await begin()).reply.status).toBe(201);
  });

  it('begun anew by the same operation with nothing staged', async () => {
    const headers = operation();
    const first = await begin({}, headers);
    await rows(first.state.id, 1, text(lines(STOCK)));
    const second = await begin({}, headers);
    expect(second.state).toMatchObject({ staged: 0, batch: 0 });
    expect((await running().get(`/v1/imports/${first.state.id}`, dana)).status).toBe(404);
  });

  it('refused where the options are wrong', async () => {
    for (const options of [
      {},
      { ...NIGHTLY, onConflict: 'mine' },
      { ...NIGHTLY, problemLimit: -1 },
      { ...NIGHTLY, x: 1 },
    ]) {
      const reply = await running().post('/v1/imports', { options }, operation());
      expect([reply.status, reply.json<Problem>().code]).toEqual([400, 'input']);
    }
    expect((await running().post('/v1/imports', { options: NIGHTLY })).status).toBe(400);
  });

  it('waited for no longer than was asked', async () => {
    const { state } = await begin();
    expect(await stateOf(state.id, 20_000)).toMatchObject({ state: 'open' });
    expect((await running().get(`/v1/imports/${state.id}?wait=-1`, dana)).status).toBe(400);
  });
});

it('while one is applied, its progress is told, others are answered, and the same import is not begun anew', async () => {
  const { get, backend, room } = running();
  const headers = operation();
  const { state } = await begin({}, headers);
  await rows(state.id, 1, text(lines(STOCK)));
  const other = new Database(backend.address.path);
  other.exec('begin immediate');
  await run(state.id, 'apply');
  await expect
    .poll(async () => (await stateOf(state.id, 10)).progress)
    .toMatchObject({ phase: 'checked', done: 5, of: 5 });
  expect((await get('/v1/labels?limit=1')).status).toBe(200);
  const again = await begin({}, headers);
  expect([again.reply.status, again.reply.json<Problem>().code]).toEqual([503, 'busy']);
  expect((await rows(state.id, 2, text(lines(STOCK)))).status).toBe(409);
  other.exec('rollback');
  other.close();
  expect(await stateOf(state.id)).toMatchObject({ state: 'done', answer: { code: 'imported' } });
  expect((await room.find(['T-1'])).code).toBe('found');
});

it('one that failed can be applied again', async () => {
  const { backend } = running();
  const { state } = await begin({ timeout: 0 });
  await rows(state.id, 1, text(lines(STOCK)));
  const other = new Database(backend.address.path);
  other.exec('begin immediate');
  await run(state.id, 'apply');
  expect(await stateOf(state.id)).toMatchObject({
    state: 'failed',
    answer: null,
    problem: { code: 'busy', retryable: true },
  });
  other.exec('rollback');
  other.close();
  expect((await run(state.id, 'apply')).status).toBe(202);
  expect(await stateOf(state.id)).toMatchObject({
    state: 'done',
    problem: null,
    answer: { code: 'imported' },
  });
});
