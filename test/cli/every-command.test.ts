import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { type Desk, finished, leaveDesks, openDesk } from '../support/cli.ts';
import { commands } from './commands.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('demo');
  await desk.earmark(['reserve', 'SO-1002', 'L-00002', 'L-00021', 'L-00022', '--quiet']);
  await desk.earmark(['ship', 'SO-1002', '--yes', '--quiet']);
  await desk.earmark(['reserve', 'SO-1001', 'L-00001', '--quiet']);
  await desk.earmark(['token', 'create', 'dana', '--role', 'read', '--quiet']);
});
afterAll(leaveDesks);

test('the version is that of package.json', async () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  expect(await desk.earmark(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
  expect(await desk.earmark(['-V'])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
});

test('without arguments: the help on standard error, exit 2', async () => {
  const { stdout, stderr, code } = await desk.earmark([]);
  const help = await desk.earmark(['--help']);
  expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: help.stdout, code: 2 });
});

describe('help', () => {
  test.concurrent.each(commands)('%s', async (name) => {
    const words = name.split(' ');
    const help = await desk.earmark([...words, '--help']);
    expect(help).toMatchObject({ stderr: '', code: 0 });
    const [usage = '', , description = ''] = help.stdout.split('\n');
    expect(usage).toMatch(new RegExp(`^Usage: earmark ${name.replace(/\|.*/, '')}`));
    expect(description).toMatch(/^[a-z].{15,}/);
    const examples = help.stdout.split('\nExamples:\n')[1]?.trimEnd().split('\n') ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toMatch(new RegExp(`^  .*earmark (${name}|find)\\b`));
    if (words.length === 1) expect(await desk.earmark(['help', name])).toEqual(help);
  });

  test('examples name only flags that exist', async () => {
    for (const name of commands) {
      const { stdout } = await desk.earmark([...name.split(' '), '--help']);
      const [flags = '', examples = ''] = stdout.split('\nExamples:\n');
      const own = examples.split('\n').filter((line) => line.startsWith(`  earmark ${name} `));
      const used = new Set(own.join(' ').match(/ --[a-z-]+/g));
      // A group, such as `earmark list`, shows the flags of its commands.
      const isGroup = commands.some((other) => other.startsWith(`${name} `));
      if (!isGroup) for (const flag of used) expect(flags, name).toContain(flag);
    }
  });
});

/** Commands that lack something which only a person could add. */
const LACKING: readonly (readonly string[])[] = [
  ...commands.map((name) => name.split(' ')),
  ['reserve', 'SO-1003'],
  ['reserve', 'SO-1003', '--line', '1'],
  ['unreserve', 'L-00001'],
  ['unreserve', '--order', 'SO-1001'],
  ['ship', 'SO-1001', '--partial'],
  ['transfer', 'L-00001'],
  ['transfer', 'L-00001', '--to', 'SO-1004'],
  ['swap', 'L-00001'],
  ['swap', 'L-00001', 'L-00003'],
  ['cancel', 'SO-1001'],
  ['close', 'SO-1001'],
  ['undo', 'an-operation'],
  ['import', '-', '--release-closed'],
  ['--json'],
];

describe('where nobody can be asked', () => {
  test.concurrent.each(LACKING.map((words) => [words.join(' '), words] as const))(
    '%s says what is missing, or does something',
    async (_, words) => {
      for (const run of [
        () => desk.earmark(words),
        () => desk.shell(`earmark ${words.join(' ')} <&-`),
        // An open pipe on which nothing comes is not read, unless the command says so.
        ...(words.includes('-') ? [] : [() => quietly(desk, words)]),
      ]) {
        const { stdout, stderr, code } = await run();
        // Where nothing is wrong, a diagnosis has no rows, and says so beside them.
        if (code === 0) expect(words[0] === 'diagnose' ? stderr : stdout).not.toBe('');
        else {
          expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
          expect(stderr).toMatch(/\[(input_needed|usage)\]\n$|^Usage: /m);
        }
      }
    },
  );

  test.each([
    ['--no-input', ['--no-input'], {}],
    ['EARMARK_NO_INPUT', [], { EARMARK_NO_INPUT: '1' }],
    ['CI', [], { CI: 'true' }],
  ])('%s keeps a terminal from being asked', async (_, words, env) => {
    const terminal = desk.terminal(`earmark reserve ${words.join(' ')}`, { env });
    expect(await terminal.exit).toMatchObject({ code: 2 });
    expect(terminal.raw()).toContain('[input_needed]');
  });

  test.each([['reserve SO-1003 --scan'], ['find-order --scan']])(
    '%s ends when no scan comes',
    async (line) => {
      const { stdout, stderr, code } = await desk.earmark(line.split(' '));
      expect({ stdout, code }).toEqual({ stdout: '', code: 3 });
      expect(stderr).toMatch(/ 0 labels$/m);
    },
  );

  test('nothing was changed by all this', async () => {
    const { stdout } = await desk.earmark(['list', 'reservations', '-o', 'name']);
    expect(stdout).toBe('label/L-00001\n');
  });
});

async function quietly(from: Desk, words: readonly string[]) {
  const child = from.start(words, { stdin: '' });
  const ended = finished(child, { keepOpen: true });
  return await ended.finally(() => child.stdin?.destroy());
}
