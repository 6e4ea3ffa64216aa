import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { leaveDesks } from '../support/cli.ts';
import { playSession } from './session-replay.ts';

const folder = join(import.meta.dirname, 'sessions');
const update = process.env['UPDATE_TRANSCRIPTS'] === '1';

afterAll(leaveDesks);

/** The README's terminals: everything below the line that starts earmark, without the ids that differ from run to run. */
function shownInReadme(): string[][] {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```text\n\$ earmark.*\n([^`]*)```$/gm)];
  return blocks.map(([, lines = '']) => {
    return lines
      .trimEnd()
      .replaceAll(/\b[0-9a-z]{9}-[0-9a-z]{8}\b/g, '<operation>')
      .split('\n');
  });
}

test('the README shows parts of these sessions', () => {
  const blocks = shownInReadme();
  const sessions = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(blocks).toHaveLength(3);
  for (const block of blocks) {
    const lines = block.map((line) => `| ${line}`.trimEnd()).join('\n');
    expect(
      sessions.some((session) => session.includes(`${lines}\n`)),
      lines,
    ).toBe(true);
  }
});

describe('a person at a terminal sees what the session shows', () => {
  test.each(readdirSync(folder).sort())('%s', { timeout: 120_000 }, async (name) => {
    const path = join(folder, name);
    const stored = readFileSync(path, 'utf8');
    const now = await playSession(stored);
    if (update) writeFileSync(path, now);
    else expect(now).toBe(stored);
  });
});
