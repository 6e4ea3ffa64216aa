/** `diagnose --fix` on a terminal: it shows its plan, asks, and does exactly that. */
import { afterAll, describe, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';
import type { Terminal } from '../support/terminal.ts';

afterAll(leaveDesks);

/** SO-1001 needs one of its labels less than it holds, and SO-1002 waits for it. */
async function stuckDesk(): Promise<Desk> {
  const desk = await openDesk('demo');
  await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00002', 'L-00003', '--quiet']);
  return desk;
}

async function ask(desk: Desk): Promise<Terminal> {
  const terminal = desk.terminal('earmark diagnose --fix', { cols: 110, rows: 30, env: { NO_COLOR: '1' } });
  await terminal.waitFor('[y/N]');
  return terminal;
}

async function held(desk: Desk): Promise<string> {
  return (await desk.earmark(['list', 'reservations', '-o', 'name'])).stdout;
}

const ALL = 'label/L-00001\nlabel/L-00002\nlabel/L-00003\n';

describe('the plan is shown first', () => {
  test('a no leaves everything as it is', async () => {
    const desk = await stuckDesk();
    const terminal = await ask(desk);
    expect(terminal.screen().join('\n')).toContain('Do 1 thing about it?');
    expect(terminal.screen().join('\n')).toContain('free L-00001 from SO-1001 line 1');
    await terminal.answer('n');
    expect(await terminal.exit).toMatchObject({ code: 3 });
    expect(await held(desk)).toBe(ALL);
  });

  test('a yes does it, and says how to take it back', async () => {
    const desk = await stuckDesk();
    const terminal = await ask(desk);
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 0 });
    const said = terminal.transcript().join('\n');
    expect(await held(desk)).toBe('label/L-00002\nlabel/L-00003\n');
    const [, undo = ''] = /undo: earmark (undo \S+)/.exec(said) ?? [];
    expect(await desk.earmark([...undo.split(' '), '--yes', '--quiet'])).toMatchObject({ code: 0 });
    expect(await held(desk)).toBe(ALL);
  });

  test('what would be something else by now is refused as stale', async () => {
    const desk = await stuckDesk();
    const terminal = await ask(desk);
    await desk.earmark(['transfer', 'L-00001', '--to', 'SO-1002', '--yes']);
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 6 });
    expect(terminal.transcript().join('\n')).toContain('[plan_stale]');
    expect(await held(desk)).toBe(ALL);
  });

  test('nothing is asked where there is nothing to do', async () => {
    const desk = await openDesk('demo');
    const terminal = desk.terminal('earmark diagnose --fix', { cols: 110, rows: 30 });
    expect(await terminal.exit).toMatchObject({ code: 0 });
    expect(terminal.transcript().join('\n')).toContain('there is nothing that --fix can do');
  });
});
