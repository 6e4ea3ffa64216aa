import { afterAll, describe, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';
import { HANDS, type Terminal } from '../support/terminal.ts';

const ENTER = '\r';
const ESC = '\u001b';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';
const MENU = 'what would you like to do?';
const ON_ORDER = 'working on SO-1001: what next?';
/** The menu waits for a choice: its last line is on the screen. */
const WAITING = 'Enter chooses · Esc leaves';

afterAll(leaveDesks);

interface Size {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
}

async function menu(desk: Desk, { cols = 110, rows = 40, env = {} }: Size = {}): Promise<Terminal> {
  const on = desk.terminal('exec earmark', { cols, rows, env: { NO_COLOR: '1', ...env } });
  await on.waitFor('earmark: what');
  await on.waitFor('Leave');
  return on;
}

function said(on: Terminal): string {
  return on.transcript().join('\n');
}

/** Waits until the menu is back: for the n-th time, its question stands unanswered at the bottom. */
async function back(on: Terminal, question: string | RegExp = ON_ORDER): Promise<void> {
  const asked = typeof question === 'string' ? question.replaceAll(/[?.]/g, '\\$&') : question.source;
  await on.waitFor(new RegExp(`^\\? .*${asked}\\n[^✓]*Leave`, 'm'));
}

/** Chooses a row of the menu by its word, as a person types it. */
async function choose(on: Terminal, word: string): Promise<void> {
  on.type(word);
  await on.waitFor(new RegExp(`find: ${word}\\n[^✓]*> ${word}`));
  await on.quiet(HANDS);
  on.type(ENTER);
}

async function ended(on: Terminal): Promise<number> {
  const { code } = await on.exit;
  expect(on.cursorVisible()).toBe(true);
  // Bracketed paste is off again, too.
  expect(on.raw().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(on.raw().lastIndexOf('\u001b[?2004h'));
  return code;
}

async function held(desk: Desk): Promise<string> {
  return (await desk.earmark(['list', 'reservations', '-o', 'name'])).stdout;
}

describe('from the menu alone', () => {
  test('a person reserves labels for an order, finds one, frees one, and ships the order', async () => {
    const desk = await openDesk('demo');
    const on = await menu(desk);

    await choose(on, 'Reserve');
    await on.waitFor('Reserve for which order?');
    await on.answer('SO-1001');
    await on.waitFor('Labels of ROPE-8 for SO-1001 line 1');
    for (const label of ['L-00001', 'L-00002', 'L-00003']) {
      on.type(`${label}\r`);
      await on.waitFor(`added ${label}`);
    }
    // An Enter that comes at once may be a scanner's.
    await on.quiet(400);
    on.type(ENTER);
    await back(on);
    expect(said(on)).toContain('✓ reserved 3 labels for SO-1001 (Harbour Supplies)');

    await choose(on, 'Find');
    await on.waitFor('Which label?');
    await on.answer('L-00002');
    await back(on);
    expect(said(on)).toContain('L-00002 is reserved for SO-1001 (Harbour Supplies) line 1');

    await choose(on, 'Free');
    await on.waitFor('Free which labels?');
    on.type('L-00003\r');
    await on.waitFor('added L-00003');
    await on.quiet(400);
    on.type(ENTER);
    await on.waitFor('Free 1 label of SO-1001?');
    await on.answer('y');
    await back(on);
    expect(said(on)).toContain('✓ freed 1 label');
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\n');

    await choose(on, 'Ship');
    await on.waitFor('Ship SO-1001 (Harbour Supplies)?');
    await on.answer('y');
    await on.waitFor('✓ SO-1001 (Harbour Supplies) is shipped');
    // What is shipped in full is not worked on any more.
    await back(on, MENU);
    expect(said(on)).toContain('✓ earmark, working on SO-1001: what next?  Ship\n');
    expect(said(on)).not.toContain('/ship');

    await choose(on, 'Leave');
    expect(await ended(on)).toBe(0);
    expect(await held(desk)).toBe('');
    expect((await desk.earmark(['list', 'orders', '--status', 'shipped', '-o', 'name'])).stdout).toContain(
      'order/SO-1001\n',
    );
  });

  test('scanning labels onto an order comes back to the menu', async () => {
    const desk = await openDesk('demo');
    const on = await menu(desk);
    on.type('SO-1001\r');
    await back(on);
    await choose(on, 'Scan');
    await on.waitFor('SO-1001 (Harbour Supplies) · scan labels, DONE finishes');
    on.type('L-00001\rL-00002\rDONE\r');
    await on.waitFor('SO-1001 is covered');
    await back(on);
    on.type(ESC);
    expect(await ended(on)).toBe(0);
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\n');
  });

  test('what was done last is undone, until it is shipped', async () => {
    const desk = await openDesk('demo');
    const on = await menu(desk);
    expect(said(on)).not.toContain('Undo');
    on.type('SO-1001\r');
    await back(on);
    expect(said(on)).not.toContain('Undo');
    await choose(on, 'Scan');
    await on.waitFor('SO-1001 (Harbour Supplies) · scan labels, DONE finishes');
    on.type('L-00001\rL-00002\rDONE\r');
    await back(on);
    expect(on.screen()).toContain('  Undo     take the last reserve back');
    await choose(on, 'Undo');
    await on.waitFor(/^\? Undo /m);
    await on.answer('y');
    await on.waitFor('take the last undo back');
    expect(await held(desk)).toBe('');
    await choose(on, 'Undo');
    await on.waitFor('Undo undo ');
    await on.answer('y');
    await on.waitFor(/✓ undone: undo (?:.*\n)*\? .*what next\?/);
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\n');
    await choose(on, 'Ship');
    await on.waitFor('Ship SO-1001 (Harbour Supplies)?');
    await on.answer('y');
    await back(on, MENU);
    expect(on.screen().join('\n').split('is shipped')[1]).not.toContain('take the last');
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });

  test('the arrows choose as well', async () => {
    const desk = await openDesk('demo');
    const on = await menu(desk);
    on.type(DOWN.repeat(4));
    await on.waitFor('> Find');
    on.type(ENTER);
    await on.waitFor('Which label?');
    on.type(ESC);
    await on.waitFor(/\(left\)/);
    await back(on, MENU);
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });

  test('a refusal is said, and the menu comes back', async () => {
    const desk = await openDesk('demo');
    const on = await menu(desk);
    await choose(on, 'Find');
    await on.waitFor('Which label?');
    await on.answer('L-1');
    await on.waitFor('error: no label L-1; did you mean L-00001?');
    await back(on, MENU);
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });

  test('the order that is looked at is worked on, until another one is wanted', async () => {
    const desk = await openDesk('demo');
    const on = await menu(desk);
    await choose(on, 'Orders');
    await on.waitFor('Which order?');
    await on.answer('SO-1002');
    await back(on, 'working on SO-1002: what next?');
    expect(said(on)).toContain('Nordic Marine');
    await choose(on, 'Other');
    await back(on, MENU);
    await choose(on, 'Labels');
    await on.waitFor('Which label?');
    await on.answer('L-00004');
    await back(on, MENU);
    expect(said(on)).toContain('18.25');
    await choose(on, 'Doctor');
    await back(on, MENU);
    expect(said(on)).toContain('nothing found');
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });
});

/** The ways into every prompt: the row, what comes first, and what then stands on the screen. */
const PROMPTS: readonly (readonly [string, readonly string[], string])[] = [
  ['Reserve', [], 'Reserve for which order?'],
  ['Reserve', ['SO-1001'], 'Labels of ROPE-8 for SO-1001 line 1'],
  ['Reserve', ['SO-1003'], 'Which line of SO-1003?'],
  ['Scan', [], 'Reserve for which order?'],
  ['Scan', ['SO-1001'], 'DONE finishes'],
  ['Free', [], 'Free which labels?'],
  ['Ship', [], 'hip which order?'],
  ['Ship', ['SO-1002'], '[y/N]'],
  ['Find', [], 'Which label?'],
  ['Orders', [], 'Which order?'],
  ['Labels', [], 'Which label?'],
];

describe.each(PROMPTS)('%s %j', (word, answers, prompt) => {
  const open = async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1002', 'L-00001', '--quiet']);
    const on = await menu(desk);
    await choose(on, word);
    for (const answer of answers) {
      await on.waitFor('which order?');
      await on.answer(answer);
    }
    await on.waitFor(prompt);
    return { desk, on };
  };

  test('Esc comes back to the menu, and out of it with exit 0', async () => {
    const { desk, on } = await open();
    on.type(ESC);
    await back(on, /(?:like to do|what next)\?/);
    await on.quiet(60);
    on.type(ESC);
    expect(await ended(on)).toBe(0);
    expect(await held(desk)).toBe('label/L-00001\n');
  });

  test('Ctrl-C ends everything with exit 130, and nothing is done', async () => {
    const { desk, on } = await open();
    on.type(CTRL_C);
    expect(await ended(on)).toBe(130);
    expect(await held(desk)).toBe('label/L-00001\n');
  });
});

describe('leaving', () => {
  test.concurrent.each([
    ['Esc', ESC, 0],
    ['Ctrl-C', CTRL_C, 130],
    ['Ctrl-D', '\u0004', 130],
  ])('%s at the menu', async (_, keys, code) => {
    const on = await menu(await openDesk('demo'));
    on.type(keys);
    expect(await ended(on)).toBe(code);
  });
});

describe('a scan at the menu', () => {
  test('of a label says who holds it; of an order shows it, and it is worked on', async () => {
    const desk = await openDesk('demo');
    await desk.earmark(['reserve', 'SO-1002', 'L-00001', '--quiet']);
    const on = await menu(desk);
    on.type('4006381333931\r');
    await on.waitFor('L-00001 is reserved for SO-1002 (Nordic Marine) line 1');
    await back(on, MENU);
    on.type(']C1SO-1002\r');
    await back(on, 'working on SO-1002: what next?');
    on.type('SO-1005\r');
    // Shipped: it is shown, and there is nothing to work on.
    await back(on, MENU);
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });

  test('of a word with a slash chooses its row: no label begins so', async () => {
    const on = await menu(await openDesk('demo'));
    on.type('/find\r');
    await on.waitFor('Which label?');
    on.type(']C1L-00002\r');
    await on.waitFor('L-00002 is active');
    await back(on, MENU);
    on.type('/LEAVE\r');
    await on.waitFor('no choice /LEAVE here');
    on.type('/leave\r');
    expect(await ended(on)).toBe(0);
  });

  test('is understood at every question, whatever the scanner puts around the code', async () => {
    const desk = await openDesk('demo');
    const on = await menu(desk);
    await choose(on, 'Reserve');
    await on.waitFor('Reserve for which order?');
    on.type('\u0002]C1SO-1001\u0003');
    await on.waitFor('Labels of ROPE-8 for SO-1001 line 1');
    // Elsewhere; behind an AIM identifier; with a leading zero too many; in a GS1 element string with a separator.
    for (const [scan, said] of [
      [']E0L-00021', '✗ L-00021 is of item PUMP-3'],
      [']C1L-00001', '✓ added L-00001'],
      ['04006381333948', '✓ added L-00002'],
      ['0109521234543213' + '21L-00003\u001d10B7', '✓ added L-00003'],
    ] as const) {
      on.type(`${scan}\r`);
      await on.waitFor(said);
    }
    await on.quiet(400);
    on.type(ENTER);
    await back(on);
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\nlabel/L-00003\n');

    await choose(on, 'Free');
    await on.waitFor('Free which labels?');
    on.type(']d221L-00003\r');
    await on.waitFor('✓ added L-00003');
    on.type(']C1L-00004\r');
    await on.waitFor('✗ L-00004 is active: nobody holds it');
    on.type(ESC);
    await back(on);

    await choose(on, 'Find');
    await on.waitFor('Which label?');
    on.type('0109521234543213' + '21L-00002\u001d10B7\r');
    await back(on);
    expect(said(on)).toContain('L-00002 is reserved for SO-1001');

    await choose(on, 'Labels');
    await on.waitFor('Which label?');
    on.type(']C14006381333931\r');
    await back(on);
    expect(await held(desk)).toBe('label/L-00001\nlabel/L-00002\nlabel/L-00003\n');
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });

  const words = ['Leave', 'leave', 'Ship', 'Reserve', 'q', 'a', 'y', '1', 'DONE', 'UNDO'];

  test.concurrent.each(words)('%s, without such a label, chooses nothing', async (scan) => {
    const on = await menu(await openDesk('demo'));
    on.type(`${scan}\r`);
    await on.waitFor(`no choice ${scan} here`);
    await on.quiet(100);
    expect(on.screen().join('\n')).toContain(WAITING);
    expect(said(on)).not.toContain('which order?');
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });

  test('of labels with such names looks them up', async () => {
    const desk = await openDesk('demo');
    desk.write('labels.csv', `label,sku,quantity\n${words.map((word) => `${word},ROPE-8,1\n`).join('')}`);
    expect(await desk.earmark(['import', 'labels.csv'])).toMatchObject({ code: 0 });
    const on = await menu(desk);
    for (const word of words) {
      on.type(`${word}\r`);
      await on.waitFor(`${word} is active: no order holds it`, { all: true });
      await back(on, MENU);
    }
    // Typed by hand it is the label as well: a number is a number.
    await on.answer('Leave');
    await on.until(() => said(on).split('Leave is active').length === 3, 'Leave looked up again');
    await back(on, MENU);
    on.type(ESC);
    expect(await ended(on)).toBe(0);
    expect(await held(desk)).toBe('');
  });

  test('a burst of codes that came while the menu was away is looked up one by one', async () => {
    const on = await menu(await openDesk('demo'));
    on.type('L-00001\rL-00002\rL-00003\r');
    for (const label of ['L-00001', 'L-00002', 'L-00003']) {
      await on.waitFor(`${label} is active`, { all: true });
    }
    await back(on, MENU);
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });
});

test('of more orders than fit, all are searched', async () => {
  const desk = await openDesk('demo');
  const orders = Array.from({ length: 1100 }, (_, at) => `XO-${1000 + at},Customer ${at},open\n`);
  desk.write('orders.csv', `order_number,customer,status\n${orders.join('')}`);
  expect(await desk.earmark(['import', 'orders.csv'])).toMatchObject({ code: 0 });
  const on = await menu(desk);
  await choose(on, 'Ship');
  await on.waitFor('Ship which order?');
  await on.waitFor('the first 50 of 1,104 orders; type to search');
  on.type('customer 1099');
  await on.waitFor('1 order\n');
  expect(on.screen().join('\n')).toContain('> XO-2099  Customer 1099');
  await on.quiet(100);
  on.type(ENTER);
  await back(on, 'working on XO-2099: what next?');
  on.type(ESC);
  expect(await ended(on)).toBe(0);
});

describe('any terminal', () => {
  test('40 columns, and another size in the middle', async () => {
    const on = await menu(await openDesk('demo'), { cols: 40, rows: 20 });
    expect(on.screen().every((line) => line.length <= 40)).toBe(true);
    on.resize(100, 30);
    await on.waitFor(/^> Reserve {2}choose labels for an order$/m);
    on.resize(40, 15);
    await choose(on, 'Find');
    await on.waitFor('Which label?');
    await on.answer('L-00002');
    // The menu that follows fills the fifteen rows.
    await on.waitFor('L-00002 is active', { all: true });
    await on.waitFor('Leave');
    on.type(ESC);
    expect(await ended(on)).toBe(0);
  });

  test('EARMARK_ACCESSIBLE=1 asks in plain lines', async () => {
    const desk = await openDesk('demo');
    const on = desk.terminal('exec earmark', { cols: 80, env: { NO_COLOR: '1', EARMARK_ACCESSIBLE: '1' } });
    await on.waitFor('Leave');
    await on.quiet(100);
    on.type('L-00001\r');
    await on.waitFor('L-00001 is active');
    on.type(CTRL_C);
    expect(await on.exit).toMatchObject({ code: 130 });
    expect(on.raw().replaceAll(/\u001b\[\?2004[hl]/g, '')).not.toContain('\u001b');
  });

  test('without a database it says so, and ends', async () => {
    const desk = await openDesk('none');
    const on = await menu(desk);
    on.type('L-00001\r');
    const { code } = await on.exit;
    expect(code).not.toBe(0);
    expect(said(on)).toContain('earmark init');
  });
});

describe('where nobody can be asked', () => {
  test.concurrent.each([
    ['</dev/null', 'earmark </dev/null'],
    ['a pipe', 'echo L-00001 | earmark'],
    ['EARMARK_NO_INPUT', 'EARMARK_NO_INPUT=1 earmark'],
    ['CI', 'CI=1 earmark'],
    ['--no-input', 'earmark --no-input'],
  ])('%s: help, and exit 2', async (_, line) => {
    const desk = await openDesk('demo');
    const on = desk.terminal(line, { cols: 110, rows: 60 });
    expect(await on.exit).toMatchObject({ code: 2 });
    expect(said(on)).toContain('Usage: earmark');
  });

  test('no terminal at all: help on standard error', async () => {
    const run = await (await openDesk('demo')).earmark([]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('Usage: earmark');
  });
});
