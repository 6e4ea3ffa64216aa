/** `earmark serve` and `earmark token` as processes: where they listen, how they stop, what they log. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Problem, ReserveAnswer } from '../../src/core/index.ts';
import { encodeCursor } from '../../src/http/cursor.ts';
import type { Page } from '../../src/http/wire.ts';
import { packageRoot } from '../../src/package-root.ts';
import { type Desk, finished, leaveDesks, openDesk, type Run, type Started } from '../support/cli.ts';
import { type Reply, send } from '../support/http-server.ts';

interface Served {
  readonly desk: Desk;
  readonly child: Started;
  readonly url: string;
  /** Everything that it wrote, when it has ended. */
  readonly ended: Promise<Run>;
}

const started: Started[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});
afterAll(leaveDesks);

async function serve(args: readonly string[] = [], desk?: Desk): Promise<Served> {
  const at = desk ?? (await openDesk('demo'));
  const child = at.start(['serve', '--port', '0', ...args]);
  started.push(child);
  const ended = finished(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text: string) => resolve(text.trim()));
    ended.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)), reject);
  });
  return { desk: at, child, url, ended };
}

async function tokenFor(desk: Desk, owner: string, role: string): Promise<string> {
  const { stdout, code } = await desk.earmark(['token', 'create', owner, '--role', role]);
  expect(code).toBe(0);
  return stdout.trim();
}

const reserve = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  label = 'L-00001',
): Promise<Reply> =>
  await send('POST', `${url}/v1/reserve`, {
    headers,
    body: { command: { order: 'SO-1001', labels: [label] } },
  });
const asDana = (id: string) => ({ 'idempotency-key': id, 'earmark-actor': 'dana' });

/** So many that to look through them takes far longer than to reserve one. */
async function deskWithManyLabels(): Promise<Desk> {
  const desk = await openDesk('demo');
  const db = new Database(desk.db);
  db.exec(`
    insert into labels (number, item_id, quantity, source_quantity, first_quantity, recorded_at, operation_id)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 300000)
    select 'MANY-' || i, (select min(id) from items), 1000000, 1000000, 1000000, 1, 1 from n`);
  db.close();
  return desk;
}

/** The lines of the log, each a document. */
function logged({ stderr }: Run): Record<string, unknown>[] {
  return stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('earmark serve', () => {
  it('says where it listens, serves, logs, and ends with 0 on SIGTERM', async () => {
    const { desk, child, url, ended } = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await reserve(url, asDana('op-1'))).json<ReserveAnswer>().code).toBe('reserved');
    child.kill('SIGTERM');
    const run = await ended;
    expect([run.code, run.stdout]).toEqual([0, `${url}\n`]);
    expect(logged(run)).toMatchObject([
      { event: 'listening', url, database: desk.db, tokens: false },
      {
        method: 'POST',
        route: '/v1/reserve',
        status: 200,
        actor: 'dana (unverified)',
        operation: 'op-1',
        code: 'reserved',
      },
      { event: 'stopping', signal: 'SIGTERM' },
      { event: 'stopped', cut: 0 },
    ]);
    const found = await desk.earmark(['find', 'L-00001', '--json']);
    expect(found.stdout).toContain('"by": "dana (unverified)"');
  });

  it.each([
    [['--json'], /^\{"schemaVersion":1,"verb":"serve","url":"http:\/\/127\.0\.0\.1:\d+"\}\n$/],
    [['-o', 'table'], /^✓ listening on http:\/\/127\.0\.0\.1:\d+\n$/],
  ])('with %j says so in that form, and with --quiet logs nothing', async (words, form) => {
    const { child, ended } = await serve([...words, '--quiet']);
    child.kill('SIGINT');
    expect(await ended).toEqual({ stdout: expect.stringMatching(form), stderr: '', code: 0 });
  });

  it('on SIGTERM lets what is under way come to its end, and takes nothing new', async () => {
    const { desk, child, url, ended } = await serve();
    const lock = new Database(desk.db);
    lock.exec('begin immediate');
    const underWay = reserve(url, { ...asDana('op-2'), connection: 'keep-alive' });
    await expect
      .poll(async () => (await send('GET', `${url}/metrics`)).text)
      .toContain('requests_in_flight 2');
    child.kill('SIGTERM');
    await expect
      .poll(
        async () =>
          await send('GET', `${url}/healthz`).then(
            () => 'answered',
            () => 'refused',
          ),
      )
      .toBe('refused');
    expect(child.exitCode).toBeNull();
    lock.exec('rollback');
    lock.close();
    const reply = await underWay;
    expect([reply.status, reply.headers.connection]).toEqual([200, 'close']);
    expect((await ended).code).toBe(0);
    expect((await desk.earmark(['find', 'L-00001'])).stdout).toContain('SO-1001');
  });

  it('ends at once on a second signal, and nothing is half done', async () => {
    const { desk, child, url, ended } = await serve();
    const lock = new Database(desk.db);
    lock.exec('begin immediate');
    const cut = reserve(url, asDana('op-3')).then(
      () => 'answered',
      () => 'cut',
    );
    await expect
      .poll(async () => (await send('GET', `${url}/metrics`)).text)
      .toContain('requests_in_flight 2');
    child.kill('SIGTERM');
    await expect
      .poll(
        async () =>
          await send('GET', `${url}/healthz`).then(
            () => 'answered',
            () => 'refused',
          ),
      )
      .toBe('refused');
    child.kill('SIGTERM');
    expect([(await ended).code, await cut]).toEqual([143, 'cut']);
    lock.exec('rollback');
    lock.close();
    expect((await desk.earmark(['find', 'L-00001', '--fields', 'status'])).stdout).toBe('active\n');
  });

  it('answers others while a long list is looked for', async () => {
    const { url } = await serve([], await deskWithManyLabels());
    const answers: string[] = [];
    const answered = (name: string) => () => answers.push(name);
    // The first one waits for a thread to start.
    await send('GET', `${url}/v1/labels?limit=1`);
    const search = send('GET', `${url}/v1/labels?search=nowhere`).then(answered('search'));
    await reserve(url, asDana('op-5')).then(answered('reserve'));
    await reserve(url, asDana('op-6'), 'L-00003').then(answered('reserve'));
    await search;
    expect(answers).toEqual(['reserve', 'reserve', 'search']);
  });

  it('gives lists and their refusals from where they are read', async () => {
    const { url } = await serve();
    const orders = (await send('GET', `${url}/v1/orders?limit=2`)).json<Page<{ number: string }>>();
    expect(orders.items.map(({ number }) => number)).toEqual(['SO-1001', 'SO-1002']);
    await reserve(url, asDana('op-7'));
    const held = (await send('GET', `${url}/v1/reservations`)).json<Page<{ number: string }>>();
    expect(held).toMatchObject({ items: [{ number: 'L-00001' }], next: null });
    const nobody = encodeCursor({ list: 'shipments', sort: undefined, descending: undefined }, ['nobody']);
    const refused = await send('GET', `${url}/v1/shipments?cursor=${nobody}`);
    expect([refused.status, refused.json<Problem>().code]).toEqual([400, 'input']);
    expect((await send('GET', `${url}/metrics`)).text).toContain('earmark_labels{status="reserved"} 1');
  });

  it('is refused where others could reach it and there are no tokens', async () => {
    const desk = await openDesk('demo');
    for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
      const run = await desk.earmark(['serve', '--port', '0', '--host', host]);
      expect([run.code, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain(`to serve on ${host} there must be tokens`);
    }
  });

  it('with tokens serves anywhere, to those who have one', async () => {
    const desk = await openDesk('demo');
    const token = await tokenFor(desk, 'erin', 'operate');
    const { url, child, ended } = await serve(['--host', '0.0.0.0'], desk);
    const here = url.replace('0.0.0.0', '127.0.0.1');
    expect((await reserve(here, asDana('op-4'))).status).toBe(401);
    const reply = await reserve(here, { ...asDana('op-4'), authorization: `Bearer ${token}` });
    expect(reply.json<ReserveAnswer>().operation?.by).toBe('erin');
    const name = token.split('_')[1] ?? '';
    expect((await desk.earmark(['token', 'revoke', name])).stdout).toBe(`revoked\t${name}\n`);
    await expect
      .poll(
        async () => (await reserve(here, { ...asDana('op-4'), authorization: `Bearer ${token}` })).status,
        { timeout: 3_000 },
      )
      .toBe(401);
    child.kill('SIGTERM');
    const run = await ended;
    expect(run.stderr).not.toContain(token.replace(/^emk_[^_]+_/, ''));
    expect(logged(run)[0]).toMatchObject({ event: 'listening', tokens: true });
  });

  it('speaks HTTPS', async () => {
    const tls = join(packageRoot, 'test', 'support', 'tls');
    const { url, child, ended } = await serve([
      '--tls-cert',
      join(tls, 'server.crt'),
      '--tls-key',
      join(tls, 'server.key'),
    ]);
    expect(url).toMatch(/^https:/);
    const ca = readFileSync(join(tls, 'root.crt'));
    const asked = httpsRequest(`${url}/healthz`, {
      ca,
      checkServerIdentity: () => undefined,
      agent: false,
    }).end();
    const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('says in one sentence why it can not listen', async () => {
    const { desk, url } = await serve();
    const port = new URL(url).port;
    const says = async (words: readonly string[]) => {
      const run = await desk.earmark(['serve', ...words]);
      expect([run.code, run.stdout]).toEqual([2, '']);
      return run.stderr.split('\n')[0];
    };
    expect(await says(['--port', port])).toBe(
      `error: can not listen on 127.0.0.1 port ${port}: another program listens there already  [input]`,
    );
    expect(await says(['--port', '70000'])).toContain('It is not a port.');
    expect(await says([])).toContain("required option '--port <number>'");
    expect(await says(['--port', '0', '--tls-cert', 'x'])).toBe(
      'error: --tls-cert and --tls-key are given together  [input]',
    );
    expect(await says(['--port', '0', '--tls-cert', 'x', '--tls-key', 'y'])).toBe(
      'error: --tls-cert x can not be read  [input]',
    );
    desk.write('wrong.pem', 'no PEM');
    expect(await says(['--port', '0', '--tls-cert', 'wrong.pem', '--tls-key', 'wrong.pem'])).toMatch(
      /^error: --tls-cert and --tls-key do not fit: .* {2}\[input\]$/,
    );
  });

  it('needs a database that is there', async () => {
    const desk = await openDesk('none');
    const run = await desk.earmark(['serve', '--port', '0']);
    expect([run.code, run.stdout]).toEqual([5, '']);
    expect(run.stderr).toContain('[database_not_found]');
  });
});

describe('earmark token', () => {
  it('prints a token once, alone on standard output, and never again', async () => {
    const desk = await openDesk('demo');
    const made = await desk.earmark(['token', 'create', 'Zoë', '--role', 'read']);
    expect(made.stdout).toMatch(/^emk_[0-9a-z]{8}_[\w-]{43}\n$/);
    const [, name = '', secret = ''] = /^emk_([^_]+)_(.+)\n$/.exec(made.stdout) ?? [];
    expect(made.stderr).toBe(
      `✓ made token ${name} for Zoë with the role read\n  keep it now: it is not shown again\n  revoke: earmark token revoke ${name}\n`,
    );
    const list = await desk.earmark(['token', 'list', '--json']);
    expect(JSON.parse(list.stdout)).toMatchObject({
      tokens: [{ name, owner: 'Zoë', role: 'read', createdBy: 'dana', revoked: null }],
    });
    expect(list.stdout).not.toContain(secret);
    expect(readFileSync(desk.db).includes(secret)).toBe(false);
  });

  it('gives it as JSON, too', async () => {
    const desk = await openDesk('demo');
    const { stdout, stderr } = await desk.earmark(['token', 'create', 'ci', '--role', 'admin', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      verb: 'token',
      outcome: 'created',
      owner: 'ci',
      role: 'admin',
      token: expect.stringMatching(/^emk_/),
    });
    expect(stderr).toBe('');
  });

  it('revokes by name, once or more, and says so in the list', async () => {
    const desk = await openDesk('demo');
    const name = (await tokenFor(desk, 'erin', 'operate')).split('_')[1] ?? '';
    for (let time = 0; time < 2; time++) expect((await desk.earmark(['token', 'revoke', name])).code).toBe(0);
    const { stdout } = await desk.earmark(['token', 'list', '--fields', 'name,revoked']);
    expect(stdout).toMatch(new RegExp(`^${name}\\t2026-11-23T`));
    const unknown = await desk.earmark(['token', 'revoke', 'nobody']);
    expect([unknown.code, unknown.stderr]).toEqual([
      5,
      expect.stringContaining('no token has the name nobody  [token_not_found]'),
    ]);
  });

  it.each([
    [['token', 'create', 'dana'], "required option '--role <role>'"],
    [['token', 'create', 'dana', '--role', 'root'], 'Allowed choices are read, operate, admin'],
    [['token', 'create', '', '--role', 'read'], "the owner's name is empty"],
    [['token', 'create', 'dana (unverified)', '--role', 'read'], 'may not end with "(unverified)"'],
    [
      ['token', 'list', '--server', 'http://localhost:1'],
      'earmark token works on a database, not on a server',
    ],
    [
      ['serve', '--port', '0', '--server', 'http://localhost:1'],
      'earmark serve works on a database, not on a server',
    ],
  ])('%j: exit 2', async (words, says) => {
    const desk = await openDesk('demo');
    const run = await desk.earmark(words, { env: { EARMARK_DB: words.includes('--server') ? '' : desk.db } });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain(says);
  });
});
