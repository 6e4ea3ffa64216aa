import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, CTRL_C, ESC, HARNESS, restored, run } from './asked.ts';
import { READY, taken, whole } from './scanned.ts';

describe('leaving a session', () => {
  it('by Esc takes what was scanned before, and names what was typed since', async () => {
    const on = await ask('scan-slow', READY);
    on.type(`L-1\rL-2\rL-3\r${ESC}`);
    await on.waitFor('✓ 1');
    expect(await taken(on)).toEqual(['L-1', 'L-2', 'L-3']);
    expect(whole(on)).toContain('<ended left>');
    expect(whole(on)).not.toContain('✗');
  });

  it.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', '\u0004'],
  ])('by %s waits for the running take, and names the scans that it did not come to', async (_name, key) => {
    const on = await ask('scan-stuck', READY);
    on.type('L-1\rL-2\rL-3\rL-4');
    await on.waitFor('3 waiting > L-4');
    on.type(key);
    expect(await taken(on)).toEqual(['L-1']);
    const text = whole(on);
    expect(text).toContain('✓ 1 "L-1"');
    expect(text).toContain('✗ ended: ["L-2","L-3","L-4"]');
    expect((await on.exit).code).toBe(130);
  });

  it('by Ctrl-C does not wait for scans that are taken without a pause', async () => {
    const on = await ask('scan', READY);
    on.type('SYNC\r'.repeat(40));
    await on.waitFor('✓ 1 "SYNC"');
    on.type(CTRL_C);
    expect((await taken(on)).length).toBeLessThan(20);
  });

  it('by a second Ctrl-C ends the program, whatever is running', async () => {
    const on = await ask('scan-stuck', READY);
    on.type('L-1\r');
    await on.waitFor('1 waiting > ');
    on.type('x');
    await on.waitFor('> x');
    on.type(CTRL_C);
    await on.until(() => on.raw().includes(`${ESC}[?2004l`), 'the terminal given back');
    on.type(CTRL_C);
    expect((await on.exit).signal).toBe(2);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'])('by %s waits for the running take, too', async (signal) => {
    const on = await ask('scan-stuck', READY);
    on.type('L-1\rL-2\r');
    await on.waitFor('2 waiting');
    process.kill(on.pid, signal);
    expect(await taken(on)).toEqual(['L-1']);
    expect((await on.exit).code).toBe(130);
  });

  it.each(['scan-stuck', 'many', 'confirm'])(
    'by the end of the terminal, in %s, runs to its end',
    async (scenario) => {
      const folder = await mkdtemp(join(tmpdir(), 'earmark-'));
      const file = join(folder, 'said');
      const harness = `${process.execPath} --import tsx ${HARNESS} ${scenario}`;
      // A shell that outlives the terminal, so that the program is not ended by the end of its parent.
      const on = run('/bin/sh', ['-c', `trap : HUP; ${harness} > ${file}`]);
      await on.until(() => on.raw().includes('\u001b[?2004h'), 'a prompt');
      on.type('L-1\rL-2\r');
      await on.until(() => /waiting|L-2/.test(on.raw()), 'keys taken');
      on.hangUp();
      const said = () => readFileSync(file, 'utf8');
      await on.until(() => said().endsWith('the end\n'), 'its end');
      expect(said()).toMatch(/^<raw=[^\n]*>\nthe end\n$/);
      await rm(folder, { recursive: true });
    },
  );

  it('leaves nothing of its line on the screen', async () => {
    const on = await ask('scan', READY);
    on.type('L-1\rBELL\r');
    await on.waitFor('SO-1 scan 2');
    expect(on.screen().filter(Boolean)).toEqual(['✓ 1 "L-1"', '✓ 2 "BELL"', 'SO-1 scan 2 > ']);
    expect(on.raw()).toContain('\u0007');
    on.type(ESC);
    await restored(on);
    expect(on.screen().slice(0, 5)).toEqual([
      '✓ 1 "L-1"',
      '✓ 2 "BELL"',
      '<ended left>',
      'took ["L-1","BELL"]',
      '<raw=false leftover=0>',
    ]);
  });
});

describe('the line of a session', () => {
  it('fits 40 columns and wide characters', async () => {
    const on = await ask('scan-wide', '订单一 scan labels, DONE finishes 0 >', { cols: 40, rows: 10 });
    on.type('L-标签标签标签标签-00042');
    await on.waitFor('-00042');
    expect(on.screen().filter(Boolean)).toEqual(['订单一 scan … > …标签标签标签标签-00042']);
    on.type('标签标签标签标签标签标签');
    await on.waitFor('> …签标签标签标签标签标签');
    expect(on.screen().filter(Boolean)).toHaveLength(1);
    on.type('\u0015L-7\r');
    await on.waitFor('finishes 1 >');
    expect(on.screen().filter(Boolean)).toEqual(['✓ 1 "L-7"', '订单一 scan labels, DONE finishes 1 > ']);
  });

  it.each([
    [30, 24],
    [24, 8],
    [120, 30],
    [12, 24],
  ])('is drawn once after a change to %i columns and %i rows, and no answer is lost', async (cols, rows) => {
    const on = await ask('scan-wide', 'finishes 0 >', { cols: 60, rows: 24 });
    on.type('A\rB\rC\rL-000421');
    await on.waitFor('3 > L-000421');
    on.resize(cols, rows);
    await on.waitFor(/L-000421$/m);
    on.type('7');
    await on.waitFor('0004217');
    const lines = on.transcript().filter(Boolean);
    expect(lines.slice(0, 3)).toEqual(['✓ 1 "A"', '✓ 2 "B"', '✓ 3 "C"']);
    expect(lines).toHaveLength(4);
  });

  it('costs a character for a character', async () => {
    const on = await ask('scan', READY);
    const before = on.raw().length;
    on.type('L');
    await on.waitFor(/> L$/m);
    on.type('-7');
    await on.waitFor(/> L-7$/m);
    expect(on.raw().slice(before)).toBe('L-7');
  });
});
