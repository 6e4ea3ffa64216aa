/** `diagnose` through a server: what only this side can say, and what is left to whoever is beside the database. */
import { afterEach, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk, type Started } from '../support/cli.ts';
import { startServe } from '../support/served-desk.ts';

let server: Started | undefined;
afterEach(() => {
  server?.kill('SIGKILL');
  server = undefined;
  leaveDesks();
});

async function servedDesk(): Promise<Desk> {
  const desk = await openDesk('demo');
  const { url, process } = await startServe(desk);
  server = process;
  desk.place = { EARMARK_SERVER: url };
  return desk;
}

test('the checks of the database as a whole are not made, and it says why', async () => {
  const desk = await servedDesk();
  const { stdout, code } = await desk.earmark(['diagnose', '-o', 'table']);
  expect(code).toBe(0);
  expect(stdout).toContain('✓ nothing found; 18 checks passed');
  expect(stdout).toContain(
    'not run: integrity, foreign-keys, constraints (it is made beside the database, and not through a server)',
  );
});

test('a clock that does not go with the server is found', async () => {
  const desk = await servedDesk();
  desk.time = '2026-11-26T09:00:00Z';
  const { stdout, code } = await desk.earmark(['diagnose', '--check', 'clock', '-o', 'table']);
  expect(code).toBe(9);
  expect(stdout).toMatch(/✗ this clock is 3 days ahead of that of http:\/\/127/);
  expect(await desk.earmark(['diagnose', '--check', 'rules', '-q'])).toMatchObject({ code: 0 });
});

test('a server that is down is a problem of its own', async () => {
  const desk = await servedDesk();
  server?.kill('SIGKILL');
  const { stdout, code } = await desk.earmark(['diagnose', '--json', '--timeout', '1s']);
  expect(code).toBe(9);
  const { findings, checks } = JSON.parse(stdout);
  expect(findings).toMatchObject([{ check: 'database', severity: 'problem' }]);
  const ran = checks.filter(({ result }: { result: string }) => result === 'passed');
  expect(ran.map(({ check }: { check: string }) => check)).toEqual([]);
});
