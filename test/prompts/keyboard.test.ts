import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Key } from '../../src/cli/prompts/key.ts';
import { Keyboard } from '../../src/cli/prompts/keyboard.ts';
import { FakeInput } from './fake-input.ts';

let now = 0;
let input: FakeInput;
let keyboard: Keyboard;
let taken: Key[];

const takeAll = (): void => {
  for (let key = keyboard.next(); key !== undefined; key = keyboard.next()) taken.push(key);
};
const actions = (): string[] => taken.map(({ action, text }) => (action === 'text' ? text : action));

beforeEach(() => {
  now = 1000;
  taken = [];
  input = new FakeInput();
  keyboard = new Keyboard(input as unknown as NodeJS.ReadStream, () => now);
});
afterEach(() => keyboard.close());

async function opened(listener = takeAll): Promise<() => void> {
  await keyboard.open();
  return keyboard.listen(listener);
}

describe('a keyboard', () => {
  it('reads keys one by one', async () => {
    await opened();
    input.typed(
      'a\u0301标 \r\t\u007f\b\u0015\u001b[A\u001b[B\u001b[5~\u001b[6~\u001b[H\u001b[F\u0003\u0004\u001bOA',
    );
    expect(actions()).toEqual([
      ...['a', '\u0301', '标', ' ', 'enter', 'tab', 'backspace', 'backspace', 'clear', 'up', 'down'],
      ...['pageUp', 'pageDown', 'home', 'end', 'interrupt', 'interrupt', 'up'],
    ]);
  });

  it('ignores keys that no prompt uses: Alt, function keys, other controls', async () => {
    await opened();
    input.typed('\u001b\r\u001b[15~\u0001\u0000\u001b[2~\u001b[200~a');
    expect(actions()).toEqual(['a']);
  });

  it('takes CR LF as one Enter, however it is cut up, and LF alone as one', async () => {
    await opened();
    for (const part of ['a\r\n', 'b\r', '\nc\n', '\r\r\n']) {
      now += 1000;
      input.typed(part);
    }
    expect(actions()).toEqual(['a', 'enter', 'b', 'enter', 'c', 'enter', 'enter', 'enter']);
  });

  it('measures the silence before each key', async () => {
    await opened();
    now += 50;
    input.typed('a');
    now += 7;
    input.typed('bc');
    now += 400;
    input.typed('\r');
    expect(taken.map(({ quiet }) => quiet)).toEqual([50, 7, 0, 400]);
    expect(taken.some(({ early }) => early)).toBe(false);
  });

  it('does not take its own work for silence', async () => {
    await opened(() => {
      takeAll();
      now += 500;
    });
    input.typed('a');
    input.typed('\r');
    expect(taken.map(({ quiet }) => quiet)).toEqual([0, 0]);
  });

  it('hands over separators, an EOT behind one, and what may be the first character of a scan behind an Esc', async () => {
    await opened();
    input.typed('A\u001dB\u001c\u001e\u001f\u0004\r\u001bC\u001b\u001bD');
    expect(actions()).toEqual([
      'A',
      'control',
      'B',
      ...Array(4).fill('control'),
      'enter',
      'control',
      'control',
    ]);
    expect(taken.map(({ text }) => text).join('')).toBe(
      'A\u001dB\u001c\u001e\u001f\u0004\u001bC\u001b\u001bD',
    );
  });

  it.each([
    ['after a pause', () => (now += 50), 'A\u001dB'],
    ['behind another code', () => {}, 'A\u001dB\r'],
    ['behind a code without separators', () => {}, 'AB'],
  ])('takes EOT %s for Ctrl-D', async (_name, wait, typed) => {
    await opened();
    input.typed(typed);
    wait();
    input.typed('\u0004');
    expect(actions().at(-1)).toBe('interrupt');
  });

  it('takes the ETX of a scan between STX and ETX for its Enter', async () => {
    await opened();
    now += 500;
    for (const byte of '\u0002B-1\u0003\u0002B-2\r\u0003\u0002\u0003') {
      now += 5;
      input.typed(byte);
    }
    expect(actions()).toEqual(['B', '-', '1', 'enter', 'B', '-', '2', 'enter', 'enter', 'enter']);
  });

  it('takes an ETX for the suffix of codes that come without STX, as fast as no fingers', async () => {
    await opened();
    now += 500;
    input.typed('B-1\u0003B-22\u0003');
    expect(actions()).toEqual(['B', '-', '1', 'enter', 'B', '-', '2', '2', 'enter']);
  });

  it.each([
    ['alone', '', 500],
    ['at once', '', 0],
    ['behind another', 'B-1\u0003', 0],
    ['a moment behind a scan', 'B-1', 10],
    ['behind few characters', 'B1', 0],
    ['behind an Enter', 'B-1\r', 0],
    ['in the middle of a burst of another suffix', 'B-1\rB-2', 0],
    ['a pause behind STX', '\u0002B-1', 50],
    ['behind a frame that is over', '\u0002B-1\u0003', 0],
  ])('takes Ctrl-C %s for Ctrl-C', async (_name, before, pause) => {
    await opened();
    now += 500;
    input.typed(before);
    now += pause;
    input.typed('\u0003');
    expect(actions().at(-1)).toBe('interrupt');
  });

  it('ignores Ctrl-Z, because the next scan would go to the shell', async () => {
    await opened();
    input.typed('a\u001ab');
    expect(actions()).toEqual(['a', 'b']);
  });

  it('knows what is pasted: text, line ends and Tabs, and nothing that decides', async () => {
    await opened();
    now += 5000;
    input.typed('\u001b[200~A\rB\r\n\tC\u0003\u0004\u001b[A\u001b[F\u007f\u0015\u0013');
    now += 999;
    input.typed('\u0003\r\u001b[201~\r\u0003');
    expect(actions()).toEqual(['A', 'enter', 'B', 'enter', 'tab', 'C', 'enter', 'enter', 'interrupt']);
    expect(taken.map(({ pasted }) => pasted)).toEqual([...Array(7).fill(true), false, false]);
    expect(taken.slice(0, 7).map(({ quiet }) => quiet)).toEqual([50, ...Array(6).fill(0)]);
  });

  it('begins a pasted text anew, however fast it comes after another key', async () => {
    await opened();
    now += 100;
    input.typed('x\u001b[200~A');
    expect(taken.map(({ quiet }) => quiet)).toEqual([100, 50]);
  });

  it('does not wait for the end of a paste for ever', async () => {
    await opened();
    input.typed('\u001b[200~A');
    now += 1000;
    input.typed('\u0003');
    expect(actions()).toEqual(['A', 'interrupt']);
  });

  it('has pastes marked while it has the terminal, and not by a terminal that has gone', async () => {
    const sequences: string[] = [];
    const marking = new Keyboard(
      input as unknown as NodeJS.ReadStream,
      () => now,
      (text) => sequences.push(text),
    );
    await marking.open();
    marking.close();
    expect(sequences).toEqual(['\u001b[?2004h', '\u001b[?2004l']);
    await marking.open();
    input.emit('end');
    marking.close();
    expect(sequences.slice(2)).toEqual(['\u001b[?2004h']);
  });

  it('tells who listened before, when the one on top stops', async () => {
    const below: Key[] = [];
    await opened(() => {
      for (let key = keyboard.next(); key !== undefined; key = keyboard.next()) below.push(key);
    });
    input.typed('a');
    const stop = keyboard.listen(() => taken.push(...[keyboard.next()].filter((key) => key !== undefined)));
    input.typed('bcd');
    stop();
    input.typed('e');
    expect([actions(), below.map(({ text }) => text)]).toEqual([['b'], ['a', 'c', 'd', 'e']]);
    expect([input.isRaw, input.holdsProgram]).toEqual([true, true]);
  });

  it('keeps what comes between two prompts for the next one, marked as early', async () => {
    const stop = await opened(() => taken.push(...[keyboard.next()].filter((key) => key !== undefined)));
    input.typed('ab');
    stop();
    now += 500;
    input.typed('c\r');
    expect(actions()).toEqual(['a']);
    now += 500;
    keyboard.listen(takeAll);
    expect(actions()).toEqual(['a', 'b', 'c', 'enter']);
    expect(taken.slice(1).map(({ early, quiet }) => [early, quiet])).toEqual([
      [true, 0],
      [true, 0],
      [true, 0],
    ]);
  });

  it('marks as early what was waiting in the terminal when it was opened', async () => {
    setImmediate(() => input.typed('y\r'));
    await keyboard.open();
    now += 1;
    keyboard.listen(takeAll);
    expect(taken.map(({ early }) => early)).toEqual([true, true]);
  });

  it('finds the Esc behind keys that nobody takes now', async () => {
    await opened(() => {});
    input.typed('abc\u0003d');
    expect(keyboard.urgent()?.action).toBe('interrupt');
    expect(keyboard.next()?.text).toBe('d');
    expect(keyboard.urgent()).toBeUndefined();
  });

  it('takes a lone Esc for Esc after a moment, and the beginning of an arrow for an arrow', async () => {
    await opened();
    input.typed('\u001b');
    input.typed('[A\u001b');
    expect(actions()).toEqual(['up']);
    await vi.waitFor(() => expect(actions()).toEqual(['up', 'leave']));
  });

  it('says interrupt when its input ends, also to a prompt that comes later', async () => {
    const stop = await opened();
    input.emit('end');
    expect(actions()).toEqual(['interrupt']);
    stop();
    input.emit('error', new Error('EIO'));
    keyboard.listen(takeAll);
    expect(actions()).toEqual(['interrupt', 'interrupt']);
  });

  it('gives the terminal back, with no listener left, and a moment after the last prompt by itself', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const listeners = (): number =>
      ['data', 'end', 'error'].reduce((sum, event) => sum + input.listenerCount(event), 0) +
      process.listenerCount('SIGTERM');
    const before = listeners();
    const stop = keyboard.listen(takeAll);
    expect(input.isRaw).toBe(true);
    expect(input.holdsProgram).toBe(true);
    stop();
    expect([input.isRaw, input.holdsProgram]).toEqual([true, false]);
    vi.advanceTimersByTime(2000);
    expect([input.isRaw, listeners()]).toEqual([false, before]);
    keyboard.listen(takeAll);
    keyboard.close();
    keyboard.close();
    expect([input.isRaw, listeners()]).toEqual([false, before]);
    vi.useRealTimers();
  });
});
