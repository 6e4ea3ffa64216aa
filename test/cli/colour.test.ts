import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('demo');
});
afterAll(leaveDesks);

const ESCAPE = '\u001b[';

/** `--no-color` before NO_COLOR before FORCE_COLOR before whether it is a terminal (DESIGN section 7). */
const CASES: readonly (readonly [string, Readonly<Record<string, string>>, boolean, boolean])[] = [
  // flags, environment, in a pipe, on a terminal
  ['', {}, false, true],
  ['', { NO_COLOR: '1' }, false, false],
  ['', { NO_COLOR: '' }, false, true],
  ['', { FORCE_COLOR: '1' }, true, true],
  ['', { FORCE_COLOR: '3' }, true, true],
  ['', { FORCE_COLOR: '' }, false, true],
  ['', { FORCE_COLOR: '0' }, false, false],
  ['', { NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
  ['--no-color', {}, false, false],
  ['--no-color', { FORCE_COLOR: '1' }, false, false],
];

test.concurrent.each(CASES)(
  '%s %j: in a pipe %s, on a terminal %s',
  async (flags, env, inPipe, onTerminal) => {
    const command = `find L-00001 -o table ${flags}`.trim();
    const { stdout } = await desk.earmark(command.split(' '), { env });
    expect(stdout.includes(ESCAPE)).toBe(inPipe);
    const terminal = desk.terminal(`earmark ${command}`, { env });
    await terminal.exit;
    expect(terminal.raw()).toContain('is active: no order holds it');
    expect(terminal.raw().includes(ESCAPE)).toBe(onTerminal);
  },
);

test('errors are coloured by where standard error goes', async () => {
  const piped = desk.terminal('earmark find nope 2>&1 | cat');
  await piped.exit;
  expect(piped.raw()).toContain('error: no label nope');
  const split = desk.terminal('earmark find nope | cat');
  await split.exit;
  expect(split.raw()).toContain(`${ESCAPE}31merror:`);
});

test('a terminal that can do nothing gets no colour', async () => {
  const dumb = desk.terminal('TERM=dumb earmark find L-00001');
  await dumb.exit;
  expect(dumb.raw()).toContain('L-00001 is active');
});
