import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key, KeyAction } from '../../src/cli/prompts/key.ts';
import { scanLine } from '../../src/cli/prompts/scan-line.ts';
import { NOTHING_SCANNED, pressScan, type ScanState } from '../../src/cli/prompts/scan-model.ts';
import { widthOf } from '../../src/cli/prompts/terminal-text.ts';
import { key, keysOf, pasted, PERSON, SCANNER } from './keys.ts';

function press(keys: readonly Key[]): { readonly state: ScanState; readonly scans: readonly string[] } {
  const scans: string[] = [];
  let state = NOTHING_SCANNED;
  for (const next of keys) {
    const after = pressScan(state, next);
    state = after.state;
    if (after.scan !== undefined) scans.push(after.scan);
  }
  return { state, scans };
}

describe('a scan', () => {
  it.each([
    ['a burst', keysOf('L-1\rL-2\tL-3\r', SCANNER), ['L-1', 'L-2', 'L-3'], ''],
    ['empty ones', keysOf('\r\t\rL-1\r\r\t', SCANNER), ['L-1'], ''],
    ['spaces, which are a code', keysOf('  \r a \r', SCANNER), ['  ', ' a '], ''],
    [
      'half a code, a pause, and the other half',
      [...keysOf('L-', SCANNER), ...keysOf('1\r', PERSON)],
      ['L-1'],
      '',
    ],
    [
      'a separator',
      [...keysOf('A', SCANNER), { ...key('control', 0), text: '\u001d' }, ...keysOf('B\r', 0)],
      ['A\u001dB'],
      '',
    ],
    ['a paste', pasted('L-1\rL-2\tL-3'), ['L-1', 'L-2'], 'L-3'],
    ['an edited line', keysOf('x\u0015L-78\u007f\r', PERSON), ['L-7'], ''],
    ['an erased line', keysOf('L\u007f\u007f\r', PERSON), [], ''],
  ])('%s', (_name, keys, scans, rest) => {
    const after = press(keys);
    expect([after.scans, after.state.text, after.state.end]).toEqual([scans, rest, undefined]);
  });

  it('is bounded', () => {
    expect(press(keysOf('1'.repeat(9000), 0)).state.text).toHaveLength(8000);
  });
});

describe('a session', () => {
  it('ends by Esc and Ctrl-C, and keeps what is typed', () => {
    expect(press(keysOf('L-1\u001b', PERSON)).state).toEqual({ text: 'L-1', end: 'left' });
    expect(press(keysOf('L-1\u001b\u0003', PERSON)).state).toEqual({ text: 'L-1', end: 'interrupted' });
  });

  const action = fc.constantFrom<KeyAction>(
    ...([
      'tab',
      'enter',
      'up',
      'down',
      'pageUp',
      'pageDown',
      'home',
      'end',
      'sort',
      'backspace',
      'clear',
    ] as const),
  );
  const anyKey = fc.record({
    action,
    text: fc.constant(''),
    quiet: fc.integer({ min: 0, max: 2000 }),
    early: fc.boolean(),
    pasted: fc.boolean(),
  });

  it('is never ended by any other key', () => {
    const typed = fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => keysOf(text, SCANNER));
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            typed,
            anyKey.map((one) => [one]),
          ),
        ),
        (keys) => {
          const { state, scans } = press(
            keys.flat().filter((one) => one.action !== 'leave' && one.action !== 'interrupt'),
          );
          expect(state.end).toBeUndefined();
          expect(scans).not.toContain('');
        },
      ),
    );
  });

  it('gives every code of a burst, in order, whatever it is made of', () => {
    const code = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .map((text) => text.replace(/\p{Cc}/gu, '.'));
    const suffix = fc.constantFrom('\r', '\t', '\r\t', '\r\r');
    fc.assert(
      fc.property(fc.array(fc.tuple(code, suffix), { maxLength: 100 }), fc.nat(500), (codes, gap) => {
        const { scans } = press(keysOf(codes.flat().join(''), gap));
        expect(scans).toEqual(codes.map(([text]) => text));
      }),
    );
  });
});

describe('the input line', () => {
  const draw = (columns: number, message: string, typed = '', waiting = 0): string => {
    const { label, text } = scanLine(message, typed, waiting, { columns, rows: 20 });
    return label + text;
  };

  it('shows the status, how many wait, and what is typed', () => {
    expect(draw(79, 'SO-1 · scan labels')).toBe('SO-1 · scan labels > ');
    expect(draw(79, 'SO-1 · scan labels', ' L-7 ', 12)).toBe('SO-1 · scan labels · 12 waiting >  L-7 ');
    expect(draw(30, 'SO-1 · scan labels', 'A\u001dB')).toBe('SO-1 · scan labels > A·B');
    expect(draw(30, 'SO-1 · scan\u001b[2J labels\n', 'L-00042-0001')).toBe('SO-1 · scan la… > L-00042-0001');
    expect(draw(30, 'SO-1 · scan labels', 'L-00042-0001-00000-99')).toBe('SO-1 · sc… > …42-0001-00000-99');
    expect(draw(8, 'SO-1 · scan labels', 'L-00042')).toBe('L-00042');
  });

  it('is never wider than the screen, and ends with what was typed last', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aL-1 标仓é\u001d'), maxLength: 60 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.nat(200),
        fc.integer({ min: 2, max: 120 }),
        (message, typed, waiting, columns) => {
          const line = draw(columns, message, typed, waiting);
          expect(widthOf(line)).toBeLessThanOrEqual(columns);
          if (columns > 4) expect(line.endsWith(typed.replaceAll('\u001d', '·').slice(-1))).toBe(true);
        },
      ),
    );
  });
});
