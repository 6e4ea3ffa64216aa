import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ask, codes, CTRL_C, DOWN, ESC, HARNESS, PAUSE, restored, run } from './asked.ts';

describe('leaving', () => {
  it.each([
    ['pickMany', 'many', 'Esc leaves'],
    ['pickOne', 'menu', 'Esc leaves'],
    ['a search under way', 'slow', 'searching'],
    ['confirm', 'confirm', '[y/N]'],
    ['input', 'input', 'How many?'],
  ])(
    '%s by Esc is 3, by Ctrl-C and Ctrl-D 130, and the terminal is as before',
    async (_name, scenario, ready) => {
      for (const [typed, code, word] of [
        [ESC, 3, 'left'],
        [CTRL_C, 130, 'interrupted'],
        ['\u0004', 130, 'interrupted'],
        [`L-${CTRL_C}`, 130, 'interrupted'],
      ] as const) {
        const on = await ask(scenario, ready);
        on.type(typed);
        await restored(on);
        expect((await on.exit).code).toBe(code);
        expect(on.transcript().join('\n')).toContain(`(${word})`);
        expect(on.transcript().join('\n')).toContain('the end');
      }
    },
  );

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('by %s gives the terminal back', async (signal) => {
    // A shell around it, because only who outlives the program can look at the terminal afterwards.
    const command = `stty -a > /dev/null; before=$(stty -g); ${process.execPath} --import tsx ${HARNESS} many; echo "code $?"; [ "$before" = "$(stty -g)" ] && echo same`;
    const terminal = run('/bin/sh', ['-c', `trap : INT; ${command}`]);
    await terminal.waitFor('Esc leaves');
    execFileSync('pkill', [`-${signal}`, '-P', `${terminal.pid}`]);
    await terminal.waitFor(/code (129|130|143)/);
    await terminal.waitFor('same');
  });

  it('by a signal that the program itself listens for ends the prompt, and leaves the rest to the program', async () => {
    const on = await ask('many', 'Esc leaves', { args: ['listening'] });
    process.kill(on.pid, 'SIGTERM');
    await restored(on);
    expect((await on.exit).code).toBe(130);
  });

  it('by the end of a program that forgot to close', async () => {
    const command = `before=$(stty -g); ${process.execPath} --import tsx ${HARNESS} confirm careless; [ "$before" = "$(stty -g)" ] && echo same`;
    const terminal = run('/bin/sh', ['-c', command]);
    await terminal.waitFor('[y/N]');
    await terminal.answer('y');
    await terminal.waitFor('<true>');
    await terminal.waitFor('same', { within: 5000 });
  });

  it('between two prompts, Ctrl-C is a signal again', async () => {
    const on = await ask('linger', 'First?');
    on.type('x\r');
    await on.waitFor('working');
    on.type(CTRL_C);
    expect((await on.exit).signal).toBe(2);
  });
});

describe('pickOne', () => {
  it('picks the order that is scanned before its search has answered, not the first that fits', async () => {
    const on = await ask('slow', 'searching');
    on.type('SO-1\r');
    await on.waitFor('looking up SO-1');
    await on.waitFor('<SO-1>');
    await restored(on);
  });

  it('can be left while it looks up', async () => {
    const on = await ask('slow', 'searching');
    on.type('SO-1\r');
    await on.waitFor('looking up SO-1');
    on.type(`SO-2\r${CTRL_C}`);
    await on.waitFor('(interrupted)');
    await restored(on);
    expect((await on.exit).code).toBe(130);
  });

  it('picks what only the exact look-up knows', async () => {
    const on = await ask('order', 'Esc leaves');
    on.type('HIDDEN\t');
    await on.waitFor('<HIDDEN>');
  });

  it('searches live, moves, and picks under the cursor', async () => {
    const on = await ask('order', '> SO-1 ');
    for (const character of 'of so-1') {
      on.type(character);
      await on.quiet(60);
    }
    await on.waitFor('4 orders');
    on.type(`${DOWN}${DOWN}\r`);
    await on.waitFor('<SO-11>');
  });

  it('never takes a scanned number for one that is like it', async () => {
    const on = await ask('order', '> SO-1 ');
    on.type('SO-104\r');
    await on.waitFor('✗ no order SO-104 here; Enter chooses the marked one');
    expect(on.transcript().join('')).not.toContain('<');
  });

  it('lets an error of the search through', async () => {
    const on = await ask('broken', '<error: server down>');
    await restored(on);
    expect((await on.exit).code).toBe(1);
  });

  it('is a menu that letters do not choose from', async () => {
    const on = await ask('menu', '> reserve');
    on.type('q');
    await on.waitFor('no action fits');
    on.type('\u0015');
    await on.waitFor('> reserve');
    on.type(`${DOWN}${DOWN}\r`);
    await on.waitFor('<ship>');
  });
});

describe('confirm', () => {
  it('says what will happen, refuses a scanned code, and takes a typed yes', async () => {
    const on = await ask('confirm', '[y/N]');
    expect(on.screen().slice(0, 3)).toEqual(['L-1', 'L-2', '? Free these 2 labels?']);
    on.type('L-1\r\n');
    await on.waitFor('"L-1" is neither yes nor no');
    await on.answer('y');
    await on.waitFor('<true>');
    await restored(on);
  });

  it('takes an empty Enter for no, but not one that comes with the question', async () => {
    const on = await ask('confirm', '[y/N]');
    on.type('\r');
    await on.waitFor('press Enter once more for no');
    await on.quiet(PAUSE);
    on.type('\r');
    await on.waitFor('<false>');
  });
});

describe('input', () => {
  it('says what is wrong, and takes the text that replaces it', async () => {
    const on = await ask('input', 'How many?');
    on.type('x\r');
    await on.waitFor('✗ a number, please');
    on.type('12\r');
    await on.waitFor('<12>');
    await restored(on);
  });
});

describe('one prompt after the other', () => {
  it('loses nothing of a burst that spans them, and takes no yes from it', async () => {
    const on = await ask('two', 'Which order?');
    on.type(
      `SO-10\r${codes(30)
        .map((code) => `${code}\r\n`)
        .join('')}`,
    );
    await on.waitFor('selected 30 labels', { all: true });
    on.type('L-00250\r');
    await on.waitFor('selected 31 labels');
    await on.quiet(PAUSE);
    // The Enter that finishes, and a hasty yes to a question that isn't there yet.
    on.type('\ry\r');
    await on.waitFor('that was typed before the question was here');
    expect(on.transcript().join('\n')).toContain('This will happen:\n  L-1 goes to SO-1\n? Reserve them?');
    await on.answer('yes');
    await on.waitFor('<confirmed: true>');
    const text = on.transcript().join('');
    expect(text).toContain('<SO-10>');
    expect(text).toContain(`<${codes(30).join(' ')} L-00250>`);
    await restored(on);
  });

  it('keeps what is typed while the program works', async () => {
    const on = await ask('two', 'Which order?');
    on.type('SO-10\r');
    await on.waitFor('<SO-10>');
    on.type('L-00001\r\nL-00002\t');
    await on.waitFor('selected 2 labels');
    // Nor does the terminal echo it into what the program prints.
    expect(on.transcript().join('\n')).not.toMatch(/^L-00001/m);
  });
});
