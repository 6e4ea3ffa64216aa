/** A file that may be read and not written: the diagnosis says whose it is to mend. */
import { spawn } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { finished, leaveDesks, openDesk, type Started } from '../support/cli.ts';

afterAll(leaveDesks);

/** Whoever runs the tests may write everything if it is root, so then somebody else looks. */
const NOBODY = 65_534;

test('it names the file and the folder that can not be written', async () => {
  const desk = await openDesk('demo');
  const folder = dirname(desk.db);
  const [mode, fileMode] = [statSync(folder).mode, statSync(desk.db).mode];
  chmodSync(desk.db, 0o444);
  chmodSync(folder, 0o555);
  const child = spawn(`${desk.folder}/bin/earmark`, ['diagnose', '--json'], {
    cwd: '/',
    env: { ...desk.env, XDG_CACHE_HOME: '/nowhere' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const { stdout, code } = await finished(child as Started).finally(() => {
    chmodSync(folder, mode);
    chmodSync(desk.db, fileMode);
  });
  expect(code).toBe(9);
  const messages = JSON.parse(stdout).findings.map(({ message }: { message: string }) => message);
  expect(messages).toEqual([
    expect.stringMatching(new RegExp(`^${desk.db} can not be written by `)),
    expect.stringMatching(new RegExp(`^${folder} can not be written by `)),
  ]);
});
