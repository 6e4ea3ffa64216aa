/** Requests as nobody honest sends them: each is refused in one sentence, and nothing is done. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/index.ts';
import { all } from '../support/warehouse.ts';
import { operation, useServer } from './running.ts';

const running = useServer();
const json = { 'content-type': 'application/json' };

/** Bodies for /v1/reserve, and what is said of them. */
const BODIES: readonly (readonly [string, unknown, string])[] = [
  ['no JSON', '{"command":', 'the body is not JSON in UTF-8'],
  ['nothing', '', 'the body is not JSON in UTF-8'],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the body is not JSON in UTF-8'],
  ['a text', '"x"', 'the request is not an object'],
  ['null', 'null', 'the request is not an object'],
  ['no command', {}, 'command is missing'],
  ['no order', { command: { labels: ['L-1'] } }, 'command.order is missing'],
  ['an unknown field', { command: { order: 'SO-1', labels: [], x: 1 } }, 'command has an unknown field: x'],
  [
    'an unknown field around',
    { command: { order: 'SO-1', labels: [] }, force: true },
    'the request has an unknown field: force',
  ],
  [
    '__proto__',
    '{"command":{"order":"SO-1","labels":[]},"__proto__":{"dryRun":true}}',
    'the request has an unknown field: __proto__',
  ],
  ['an empty key', { command: { order: '', labels: [] } }, 'command.order is empty'],
  ['a key with a slash', { command: { order: '/undo', labels: [] } }, 'command.order begins with /'],
  [
    'a control character',
    { command: { order: 'SO-1', labels: ['L-1', 'L-\u0000'] } },
    'command.labels[1] contains a control character',
  ],
  [
    'a long key',
    { command: { order: 'SO-1', labels: ['L'.repeat(201)] } },
    'command.labels[0] is longer than 200 characters',
  ],
  ['a number for a label', { command: { order: 'SO-1', labels: [7] } }, 'command.labels[0] is not a text'],
  [
    'half a choice',
    { command: { order: 'SO-1', labels: [{ label: 'L-1' }] } },
    'command.labels[0].line is missing',
  ],
  ['line 0', { command: { order: 'SO-1', labels: [], line: 0 } }, 'command.line is less than 1'],
  ['line 1.5', { command: { order: 'SO-1', labels: [], line: 1.5 } }, 'command.line is not a whole number'],
  [
    'too many labels',
    { command: { order: 'SO-1', labels: Array(10_001).fill('L-1') } },
    'command.labels has more than 10000 entries',
  ],
  [
    'a timeout below 0',
    { command: { order: 'SO-1', labels: ['L-1'] }, timeout: -1 },
    'timeout is less than 0',
  ],
  [
    'a reason of two lines',
    { command: { order: 'SO-1', labels: ['L-1'] }, reason: 'a\nb' },
    'reason contains a control character',
  ],
  ['several mistakes', { command: { order: 5, labels: 'L-1' } }, 'command.order is not a text, and 1 more'],
  ['a deep nest', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'the request is not an object'],
];

describe('a body with', () => {
  it.each(BODIES)('%s', async (_, body, detail) => {
    const { post, room } = running();
    const reply = await post('/v1/reserve', body, operation());
    expect(reply.status).toBe(400);
    expect(reply.json<Problem>()).toMatchObject({ code: 'input', status: 400, detail, retryable: false });
    expect(await all(room.reservations({}))).toEqual([]);
  });
});

describe('a body that is too large', () => {
  const large = Buffer.alloc(9 * 1024 * 1024, ' ');

  it('is refused by its length', async () => {
    const reply = await running().post('/v1/reserve', large, operation());
    expect([reply.status, reply.json<Problem>().code]).toEqual([413, 'input']);
  });

  it('is refused once it has grown too far, where it tells no length', async () => {
    const reply = await running().call('POST', '/v1/reserve', {
      body: large,
      headers: { ...json, ...operation(), 'transfer-encoding': 'chunked' },
    });
    expect(reply.status).toBe(413);
  });

  it('leaves the server as it was', async () => {
    const { post, get } = running();
    await post('/v1/reserve', large, operation());
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('a content type of', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    '',
  ])('%j is refused', async (type) => {
    const { post } = running();
    const body = JSON.stringify({ labels: ['L-1'] });
    const reply = await post('/v1/find', body, { 'content-type': type });
    expect([reply.status, reply.json<Problem>().detail]).toEqual([
      415,
      'the content type must be application/json',
    ]);
  });

  it('application/json with a charset is taken', async () => {
    const { post } = running();
    const reply = await post(
      '/v1/find',
      { labels: ['L-1'] },
      { 'content-type': 'Application/JSON; charset=utf-8' },
    );
    expect(reply.status).toBe(200);
  });
});

describe('without tokens', () => {
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'])(
    'the host %j is refused',
    async (host) => {
      const reply = await running().get('/v1/labels', { host });
      expect([reply.status, reply.json<Problem>().code]).toEqual([403, 'not_authorised']);
    },
  );

  it('a host that is none gets 400', async () => {
    const reply = await running().get('/v1/labels', { host: 'localhost:80:80' });
    expect([reply.status, reply.json<Problem>().code]).toEqual([400, 'input']);
  });

  it.each(['localhost', 'LOCALHOST:7420', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:7420'])(
    'the host %j is answered',
    async (host) => {
      expect((await running().get('/v1/labels', { host })).status).toBe(200);
    },
  );

  it.each(['https://evil.example', 'http://localhost:3000', 'null'])(
    'the origin %j is refused',
    async (origin) => {
      const { post, room } = running();
      const reply = await post(
        '/v1/reserve',
        { command: { order: 'SO-1', labels: ['L-1'] } },
        operation({ origin }),
      );
      expect([reply.status, reply.json<Problem>().code]).toEqual([403, 'not_authorised']);
      expect(await all(room.reservations({}))).toEqual([]);
    },
  );

  it('a token is refused, because it can not be known', async () => {
    const reply = await running().get('/v1/labels', { authorization: 'Bearer x' });
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([401, 'Bearer realm="earmark"']);
  });

  it.each(['%E4', '%', '%00', 'x'.repeat(201), '/x'])('the actor %j is refused', async (actor) => {
    const { post } = running();
    const reply = await post('/v1/find', { labels: ['L-1'] }, { 'earmark-actor': actor });
    expect([reply.status, reply.json<Problem>().code]).toEqual([400, 'input']);
  });
});

describe('an address', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1/reserve'],
    ['DELETE', '/v1/labels'],
    ['POST', '/v1/nothing'],
    ['GET', '/v1/../v1/labels/'],
    ['OPTIONS', '/v1/reserve'],
    ['GET', '/%00'],
    ['GET', '/v1/show/%zz'],
  ])('%s %s has nothing', async (method, path) => {
    const reply = await running().call(method, path);
    expect(reply.status).toBe(404);
    expect(reply.headers['earmark-api']).toBe('1');
    expect(reply.json<Problem>()).toMatchObject({ code: 'usage' });
  });
});

describe('a parameter', () => {
  it.each([
    ['limit=0', 'limit is not a whole number'],
    ['limit=1001', 'limit is more than 1000'],
    ['limit=1e3', 'limit is not a whole number'],
    ['sort=colour', 'sort is none of number, item, created, expiry, quantity, location, bin'],
    ['status=active,gone', 'status is none of active, reserved, depleted'],
    ['descending=yes', 'descending is none of true, false'],
    ['expiredOn=2026-11-23', 'expiredOn says nothing without expired'],
    ['expired=true&expiredOn=2026-02-30', 'expiredOn is not a date (YYYY-MM-DD)'],
    ['color=red', 'the request has an unknown field: color'],
    ['item=A&item=B', 'the parameter item stands there 2 times'],
    ['item=%00', 'item contains a control character'],
    ['cursor=x', 'the cursor is not one of this list with this sort; begin again without it'],
  ])('%s is refused', async (query, detail) => {
    const reply = await running().get(`/v1/labels?${query}`);
    expect([reply.status, reply.json<Problem>().detail]).toEqual([400, detail]);
  });
});

it('another version of the API is refused', async () => {
  const reply = await running().get('/v1/labels', { 'earmark-api': '2' });
  expect([reply.status, reply.json<Problem>().code]).toEqual([400, 'server_version']);
});

it('headers that are too long are refused by Node, and the next request is answered', async () => {
  const { get } = running();
  expect((await get('/v1/labels', { x: 'x'.repeat(20_000) })).status).toBe(431);
  expect((await get('/v1/labels')).status).toBe(200);
});

it('what is no HTTP at all gets 400, and its connection is closed', async () => {
  const { url, get } = running();
  const said = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
      socket.write('\x16\x03\x01 hello\r\n\r\n'),
    );
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect((await get('/healthz')).status).toBe(200);
});
