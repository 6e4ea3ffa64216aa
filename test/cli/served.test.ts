/** Commands whose warehouse is behind a server: at a terminal, and what their exit codes say when the server does not do. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { type Desk, leaveDesks, openDesk, type Started } from '../support/cli.ts';
import { closeServers, earmarkAnswer, rawServer } from '../support/raw-server.ts';
import { serveDesk, startServe } from '../support/served-desk.ts';

const ENTER = '\r';
const processes: Started[] = [];

afterEach(closeServers);
afterAll(async () => {
  for (const each of processes) each.kill('SIGKILL');
  leaveDesks();
});

describe('at a terminal', () => {
  let desk: Desk;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    desk = await openDesk('demo');
    stop = await serveDesk(desk, ['dana']);
  });
  afterAll(async () => await stop());

  const terminal = (line: string) => desk.terminal(line, { cols: 110, rows: 40, env: { NO_COLOR: '1' } });

  test('labels are picked for an order', async () => {
    const on = terminal('exec earmark reserve');
    await on.waitFor('Reserve for which order?');
    await on.answer('SO-1001');
    await on.waitFor('Labels of ROPE-8 for SO-1001 line 1');
    on.type('L-00001\r');
    await on.waitFor('added L-00001');
    // An Enter that comes at once may be a scanner's.
    await on.quiet(400);
    on.type(ENTER);
    expect(await on.exit).toMatchObject({ code: 0 });
    expect(on.transcript().join('\n')).toContain('reserved 1 label for SO-1001');
  });

  test('labels are scanned onto an order, and the last one is taken back', async () => {
    const on = terminal('exec earmark reserve SO-1002 --scan');
    await on.waitFor('DONE finishes');
    on.type('L-00002\rL-00001\rL-00003\rUNDO\rDONE\r');
    expect(await on.exit).toMatchObject({ code: 7 });
    const said = on.transcript().join('\n');
    expect(said).toMatch(/✓ 1\/\d L-00002/);
    expect(said).toContain('L-00001 is held by SO-1001');
    expect(said).toContain('L-00003 is free again');
    const { stdout } = await desk.earmark(['list', 'reservations', '--order', 'SO-1002', '-o', 'name']);
    expect(stdout).toBe('label/L-00002\n');
  });

  test('the menu finds a label and comes back', async () => {
    const on = terminal('exec earmark');
    await on.waitFor('earmark: what');
    await on.waitFor('Leave');
    on.type('L-00001\r');
    await on.waitFor('L-00001 is reserved for SO-1001', { all: true });
    await on.waitFor(/^\? earmark: what/m);
    on.type('\u001b');
    expect(await on.exit).toMatchObject({ code: 0 });
  });

  test('a person confirms what is shipped', async () => {
    const on = terminal('exec earmark ship SO-1001 --partial');
    await on.waitFor('[y/N]');
    expect(on.screen().join('\n')).toContain('L-00001 · 100 drawn, then empty');
    await on.answer('y');
    expect(await on.exit).toMatchObject({ code: 0 });
  });
});

describe('a context', () => {
  test('asks for the token, and shows none of it', async () => {
    const desk = await openDesk('none');
    const add = 'exec earmark context add main --server https://stock.example.com';
    const on = desk.terminal(add, { env: { NO_COLOR: '1' } });
    await on.waitFor('The token for https://stock.example.com');
    on.type('emk_secret');
    await on.waitFor('**********');
    await on.quiet(400);
    on.type(ENTER);
    expect(await on.exit).toMatchObject({ code: 0 });
    expect(on.raw()).not.toContain('secret');
    const path = join(desk.folder, 'home', 'config', 'earmark', 'tokens', 'main');
    expect(readFileSync(path, 'utf8')).toBe('emk_secret\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('asks in plain lines for those who read them aloud', async () => {
    const desk = await openDesk('none');
    const add = 'exec earmark context add main --server https://stock.example.com';
    const on = desk.terminal(add, { env: { NO_COLOR: '1', EARMARK_ACCESSIBLE: '1' } });
    await on.waitFor('answer:');
    on.type('emk_secret');
    await on.waitFor('answer: **********');
    await on.quiet(400);
    on.type(ENTER);
    expect(await on.exit).toMatchObject({ code: 0 });
    expect(on.raw()).not.toContain('secret');
  });
});

describe('a real server', () => {
  test('takes the tokens that it knows, for what they may', async () => {
    const desk = await openDesk('demo');
    const token = async (role: string) => {
      return (await desk.earmark(['token', 'create', 'kim', '--role', role, '--quiet'])).stdout.trim();
    };
    const [read, operate] = [await token('read'), await token('operate')];
    const { url, process } = await startServe(desk);
    processes.push(process);
    const run = async (key: string, ...args: readonly string[]) => {
      return await desk.earmark([...args, '--server', url], { env: { EARMARK_TOKEN: key } });
    };
    expect(await run(operate, 'reserve', 'SO-1001', 'L-00001', '-o', 'table')).toMatchObject({ code: 0 });
    expect(await run(read, 'find', 'L-00001')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('\tkim\t'),
    });
    expect(await run(read, 'unreserve', 'L-00001', '--yes')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(
        /^error: this needs a token with the role operate; .* {2}\[not_authorised\]\n$/,
      ),
    });
    for (const wrong of ['', 'nonsense', `${operate.slice(0, -1)}x`]) {
      const { code, stdout, stderr } = await run(wrong, 'find', 'L-00001', '--json');
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(JSON.parse(stderr)).toMatchObject({ code: 'not_authorised', status: 401, retryable: false });
    }
  });

  test('over TLS is trusted by the authorities that it should be, and by no others', async () => {
    const desk = await openDesk('demo');
    const tls = join(packageRoot, 'test', 'support', 'tls');
    const { url, process } = await startServe(desk, [
      ...['--host', 'localhost'],
      ...['--tls-cert', join(tls, 'server.crt'), '--tls-key', join(tls, 'server.key')],
    ]);
    processes.push(process);
    const find = async (server: string, env: Record<string, string> = {}) => {
      return await desk.earmark(['find', 'L-00001', '--server', server], { env });
    };
    const trusting = { NODE_EXTRA_CA_CERTS: join(tls, 'root.crt') };
    expect(await find(url, trusting)).toMatchObject({ code: 0, stderr: '' });
    expect(await find(url)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/has a certificate that can not be trusted: .*\[not_earmark_server\]\n$/),
    });
    expect(await find(url.replace('localhost', '127.0.0.1'), trusting)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has a certificate that can not be trusted: '),
    });
    const plain = await startServe(desk);
    processes.push(plain.process);
    expect(await find(plain.url.replace('http:', 'https:'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('answers without TLS, or with none that can be agreed on'),
    });
  });
});

test('what a server needs is loaded only where the place is one, and TLS only where its URL says so', async () => {
  const desk = await openDesk('demo');
  const { url, process } = await startServe(desk);
  processes.push(process);
  const [preload, list] = [join(desk.folder, 'preload.cjs'), join(desk.folder, 'modules.json')];
  const write = `require('node:fs').writeFileSync('${list}', JSON.stringify(process.moduleLoadList))`;
  writeFileSync(preload, `process.on('exit', () => ${write});`);
  const loads = async (...place: readonly string[]): Promise<string[]> => {
    const env = { NODE_OPTIONS: `--require ${preload}` };
    expect(await desk.earmark(['find', 'L-00001', ...place], { env })).toMatchObject({ code: 0 });
    const loaded: string[] = JSON.parse(readFileSync(list, 'utf8'));
    return ['http', 'https', 'tls', 'perf_hooks'].filter((name) => loaded.includes(`NativeModule ${name}`));
  };
  expect(await loads()).toEqual([]);
  expect(await loads('--server', url)).toEqual(['http']);
});

describe('the exit code says what came of it', () => {
  const run = async (answer: Parameters<typeof rawServer>[0], args: readonly string[]) => {
    const desk = await openDesk('none');
    const { url } = await rawServer(answer);
    desk.place = { EARMARK_SERVER: url };
    return { url, ...(await desk.earmark([...args, '--timeout', '0s'])) };
  };
  const reserve = ['reserve', 'SO-1', 'L-1', '--operation-id', 'scan-17'];

  test('8: a change was sent, and no answer came', async () => {
    const silent = () => undefined;
    const { url, code, stdout, stderr } = await run(silent, reserve);
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
    expect(stderr).toBe(
      `error: ${url} gave no answer within 2 s; whether scan-17 was done is not known, run it again with --operation-id scan-17  [outcome_unknown]\n` +
        '  or look: earmark show operation/scan-17\n',
    );
    const json = await run(silent, [...reserve, '--json']);
    expect(json.code).toBe(8);
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'outcome_unknown', operation: 'scan-17' });
  });

  test('75: a read, and no answer came', async () => {
    const { code, stderr } = await run(
      (response) => void response.socket?.destroy(),
      ['find', 'L-1', '--json'],
    );
    expect(code).toBe(75);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'server_down', retryable: true });
  });

  test('1: something else answers, or another version', async () => {
    const page = await run((response) => void response.end('<html>'), reserve);
    expect(page).toMatchObject({ code: 1, stderr: expect.stringMatching(/\[not_earmark_server\]\n$/) });
    const later = await run((response) => {
      earmarkAnswer(response, {}, { headers: { 'earmark-api': '2' } });
    }, reserve);
    expect(later).toMatchObject({ code: 1, stderr: expect.stringMatching(/\[server_version\]\n$/) });
  });

  test('an answer ends the process at once, although the connection could be kept', async () => {
    const began = performance.now();
    const answer = { verb: 'find', ok: true, complete: true, code: 'found', refusals: [], results: [] };
    expect(await run((response) => earmarkAnswer(response, answer), ['find', 'L-1'])).toMatchObject({
      code: 0,
    });
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});
