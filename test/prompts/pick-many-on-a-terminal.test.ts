import { describe, expect, it } from 'vitest';
import { HANDS } from '../support/terminal.ts';
import { ask, codes, DOWN, finish, HARNESS, PAUSE, restored, run } from './asked.ts';

describe('pickMany', () => {
  it.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['Tab', '\t'],
  ])('keeps 100 codes typed at once, each with %s, in order', async (_name, suffix) => {
    const on = await ask('many', 'Esc leaves');
    const burst = codes(100);
    on.type(burst.map((code) => code + suffix).join(''));
    await on.waitFor('selected 100 labels, 1000 of 40');
    await finish(on);
    expect(on.transcript().join('')).toContain(`<${burst.join(' ')}>`);
    expect((await on.exit).code).toBe(0);
  });

  it('keeps a burst that has been typed before it is there', async () => {
    const terminal = run(process.execPath, ['--import', 'tsx', HARNESS, 'many']);
    terminal.type(
      codes(20)
        .map((code) => `${code}\r`)
        .join(''),
    );
    await terminal.waitFor('selected 20 labels');
    await finish(terminal);
    expect(terminal.transcript().join('')).toContain(`<${codes(20).join(' ')}>`);
  });

  it('takes hostile codes for codes', async () => {
    const on = await ask('hostile', 'Esc leaves');
    const hostile = ['a', 'i', '1', 'q', 'y', 'n', 'UNDO', 'a b', 'j', 'k'];
    on.type(`a i1qyn jk${'\u0015'}`);
    await on.waitFor('selected 0 labels');
    on.type(hostile.map((code, at) => code + ['\r', '\t', '\n', '\r\n'][at % 4]).join(''));
    await on.waitFor('selected 10 labels');
    await finish(on);
    expect(on.transcript().join('')).toContain(`<${hostile.join(' ')}>`);
  });

  it('says why a code is not here, keeps that in sight, and goes on', async () => {
    const on = await ask('many', 'Esc leaves');
    on.type('L-TAKEN\rL-99\rL-00007\r');
    await on.waitFor('✗ L-TAKEN is reserved for SO-1002');
    await on.waitFor('✗ no label L-99 here');
    await on.waitFor('✓ added L-00007');
    await finish(on);
    expect(on.transcript().join('\n')).toMatch(
      /✗ L-TAKEN is reserved for SO-1002\n✗ no label L-99 here\n✓ Labels for SO-1\? {2}1 label: L-00007\n<L-00007>/,
    );
  });

  it('filters as one types, marks with Tab, and finishes by an empty Enter only', async () => {
    const on = await ask('many', '1 of 300 labels');
    for (const character of 'a-3 8 pcs') {
      on.type(character);
      await on.quiet(60);
    }
    await on.waitFor('> [ ] L-00018  A-3  8 pcs');
    await on.quiet(HANDS);
    on.type('\t');
    await on.waitFor('> [x] L-00018');
    on.type(`${DOWN}\t`);
    await on.waitFor('selected 2 labels');
    on.type('\u0015');
    await on.waitFor('1 of 300 labels');
    await on.quiet(PAUSE);
    on.type('\r');
    await on.waitFor('<L-00018 L-00081>');
    await restored(on);
  });

  it('does not finish with nothing chosen', async () => {
    const on = await ask('many', 'Esc leaves');
    await on.quiet(PAUSE);
    on.type('\r');
    await on.waitFor('✗ no label chosen yet; Esc leaves');
  });

  it('sorts by Ctrl-S and Ctrl-T, with the cursor on its row', async () => {
    const on = await ask('sorted', '1 of 300 labels · sorted by number · Ctrl-S sorts by bin');
    on.type(`${DOWN}${DOWN}${DOWN}`);
    await on.waitFor('> [ ] L-00004');
    on.type('\u0013');
    await on.waitFor('sorted by bin · Ctrl-S sorts by quantity');
    expect(on.screen().join('\n')).toContain('> [ ] L-00004  A-3');
    on.type('\u001b[H\t');
    await on.waitFor('> [x] L-00001  A-0');
    on.type('\u0014');
    await on.waitFor('sorted by quantity · Ctrl-S sorts by number');
    on.type('L-00300\t');
    await on.waitFor('> [x] L-00300');
    await finish(on);
    expect(on.transcript().join('')).toContain('<L-00001 L-00300>');
  });

  it('says the order on 40 columns, too', async () => {
    const on = await ask('sorted', '1 of 300 labels · by number', { cols: 40 });
    expect(on.screen().join('\n')).toContain('1 of 300 labels · by number\n');
  });

  it('picks the codes of a paste, and does not finish by it', async () => {
    const on = await ask('many', 'Esc leaves');
    await on.quiet(PAUSE);
    on.type('\u001b[200~\r\nL-00007\r\nL-99\r\nL-00009\nL-00011\u001b[201~');
    await on.waitFor('find: L-00011');
    expect(on.screen().join('\n')).toContain('selected 2 labels');
    await on.waitFor('✗ no label L-99 here');
    on.type('\r');
    await on.waitFor('selected 3 labels');
    await finish(on);
    expect(on.transcript().join('')).toContain('<L-00007 L-00009 L-00011>');
  });

  it('adds the row that a scan stands for, whatever else the scanner sent', async () => {
    const on = await ask('many', 'Esc leaves');
    on.type(']C1L-00007\u001d10B7\r');
    await on.waitFor('✓ added L-00007');
    expect(on.raw()).not.toContain('\u0007');
    on.type('\u0002L-00009\u0003L-00011\r');
    await on.waitFor('selected 3 labels');
    await finish(on);
    expect(on.transcript().join('')).toContain('<L-00007 L-00009 L-00011>');
  });

  it('marks rows with words', async () => {
    const on = await ask('many', 'Esc leaves');
    expect(on.screen().join('\n')).toContain('[ ] L-00002  A-1  1 pcs  expired');
  });

  it('colours only when told to', async () => {
    const plain = await ask('many', 'Esc leaves');
    expect(plain.raw()).not.toMatch(/\u001b\[[0-9;]*m/);
    plain.kill('SIGKILL');
    const coloured = await ask('many', 'Esc leaves', { env: { HARNESS_COLOR: '1' } });
    expect(coloured.raw()).toMatch(/\u001b\[1m\? Labels/);
  });

  it('fits 40 columns and wide characters, and lets no control character through', async () => {
    const on = await ask('wide', 'Esc leaves', { cols: 40, rows: 12 });
    const screen = on.screen();
    expect(screen.slice(0, 5)).toEqual([
      '? 仓库 red',
      '  find:',
      '      label   bin       quantity',
      '> [ ] 标签-1  仓库二号  4 pcs  expired',
      '  [ ] L-2     A B       5 pcs',
    ]);
    on.type('标签');
    await on.waitFor('1 label\n');
    expect(on.screen()[1]).toBe('  find: 标签');
    on.type(`${'仓'.repeat(40)}`);
    await on.waitFor('no label fits');
    expect(on.screen().filter((line) => line.includes('find:'))).toHaveLength(1);
  });

  it.each([
    [30, 30],
    [120, 10],
    [60, 8],
    [20, 24],
  ])('is drawn once and whole after a change to %i columns and %i rows', async (cols, rows) => {
    const on = await ask('many', 'Esc leaves', { cols: 80, rows: 24 });
    on.type('L-00003\r');
    await on.waitFor('added L-00003');
    on.resize(cols, rows);
    await on.quiet(150);
    on.type('L-00004\r');
    await on.waitFor('added L-00004');
    const text = on.screen().join('\n');
    for (const once of [/find:/g, /selected 2 labe/g, />/g]) expect(text.match(once), text).toHaveLength(1);
    expect(text.match(/\? Labels for/g), text).toHaveLength(1);
  });

  it('never draws more than the terminal holds', async () => {
    const on = await ask('many', 'find:', { cols: 50, rows: 6 });
    on.type('L-00003\rL-00004\r');
    await on.waitFor('> [x] L-00004');
    expect(on.transcript().join('\n').match(/find:/g)).toHaveLength(1);
  });
});
