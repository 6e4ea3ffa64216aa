import { copyFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';
import type { Terminal } from '../support/terminal.ts';

const ESC = '\u001b';
const CTRL_C = '\u0003';
const READY = 'DONE finishes';
const BELL = '\u0007';
/** Labels whose numbers mean something to a prompt or a session, or would if they were typed elsewhere. */
const HOSTILE = ['UNDO', 'DONE', 'UNRESERVE', 'a', 'i', 'q', 'y', 'n', '1', 'a b'];

/** `B-001`, `B-002`, … */
function codes(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `B-${String(at + 1).padStart(3, '0')}`);
}

let template: string;

beforeAll(async () => {
  const desk = await openDesk('none');
  desk.write('items.csv', 'sku,name,tracking\nBOX,Box,serialized\nTWIN,Twin,serialized\n');
  const labels = [...codes(120), ...HOSTILE].map((number) => `${number},BOX,1,A-1,\n`);
  const others =
    'HELD,BOX,1,A-2,\nOLD,BOX,1,A-3,2026-01-31\nT-1,TWIN,1,A-4,\nT-2,TWIN,1,A-4,\nD-1,BOX,0,A-5,\n';
  desk.write('labels.csv', `label,sku,quantity,bin,expiry\n${labels.join('')}${others}`);
  desk.write('orders.csv', 'order_number,customer,status\nS-1,Acme,open\nS-2,Bolt,open\nS-9,Past,shipped\n');
  const lines = 'S-1,1,BOX,130\nS-1,2,TWIN,1\nS-1,3,TWIN,1\nS-2,1,BOX,3\nS-9,1,BOX,1\n';
  desk.write('lines.csv', `order_number,line,sku,quantity\n${lines}`);
  const { code, stderr } = await desk.earmark([
    'import',
    'items.csv',
    'labels.csv',
    'orders.csv',
    'lines.csv',
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  await desk.earmark(['reserve', 'S-2', 'HELD', '--quiet']);
  template = desk.db;
});

afterAll(leaveDesks);

async function ownDesk(): Promise<Desk> {
  const desk = await openDesk('none');
  copyFileSync(template, desk.db);
  return desk;
}

interface Scanning {
  readonly desk: Desk;
  readonly on: Terminal;
}

async function scanning(
  flags = '',
  { cols = 110, env = {} }: { cols?: number; env?: Record<string, string> } = {},
): Promise<Scanning> {
  const desk = await ownDesk();
  const line = `exec earmark reserve S-1 --scan ${flags}`;
  const on = desk.terminal(line, { cols, rows: 30, env: { NO_COLOR: '1', ...env } });
  await on.waitFor('scan labels');
  return { desk, on };
}

function said(on: Terminal): string {
  return on.transcript().join('\n');
}

/** The labels that were answered, in order; `✓` or `✗`, a count, and what it was about. */
function answered(on: Terminal): string[] {
  return [...said(on).matchAll(/^[✓✗] (\d+)\/\d+ (B-\d+)/gm)].map(([, count, label]) => `${count} ${label}`);
}

/** Labels held for S-1, with the operations that hold them. */
async function held(desk: Desk, order = 'S-1'): Promise<Map<string, string>> {
  const { stdout } = await desk.earmark(['list', 'reservations', '--order', order, '-o', 'ndjson']);
  const labels = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { number: string; reservation: { operation: string } });
  const pairs = labels.map(({ number, reservation }) => [number, reservation.operation] as const);
  return new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function leave({ on }: Scanning, keys = ESC): Promise<number> {
  on.type(keys);
  const { code } = await on.exit;
  expect(on.cursorVisible()).toBe(true);
  return code;
}

describe('a burst typed at once', () => {
  test('100 codes: 100 answers in order, 100 durable operations, and one command that frees them all', async () => {
    const session = await scanning('--operation-id SHIFT');
    const { desk, on } = session;
    const burst = codes(100);
    on.type(burst.map((code) => `${code}\r`).join(''));
    await on.waitFor(/✓ 100\/\d+ B-100/, { all: true });
    expect(await leave(session)).toBe(0);
    expect(answered(on)).toEqual(burst.map((code, at) => `${at + 1} ${code}`));
    expect(said(on)).toContain('✓ 100/100 B-100 · bin A-1 · line 1 now 100 of 130');
    expect(said(on)).toContain('reserved 100 labels');
    expect(said(on)).toContain('S-1 still misses 30 on line 1 (BOX)');
    expect([...(await held(desk))]).toEqual(burst.map((code, at) => [code, `SHIFT/${at + 1}`]));
    const shown = await desk.earmark(['show', 'operation/SHIFT/100']);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain('B-100');

    // Somebody else's labels for the same order are none of this session's.
    await desk.earmark(['reserve', 'S-1', 'B-101', '--quiet', '--operation-id', 'SHIFT2']);
    const [, command = ''] = /take all back: (earmark .*)$/m.exec(said(on)) ?? [];
    expect(await desk.shell(`${command} --yes`)).toMatchObject({ code: 0 });
    expect([...(await held(desk)).keys()]).toEqual(['B-101']);
    expect([...(await held(desk, 'S-2')).keys()]).toEqual(['HELD']);
  });

  test.concurrent.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['Tab', '\t'],
    ['CR and Tab', '\r\t'],
  ])('every code with %s behind it', async (_, suffix) => {
    const session = await scanning();
    const burst = codes(20);
    session.on.type(burst.map((code) => code + suffix).join(''));
    await session.on.waitFor(/✓ 20\/\d+ B-020/, { all: true });
    expect(await leave(session)).toBe(0);
    expect(answered(session.on)).toEqual(burst.map((code, at) => `${at + 1} ${code}`));
    expect([...(await held(session.desk)).keys()]).toEqual(burst);
  });

  test('typed before the session is there, and ended by its own DONE', async () => {
    const desk = await ownDesk();
    // This one has no label called DONE.
    const on = desk.terminal('exec earmark reserve S-1 --scan', {
      cols: 110,
      rows: 30,
      env: { NO_COLOR: '1' },
    });
    on.type(`${codes(10).join('\r')}\r/done\r`);
    expect(await on.exit).toMatchObject({ code: 0 });
    expect([...(await held(desk)).keys()]).toEqual(codes(10));
    expect(on.cursorVisible()).toBe(true);
  });

  test('a count says how many were read and not answered yet', async () => {
    const session = await scanning();
    session.on.type(
      codes(100)
        .map((code) => `${code}\r`)
        .join(''),
    );
    await session.on.waitFor(/✓ 100\/100 /, { all: true });
    const counts = [...said(session.on).matchAll(/^✓ (\d+)\/(\d+) /gm)];
    expect(counts.some(([, at, of]) => Number(of) > Number(at))).toBe(true);
    await leave(session);
  });

  test('kill -9 in the middle: whatever was answered is there', async () => {
    const { desk, on } = await scanning();
    on.type(
      codes(120)
        .map((code) => `${code}\r`)
        .join(''),
    );
    await on.waitFor(/✓ 5\/\d+ /, { all: true });
    process.kill(on.pid, 'SIGKILL');
    await on.exit;
    const lines = answered(on);
    const kept = await held(desk);
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const line of lines) expect(kept.has(line.split(' ')[1] ?? '')).toBe(true);
    // And nothing came out of its turn.
    expect([...kept.keys()]).toEqual(codes(kept.size));
    expect(await desk.earmark(['reserve', 'S-1', 'B-120'])).toMatchObject({ code: 0 });
  });

  test('Ctrl-C in the middle: exit 130, whatever was answered is there and is said', async () => {
    const session = await scanning();
    const { desk, on } = session;
    on.type(
      codes(120)
        .map((code) => `${code}\r`)
        .join(''),
    );
    await on.waitFor(/✓ 5\/\d+ /, { all: true });
    expect(await leave(session, CTRL_C)).toBe(130);
    const count = (await held(desk)).size;
    expect(count).toBeGreaterThanOrEqual(5);
    expect(answered(on).length).toBe(count);
    expect(said(on)).toContain(`reserved ${count} labels`);
    expect(said(on)).toContain('take all back: earmark undo ');
  });
});

describe('one scan', () => {
  test('twice is harmless', async () => {
    const session = await scanning('--operation-id TWICE');
    session.on.type('B-001\rB-001\r');
    await session.on.waitFor(/✓ 2\/2 B-001 · bin A-1 · reserved already · line 1 now 1 of 130/);
    expect(await leave(session)).toBe(0);
    expect(said(session.on)).toContain('reserved 1 label');
    expect([...(await held(session.desk))]).toEqual([['B-001', 'TWICE/1']]);
  });

  test.concurrent.each([
    ['HELD', /^✗ 1\/1 HELD is held by S-2 \(dana, 09:00\); free instead: 1 in A-1$/m, 6],
    ['B-01', /^✗ 1\/1 no label B-01; did you mean B-001/m, 5],
    [']C1B-01', /^✗ 1\/1 no label B-01; did you mean B-001/m, 5],
    ['b-001', /^✗ 1\/1 no label b-001; did you mean B-001\?$/m, 5],
    ['ZZZZZZ', /^✗ 1\/1 no label ZZZZZZ$/m, 5],
    ['D-1', /^✗ 1\/1 D-1 is empty/m, 6],
    ['/nothing', /^✗ 1\/1 no label \/nothing$/m, 5],
    [' ', /^✗ 1\/1 /m, 5],
    ['\u001d', /^✗ 1\/1 /m, 5],
  ])('%j is refused in a line, with a bell', async (scan, line, code) => {
    const session = await scanning();
    session.on.type(`${scan}\r`);
    await session.on.waitFor(line);
    expect(session.on.raw()).toContain(BELL);
    expect(await leave(session)).toBe(code);
    expect(said(session.on)).toContain('reserved 0 labels, 1 refused');
    expect((await held(session.desk)).size).toBe(0);
    expect([...(await held(session.desk, 'S-2')).keys()]).toEqual(['HELD']);
  });

  test('a label that is done rings no bell; some done and some refused is exit 7', async () => {
    const session = await scanning();
    session.on.type('B-001\r');
    await session.on.waitFor('✓ 1/1 B-001');
    expect(session.on.raw()).not.toContain(BELL);
    session.on.type('HELD\r');
    await session.on.waitFor('✗ 2/2 HELD');
    expect(await leave(session)).toBe(7);
    expect(said(session.on)).toContain('refused: HELD');
  });

  test('an expired label is reserved, and marked', async () => {
    const session = await scanning();
    session.on.type('OLD\r');
    await session.on.waitFor(/✓ 1\/1 OLD · bin A-3 · line 1 now 1 of 130 · expired 2026-01-31$/m);
    expect(await leave(session)).toBe(0);
  });

  test.concurrent.each([
    ']C1B-001',
    ']d221B-001',
    '01095212345432132' + '1B-001',
    '\u001d21B-001',
    '\u0002B-001',
  ])('%j is B-001', async (scan) => {
    const session = await scanning();
    session.on.type(`${scan}\r`);
    await session.on.waitFor('✓ 1/1 B-001');
    expect(await leave(session)).toBe(0);
  });

  test('nothing at all: nothing is done, and the exit code says so', async () => {
    const session = await scanning();
    expect(await leave(session)).toBe(3);
    expect(said(session.on)).toContain('reserved 0 labels');
    expect(said(session.on)).not.toContain('take all back');
  });
});

describe('words', () => {
  test('a label with the name of a word is looked up, and reserved', async () => {
    const session = await scanning();
    session.on.type(HOSTILE.map((code) => `${code}\r`).join(''));
    await session.on.waitFor(`✓ ${HOSTILE.length}/${HOSTILE.length} a b`);
    // The session goes on.
    session.on.type('B-001\r');
    await session.on.waitFor('B-001 · bin');
    expect(await leave(session)).toBe(0);
    expect([...(await held(session.desk)).keys()]).toEqual([...HOSTILE, 'B-001'].sort());
  });

  test('behind a slash they are commands, even then: /undo, /unreserve, /done', async () => {
    const session = await scanning();
    const { desk, on } = session;
    on.type('B-001\rB-002\rB-003\r/undo\r');
    await on.waitFor('✓ 4/4 B-003 is free again');
    on.type('/UNRESERVE\r');
    await on.waitFor('scan the label to free');
    on.type('B-404\rB-001\r');
    await on.waitFor('✓ 7/7 B-001 is free');
    expect(said(on)).toContain('✗ 6/');
    on.type('B-004\r]C1/undo\r/undo\r/undo\r');
    await on.waitFor('✗ 11/11 nothing to undo');
    on.type('B-005\r/done\rB-006\r');
    expect(await on.exit).toMatchObject({ code: 7 });
    expect([...(await held(desk)).keys()]).toEqual(['B-005']);
    expect(said(on)).toContain('B-006 came too late; scan it again');
  });

  test('bare words are commands where no label has their name', async () => {
    const desk = await openDesk('demo');
    const on = desk.terminal('exec earmark reserve SO-1001 --scan', { cols: 110, env: { NO_COLOR: '1' } });
    await on.waitFor(READY);
    on.type('L-00001\rL-00002\rUNDO\r');
    await on.waitFor('L-00002 is free again');
    on.type('undo\r');
    await on.waitFor('✗ 4/4 no label undo');
    on.type('UNRESERVE\rL-00001\rL-00003\r]C1DONE\r');
    expect(await on.exit).toMatchObject({ code: 7 });
    expect([...(await held(desk, 'SO-1001')).keys()]).toEqual(['L-00003']);
  });

  test('UNDO of a label that another order has by now leaves it there, and goes on to the one before', async () => {
    const session = await scanning();
    const { desk, on } = session;
    on.type('B-001\rB-002\r');
    await on.waitFor('✓ 2/2 B-002');
    await desk.earmark(['unreserve', 'B-002', '--yes']);
    await desk.earmark(['reserve', 'S-2', 'B-002']);
    on.type('/undo\r/undo\r');
    await on.waitFor('✓ 4/4 B-001 is free again');
    expect(said(on)).toContain('✗ 3/4 B-002');
    await leave(session);
    expect([...(await held(desk, 'S-2')).keys()]).toEqual(['B-002', 'HELD']);
  });
});

describe('the order', () => {
  test('an order number switches it, without a question before anything is done', async () => {
    const session = await scanning();
    session.on.type('S-2\rB-001\r');
    await session.on.waitFor('B-001 · bin A-1 · line 1 now 2 of 3');
    expect(await leave(session)).toBe(0);
    expect([...(await held(session.desk, 'S-2')).keys()]).toEqual(['B-001', 'HELD']);
  });

  test('half done: it asks, and a yes switches', async () => {
    const session = await scanning();
    session.on.type('B-001\rS-2\r');
    await session.on.waitFor('Go on with S-2?');
    await session.on.answer('y');
    await session.on.waitFor('now S-2 (Bolt)');
    session.on.type('B-002\r');
    await session.on.waitFor('B-002 · bin A-1 · line 1 now 2 of 3');
    expect(await leave(session)).toBe(0);
    expect([...(await held(session.desk)).keys()]).toEqual(['B-001']);
  });

  test.concurrent.each([
    ['no', 'n'],
    ['Esc', ESC],
  ])('half done: it asks, and %s stays', async (_, keys) => {
    const session = await scanning();
    session.on.type('B-001\rS-2\r');
    await session.on.waitFor('Go on with S-2?');
    if (keys === 'n') await session.on.answer(keys);
    else session.on.type(keys);
    await session.on.waitFor('staying with S-1');
    session.on.type('B-002\r');
    await session.on.waitFor('B-002 · bin');
    expect(await leave(session)).toBe(0);
    expect([...(await held(session.desk)).keys()]).toEqual(['B-001', 'B-002']);
  });

  test('Ctrl-C at the question ends the session', async () => {
    const session = await scanning();
    session.on.type('B-001\rS-2\r');
    await session.on.waitFor('Go on with S-2?');
    expect(await leave(session, CTRL_C)).toBe(130);
    expect(said(session.on)).toContain('reserved 1 label');
  });

  test('a scan never answers the question, and is named', async () => {
    const session = await scanning();
    session.on.type('B-001\rS-2\r');
    await session.on.waitFor('Go on with S-2?');
    session.on.type('B-007\r');
    await session.on.quiet(100);
    expect(session.on.screen().join('\n')).toContain('Go on with S-2?');
    await session.on.answer('n');
    await session.on.waitFor('staying with S-1');
    await session.on.waitFor('B-007 came while a question was open; scan it again');
    await leave(session);
    expect([...(await held(session.desk)).keys()]).toEqual(['B-001']);
  });

  test('an order that takes no labels is refused, and so is what is scanned behind it, until an order is scanned', async () => {
    const session = await scanning();
    const { desk, on } = session;
    on.type('S-9\rB-001\rS-1\rB-002\r');
    await on.waitFor('✓ 4/4 B-002');
    expect(said(on)).toMatch(/^✗ 1\/\d S-9 is shipped/m);
    expect(said(on)).toMatch(/^✗ 2\/\d B-001 was not reserved: S-9 takes no labels; scan an order first$/m);
    expect(await leave(session)).toBe(7);
    expect([...(await held(desk)).keys()]).toEqual(['B-002']);
  });

  test('half done, and no: what was scanned behind the number is given up, and named', async () => {
    const session = await scanning();
    const { desk, on } = session;
    on.type('B-001\rS-2\rB-002\r');
    await on.waitFor('Go on with S-2?');
    await on.answer('n');
    await on.waitFor('✗ B-002 was dropped; scan it again');
    on.type('B-003\r');
    await on.waitFor('B-003 · bin');
    expect(await leave(session)).not.toBe(0);
    expect([...(await held(desk)).keys()]).toEqual(['B-001', 'B-003']);
  });

  test('--line is about the first order only', async () => {
    const session = await scanning('--line 1');
    session.on.type('S-2\rT-1\rS-1\rT-1\r');
    await session.on.waitFor('fits several lines');
    session.on.type(ESC);
    await session.on.waitFor(/✗ 4\/4 /);
    await leave(session);
  });
});

describe('a label that fits several lines', () => {
  test('asks, in the middle of a burst, of which everything is kept', async () => {
    const session = await scanning();
    const { desk, on } = session;
    on.type('B-001\rT-1\rB-002\rB-003\r');
    await on.waitFor('T-1 fits several lines. Which one is it for?');
    await on.answer('3');
    await on.waitFor(/B-003 · bin/);
    expect(await leave(session)).toBe(0);
    expect(said(on)).toContain('T-1 · bin A-4 · line 3 now 1 of 1');
    expect([...(await held(desk)).keys()]).toEqual(['B-001', 'B-002', 'B-003', 'T-1']);
  });

  test('Esc refuses it, and the burst goes on', async () => {
    const session = await scanning();
    session.on.type('T-1\rB-002\r');
    await session.on.waitFor('Which one is it for?');
    session.on.type(ESC);
    await session.on.waitFor('B-002 · bin');
    expect(await leave(session)).toBe(7);
    expect([...(await held(session.desk)).keys()]).toEqual(['B-002']);
  });
});

describe('any terminal', () => {
  test('40 columns, and made wider in the middle', async () => {
    const session = await scanning('', { cols: 40 });
    session.on.type('B-001\r');
    await session.on.waitFor('✓ 1/1 B-001');
    session.on.resize(100, 20);
    session.on.type('B-002\r');
    await session.on.waitFor('✓ 2/2 B-002 · bin A-1 · line 1 now 2 of 130');
    session.on.resize(30, 10);
    session.on.type('B-003\r');
    await session.on.waitFor('3/3 B-003', { all: true });
    expect(await leave(session)).toBe(0);
    expect((await held(session.desk)).size).toBe(3);
  });

  test('EARMARK_ACCESSIBLE=1: plain lines, and no cursor is ever moved', async () => {
    const session = await scanning('', { env: { EARMARK_ACCESSIBLE: '1' } });
    const { desk, on } = session;
    on.type(
      codes(20)
        .map((code) => `${code}\r`)
        .join(''),
    );
    await on.waitFor(/✓ 20\/\d+ B-020/, { all: true });
    on.type('HELD\r');
    await on.waitFor('HELD is held by S-2');
    expect(await leave(session)).toBe(7);
    // Bracketed paste may be switched on and off; nothing else.
    expect(on.raw().replaceAll(/\u001b\[\?2004[hl]/g, '')).not.toContain('\u001b');
    expect([...(await held(desk)).keys()]).toEqual(codes(20));
  });
});

describe('the order on the command line', () => {
  test.concurrent.each([
    ['S-404', 5, 'order_not_found'],
    ['S-9', 6, 'order_not_live'],
    ['S-1 --line 9', 5, 'line_not_found'],
  ])('%s is refused before anything is scanned', async (args, code, outcome) => {
    const desk = await ownDesk();
    const on = desk.terminal(`exec earmark reserve ${args} --scan`, { cols: 110 });
    expect(await on.exit).toMatchObject({ code });
    expect(said(on)).toContain(`[${outcome}]`);
  });
});

describe('in a pipe', () => {
  const scan = async (stdin: string, ...flags: string[]) => {
    const desk = await ownDesk();
    const run = await desk.earmark(['reserve', 'S-1', '--scan', ...flags], { stdin });
    return { desk, ...run };
  };

  test('one scan a line: answers on standard output, the rest on standard error', async () => {
    const { desk, stdout, stderr, code } = await scan(
      'B-001\r\nB-002\tB-003\n\nHELD\nB-04',
      '--operation-id',
      'CRON',
    );
    expect(stdout).toBe(
      ['1/1 B-001 · bin A-1 · line 1 now 1 of 130', '2/2 B-002 · bin A-1 · line 1 now 2 of 130']
        .concat('3/3 B-003 · bin A-1 · line 1 now 3 of 130')
        .map((line) => `✓ ${line}\n`)
        .join(''),
    );
    expect(stderr).toBe(
      `✗ 4/4 HELD is held by S-2 (dana, 09:00); free instead: 1 in A-1
✗ 5/5 no label B-04; did you mean B-004 or B-104 or B-014?
  reserved 3 labels, 2 refused
  refused: HELD and B-04
  S-1 still misses 127 on line 1 (BOX), 1 on line 2 (TWIN), 1 on line 3 (TWIN)
  take all back: earmark undo CRON
`,
    );
    expect(code).toBe(7);
    expect([...(await held(desk))].map(([label, operation]) => `${label} ${operation}`)).toEqual([
      'B-001 CRON/1',
      'B-002 CRON/2',
      'B-003 CRON/3',
    ]);
  });

  test.concurrent.each([
    ['all done', 'B-001\nB-002\n', 0],
    ['done before', 'B-001\nB-001\n', 0],
    ['some done', 'B-001\nHELD\n', 7],
    ['none found', 'NOPE-1\n', 5],
    ['none allowed', 'HELD\n', 6],
    ['a line nobody can be asked for', 'T-1\n', 6],
    ['nothing', '', 3],
    ['blank lines', '\n \n\t\n', 3],
    ['only a word', '/done\n', 3],
  ])('%s: %j ends with exit %i', async (_, stdin, code) => {
    expect(await scan(stdin)).toMatchObject({ code });
  });

  test('-q says only what was refused', async () => {
    expect(await scan('B-001\nB-002\n', '-q')).toMatchObject({ stdout: '', stderr: '', code: 0 });
    expect(await scan('B-001\nHELD\n', '-q')).toMatchObject({
      stdout: '',
      stderr: '✗ 2/2 HELD is held by S-2 (dana, 09:00); free instead: 1 in A-1\n',
      code: 7,
    });
  });

  const documents = (text: string) => {
    const lines = text.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const told = (text: string) =>
    documents(text).map(({ verb, kind = verb, code }) => `${kind} ${code ?? ''}`.trim());

  test('--json gives a document a line: each answer with its scan, each note, and the summary', async () => {
    const stdin = 'B-001\n]C1B-001\nHELD\nNOPE\n/undo\n/undo\nS-9\nB-002\nS-1\nS-2\n/unreserve\n';
    const { stdout, stderr, code } = await scan(stdin, '--json', '--operation-id', 'CRON');
    expect(told(stdout)).toEqual([
      'reserve reserved',
      'reserve already_reserved',
      'reserve label_reserved_elsewhere',
      'reserve label_not_found',
      'unreserve unreserved',
      'note nothing_to_undo',
      'reserve order_not_live',
      'note label_without_order',
      'note order_unchanged',
      'note order_switched',
      'note free_next',
      'summary',
    ]);
    const all = documents(stdout);
    expect(all.every(({ schemaVersion, session }) => schemaVersion === 1 && session === 'CRON')).toBe(true);
    expect(all[1]).toMatchObject({ scan: { number: 2, text: ']C1B-001' } });
    expect(all[9]).toMatchObject({
      order: 'S-2',
      message: 'now S-2 (Bolt)',
      scan: { number: 10, text: 'S-2' },
    });
    expect(all.at(-1)).toMatchObject({
      verb: 'reserve',
      labels: 0,
      refused: [
        { scan: 'HELD', code: 'label_reserved_elsewhere' },
        { scan: 'NOPE', code: 'label_not_found' },
        { scan: 'S-9', code: 'order_not_live' },
        { scan: 'B-002', code: null },
      ],
      order: 'S-2',
      missing: [{ line: 1, item: 'BOX', unit: 'each', quantity: 2 }],
      undo: null,
    });
    expect({ stderr, code }).toEqual({ stderr: '', code: 7 });
  });

  test('--json -q gives only what was refused', async () => {
    const { stdout, code } = await scan('B-001\nHELD\nS-2\n', '--json', '-q');
    expect({ told: told(stdout), code }).toEqual({ told: ['reserve label_reserved_elsewhere'], code: 7 });
  });

  test('--json of a session on a terminal: documents on standard output, with the questions, and lines for the person', async () => {
    const desk = await ownDesk();
    const on = desk.terminal('earmark reserve S-1 --scan --json >out.ndjson; cat out.ndjson', {
      cols: 4000,
      rows: 30,
      env: { NO_COLOR: '1' },
    });
    await on.waitFor('scan labels');
    on.type('B-001\r');
    await on.waitFor('✓ 1/1 B-001 · bin A-1 · line 1 now 1 of 130');
    on.type('S-2\r');
    await on.waitFor('Go on with S-2?');
    on.type('B-007\r');
    await on.waitFor('"B-007" is neither yes nor no');
    await on.answer('n');
    await on.waitFor('B-007 came while a question was open');
    on.type('/done\r');
    await on.exit;
    expect(told(said(on))).toEqual([
      'reserve reserved',
      'note scan_missed',
      'note asked',
      'note order_kept',
      'summary',
    ]);
    expect(documents(said(on))[1]).toMatchObject({ text: 'B-007', because: 'question', scan: null });
    expect(documents(said(on))[2]).toMatchObject({ answer: false, scan: { number: 2, text: 'S-2' } });
  });

  test('--json where both go to one screen: documents only', async () => {
    const session = await scanning('--json', { cols: 4000 });
    session.on.type('B-001\r');
    await session.on.waitFor('"reserved"');
    expect(await leave(session)).toBe(0);
    expect(said(session.on)).not.toContain('✓');
    expect(told(said(session.on))).toEqual(['reserve reserved', 'summary']);
  });

  test('what was reserved before the session and freed in it is taken back, too', async () => {
    const { stderr } = await scan('S-2\n/unreserve\nHELD\n', '--operation-id', 'CRON');
    expect(stderr).toContain('take all back: earmark undo CRON');
  });

  test('--dry-run changes nothing, and says so', async () => {
    const { desk, stdout, stderr, code } = await scan('B-001\nB-002\n', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('B-002');
    expect(stderr).toContain('dry run: would have reserved 2 labels');
    expect(stderr).not.toContain('take all back');
    expect((await held(desk)).size).toBe(0);
  });

  test('an order number switches the order; nobody is asked', async () => {
    const { desk, code } = await scan('B-001\nS-2\nB-002\n');
    expect(code).toBe(0);
    expect([...(await held(desk, 'S-2')).keys()]).toEqual(['B-002', 'HELD']);
  });
});
