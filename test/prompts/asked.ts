import { fileURLToPath } from 'node:url';
import { afterEach, expect, vi } from 'vitest';
import { start, type Terminal, type TerminalOptions } from '../support/terminal.ts';

export const HARNESS = fileURLToPath(new URL('harness.ts', import.meta.url));
export const ESC = '\u001b';
export const CTRL_C = '\u0003';
export const DOWN = `${ESC}[B`;
/** Longer than the silence that makes an Enter a person's own. */
export const PAUSE = 400;

// A program is started for each test, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const started: Terminal[] = [];
afterEach(() => {
  for (const terminal of started.splice(0)) terminal.kill('SIGKILL');
});

/** A program on a terminal that ends with its test. */
export function run(command: string, args: readonly string[], options?: TerminalOptions): Terminal {
  const terminal = start(command, args, options);
  started.push(terminal);
  return terminal;
}

/** The harness, asking what a scenario says, as soon as the screen shows that it is `ready`. */
export async function ask(
  scenario: string,
  ready: string | RegExp,
  options: TerminalOptions & { args?: string[] } = {},
): Promise<Terminal> {
  const terminal = run(
    process.execPath,
    ['--import', 'tsx', HARNESS, scenario, ...(options.args ?? [])],
    options,
  );
  await terminal.waitFor(ready);
  return terminal;
}

/** After leaving: what the program itself sees, and how the terminal is left for the next one. */
export async function restored(on: Terminal): Promise<void> {
  await on.waitFor('raw=false leftover=0', { all: true });
  await on.exit;
  expect(on.cursorVisible()).toBe(true);
}

export const codes = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `L-${String(((at * 37) % 300) + 1).padStart(5, '0')}`);

/** Ends a pickMany as a person does. */
export async function finish(on: Terminal): Promise<void> {
  await on.quiet(PAUSE);
  on.type('\r');
  await restored(on);
}
