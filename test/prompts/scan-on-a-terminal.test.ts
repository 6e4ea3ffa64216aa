import { describe, expect, it } from 'vitest';
import { ask, codes, CTRL_C, DOWN, ESC } from './asked.ts';
import { READY, taken, whole } from './scanned.ts';

describe('a scanning session', () => {
  it.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['Tab', '\t'],
    ['CR and Tab', '\r\t'],
  ])('takes 100 codes typed at once, each with %s, in order', async (_name, suffix) => {
    const on = await ask('scan', READY);
    const burst = codes(100);
    on.type(burst.map((code) => code + suffix).join(''));
    await on.waitFor('SO-1 scan 100 >');
    burst.forEach((code, at) => {
      expect(on.transcript()).toContain(`✓ ${at + 1} "${code}"`);
    });
    on.type(ESC);
    expect(await taken(on)).toEqual(burst);
    expect((await on.exit).code).toBe(0);
  });

  it('keeps 100 codes that come while each is slow to take, and says how many wait', async () => {
    const on = await ask('scan-slow', READY);
    const burst = codes(100);
    on.type(burst.map((code) => `${code}\r`).join(''));
    await on.waitFor(/· \d\d waiting > $/m);
    on.type('LAST\r');
    await on.waitFor('SO-1 scan 101 >');
    expect(on.transcript().filter((line) => line.includes('waiting'))).toEqual([]);
    on.type('DONE\r');
    expect(await taken(on)).toEqual([...burst, 'LAST', 'DONE']);
  });

  it('keeps a burst that was typed before it began', async () => {
    const on = await ask('scan', '');
    on.type(
      codes(20)
        .map((code) => `${code}\n`)
        .join(''),
    );
    await on.waitFor('SO-1 scan 20 >');
    on.type('DONE\r');
    expect(await taken(on)).toEqual([...codes(20), 'DONE']);
  });

  it('takes a code for a code, whatever it is made of', async () => {
    const hostile = [
      'a',
      'i',
      '1',
      ' ',
      'q',
      'y',
      'n',
      'UNDO',
      'a b',
      '/done',
      '[200~',
      '標籤',
      '#3',
      '?',
      ' x ',
    ];
    const on = await ask('scan', READY);
    on.type(hostile.map((code, at) => code + ['\r', '\t', '\n', '\r\n'][at % 4]).join(''));
    await on.waitFor(`SO-1 scan ${hostile.length} >`);
    on.type(`aiq 1${DOWN}${ESC}[5~${ESC}[15~\u0013\u0001`);
    await on.waitFor(/> aiq 1$/m);
    on.type('\u0015DONE\r');
    expect(await taken(on)).toEqual([...hostile, 'DONE']);
  });

  it('hands over the separators of structured codes, and an EOT behind them', async () => {
    const gs1 = ']d201095011015300030\u001d21A\u001d10B';
    const envelope = '[)>\u001e06\u001dPX\u001dS1\u001e\u0004';
    const on = await ask('scan', READY);
    on.type(`${gs1}\r${envelope}\r\u001cX\u001f\t`);
    await on.waitFor('SO-1 scan 3 >');
    on.type(`A\u001dB`);
    await on.waitFor(/> A·B$/m);
    on.type('\u0015DONE\r');
    expect(await taken(on)).toEqual([gs1, envelope, '\u001cX\u001f', 'DONE']);
  });

  it('splits a paste at its line ends, and leaves its last piece to Enter', async () => {
    const on = await ask('scan', READY);
    expect(on.raw()).toContain(`${ESC}[?2004h`);
    on.type(`${ESC}[200~L-1\nL-2\r\n\r\nL-3\tL-4${CTRL_C}${ESC}${ESC}[201~`);
    await on.waitFor(/SO-1 scan 3 > L-4$/m);
    on.type('\rDONE\r');
    expect(await taken(on)).toEqual(['L-1', 'L-2', 'L-3', 'L-4', 'DONE']);
    expect(on.raw().lastIndexOf(`${ESC}[?2004l`)).toBeGreaterThan(on.raw().lastIndexOf(`${ESC}[?2004h`));
  });

  it('is typed in as a line', async () => {
    const on = await ask('scan', READY);
    on.type('wrong\u0015L-78標\u007f\b7\u007f');
    await on.waitFor(/> L-7$/m);
    on.type('\r');
    await on.waitFor('✓ 1 "L-7"');
    on.type('\u007fDONE\r');
    expect(await taken(on)).toEqual(['L-7', 'DONE']);
  });

  it('lets through what a take throws, and names what waited', async () => {
    const on = await ask('scan', READY);
    on.type('L-1\rFAIL\rL-2\rL-3');
    await on.waitFor('<error: disk full>');
    expect(await taken(on)).toEqual(['L-1', 'FAIL']);
    expect(whole(on)).toContain('✗ ended: ["L-2","L-3"]');
  });

  it('drops what was scanned before a refusal, if told to', async () => {
    const on = await ask('scan-slow', READY);
    on.type('L-1\rDROP\rL-2\rL-3\r');
    await on.waitFor('✗ dropped: ["L-2","L-3"]');
    on.type('L-4\rDONE\r');
    expect(await taken(on)).toEqual(['L-1', 'DROP', 'L-4', 'DONE']);
  });
});

describe('a question within a session', () => {
  it('gets nothing that was scanned before it, and the rest is taken after it', async () => {
    const on = await ask('scan-slow', READY);
    on.type('L-1\rLINE\rL-3\rline 2\rL-5\r');
    await on.waitFor('Which line?');
    expect(on.screen().join('\n')).not.toContain('SO-1 scan');
    await on.answer('line 1');
    await on.waitFor('✓ 5 "L-5"');
    on.type('DONE\r');
    expect(await taken(on)).toEqual(['L-1', 'LINE', 'L-3', 'line 2', 'L-5', 'DONE']);
    expect(whole(on)).toContain('✓ 2 "LINE" on line 1');
  });

  it('refuses what is scanned while it is open, and the session names it', async () => {
    const on = await ask('scan', READY);
    on.type('LINE\r');
    await on.waitFor('Which line?');
    on.type('L-8\rL-9\t');
    await on.waitFor('no line L-9 here');
    await on.quiet(60);
    on.type('L-10\rline 2\rL-11\r');
    await on.waitFor('✓ 2 "L-11"');
    expect(on.transcript()).toContain('✗ question: ["L-8","L-9","L-10"]');
    expect(on.transcript()).toContain('✓ 1 "LINE" on line 2');
    on.type('DONE\r');
    expect(await taken(on)).toEqual(['LINE', 'L-11', 'DONE']);
  });

  it('is not answered by a scan that is no answer to it', async () => {
    const on = await ask('scan', READY);
    on.type('SWITCH\ryes\rL-1\r');
    await on.waitFor('[y/N]');
    on.type('L-2\r');
    await on.waitFor('"L-2" is neither yes nor no');
    await on.answer('no');
    await on.waitFor('✓ 3 "L-1"');
    expect(on.transcript()).toContain('✗ question: ["L-2"]');
    on.type('DONE\r');
    expect(await taken(on)).toEqual(['SWITCH', 'yes', 'L-1', 'DONE']);
    expect(whole(on)).toContain('✓ 1 "SWITCH" false');
  });

  it('can be left, and the session goes on', async () => {
    const on = await ask('scan', READY);
    on.type('LINE\r');
    await on.waitFor('Which line?');
    on.type(ESC);
    await on.waitFor('✓ 1 "LINE" not answered');
    on.type('L-2\r');
    await on.waitFor('✓ 2 "L-2"');
    on.type(ESC);
    expect(await taken(on)).toEqual(['LINE', 'L-2']);
  });

  it('ends the session by Ctrl-C', async () => {
    const on = await ask('scan', READY);
    on.type('LINE\rL-2\r');
    await on.waitFor('Which line?');
    on.type(CTRL_C);
    expect(await taken(on)).toEqual(['LINE']);
    expect(whole(on)).toContain('✗ ended: ["L-2"]');
    expect((await on.exit).code).toBe(130);
  });
});
