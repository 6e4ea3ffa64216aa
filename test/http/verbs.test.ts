/** The verbs over a real port: what they answer, how they refuse, and that an operation happens once. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { ReserveAnswer, ShipAnswer, UnreserveAnswer } from '../../src/core/index.ts';
import type { RefusedProblem } from '../../src/http/wire.ts';
import { operation, useServer } from './running.ts';

const running = useServer();

const RESERVE = { command: { order: 'SO-1', labels: ['L-1'] } };

describe('a verb', () => {
  it('reserves, and answers as the Stockroom does', async () => {
    const { post, room } = running();
    const reply = await post('/v1/reserve', RESERVE, operation());
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({ 'content-type': 'application/json', 'earmark-api': '1' });
    const answer = reply.json<ReserveAnswer>();
    expect(answer).toMatchObject({
      verb: 'reserve',
      ok: true,
      code: 'reserved',
      results: [{ code: 'reserved' }],
    });
    const found = await room.find(['L-1']);
    expect(answer.results[0]?.label).toEqual(found.results[0]);
  });

  it('reserves what it chooses itself', async () => {
    const { post } = running();
    const command = { order: 'SO-1', strategy: 'fifo' };
    const answer = (await post('/v1/reserve-automatically', { command }, operation())).json<ReserveAnswer>();
    expect(answer.results.map(({ label }) => label.number)).toEqual(['L-1', 'L-2']);
  });

  it('frees', async () => {
    const { post } = running();
    await post('/v1/reserve', RESERVE, operation());
    const command = { target: { labels: [{ label: 'C-1', expectOrder: 'SO-1' }] } };
    const answer = (await post('/v1/unreserve', { command }, operation())).json<UnreserveAnswer>();
    expect(answer).toMatchObject({
      code: 'unreserved',
      results: [{ label: { number: 'L-1' }, was: { order: 'SO-1' } }],
    });
  });

  it('ships', async () => {
    const { post } = running();
    const command = { order: 'SO-3', from: ['L-1'] };
    const dry = (await post('/v1/ship', { command, dryRun: true })).json<ShipAnswer>();
    expect(dry).toMatchObject({ ok: true, dryRun: true, operation: null });
    const planned = { ...command, plan: dry.plan };
    const answer = (await post('/v1/ship', { command: planned }, operation())).json<ShipAnswer>();
    expect(answer).toMatchObject({ code: 'shipped', order: { status: 'shipped' } });
  });

  it('takes keys in whatever form a person may write them', async () => {
    const { post } = running();
    const command = { order: ' SO-1\t', labels: [' L-1 ', { label: 'L-3', line: 1 }] };
    const answer = (await post('/v1/reserve', { command }, operation())).json<ReserveAnswer>();
    expect(answer.results.map(({ label }) => label.number)).toEqual(['L-1', 'L-3']);
  });

  it('records why, and by whom as the caller says, unverified', async () => {
    const { post } = running();
    const headers = operation({ 'earmark-actor': encodeURIComponent('Zoë Ø') });
    const answer = (
      await post('/v1/reserve', { ...RESERVE, reason: 'by phone' }, headers)
    ).json<ReserveAnswer>();
    expect(answer.operation).toMatchObject({ by: 'Zoë Ø (unverified)', reason: 'by phone' });
  });
});

/** A refusal of each status, and the outcome that it is for. */
const REFUSED = [
  ['/v1/reserve', { order: 'SO-9', labels: ['L-1'] }, 404, 'order_not_found'],
  ['/v1/reserve', { order: 'SO-4', labels: ['L-1'] }, 409, 'order_not_live'],
  ['/v1/reserve', { order: 'SO-3', labels: ['L-1'] }, 422, 'line_ambiguous'],
  ['/v1/reserve', { order: 'SO-1', labels: [] }, 422, 'no_labels_chosen'],
  ['/v1/reserve-automatically', { order: 'SO-3', strategy: 'fefo', line: 9 }, 404, 'line_not_found'],
  ['/v1/unreserve', { target: { labels: ['L-99'] } }, 404, 'label_not_found'],
  ['/v1/ship', { order: 'SO-1' }, 409, 'line_short'],
] as const;

describe('a refusal', () => {
  it.each(REFUSED)('%s %j: %i %s', async (path, command, status, code) => {
    const { post, log } = running();
    const reply = await post(path, { command }, operation());
    expect(reply.headers['content-type']).toBe('application/problem+json');
    const problem = reply.json<RefusedProblem<ReserveAnswer>>();
    expect(reply.status).toBe(status);
    expect(problem).toMatchObject({ status, code, type: `urn:earmark:${code}`, refusals: [{ code }] });
    expect(problem.answer).toMatchObject({ ok: false, code, operation: null });
    expect(problem.detail).toMatch(/^\S.*[^.]$/);
    expect(problem.next.length).toBeGreaterThan(0);
    expect(log.at(-1)).toMatchObject({ route: path, status, code });
  });
});

describe('an operation', () => {
  it('is done once, however often it is sent', async () => {
    const { post } = running();
    const headers = operation();
    const [first, ...again] = await Promise.all([1, 2, 3].map(() => post('/v1/reserve', RESERVE, headers)));
    expect(first?.status).toBe(200);
    for (const reply of again) expect(reply.text).toBe(first?.text);
  });

  it.each([
    ['another request', { command: { order: 'SO-1', labels: ['L-2'] } }, {}, 'request'],
    ['another person', RESERVE, { 'earmark-actor': 'eve' }, 'actor'],
  ])('is refused to %s', async (_, body, over, differs) => {
    const { post } = running();
    const headers = operation();
    await post('/v1/reserve', RESERVE, headers);
    const reply = await post('/v1/reserve', body, { ...headers, ...over });
    expect(reply.status).toBe(422);
    expect(reply.json<RefusedProblem<ReserveAnswer>>().refusals).toMatchObject([
      { code: 'operation_id_reused', differs },
    ]);
  });

  it('needs an id, unless it is a dry run', async () => {
    const { post } = running();
    const refused = await post('/v1/reserve', RESERVE);
    expect([refused.status, refused.json<{ code: string }>().code]).toEqual([400, 'input']);
    expect((await post('/v1/reserve', { ...RESERVE, dryRun: true })).status).toBe(200);
  });

  it.each(['', ' ', 'a b', 'ä', 'x'.repeat(101), '-a'])('takes no id like %j', async (id) => {
    const { post } = running();
    const header = Buffer.from(id).toString('latin1');
    expect((await post('/v1/reserve', RESERVE, { 'idempotency-key': header })).status).toBe(400);
  });

  it('that meets a lock says when to try again', async () => {
    const { post, backend } = running();
    const other = new Database(backend.address.path);
    other.exec('begin immediate');
    const reply = await post('/v1/reserve', { ...RESERVE, timeout: 0 }, operation());
    other.exec('rollback');
    other.close();
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('1');
    expect(reply.json()).toMatchObject({ code: 'busy', retryable: true });
  });
});
