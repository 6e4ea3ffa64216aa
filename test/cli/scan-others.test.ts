import { afterAll, describe, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';
import type { Terminal } from '../support/terminal.ts';

const ESC = '\u001b';
const CTRL_C = '\u0003';
const BELL = '\u0007';
const QUESTION = 'Free every label that is scanned, at once?';

afterAll(leaveDesks);

/** The demo's warehouse: L-00001 and L-00003 for SO-1001, L-00002 for SO-1002. */
async function heldDesk(): Promise<Desk> {
  const desk = await openDesk('demo');
  await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00003', '--quiet']);
  await desk.earmark(['reserve', 'SO-1002', 'L-00002', '--quiet']);
  return desk;
}

function onTerminal(desk: Desk, command: string, env: Record<string, string> = {}): Terminal {
  return desk.terminal(`exec earmark ${command}`, { cols: 110, rows: 30, env: { NO_COLOR: '1', ...env } });
}

async function held(desk: Desk): Promise<string[]> {
  const { stdout } = await desk.earmark(['list', 'reservations', '-o', 'name']);
  return stdout.split('\n').filter(Boolean).sort();
}

function said(on: Terminal): string {
  return on.transcript().join('\n');
}

async function ended(on: Terminal, keys = ''): Promise<number> {
  on.type(keys);
  const { code } = await on.exit;
  expect(on.cursorVisible()).toBe(true);
  return code;
}

const ALL = ['label/L-00001', 'label/L-00002', 'label/L-00003'];

describe('unreserve --scan', () => {
  test('asks once, and frees each label that is scanned then', async () => {
    const desk = await heldDesk();
    const on = onTerminal(desk, 'unreserve --scan --operation-id BACK');
    await on.waitFor(QUESTION);
    await on.answer('y');
    await on.waitFor('scan labels to free');
    on.type('L-00001\rL-00002\rL-00004\rL-1\rSO-1001\rUNDO\rL-00001\rDONE\r');
    expect(await ended(on)).toBe(7);
    expect(said(on)).toMatch(/^✓ 1\/\d L-00001 is free · was for SO-1001 line 1$/m);
    expect(said(on)).toMatch(/^✓ 2\/\d L-00002 is free · was for SO-1002 line 1$/m);
    expect(said(on)).toMatch(/^✓ 3\/\d L-00004 is free · nobody held it$/m);
    expect(said(on)).toMatch(/^✗ 4\/\d no label L-1; did you mean L-00001/m);
    expect(said(on)).toMatch(/^✗ 5\/\d SO-1001 is an order, not a label$/m);
    expect(said(on)).toMatch(/^✗ 6\/\d undo means nothing here$/m);
    expect(said(on)).toMatch(/^✓ 7\/\d L-00001 is free · nobody held it$/m);
    expect(said(on).split(QUESTION)).toHaveLength(2);
    expect(on.raw()).toContain(BELL);
    expect(await held(desk)).toEqual(['label/L-00003']);
    expect((await desk.earmark(['show', 'operation/BACK/2'])).stdout).toContain('L-00002');
    expect(said(on)).toContain('take all back: earmark undo BACK');
    expect((await desk.earmark(['undo', 'BACK', '--yes'])).code).toBe(0);
    expect(await held(desk)).toEqual(ALL);
  });

  test.each([
    ['nothing was freed', [], 'L-00004\n', null],
    ['it is a dry run', ['--dry-run'], 'L-00001\n', null],
    ['labels were freed', [], 'L-00001\n', 'earmark undo BACK'],
  ])('how to take it back, when %s', async (_, flags, stdin, undo) => {
    const desk = await heldDesk();
    const words = ['unreserve', '--scan', '--yes', '--json', '--operation-id', 'BACK', ...flags];
    const { stdout } = await desk.earmark(words, { stdin });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ kind: 'summary', undo });
  });

  test.concurrent.each([
    ['no', 'n', 3],
    ['Esc', ESC, 3],
    ['Ctrl-C', CTRL_C, 130],
  ])('%s at the question frees nothing', async (_, keys, code) => {
    const desk = await heldDesk();
    const on = onTerminal(desk, 'unreserve --scan');
    await on.waitFor(QUESTION);
    if (keys === 'n') await on.answer(keys);
    else on.type(keys);
    expect(await ended(on)).toBe(code);
    expect(await held(desk)).toEqual(ALL);
  });

  test('a scan at the question frees nothing, and answers nothing', async () => {
    const desk = await heldDesk();
    const on = onTerminal(desk, 'unreserve --scan');
    await on.waitFor(QUESTION);
    on.type('L-00001\r');
    await on.waitFor(/L-00001/);
    await on.quiet(100);
    expect(said(on)).not.toContain('scan labels to free');
    expect(await ended(on, ESC)).toBe(3);
    expect(await held(desk)).toEqual(ALL);
  });

  test('--yes does not ask; --expect-order frees nobody else’s', async () => {
    const desk = await heldDesk();
    const on = onTerminal(desk, 'unreserve --scan --yes --expect-order SO-1001');
    await on.waitFor('scan labels of SO-1001 to free');
    expect(said(on)).not.toContain('Free every label');
    on.type('L-00002\rL-00003\r');
    await on.waitFor('✓ 2/2 L-00003 is free');
    expect(said(on)).toContain('✗ 1/2 L-00002 is held by SO-1002 (dana, 09:00)');
    expect(await ended(on, ESC)).toBe(7);
    expect(await held(desk)).toEqual(['label/L-00001', 'label/L-00002']);
  });

  test('Ctrl-C says what was freed before', async () => {
    const desk = await heldDesk();
    const on = onTerminal(desk, 'unreserve --scan --yes');
    await on.waitFor('scan labels to free');
    on.type('L-00002\r');
    await on.waitFor('L-00002 is free');
    expect(await ended(on, CTRL_C)).toBe(130);
    expect(said(on)).toContain('freed 1 label');
    expect(await held(desk)).toEqual(['label/L-00001', 'label/L-00003']);
  });

  test('in a pipe it wants a --yes', async () => {
    const desk = await heldDesk();
    const without = await desk.earmark(['unreserve', '--scan'], { stdin: 'L-00001\n' });
    expect(without).toMatchObject({ code: 2, stdout: '' });
    expect(without.stderr).toContain('--yes');
    expect(await held(desk)).toEqual(ALL);
    const run = await desk.earmark(['unreserve', '--scan', '--yes', '--operation-id', 'CRON'], {
      stdin: 'L-00001\nL-00001\nL-00404\n',
    });
    expect(run.stdout).toBe(
      '✓ 1/1 L-00001 is free · was for SO-1001 line 1\n✓ 2/2 L-00001 is free · nobody held it\n',
    );
    expect(run.stderr).toBe(
      '✗ 3/3 no label L-00404; did you mean L-00004?\n  freed 2 labels, 1 refused\n  refused: L-00404\n' +
        '  take all back: earmark undo CRON\n',
    );
    expect(run.code).toBe(7);
  });

  test.concurrent.each([
    ['nothing', '', 3],
    ['nothing known', 'NOPE\n', 5],
    ['another order’s', 'L-00002\n', 6],
    ['all', 'L-00001\nL-00003\n', 0],
  ])('in a pipe, %s: exit code of %j is %i', async (_, stdin, code) => {
    const desk = await heldDesk();
    const args = ['unreserve', '--scan', '--yes', '--expect-order', 'SO-1001', '-q'];
    expect(await desk.earmark(args, { stdin })).toMatchObject({ code, stdout: '' });
  });

  test('--dry-run frees nothing', async () => {
    const desk = await heldDesk();
    const args = ['unreserve', '--scan', '--yes', '--dry-run'];
    expect(await desk.earmark(args, { stdin: 'L-00001\n' })).toMatchObject({ code: 0 });
    expect(await held(desk)).toEqual(ALL);
  });
});

describe('find-order --scan', () => {
  test('says for each label who holds it', async () => {
    const desk = await heldDesk();
    const on = onTerminal(desk, 'find-order --scan');
    await on.waitFor('scan labels to find');
    on.type('L-00001\r4006381333948\r]C1L-00004\rL-00033\rSO-1001\rL-9\r');
    await on.waitFor(/^✗ 6\/6 no label L-9/m);
    expect(said(on)).toMatch(
      /^✓ 1\/\d L-00001 · SO-1001 Harbour Supplies line 1 \(dana, 09:00\) · bin A-1$/m,
    );
    expect(said(on)).toMatch(/^✓ 2\/\d L-00002 · SO-1002 Nordic Marine line 1 \(dana, 09:00\) · bin A-1$/m);
    expect(said(on)).toMatch(/^✓ 3\/\d L-00004 · active · 18.25 m ROPE-8 · bin Q-1$/m);
    expect(said(on)).toMatch(/^✓ 4\/\d L-00033 · depleted · 0 each FLARE · bin X-2$/m);
    expect(said(on)).toMatch(/^✗ 5\/\d SO-1001 is an order, not a label$/m);
    on.type('/done\r');
    expect(await ended(on)).toBe(7);
    expect(said(on)).toContain('found 4 labels, 2 refused');
    expect(await held(desk)).toEqual(ALL);
  });

  test.concurrent.each([
    ['Esc', ESC, 0],
    ['Ctrl-C', CTRL_C, 130],
  ])('%s ends it', async (_, keys, code) => {
    const desk = await heldDesk();
    const on = onTerminal(desk, 'find-order --scan', { EARMARK_ACCESSIBLE: '1' });
    await on.waitFor('scan labels to find');
    on.type('L-00001\r');
    await on.waitFor('L-00001 · SO-1001');
    expect(await ended(on, keys)).toBe(code);
    expect(said(on)).toContain('found 1 label');
  });

  test('in a pipe: lines, or a document a line', async () => {
    const desk = await heldDesk();
    const stdin = 'L-00004\nL-404\n';
    const lines = await desk.earmark(['find-order', '--scan'], { stdin });
    expect(lines).toMatchObject({ code: 7, stdout: '✓ 1/1 L-00004 · active · 18.25 m ROPE-8 · bin Q-1\n' });
    const { stdout, stderr, code } = await desk.earmark(['find-order', '--scan', '--json'], { stdin });
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { verb: string; code: string });
    expect(documents.map((each) => `${each.verb} ${each.code}`)).toEqual([
      'find found',
      'find label_not_found',
      'find undefined',
    ]);
    expect(documents[2]).toMatchObject({ kind: 'summary', labels: 1, refused: [{ scan: 'L-404' }] });
    expect({ stderr, code }).toEqual({ stderr: '', code: 7 });
    expect(await desk.earmark(['find-order', '--scan'], { stdin: '' })).toMatchObject({ code: 3 });
  });
});
