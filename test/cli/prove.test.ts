import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { RACES, type Reply, type Request } from '../../src/cli/prove/races.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { type Backend, sqliteBackend } from '../support/backends.ts';
import { type Desk, finished, leaveDesks, openDesk } from '../support/cli.ts';
import { sharedPostgres, urlOf } from '../support/postgres-for-tests.ts';
import { seed } from '../support/warehouse.ts';

afterAll(leaveDesks);

const scratchFiles = (desk: Desk) => {
  return readdirSync(dirname(desk.db)).filter((name) => name.includes('.prove-'));
};

describe('prove', () => {
  test('says what was tried, that there was one winner each time, and leaves nothing behind', async () => {
    const desk = await openDesk('demo');
    const before = await desk.earmark(['list', 'labels', '--json']);
    const { stdout, stderr, code } = await desk.earmark([
      'prove',
      '--workers',
      '4',
      '--rounds',
      '3',
      '-o',
      'table',
    ]);
    const said = stdout.replace(/prove-[0-9a-f]{12}/, 'prove-…').replaceAll(/\d+ refused/g, '… refused');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(
      said
        .replaceAll(desk.db, 'DB')
        .replace(/in [\d.]+ s/, 'in … s')
        .replace(/\d+ events/, '… events')
        .split('\n'),
    ).toEqual([
      '4 workers, 3 rounds of each race, on the scratch ledger DB.prove-…',
      '✓ the same label                        3 rounds, 3 winners, … refused',
      '✓ overlapping sets, in opposite orders  3 rounds, 3 winners, … refused',
      '✓ the same operation id                 3 rounds, 3 winners, … refused',
      '✓ ship against reserve, for one order   3 rounds, 3 winners, … refused',
      '✓ unreserve against reserve             3 rounds, 3 winners, … refused',
      '✓ every invariant, and the history      30 labels, 7 orders, … events',
      'proved in … s: exactly one winner each time; the scratch ledger is removed',
      '',
    ]);
    expect(scratchFiles(desk)).toEqual([]);
    expect(await desk.earmark(['list', 'labels', '--json'])).toEqual(before);
  });

  test('on PostgreSQL, in a schema of its own that goes again', async () => {
    const desk = await openDesk('none');
    const url = urlOf(await sharedPostgres());
    const words = ['prove', '--workers', '4', '--rounds', '2', '--json', '--db', url];
    const { stdout, stderr, code } = await desk.earmark(words);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, workers: 4, rounds: 2, checked: { problems: [] } });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const left = await client.query(`select nspname from pg_namespace where nspname like 'earmark_prove%'`);
    await client.end();
    expect(left.rows).toEqual([]);
  });

  test('as a document', async () => {
    const desk = await openDesk('none');
    const { stdout, code } = await desk.earmark(['prove', '--workers', '2', '--rounds', '2', '--json']);
    const proof = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(proof).toMatchObject({ schemaVersion: 1, verb: 'prove', ok: true, workers: 2, rounds: 2 });
    expect(proof.races.map(({ winners }: { winners: number }) => winners)).toEqual(RACES.map(() => 2));
  });

  test('in silence with --quiet', async () => {
    const desk = await openDesk('none');
    const run = await desk.earmark(['prove', '--workers', '2', '--rounds', '1', '--quiet']);
    expect(run).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s stops it, and the scratch ledger goes', async (signal, code) => {
    const desk = await openDesk('none');
    const child = desk.start(['prove', '--workers', '4', '--rounds', '1000']);
    const ended = finished(child);
    while (!scratchFiles(desk).some((name) => name.endsWith('-wal'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill(signal);
    const stderr = `stopped by ${signal}; the scratch ledger is removed\n`;
    expect(await ended).toEqual({ stdout: '', stderr, code });
    expect(scratchFiles(desk)).toEqual([]);
  });

  test.each([
    [['--workers', '1'], 'error: --workers takes a whole number from 2 to 128  [input]\n'],
    [['--rounds', '1e3'], 'error: --rounds takes a whole number from 1 to 10000  [input]\n'],
  ])('%j is refused', async (words, stderr) => {
    const desk = await openDesk('none');
    expect(await desk.earmark(['prove', ...words])).toEqual({ stdout: '', stderr, code: 2 });
  });
});

/** What the judge of a race must object to. The stock says one thing, and the replies another. */
describe('a judge', () => {
  const round = { number: 1, workers: 3 };
  let store: Backend;
  let room: Stockroom;

  beforeEach(async () => {
    store = await sqliteBackend();
    room = await store.open();
    const orders = ['W-1', 'W-2', 'W-3', 'S-1'];
    await seed(room, {
      items: [{ sku: 'PROOF', tracking: 'serialized' }],
      labels: RACES.flatMap((race) => race.labels(round)).map((number) => ({
        number,
        item: 'PROOF',
        quantity: 1,
      })),
      orders: orders.map((number) => ({ number })),
      lines: orders.map((order) => ({ order, line: 1, item: 'PROOF', ordered: order === 'S-1' ? 1 : 100 })),
    });
  });

  afterEach(async () => {
    await store.close();
  });

  /** The replies of the race when its requests come one after the other. */
  async function raced(name: string): Promise<Reply[]> {
    const race = raceNamed(name);
    await race.prepare?.(room, round);
    const replies: Reply[] = [];
    for (const request of race.requests(round)) replies.push(await send(request));
    return replies;
  }

  async function send(request: Request): Promise<Reply> {
    if (request.verb === 'ship') return await room.ship(request.command, request.intent);
    if (request.verb === 'unreserve') return await room.unreserve(request.command, request.intent);
    return await room.reserve(request.command, request.intent);
  }

  const judge = async (name: string, replies: readonly Reply[]) => {
    return await raceNamed(name).judge(room, round, replies);
  };

  it.each(RACES.map(({ name }) => name))('of "%s" is content with one winner', async (name) => {
    expect(await judge(name, await raced(name))).toMatchObject({ winners: 1, problems: [] });
  });

  it.each([
    ['the same label', 0, 1, /^round 1 had 2 winners$/],
    ['the same label', 1, 0, /^round 1 had 0 winners$/],
    [
      'overlapping sets, in opposite orders',
      0,
      1,
      /^worker 2 was told that it holds SET-1B and SET-1C, and does not$/,
    ],
    ['unreserve against reserve', 1, 2, /^round 1: W-2, W-3 won, W-2 holds it$/],
  ])('of "%s" objects to the reply of worker %i coming from worker %i, too', async (name, from, to, says) => {
    const replies = await raced(name);
    replies[to] = replies[from] as Reply;
    const { problems } = await judge(name, replies);
    expect(problems).toContainEqual(expect.stringMatching(says));
  });

  it('objects to whatever is thrown, and to answers that nobody may get', async () => {
    const [winner = { thrown: '' }] = await raced('the same label');
    const wrong = { code: 'label_depleted', ok: false, refusals: [], operation: null } as const;
    expect((await judge('the same label', [winner, { thrown: 'deadlock' }, wrong])).problems).toEqual([
      'worker 2: deadlock',
      'worker 3 was answered label_depleted',
    ]);
  });

  it('objects to an operation that was done twice, and to different answers', async () => {
    const replies = await raced('the same operation id');
    await room.unreserve({ target: { labels: ['SAME-1'] } }, { operation: 'x', actor: 'dana' });
    const other: Reply = { code: 'reserved', ok: true, refusals: [], operation: null };
    const { problems } = await judge('the same operation id', [...replies.slice(1), other]);
    expect(problems).toEqual(['round 1 gave 2 different answers', 'SAME-1 has 2 events instead of 1']);
  });

  it('objects to a shipped order that holds a label', async () => {
    // Nothing is shipped, so what was reserved is still there.
    await raceNamed('ship against reserve, for one order').prepare?.(room, round);
    const { problems } = await judge('ship against reserve, for one order', []);
    expect(problems).toEqual(['S-1 is shipped and still holds 1 labels']);
  });
});

function raceNamed(name: string) {
  const race = RACES.find((each) => each.name === name);
  if (race === undefined) throw new Error(`no race ${name}`);
  return race;
}
