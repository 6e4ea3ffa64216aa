/** How the client brings an import over: batches, retries, a server that was started again, progress, memory. */
import type { ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { problem } from '../../src/core/index.ts';
import { openServer } from '../../src/http/client/remote-stockroom.ts';
import type { ImportState } from '../../src/http/wire.ts';
import type { ImportAnswer, Intent, Stockroom } from '../../src/stockroom/stockroom.ts';
import {
  closeServers,
  earmarkAnswer,
  type RawServer,
  rawServer,
  type Received,
} from '../support/raw-server.ts';
import { NIGHTLY } from '../support/warehouse.ts';

const rooms: Stockroom[] = [];
afterAll(async () => {
  for (const room of rooms) await room.close();
  await closeServers();
});

const WISH: Intent = { operation: 'night-1', actor: 'nightly', timeout: 3_000 };
const COUNTS = { added: 0, changed: 0, unchanged: 0 };
const ANSWER: ImportAnswer = {
  ...{ schemaVersion: 1, verb: 'import', ok: true, complete: true, code: 'imported', dryRun: false },
  ...{ operation: null, refusals: [], problems: [], problemCount: 0, notices: [] },
  counts: { items: COUNTS, labels: COUNTS, orders: COUNTS, lines: COUNTS },
};

/** An import as a server keeps it, without doing anything. */
class FakeImports {
  readonly batches: string[] = [];
  state: ImportState = {
    ...{ schemaVersion: 1, id: 'i-1', state: 'open', staged: 0, batch: 0 },
    ...{ progress: null, answer: null, problem: null },
  };

  /** What an earmark would answer. */
  answer(response: ServerResponse, { method, path, body }: Received): void {
    if (method === 'DELETE') {
      response.writeHead(204, { 'earmark-api': '1' }).end();
      return;
    }
    const rows = /\/rows\?batch=(\d+)$/.exec(path);
    if (rows !== null && Number(rows[1]) === this.batches.length + 1) this.batches.push(body);
    const staged = this.batches.join('').split('\n').length - 1;
    if (path.endsWith('/apply')) this.state = { ...this.state, state: 'done', answer: ANSWER };
    if (path.endsWith('/preview')) {
      this.state = { ...this.state, state: 'done', answer: { ...ANSWER, dryRun: true } };
    }
    earmarkAnswer(response, { ...this.state, staged, batch: this.batches.length });
  }
}

async function begin(server: RawServer, over: Partial<Intent> = {}) {
  const room = await openServer({ url: server.url, token: undefined }, { timeout: 3_000 });
  rooms.push(room);
  return await room.beginImport({ ...NIGHTLY, problemLimit: 1_000_000 }, { ...WISH, ...over });
}

type Session = Awaited<ReturnType<typeof begin>>;

function add(session: Session, from: number, count: number): void {
  for (let at = from; at < from + count; at++) {
    const origin = { file: 'labels.csv', row: at + 2 };
    session.add('labels', { origin, row: { number: `L-${at}`, item: 'CABLE', location: 'hall'.repeat(20) } });
  }
}

const said = ({ received }: RawServer) => received.map(({ method, path }) => `${method} ${path}`);

describe('an import', () => {
  it('is begun, sent, applied, asked about and dropped', async () => {
    const fake = new FakeImports();
    const server = await rawServer((response, _, request) => fake.answer(response, request));
    const session = await begin(server, { reason: 'the night' });
    add(session, 0, 2);
    session.problem({
      file: 'labels.csv',
      row: 9,
      column: 'quantity',
      reason: 'quantity "x" is not a number',
    });
    expect(session.staged).toBe(2);
    expect(server.received).toEqual([]);
    const told: unknown[] = [];
    expect(await session.finish((...progress) => told.push(progress))).toEqual(ANSWER);
    session.close();
    await rooms.at(-1)?.close();
    expect(said(server)).toEqual([
      'POST /v1/imports',
      'POST /v1/imports/i-1/rows?batch=1',
      'POST /v1/imports/i-1/apply',
      'GET /v1/imports/i-1?wait=400',
      'DELETE /v1/imports/i-1',
    ]);
    const [opening, rows] = server.received;
    expect(opening?.headers).toMatchObject({ 'idempotency-key': 'night-1', 'earmark-actor': 'nightly' });
    expect(JSON.parse(opening?.body ?? '')).toEqual({
      options: { ...NIGHTLY, problemLimit: 10_000 },
      ...{ reason: 'the night', timeout: 3_000 },
    });
    expect(rows?.headers['content-type']).toBe('application/x-ndjson');
    expect(
      rows?.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).kind ?? 'problem'),
    ).toEqual([...['labels', 'labels', 'problem']]);
    expect(told).toEqual([
      ['sent', 3, 3],
      ['checked', 3, 3],
      ['imported', 3, 3],
    ]);
  });

  it('that is looked at first is not sent twice, and takes more rows afterwards', async () => {
    const fake = new FakeImports();
    const server = await rawServer((response, _, request) => fake.answer(response, request));
    const session = await begin(server);
    add(session, 0, 2);
    expect(await session.preview()).toMatchObject({ dryRun: true });
    add(session, 2, 1);
    await session.finish();
    session.close();
    expect(fake.batches.map((batch) => batch.split('\n').length - 1)).toEqual([2, 1]);
  });

  it('goes in batches of about a megabyte, each sent again until it has arrived', async () => {
    const fake = new FakeImports();
    let cuts = 0;
    const server = await rawServer((response, number, request) => {
      fake.answer(response, request);
      // Every third answer is lost on the way.
      if (number % 3 === 0 && ++cuts > 0) response.socket?.destroy();
    });
    const session = await begin(server);
    add(session, 0, 20_000);
    await session.finish();
    session.close();
    expect(cuts).toBeGreaterThan(1);
    const lines = fake.batches.flatMap((batch) => batch.trimEnd().split('\n'));
    expect(lines.map((line) => JSON.parse(line).row.number)).toEqual(
      Array.from({ length: 20_000 }, (_, at) => `L-${at}`),
    );
    for (const batch of fake.batches) expect(batch.length).toBeLessThan(1_001_000);
    expect(fake.batches.length).toBeLessThan(6);
  });
});

describe('a server that has lost the rows', () => {
  const unknown = problem('input', 404, 'there is no such import here', false);

  it.each(['/rows?batch=2', '/apply', '?wait=400'])('at %s gets them again', async (where) => {
    let fake = new FakeImports();
    let lost = false;
    const server = await rawServer((response, _, request) => {
      if (lost || !request.path.endsWith(where)) return fake.answer(response, request);
      lost = true;
      fake = new FakeImports();
      earmarkAnswer(response, unknown, { status: 404 });
    });
    const session = await begin(server);
    add(session, 0, 10_000);
    expect(await session.finish()).toEqual(ANSWER);
    session.close();
    expect(fake.batches.join('').split('\n')).toHaveLength(10_001);
    expect(said(server).filter((each) => each === 'POST /v1/imports')).toHaveLength(2);
  });

  it('again and again is given up, and what was begun is not known', async () => {
    const fake = new FakeImports();
    const server = await rawServer((response, _, request) => {
      if (request.path.includes('wait')) earmarkAnswer(response, unknown, { status: 404 });
      else fake.answer(response, request);
    });
    const session = await begin(server);
    add(session, 0, 1);
    await expect(session.finish()).rejects.toMatchObject({ code: 'outcome_unknown' });
    session.close();
    expect(said(server).filter((each) => each === 'POST /v1/imports')).toHaveLength(3);
  });
});

describe('a server that goes away', () => {
  it.each([
    ['while the rows are sent', '/rows?batch=1', {}, 'server_down'],
    ['while they are looked at', '/apply', { dryRun: true }, 'server_down'],
    ['while they are applied', '/apply', {}, 'outcome_unknown'],
    ['while it is asked how far it is', '?wait=400', {}, 'outcome_unknown'],
  ])('%s', async (_, where, over, code) => {
    const fake = new FakeImports();
    const server = await rawServer((response, _, request) => {
      if (!request.path.endsWith(where)) return fake.answer(response, request);
      response.socket?.destroy();
      void server.close();
    });
    const session = await begin(server, over);
    add(session, 0, 1);
    await expect(session.finish()).rejects.toMatchObject({ code });
    session.close();
  });

  it('or stops half-way is believed', async () => {
    const stopped = 'the database stayed locked by others until the timeout; 500 of 1000 rows were imported';
    const fake = new FakeImports();
    const server = await rawServer((response, _, request) => {
      if (request.path.includes('wait')) {
        fake.state = {
          ...fake.state,
          state: 'failed',
          answer: null,
          problem: problem('busy', 503, stopped, true),
        };
      }
      fake.answer(response, request);
    });
    const session = await begin(server);
    add(session, 0, 1);
    await expect(session.finish()).rejects.toMatchObject({ code: 'busy', message: stopped });
    session.close();
  });
});

it('a server that does not wait is not asked without end', async () => {
  const fake = new FakeImports();
  let asked = 0;
  const server = await rawServer((response, _, request) => {
    if (request.path.includes('wait') && ++asked < 5) {
      const progress = { phase: 'checked', done: asked, of: 9 };
      earmarkAnswer(response, { ...fake.state, state: 'working', answer: null, progress });
    } else fake.answer(response, request);
  });
  const session = await begin(server);
  add(session, 0, 1);
  const began = performance.now();
  const told: unknown[] = [];
  await session.finish((...progress) => told.push(progress));
  session.close();
  expect(performance.now() - began).toBeGreaterThan(300);
  expect(told).toContainEqual(['checked', 4, 9]);
});
