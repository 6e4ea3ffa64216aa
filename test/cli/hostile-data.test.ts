import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';

afterAll(leaveDesks);

/** An escape sequence, C1 controls, a carriage return, a bell, an override of the reading direction, a line separator. */
const HOSTILE = 'x\u001b[2J\u009b31m\r\u0007\u202e\u2028\u007fy';
/** Everything that moves a cursor, rings, colours or hides text; of these earmark itself writes only line ends and tabs. */
const CONTROL = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

describe('control characters in data', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk('demo');
    await desk.earmark([
      'reserve',
      'SO-1001',
      'L-00001',
      'L-00003',
      '--reason',
      HOSTILE,
      '--operation-id',
      'op',
    ]);
    // earmark takes no such keys or texts in; somebody else's program may have put them there.
    const db = new Database(desk.db);
    db.prepare('update orders set customer = ?').run(HOSTILE);
    db.prepare('update items set name = ?, unit = ?').run(HOSTILE, HOSTILE);
    db.prepare('update labels set bin = ?, location = ?, lot = ?').run(HOSTILE, HOSTILE, HOSTILE);
    db.prepare('update labels set number = ? where number = ?').run(`L-00004${HOSTILE}`, 'L-00004');
    db.close();
  });

  const commands = [
    'list labels',
    'list orders',
    'list reservations',
    'list shipments',
    'show SO-1001',
    'show L-00001',
    'show op',
    'find L-00001 L-00002',
    'find L-0000',
    'reserve SO-1001 L-00002',
    'reserve SO-1002 L-00001',
    'reserve SO-1001 --auto --dry-run',
    'unreserve L-00002 --yes',
    'ship SO-1001 --dry-run',
    'ship SO-1002 --yes',
    'ship SO-1002 --partial --yes --from L-00003',
  ];
  test.each(['table', 'json', 'csv', 'tsv'])('-o %s never lets them out', async (format) => {
    for (const command of commands) {
      const { stdout, stderr } = await desk.earmark([...command.split(' '), '-o', format]);
      expect(stdout + stderr, command).not.toMatch(CONTROL);
    }
  });

  test('JSON carries them as escapes, so that nothing is lost', async () => {
    const { stdout } = await desk.earmark(['show', 'L-00001', '--json']);
    expect(JSON.parse(stdout).label.bin).toBe(HOSTILE);
    const { stdout: listed } = await desk.earmark(['list', 'labels', '-o', 'ndjson', '--limit', '1']);
    expect(JSON.parse(listed).bin).toBe(HOSTILE);
  });
});

describe('control characters in what is typed', () => {
  test.each(
    [
      ['find', HOSTILE],
      ['reserve', HOSTILE, 'L-1'],
      ['reserve', 'SO-1001', 'L-00001', '--line', HOSTILE],
      ['reserve', 'SO-1001', 'L-00001', '--actor', HOSTILE],
      ['reserve', 'SO-1001', 'L-00001', '--operation-id', HOSTILE],
      ['list', 'labels', '--sort', HOSTILE],
      ['list', 'labels', '--fields', HOSTILE],
      ['list', 'labels', '-o', HOSTILE],
      ['list', 'labels', `--${HOSTILE}`],
      ['list', HOSTILE],
      [HOSTILE],
      ['show', HOSTILE],
      ['import', HOSTILE],
      ['find', 'L-1', '--db', `/nowhere/${HOSTILE}`],
      ['find', 'L-1', '--db', `/nowhere/${HOSTILE}`, '--debug'],
    ].map((args) => [args.map((word) => word.replace(HOSTILE, '…')).join(' '), args] as const),
  )('earmark %s', async (_, args) => {
    const desk = await openDesk('demo');
    for (const json of [[], ['--json']]) {
      const { stdout, stderr, code } = await desk.earmark([...args, ...json]);
      expect([2, 5]).toContain(code);
      expect(stdout + stderr).not.toMatch(CONTROL);
      expect(stderr).not.toBe('');
    }
  });
});

describe('cells that a spreadsheet would run', () => {
  const bins = ['=1+2', '+A1', '-B1', '@SUM(A1)', "'=1", "''+1", "'plain", 'a=b', '"q"', 'x,y', ' blanks '];

  test('are escaped in CSV, and come back as they were', async () => {
    const desk = await openDesk('fixtures');
    const rows = bins.map((bin, at) => ({
      label: `X-${at}`,
      sku: 'FILM-12',
      quantity: at,
      bin,
      lot: '=lot',
    }));
    expect(await desk.earmark(['import', '-'], { stdin: JSON.stringify(rows) })).toMatchObject({ code: 0 });
    const listing = ['list', 'labels', '--search', 'X-', '--sort', 'quantity', '--json'];
    const before = await desk.earmark(listing);
    const taken = JSON.parse(before.stdout).labels.map((label: { bin: string }) => label.bin);
    expect(taken).toEqual(bins.map((bin) => bin.trim()));

    const exported = await desk.earmark(['list', 'labels', '-o', 'csv']);
    for (const line of exported.stdout.split('\n')) expect(line).not.toMatch(/(^|,)"?[=+@\t-](?!\d)/);
    const other = await openDesk('fixtures');
    const imported = await other.earmark(['import', '-'], { stdin: exported.stdout });
    expect(imported).toMatchObject({ stderr: '', code: 0 });
    expect((await other.earmark(listing)).stdout).toBe(before.stdout);
    // And once more: nothing changes any more.
    const again = await other.earmark(['import', '-'], { stdin: exported.stdout });
    expect(again.stdout).toContain(`labels\t0\t0\t${12 + bins.length}\n`);
  });
});
