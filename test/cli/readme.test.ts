import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CHECKS } from '../../src/core/diagnosis/checks.ts';
import { OUTCOMES, PRECEDENCE } from '../../src/core/outcomes.ts';
import { packageRoot } from '../../src/package-root.ts';
import { FAULTS } from '../../src/stockroom/fault.ts';
import { leaveDesks, openDesk } from '../support/cli.ts';
import { commands } from './commands.ts';

afterAll(leaveDesks);

const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');

/** The line of a table that begins with the code. */
function rowOf(code: string): string | undefined {
  return new RegExp(`^\\| \`${code}\` \\|.*$`, 'm').exec(readme)?.[0];
}

describe('the README has', () => {
  test.each(commands)('the command %s', (name) => {
    const [verb = '', what] = name.split(' ');
    const row = new RegExp(`^\\| \`${verb}\\b[^|\`]*(\\\\\\|[^|\`]*)*\` \\|`, 'm').exec(readme)?.[0];
    expect(row).toBeDefined();
    if (what !== undefined) expect(row).toContain(what);
  });

  test.each(Object.entries({ ...OUTCOMES, ...FAULTS }))(
    'a row for %s with its exit code and meaning',
    (code, { exit, meaning }) => {
      expect(rowOf(code)).toBe(`| \`${code}\` | ${exit} | ${meaning} |`);
    },
  );

  test.each(Object.entries(CHECKS))('a row for the check %s', (check, { severity, meaning }) => {
    expect(rowOf(check)).toBe(`| \`${check}\` | ${severity} | ${meaning} |`);
  });

  test('no row for what is none', () => {
    const rows = [...readme.matchAll(/^\| `([a-z_]+)` \| \d+ \|/gm)].map(([, code]) => code);
    expect(rows.toSorted()).toEqual(Object.keys({ ...OUTCOMES, ...FAULTS }).toSorted());
  });

  test.each(Object.entries(PRECEDENCE))('the order in which %s checks its outcomes', (verb, codes) => {
    const told = new RegExp(`^- \\*\\*${verb}\\*\\*: (.*)$`, 'm').exec(readme)?.[1];
    expect(told).toBe(codes.map((code) => `\`${code}\``).join(', '));
  });

  test('every exit code', () => {
    const used = new Set([...Object.values(OUTCOMES), ...Object.values(FAULTS)].map(({ exit }) => `${exit}`));
    const section = readme.split('### Exit codes')[1]?.split('###')[0] ?? '';
    const told = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) => codes.split(', '));
    expect(told).toEqual(expect.arrayContaining([...used, '7', '130', '143']));
  });

  test('every environment variable that is read', () => {
    const sources = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' });
    const code = sources
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(packageRoot, 'src', name), 'utf8'))
      .join('\n');
    const read = [...code.matchAll(/env\['([A-Z_]+)'\]/g)].map(([, name = '']) => name);
    expect(read).toEqual(expect.arrayContaining(['EARMARK_DB', 'EARMARK_ACTOR', 'NO_COLOR']));
    // These are the terminal's and the system's own.
    const ours = read.filter((name) => !['HOME', 'TERM', 'USER'].includes(name));
    expect(ours.filter((name) => !new RegExp(`[\`$]${name}\\b`).test(readme))).toEqual([]);
  });

  test('only flags that exist', async () => {
    const desk = await openDesk('none');
    const helps = await Promise.all(commands.map((name) => desk.earmark([...name.split(' '), '--help'])));
    const known = new Set(helps.flatMap(({ stdout }) => stdout.match(/--[a-z-]+/g) ?? []));
    const earmarks = readme.replaceAll(/^npm .*$/gm, '');
    for (const [flag] of earmarks.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)) expect([...known]).toContain(flag);
  });
});

test('the main job in the README is what the demo shows', async () => {
  const desk = await openDesk('none');
  const { stdout } = await desk.earmark(['demo']);
  const shown = /## The main job\n\n```console\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const steps = (text: string): string[] =>
    text
      .replaceAll(/^# .*\n/gm, '')
      .replaceAll(/\d\d:\d\d/g, '<time>')
      .replaceAll(/\b[0-9a-z]{9}-[0-9a-z]{8}\b/g, '<operation>')
      .split(/^(?=\$ )/m)
      .map((step) => step.trim());
  const told = steps(shown);
  expect(told.length).toBeGreaterThan(5);
  expect(steps(stdout)).toEqual(expect.arrayContaining(told));
});
