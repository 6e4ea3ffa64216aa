/** What the client makes of servers that answer well, badly, late or not at all. */
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { problem } from '../../src/core/index.ts';
import { openServer } from '../../src/http/client/remote-stockroom.ts';
import type { Intent, Stockroom } from '../../src/stockroom/stockroom.ts';
import {
  closeServers,
  earmarkAnswer,
  nowhere,
  type RawServer,
  rawServer,
  tcpServer,
} from '../support/raw-server.ts';
import { all } from '../support/warehouse.ts';

const rooms: Stockroom[] = [];
afterAll(async () => {
  for (const room of rooms) await room.close();
  await closeServers();
});

/** Short, so that a server that never answers is given up soon. */
const PATIENCE = 100;
const WISH: Intent = { operation: 'op-1', actor: 'dana', timeout: PATIENCE };
const COMMAND = { order: 'SO-1', labels: ['L-1'] };

async function client(url: string, token?: string): Promise<Stockroom> {
  const room = await openServer({ url, token }, { timeout: PATIENCE });
  rooms.push(room);
  return room;
}

/** What a call that must fail fails with. */
async function failure(call: Promise<unknown>): Promise<unknown> {
  try {
    return { answered: await call };
  } catch (error) {
    return error;
  }
}

const reserve = async ({ url }: { readonly url: string }, over: Partial<Intent> = {}) => {
  return await failure((await client(url)).reserve(COMMAND, { ...WISH, ...over }));
};
const find = async ({ url }: { readonly url: string }) => await failure((await client(url)).find(['L-1']));

const DONE = { verb: 'reserve', ok: true, code: 'reserved' };

describe('a request', () => {
  it('says who asks, under which operation, and with which token', async () => {
    const server = await rawServer((response) => earmarkAnswer(response, DONE));
    const room = await client(server.url, 'emk_secret');
    await room.reserve(COMMAND, { ...WISH, actor: 'Åse', reason: 'early', timeout: 30_000 });
    const [{ method, path, headers, body }] = server.received as [RawServer['received'][number]];
    expect([method, path]).toEqual(['POST', '/v1/reserve']);
    expect(headers).toMatchObject({
      'earmark-api': '1',
      'idempotency-key': 'op-1',
      'earmark-actor': '%C3%85se',
      authorization: 'Bearer emk_secret',
      'content-type': 'application/json',
    });
    expect(headers).not.toHaveProperty('accept-encoding');
    const { timeout, ...request } = JSON.parse(body);
    expect(request).toEqual({ command: COMMAND, reason: 'early' });
    expect(timeout).toBeGreaterThan(29_000);
  });

  it('goes below the path of the URL, on one connection for all', async () => {
    const ports = new Set<number | undefined>();
    const server = await rawServer((response) => {
      ports.add(response.socket?.remotePort);
      earmarkAnswer(response, DONE);
    });
    const room = await client(`${server.url}/stock/`);
    await room.find(['L-1']);
    await room.show({ kind: 'order', name: 'SO 1/ä' });
    expect(server.received.map(({ path }) => path)).toEqual([
      '/stock/v1/find',
      '/stock/v1/show?name=SO%201%2F%C3%A4&kind=order',
    ]);
    expect(ports.size).toBe(1);
    expect(room.place).toBe(`${server.url}/stock`);
  });

  it.each(['http://192.0.2.1', 'http://stock.example.com:8080', 'http://127.0.0.1.example.com'])(
    'with a token never goes unencrypted to %s',
    async (url) => {
      expect(await failure(client(url, 'emk_secret'))).toMatchObject({
        code: 'input',
        message: `a token is never sent to ${url} unencrypted; give an https:// URL`,
      });
    },
  );
});

describe('an answer', () => {
  it('is given as it came', async () => {
    expect(await reserve(await rawServer((response) => earmarkAnswer(response, DONE)))).toEqual({
      answered: DONE,
    });
  });

  it('that is refused is a value too', async () => {
    const answer = { ...DONE, ok: false, code: 'label_depleted' };
    const body = { ...problem('label_depleted', 409, 'L-1 is empty', true), refusals: [], answer };
    const server = await rawServer((response) => earmarkAnswer(response, body, { status: 409 }));
    expect(await reserve(server)).toEqual({ answered: answer });
    expect(server.received).toHaveLength(1);
  });

  it.each([401, 403])('%s means that the token does not do', async (status) => {
    const body = problem('not_authorised', status, 'the token was revoked', false);
    const server = await rawServer((response) => earmarkAnswer(response, body, { status }));
    expect(await reserve(server)).toMatchObject({ code: 'not_authorised', message: 'the token was revoked' });
    expect(server.received).toHaveLength(1);
  });

  it('that tells of a fault throws the same one', async () => {
    const next = [{ label: 'wait', command: 'sleep 60' }];
    const body = problem('disk_full', 507, 'the disk of the server is full', true, next);
    const server = await rawServer((response) => earmarkAnswer(response, body, { status: 507 }));
    expect(await reserve(server)).toMatchObject({
      ...{ name: 'Fault', code: 'disk_full', message: 'the disk of the server is full', next },
    });
    expect(server.received).toHaveLength(1);
  });

  it('that tells of a bug is no fault', async () => {
    const body = problem('unexpected', 500, 'something unexpected happened in the server', false);
    const server = await rawServer((response) => earmarkAnswer(response, body, { status: 500 }));
    expect(await reserve(server)).toMatchObject({
      name: 'UnknownProblem',
      message: `${server.url} says: something unexpected happened in the server`,
    });
  });
});

describe('what is no earmark server', () => {
  const plain = (status: number, headers: Record<string, string>, body = '<html>') => {
    return rawServer((response) => response.writeHead(status, headers).end(body));
  };

  it.each([
    [
      'a web page',
      200,
      { 'content-type': 'text/html' },
      'is no earmark server: it answered POST /v1/reserve with 200 OK, text/html',
    ],
    [
      'nothing',
      404,
      {},
      'is no earmark server: it answered POST /v1/reserve with 404 Not Found, no content type',
    ],
    [
      'JSON of its own',
      200,
      { 'content-type': 'application/json' },
      'is no earmark server: it answered POST /v1/reserve with 200 OK, application/json',
    ],
    [
      'a login',
      401,
      { 'www-authenticate': 'Basic' },
      'is no earmark server: it answered POST /v1/reserve with 401 Unauthorized, no content type',
    ],
    [
      'a way elsewhere',
      302,
      { location: 'https://evil.example.com/' },
      'sends on to https://evil.example.com/, and earmark never follows; name the server itself',
    ],
  ])('%s', async (_, status, headers, said) => {
    const server = await plain(status, headers);
    expect(await reserve(server)).toMatchObject({
      code: 'not_earmark_server',
      message: `${server.url} ${said}`,
    });
    expect(server.received).toHaveLength(1);
  });

  it('an earmark of another version', async () => {
    const server = await plain(200, { 'earmark-api': '2', 'content-type': 'application/json' }, '{}');
    expect(await reserve(server)).toMatchObject({
      code: 'server_version',
      message: `${server.url} speaks version 2 of earmark's API, and this earmark version 1; update the older of the two`,
    });
  });

  it('something that does not speak HTTP', async () => {
    const server = await tcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    expect(await reserve(server)).toMatchObject({
      code: 'not_earmark_server',
      message: `${server.url} is no earmark server: it answers with something that is not HTTP`,
    });
  });
});

describe('a server that is not there', () => {
  it.each(['read', 'dry run', 'change'])('leaves nothing done: a %s may be tried again', async (what) => {
    const url = await nowhere();
    const error =
      what === 'read' ? await find({ url }) : await reserve({ url }, { dryRun: what === 'dry run' });
    expect(error).toMatchObject({
      code: 'server_down',
      message: `${url} refuses the connection`,
    });
  });

  it('is not asked again where nobody knows its name', async () => {
    const began = performance.now();
    const error = await reserve({ url: 'http://no-such-host.invalid' });
    expect(error).toMatchObject({
      code: 'server_down',
      message: expect.stringContaining('can not be reached: '),
    });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('is waited for while it starts', async () => {
    const first = await rawServer((response) => earmarkAnswer(response, DONE));
    const { port } = new URL(first.url);
    await first.close();
    const waiting = reserve(first, { timeout: 5_000 });
    const { createServer } = await import('node:http');
    const second = createServer((_, response) => earmarkAnswer(response, DONE)).listen(
      Number(port),
      '127.0.0.1',
    );
    onTestFinished(() => void second.close());
    expect(await waiting).toEqual({ answered: DONE });
  });
});

/** What may go wrong after the request was sent, where the server may have done it. */
const LOSSES: Record<string, (response: Parameters<Parameters<typeof rawServer>[0]>[0]) => void> = {
  'no answer at all': () => undefined,
  'the connection cut before the answer': (response) => void response.socket?.destroy(),
  'the connection cut among the headers': (response) => {
    response.socket?.end('HTTP/1.1 200 OK\r\nearmark-api: 1\r\nconte');
  },
  'the connection cut in the document': (response) => {
    response.writeHead(200, {
      'earmark-api': '1',
      'content-type': 'application/json',
      'content-length': 100,
    });
    response.write('{"verb":"res', () => response.socket?.destroy());
  },
  'headers that never end': (response) =>
    void response.socket?.write('HTTP/1.1 200 OK\r\nearmark-api: 1\r\n'),
  'a document that never ends': (response) => {
    response.writeHead(200, { 'earmark-api': '1', 'content-type': 'application/json' });
    response.write('{');
  },
  'a document that is none': (response) => {
    response.writeHead(200, { 'earmark-api': '1', 'content-type': 'application/json' }).end('{"verb":');
  },
  'a page in the place of a document': (response) => {
    response.writeHead(200, { 'earmark-api': '1', 'content-type': 'text/html' }).end('<html>');
  },
  'a compressed document that nobody asked for': (response) => {
    const headers = { 'earmark-api': '1', 'content-type': 'application/json', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(gzipSync(JSON.stringify(DONE)));
  },
  'a proxy that got no answer': (response) => void response.writeHead(504).end('timeout'),
};

/** These come at once, so there is time to ask again. */
const CUTS = Object.entries(LOSSES).filter(([name]) => !/never|at all/.test(name));

describe('after a change', () => {
  it.concurrent.each(Object.entries(LOSSES))('%s: unknown, and the operation is named', async (_, lose) => {
    const server = await rawServer(lose);
    expect(await reserve(server)).toMatchObject({
      code: 'outcome_unknown',
      message: expect.stringMatching(
        /; whether op-1 was done is not known, run it again with --operation-id op-1$/,
      ),
      next: [{ label: 'or look', command: 'earmark show operation/op-1' }],
    });
    const keys = server.received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys)).toEqual(new Set(['op-1']));
  });

  it.concurrent.each(CUTS)('%s: mended by asking again under the same operation', async (_, lose) => {
    const server = await rawServer((response, number) => {
      if (number === 1) lose(response);
      else earmarkAnswer(response, DONE);
    });
    expect(await reserve(server, { timeout: 5_000 })).toEqual({ answered: DONE });
    expect(server.received.map(({ headers }) => headers['idempotency-key'])).toEqual(['op-1', 'op-1']);
  });
});

describe('after a read or a dry run', () => {
  it.concurrent.each(Object.entries(LOSSES))('%s: nothing was done', async (_, lose) => {
    const server = await rawServer(lose);
    const expected = { code: expect.stringMatching(/^(server_down|not_earmark_server)$/) };
    const [read, dry] = await Promise.all([find(server), reserve(server, { dryRun: true })]);
    expect(read).toMatchObject(expected);
    expect(dry).toMatchObject(expected);
  });
});

describe('a change whose first answer was lost', () => {
  it('stays unknown when the server is down afterwards', async () => {
    const server = await rawServer((response) => {
      response.socket?.destroy();
      void server.close();
    });
    expect(await reserve(server, { timeout: 5_000 })).toMatchObject({ code: 'outcome_unknown' });
  });

  it('stays unknown too where its connection had been used before', async () => {
    const server = await rawServer((response, number) => {
      if (number === 1) return earmarkAnswer(response, DONE);
      response.socket?.destroy();
      void server.close();
    });
    const room = await client(server.url);
    await room.find(['L-1']);
    const error = await failure(room.reserve(COMMAND, { ...WISH, timeout: 5_000 }));
    expect(error).toMatchObject({ code: 'outcome_unknown' });
    expect(server.received).toHaveLength(2);
  });

  it('stays unknown too where it had waited for a connection of another one', async () => {
    const at = 12;
    const server = await rawServer((response, number) => {
      if (number < at) return earmarkAnswer(response, DONE);
      response.socket?.destroy();
      void server.close();
    });
    const room = await client(server.url);
    const changes = Array.from({ length: at }, async (_, each) => {
      return await failure(room.reserve(COMMAND, { ...WISH, operation: `o${each}`, timeout: 5_000 }));
    });
    const lost = (await Promise.all(changes)).filter((each) => each instanceof Error);
    expect(lost).toMatchObject([{ code: 'outcome_unknown' }]);
  });

  it('stays unknown when the server is busy afterwards', async () => {
    const server = await rawServer((response, number) => {
      if (number === 1) response.socket?.destroy();
      else earmarkAnswer(response, problem('busy', 503, 'the database is locked', true), { status: 503 });
    });
    expect(await reserve(server, { timeout: 5_000 })).toMatchObject({ code: 'outcome_unknown' });
    expect(server.received.length).toBeLessThanOrEqual(5);
  });
});

describe('a server that is busy', () => {
  const busy = problem('busy', 503, 'the database stayed locked', true);

  it('is asked again a few times, and then nothing was done', async () => {
    const server = await rawServer((response) => earmarkAnswer(response, busy, { status: 503 }));
    expect(await reserve(server, { timeout: 10_000 })).toMatchObject({ code: 'busy', message: busy.detail });
    expect(server.received).toHaveLength(5);
    const waits = server.received.map(({ body }) => JSON.parse(body).timeout as number);
    expect(waits).toEqual(waits.toSorted((a, b) => b - a));
  });

  it('is not asked for longer than locks are waited for', async () => {
    const server = await rawServer((response) => earmarkAnswer(response, busy, { status: 503 }));
    expect(await reserve(server, { timeout: 0 })).toMatchObject({ code: 'busy' });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['seconds', () => '1', 1_000],
    ['a date', () => new Date(Date.now() + 2_000).toUTCString(), 900],
  ])('says when to come back, in %s', async (_, later, least) => {
    const server = await rawServer((response, number) => {
      if (number > 1) earmarkAnswer(response, DONE);
      else earmarkAnswer(response, busy, { status: 503, headers: { 'retry-after': later() } });
    });
    const began = performance.now();
    expect(await reserve(server, { timeout: 10_000 })).toEqual({ answered: DONE });
    expect(performance.now() - began).toBeGreaterThan(least);
  });

  it('is not waited for when it wants longer than we do', async () => {
    const headers = { 'retry-after': '60' };
    const server = await rawServer((response) => earmarkAnswer(response, busy, { status: 503, headers }));
    const began = performance.now();
    expect(await reserve(server, { timeout: 5_000 })).toMatchObject({ code: 'busy' });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(server.received).toHaveLength(1);
  });

  it('or overwhelmed, without a document', async () => {
    const server = await rawServer((response, number) => {
      if (number > 1) earmarkAnswer(response, DONE);
      else response.writeHead(503, { 'retry-after': '0' }).end();
    });
    expect(await reserve(server, { timeout: 5_000 })).toEqual({ answered: DONE });
  });
});

describe('a list', () => {
  const pages = (sizes: readonly number[]) => {
    return rawServer((response, number) => {
      const items = Array.from({ length: sizes[number - 1] ?? 0 }, (_, at) => ({
        number: `L-${number}-${at}`,
      }));
      const next = number < sizes.length ? `after ${number}` : null;
      earmarkAnswer(response, { schemaVersion: 1, items, next });
    });
  };

  it('comes page by page, until there is no next one', async () => {
    const server = await pages([500, 500, 3]);
    const room = await client(server.url);
    const query = {
      status: ['active', 'reserved'],
      expired: { on: '2026-11-23', is: false },
      search: 'a&b',
    } as const;
    const batches: number[] = [];
    for await (const batch of room.labels({ ...query, sort: 'quantity', descending: true }))
      batches.push(batch.length);
    expect(batches).toEqual([500, 500, 3]);
    const asked = server.received.map(({ path }) => new URL(path, server.url).searchParams);
    expect(Object.fromEntries(asked[1] ?? [])).toEqual({
      ...{ status: 'active,reserved', expired: 'false', expiredOn: '2026-11-23', search: 'a&b' },
      ...{ sort: 'quantity', descending: 'true', limit: '500', cursor: 'after 1' },
    });
    expect(asked.map((each) => each.get('cursor'))).toEqual([null, 'after 1', 'after 2']);
  });

  it('is no longer than it may be', async () => {
    const server = await pages([500, 20]);
    expect(await all((await client(server.url)).orders({ limit: 520 }))).toHaveLength(520);
    const limits = server.received.map(({ path }) => new URL(path, server.url).searchParams.get('limit'));
    expect(limits).toEqual(['500', '20']);
    expect(await all((await client(server.url)).orders({ limit: 0 }))).toEqual([]);
  });

  it('that is left half-way asks for no more', async () => {
    const server = await pages([500, 500, 500]);
    for await (const batch of (await client(server.url)).shipments({})) {
      expect(batch).toHaveLength(500);
      break;
    }
    expect(server.received).toHaveLength(1);
  });
});
