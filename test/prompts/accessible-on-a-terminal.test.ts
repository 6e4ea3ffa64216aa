import { describe, expect, it } from 'vitest';
import type { Terminal } from '../support/terminal.ts';
import { ask, codes, CTRL_C, ESC, PAUSE, restored } from './asked.ts';

const env = { EARMARK_ACCESSIBLE: '1' };

/** Everything that was said, without empty lines at the end. */
function said(on: Terminal): string[] {
  const lines = on.transcript();
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

describe('accessible prompts', () => {
  it.each([
    ['pickMany', 'many', 'label: '],
    ['pickOne', 'menu', 'action: '],
    ['a search under way', 'slow', 'Which order?'],
    ['confirm', 'confirm', 'yes or no: '],
    ['input', 'input', 'answer: '],
    ['scan', 'scan', 'SO-1 scan 0'],
  ])('%s is left by Esc, Ctrl-C and Ctrl-D, and the terminal is as before', async (name, scenario, ready) => {
    const left = name === 'scan' ? 0 : 3;
    for (const [typed, code] of [
      [ESC, left],
      [CTRL_C, 130],
      ['\u0004', 130],
      [`L-${CTRL_C}`, 130],
    ] as const) {
      const on = await ask(scenario, ready, { env });
      on.type(typed);
      await restored(on);
      expect((await on.exit).code).toBe(code);
      expect(on.transcript().join('\n')).toContain('the end');
    }
  });

  it.each([
    ['many', 'label: '],
    ['menu', 'action: '],
    ['confirm', 'yes or no: '],
    ['input', 'answer: '],
  ])('%s is left by /leave', async (scenario, ready) => {
    const on = await ask(scenario, ready, { env });
    on.type('/leave\r');
    await restored(on);
    expect((await on.exit).code).toBe(3);
    expect(said(on)).toContain('(left)');
  });

  it.each(['many', 'order', 'confirm', 'input', 'scan'])(
    '%s moves no cursor and wipes nothing',
    async (scenario) => {
      const on = await ask(scenario, /: $|scan 0/m, { env });
      on.type(`wrogn${'\u007f'}${'\u007f'}ng\r`);
      await on.quiet(PAUSE);
      on.type(CTRL_C);
      await restored(on);
      expect(on.raw().replace(/\u001b\[(0c|c)/g, '')).not.toContain('\u001b');
      expect(on.raw()).not.toMatch(/\r(?!\r*\n)/);
    },
  );
});

describe('an accessible choice of several', () => {
  it('takes the row that a scan stands for, whatever else the scanner sent', async () => {
    const on = await ask('many', 'label: ', { env, rows: 60 });
    on.type(']C1L-00009\u001d10B7\r');
    await on.waitFor('✓ added L-00009');
    await on.answer('/done');
    await restored(on);
    expect(on.transcript().join('')).toContain('<L-00009>');
  });

  it('reads as a conversation', async () => {
    const on = await ask('many', 'label: ', { env, rows: 60 });
    await on.answer('#2');
    await on.waitFor('added L-00002');
    on.type('L-00007\r');
    await on.waitFor('added L-00007');
    on.type('L-TAKEN\r');
    await on.waitFor('reserved for SO-1002');
    await on.answer('3');
    await on.waitFor('#3 means');
    await on.answer('?l-0001 a-3');
    await on.waitFor(/^2 labels\nlabel: $/m);
    await on.answer('#1');
    await on.waitFor('added L-00011');
    await on.answer('/off #1');
    await on.waitFor('took L-00011 off');
    await on.answer('/done');
    await restored(on);
    expect(said(on)).toEqual([
      '? Labels for SO-1?',
      '#1  label L-00001, bin A-0, quantity 0 pcs',
      '#2  label L-00002, bin A-1, quantity 1 pcs (expired)',
      ...said(on).slice(3, 20),
      '#20  label L-00020, bin A-5, quantity 1 pcs',
      '20 of 300 labels; Enter alone says more',
      'Type a label or its #number to add it, /off and the same to take it off, ?text',
      'to search, /done to finish, /leave to leave.',
      'label: #2',
      '✓ added L-00002',
      'selected 1 label, 10 of 40',
      'label: L-00007',
      '✓ added L-00007',
      'selected 2 labels, 20 of 40',
      'label: L-TAKEN',
      '✗ L-TAKEN is reserved for SO-1002',
      'label: 3',
      '✗ no label 3 here; #3 means the number in the list',
      'label: ?l-0001 a-3',
      '#1  label L-00011, bin A-3, quantity 1 pcs',
      '#2  label L-00018, bin A-3, quantity 8 pcs',
      '2 labels',
      'label: #1',
      '✓ added L-00011',
      'selected 3 labels, 30 of 40',
      'label: /off #1',
      '✓ took L-00011 off',
      'selected 2 labels, 20 of 40',
      'label: /done',
      '<L-00002 L-00007>',
      '<raw=false leftover=0>',
      'the end',
    ]);
  });

  it('keeps a burst of 100 scans, in order', async () => {
    const on = await ask('many', 'label: ', { env });
    on.type(
      codes(100)
        .map((code, at) => code + ['\r', '\t', '\n', '\r\n'][at % 4])
        .join(''),
    );
    await on.waitFor('selected 100 labels');
    await on.answer('/done');
    await restored(on);
    expect(on.transcript().join('')).toContain(`<${codes(100).join(' ')}>`);
  });

  it('takes hostile codes for codes, and a scanned number for no number', async () => {
    const hostile = ['a', 'i', '1', 'q', 'y', 'n', 'UNDO', 'a b', 'j', 'k'];
    const on = await ask('hostile', 'label: ', { env });
    on.type(`${hostile.join('\r')}\r#1\r?a\r2\r\r\r`);
    await on.waitFor('no label 2 here');
    expect(on.transcript().join('\n')).toContain('selected 10 labels');
    expect(on.transcript().join('\n')).toContain('✗ no label #1 here');
    expect(on.transcript().join('\n')).toContain('✗ no label ?a here');
    await on.answer('/done');
    await restored(on);
    expect(on.transcript().join('')).toContain(`<${hostile.join(' ')}>`);
  });

  it('says more of the list at an empty Enter, sorts it, and does not finish with nothing', async () => {
    const on = await ask('sorted', 'label: ', { env, rows: 50 });
    await on.quiet(PAUSE);
    on.type('\r');
    await on.waitFor('40 of 300 labels');
    await on.answer('/sort');
    await on.waitFor('sorted by bin');
    await on.waitFor('#2  label L-00008, bin A-0');
    await on.answer('/done');
    await on.waitFor('✗ no label chosen yet; /leave leaves');
    await on.answer('#21');
    await on.waitFor('✗ the list has no #21');
  });
});

describe('an accessible single choice', () => {
  it('takes a number, after a search', async () => {
    const on = await ask('order', 'order: ', { env });
    await on.answer('?so-1');
    await on.waitFor(/\?so-1\n[^?]*4 orders\norder: $/m);
    await on.answer('#3');
    await on.waitFor('<SO-11>');
    await restored(on);
  });

  it('takes a name that only the look-up knows, and no other', async () => {
    const on = await ask('order', 'order: ', { env });
    on.type('SO-104\r');
    await on.waitFor('✗ no order SO-104 here');
    on.type('HIDDEN\t');
    await on.waitFor('<HIDDEN>');
  });

  it('lets an error of the search through', async () => {
    const on = await ask('broken', '<error: server down>', { env });
    await restored(on);
  });
});

describe('accessible questions', () => {
  it('takes a whole yes only', async () => {
    const on = await ask('confirm', 'yes or no: ', { env });
    expect(said(on).slice(0, 3)).toEqual(['L-1', 'L-2', '? Free these 2 labels?']);
    on.type('y\r\rL-1\r');
    await on.waitFor('"L-1" is neither yes nor no');
    expect(said(on)).toContain('✗ "y" is neither yes nor no; type the whole word, then Enter');
    await on.answer('YES');
    await on.waitFor('<true>');
  });

  it('checks a text', async () => {
    const on = await ask('input', 'answer: ', { env });
    on.type('x\r');
    await on.waitFor('✗ a number, please');
    on.type('12\r');
    await on.waitFor('<12>');
  });
});

describe('an accessible scanning session', () => {
  it('echoes what is typed, and prints the answers', async () => {
    const on = await ask('scan', 'SO-1 scan 0', { env });
    on.type('L-78');
    await on.waitFor(/^L-78$/m);
    on.type('\u007f9\r');
    await on.waitFor('SO-1 scan 1');
    on.type('DONE\r');
    await restored(on);
    expect(said(on)).toEqual([
      'SO-1 scan 0',
      'L-78',
      'L-79',
      '✓ 1 "L-79"',
      'SO-1 scan 1',
      'DONE',
      '<ended done>',
      'took ["L-79","DONE"]',
      '<raw=false leftover=0>',
      'the end',
    ]);
  });

  it('keeps a burst of 100, with a question in it', async () => {
    const on = await ask('scan-slow', 'SO-1 scan 0', { env });
    const burst = codes(100).map((code, at) => (at === 1 ? 'LINE' : code));
    on.type(burst.map((code) => `${code}\r`).join(''));
    await on.waitFor('line: ');
    on.type('L-X\r');
    await on.waitFor('no line L-X here');
    await on.answer('#2');
    await on.waitFor('SO-1 scan 100');
    expect(said(on).filter((line) => line.startsWith('SO-1'))).toEqual(['SO-1 scan 0', 'SO-1 scan 100']);
    expect(said(on)).toContain('✗ question: ["L-X"]');
    expect(said(on)).toContain('✓ 2 "LINE" on line 2');
    on.type('DONE\r');
    await restored(on);
    expect(on.transcript().join('')).toContain(`took ${JSON.stringify([...burst, 'DONE'])}`);
  });
});
