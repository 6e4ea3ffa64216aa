import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keyboard } from '../../src/cli/prompts/keyboard.ts';
import { ScanSession } from '../../src/cli/prompts/scan.ts';
import type { Session } from '../../src/cli/prompts/session.ts';
import { createTheme } from '../../src/cli/prompts/theme.ts';
import type { AfterScan } from '../../src/cli/prompts/types.ts';
import { FakeInput } from './fake-input.ts';

// What depends on the exact moment of a key, which no terminal can be told: here the clock stands still until it is moved.
let now = 0;
let input: FakeInput;
let session: Session;
let drawn: string;
/** What a take waits for. */
let held: Promise<void> | undefined;

beforeEach(() => {
  now = 1000;
  drawn = '';
  held = undefined;
  input = new FakeInput();
  const output = new PassThrough();
  output.on('data', (chunk) => {
    drawn += chunk;
  });
  session = {
    keyboard: new Keyboard(input as unknown as NodeJS.ReadStream, () => now),
    output: output as unknown as NodeJS.WriteStream,
    theme: createTheme(false),
    scanning: undefined,
  };
});
afterEach(() => session.keyboard.close());

/** A session whose scan `ASK` opens a question that is told everything typed while it is open, until an Enter. */
function scanning(taken: string[], answers: string[]): Promise<'done' | 'left'> {
  const scan: ScanSession = new ScanSession(
    session,
    {
      message: () => 'scan',
      unanswered: (scans) => taken.push(...scans.map((one) => `not ${one}`)),
      take: async (text): Promise<AfterScan> => {
        taken.push(text);
        await held;
        if (text === 'ASK') answers.push(await scan.aside(question));
        return text === 'DONE' ? 'done' : 'more';
      },
    },
    false,
  );
  return scan.run();
}

async function question(): Promise<string> {
  let heard = '';
  const { keyboard } = session;
  await new Promise<void>((resolve) => {
    const stop = keyboard.listen(() => {
      for (let key = keyboard.next(); key !== undefined; key = keyboard.next()) {
        heard += key.text;
        if (key.action !== 'enter') continue;
        stop();
        resolve();
        return;
      }
    });
    session.output.write('question!');
  });
  return heard;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never came to be; drawn: ${JSON.stringify(drawn)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a question within a burst', () => {
  it('waits for the end of the code that is being typed, and for a pause', async () => {
    const taken: string[] = [];
    const answers: string[] = [];
    const ended = scanning(taken, answers);
    await until(() => drawn.includes('scan > '));
    input.typed('ASK\rL-00');
    await until(() => taken.includes('ASK'));
    // Long enough to open the question, if it didn't wait; and far less than it waits at most.
    await new Promise((resolve) => setTimeout(resolve, 100));
    input.typed('042\r');
    await until(() => drawn.includes('waiting'));
    expect(drawn).not.toContain('question!');
    now += 50;
    await until(() => drawn.includes('question!'));
    input.typed('line 2\rL-3\rDONE\r');
    expect(await ended).toBe('done');
    expect([taken, answers]).toEqual([['ASK', 'L-00042', 'L-3', 'DONE'], ['line 2']]);
  });

  it('comes in the end to a scanner that never pauses', async () => {
    const taken: string[] = [];
    const answers: string[] = [];
    const ended = scanning(taken, answers);
    await until(() => drawn.includes('scan > '));
    input.typed('ASK\rL-00');
    await until(() => drawn.includes('question!'));
    input.typed('X\r\u0003');
    await expect(ended).rejects.toThrow('interrupted while scanning');
    expect([taken, answers]).toEqual([['ASK', 'not L-00'], ['X']]);
  });

  it('is not asked any more once the session is interrupted', async () => {
    const taken: string[] = [];
    const answers: string[] = [];
    const ended = scanning(taken, answers);
    await until(() => drawn.includes('scan > '));
    input.typed('ASK\r');
    await until(() => taken.includes('ASK'));
    input.typed('\u0003');
    await expect(ended).rejects.toThrow('interrupted while scanning');
    expect(drawn).not.toContain('question!');
    expect(input.isRaw).toBe(false);
  });
});

describe('a session', () => {
  /** Types, with an Esc that nothing follows at once, while the first scan is being taken. Gives the way to go on. */
  async function typedWithEsc(before: string, after: string): Promise<() => void> {
    let release = (): void => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    await until(() => drawn.includes('scan > '));
    input.typed(`${before}\u001b`);
    // Longer than an Esc waits for the rest of an arrow, counted by the same timers.
    await new Promise((resolve) => setTimeout(resolve, 200));
    input.typed(after);
    return release;
  }

  it('gives scans that come behind an Esc to nobody, and names them', async () => {
    const taken: string[] = [];
    const ended = scanning(taken, []);
    const release = await typedWithEsc('L-1\rL-2\r', 'L-3\rL-4');
    release();
    expect(await ended).toBe('left');
    expect(taken).toEqual(['L-1', 'L-2', 'not L-3', 'not L-4']);
  });

  it('ends by Ctrl-C also while it takes what came before an Esc', async () => {
    const taken: string[] = [];
    const ended = scanning(taken, []);
    const release = await typedWithEsc('L-1\rL-2\r', 'L-3\u0003');
    expect(input.isRaw).toBe(false);
    release();
    await expect(ended).rejects.toThrow('interrupted while scanning');
    expect(taken).toEqual(['L-1', 'not L-2', 'not L-3']);
  });

  it('runs alone', async () => {
    const ended = scanning([], []);
    await until(() => drawn.includes('scan > '));
    await expect(scanning([], [])).rejects.toThrow('under way');
    input.typed('DONE\r');
    expect(await ended).toBe('done');
    expect(session.scanning).toBeUndefined();
  });
});
