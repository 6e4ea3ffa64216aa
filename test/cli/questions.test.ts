import { afterAll, describe, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';
import type { Terminal } from '../support/terminal.ts';

afterAll(leaveDesks);

const ENTER = '\r';
const ESC = '\u001b';
const CTRL_C = '\u0003';

async function ask(desk: Desk, line: string): Promise<Terminal> {
  const terminal = desk.terminal(line, { cols: 110, rows: 30, env: { NO_COLOR: '1' } });
  await terminal.waitFor('[y/N]');
  return terminal;
}

async function held(desk: Desk): Promise<string> {
  return (await desk.earmark(['list', 'reservations', '-o', 'name'])).stdout;
}

describe.each([
  [
    'unreserve L-00001',
    'Free 1 label of SO-1001?',
    'L-00001 · 100 m · SO-1001 (Harbour Supplies) line 1 since 09:00 by dana',
  ],
  ['unreserve --order SO-1001', 'Free 2 labels of SO-1001?', 'L-00003 · 62.5 m · SO-1001 (Harbour Supplies)'],
  ['ship SO-1001', 'Ship SO-1001 (Harbour Supplies)?', 'L-00003 · 20 drawn, 42.5 left'],
  [
    'transfer L-00001 --to SO-1002',
    'Transfer 1 label to SO-1002 (Nordic Marine)?',
    'L-00001 · 100 m · SO-1001 line 1 → SO-1002 line 1',
  ],
  ['swap L-00001 L-00002', 'Swap L-00001 and L-00002?', 'L-00002 · 100 m · active → SO-1001 line 1'],
  ['cancel SO-1001', 'Cancel SO-1001 (Harbour Supplies)?', 'L-00003 · 62.5 m · line 1 since 09:00 by dana'],
  ['close SO-1001', 'Close SO-1001 (Harbour Supplies)?', '2 labels become active:'],
  ['undo held', 'Undo reserve held, 09:00 by dana?', 'L-00001 · 100 m · SO-1001 line 1 → active'],
])('earmark %s', (command, question, consequence) => {
  test.concurrent.each([
    ['no', 'n', 3, '[declined]'],
    ['Enter after a thought', ENTER, 3, '[declined]'],
    ['Esc', ESC, 3, '[declined]'],
    ['Ctrl-C', CTRL_C, 130, 'interrupted'],
  ])('says what will happen, and %s does nothing', async (_, keys, code, said) => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00003', '--quiet', '--operation-id', 'held']);
    const terminal = await ask(desk, `earmark ${command}`);
    expect(terminal.screen().join('\n')).toContain(question);
    expect(terminal.screen().join('\n')).toContain(consequence);
    // An Enter that comes at once may be a scanner's, and is asked for again.
    if (keys === ENTER) await terminal.quiet(400);
    if (keys === 'n') await terminal.answer(keys);
    else terminal.type(keys);
    expect(await terminal.exit).toMatchObject({ code });
    expect(terminal.transcript().join('\n')).toContain(said);
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00003\n');
  });
});

describe('what is confirmed is what is done', () => {
  test('ship: what has changed since the question was put is refused as stale', async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00003', '--quiet']);
    const terminal = await ask(desk, 'earmark ship SO-1001');
    await desk.earmark(['unreserve', 'L-00003', '--yes']);
    await desk.earmark(['reserve', 'SO-1001', 'L-00002']);
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 6 });
    expect(terminal.transcript().join('\n')).toContain('[plan_stale]');
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\n');
  });

  test('unreserve --order: a label that came in meanwhile is not freed unseen', async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', '--quiet']);
    const terminal = await ask(desk, 'earmark unreserve --order SO-1001');
    await desk.earmark(['reserve', 'SO-1001', 'L-00002']);
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 6 });
    expect(terminal.transcript().join('\n')).toContain('[plan_stale]');
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\n');
  });

  test('unreserve LABEL: a label that has another holder by now is not freed', async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', '--quiet']);
    const terminal = await ask(desk, 'earmark unreserve L-00001');
    await desk.earmark(['unreserve', 'L-00001', '--yes']);
    await desk.earmark(['reserve', 'SO-1002', 'L-00001']);
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 6 });
    expect(terminal.transcript().join('\n')).toContain('is reserved for SO-1002 line 1');
    expect(await held(desk)).toBe('label/L-00001\n');
  });
});

describe.each([
  ['transfer L-00001 --to SO-1002', ['unreserve', 'L-00001', '--yes'], 'label_not_reserved'],
  ['transfer L-00001 L-00003 --to SO-1002', ['ship', 'SO-1001', '--partial', '--yes'], 'label_depleted'],
  ['swap L-00001 L-00002', ['reserve', 'SO-1002', 'L-00002'], 'plan_stale'],
  ['cancel SO-1001', ['reserve', 'SO-1001', 'L-00002'], 'plan_stale'],
  ['close SO-1001', ['unreserve', 'L-00003', '--yes'], 'plan_stale'],
  ['undo held', ['unreserve', 'L-00003', '--yes'], 'plan_stale'],
  ['undo held', ['transfer', 'L-00003', '--to', 'SO-1002', '--yes'], 'plan_stale'],
])('earmark %s, when %j came between question and yes', (command, meanwhile, refused) => {
  test(`is refused: ${refused}`, async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00003', '--quiet', '--operation-id', 'held']);
    const terminal = await ask(desk, `earmark ${command}`);
    expect(await desk.earmark(meanwhile)).toMatchObject({ code: 0 });
    const before = (await desk.earmark(['list', 'reservations', '-o', 'csv'])).stdout;
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 6 });
    expect(terminal.transcript().join('\n')).toContain(`[${refused}]`);
    expect((await desk.earmark(['list', 'reservations', '-o', 'csv'])).stdout).toBe(before);
  });
});

describe('what is missing is asked for', () => {
  const asks = async (line: string, steps: readonly (readonly [string, string])[]) => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00003', '--quiet', '--operation-id', 'held']);
    const terminal = desk.terminal(line, { cols: 110, rows: 30, env: { NO_COLOR: '1' } });
    for (const [question, keys] of steps) {
      await terminal.waitFor(question);
      await terminal.quiet(400);
      if (keys === 'y') await terminal.answer(keys);
      else {
        terminal.type(`${keys}\r`);
        // Several may be picked; an Enter of its own finishes.
        if (question.includes('labels')) {
          await terminal.waitFor('selected 1 label');
          await terminal.quiet(400);
          terminal.type('\r');
        }
      }
    }
    return [desk, await terminal.exit] as const;
  };

  test('transfer: which labels, and to which order', async () => {
    const [desk, exit] = await asks('earmark transfer', [
      ['Transfer which labels?', 'L-00003'],
      ['Transfer to which order?', 'SO-1002'],
      ['Transfer 1 label to SO-1002', 'y'],
    ]);
    expect(exit).toMatchObject({ code: 0 });
    expect((await desk.earmark(['find', 'L-00003', '--fields', 'reservation.order'])).stdout).toBe(
      'SO-1002\n',
    );
  });

  test('swap: which two labels', async () => {
    const [desk, exit] = await asks('earmark swap', [
      ['Swap which label?', 'L-00003'],
      ['Swap L-00003 with which label?', 'L-00002'],
      ['Swap L-00003 and L-00002?', 'y'],
    ]);
    expect(exit).toMatchObject({ code: 0 });
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\n');
  });

  test('cancel: which order', async () => {
    const [desk, exit] = await asks('earmark cancel', [
      ['Cancel which order?', 'SO-1001'],
      ['Cancel SO-1001', 'y'],
    ]);
    expect(exit).toMatchObject({ code: 0 });
    expect(await held(desk)).toBe('');
  });

  test('undo: which operation; and what stays as it is, is said before the yes', async () => {
    const [desk, exit] = await asks('earmark undo', [
      ['Undo which operation, or scanning session?', 'held'],
      ['Undo reserve held', 'y'],
    ]);
    expect(exit).toMatchObject({ code: 0 });
    expect(await held(desk)).toBe('');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00003', '--quiet', '--operation-id', 'again']);
    await desk.earmark(['transfer', 'L-00003', '--to', 'SO-1002', '--yes']);
    const terminal = await ask(desk, 'earmark undo again');
    const screen = terminal.screen().join('\n');
    expect(screen).toContain('L-00001 · 100 m · SO-1001 line 1 → active');
    expect(screen).toContain('not undone:\n  L-00003 was changed since');
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 7 });
    expect(await held(desk)).toBe('label/L-00003\n');
  });
});

describe('a yes', () => {
  test('frees and ships', async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00002', 'L-00003', '--quiet']);
    const freeing = await ask(desk, 'earmark unreserve L-00003');
    await freeing.answer('y');
    expect(await freeing.exit).toMatchObject({ code: 0 });
    const shipping = await ask(desk, 'earmark ship SO-1001');
    await shipping.answer('y');
    expect(await shipping.exit).toMatchObject({ code: 0 });
    expect(shipping.transcript().join('\n')).toContain('✓ SO-1001 (Harbour Supplies) is shipped');
    expect((await desk.earmark(['find', 'L-00001', 'L-00002', '--fields', 'status,quantity'])).stdout).toBe(
      'depleted\t0\nactive\t80\n',
    );
  });

  test('to a short line ships what there is, and to expired stock ships it', async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1003', 'L-00031', '--quiet']);
    const terminal = await ask(desk, 'earmark ship SO-1003');
    expect(terminal.screen().join('\n')).toContain(
      'SO-1003 is short. Ship what is reserved, and leave the rest outstanding?',
    );
    await terminal.answer('y');
    await terminal.waitFor('Ship expired stock: L-00031 (expired 2026-02-28)?');
    await terminal.answer('y');
    await terminal.waitFor('Ship this much of SO-1003 (Quay & Sons)?');
    await terminal.answer('y');
    expect(await terminal.exit).toMatchObject({ code: 0 });
    expect((await desk.earmark(['find', 'L-00031', '--fields', 'status'])).stdout).toBe('depleted\n');
  });
});
