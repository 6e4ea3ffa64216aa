import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { OUTCOMES } from '../../src/core/outcomes.ts';
import { leaveDesks } from '../support/cli.ts';
import { replay, replayServed } from './transcript.ts';

const folder = join(import.meta.dirname, 'transcripts');
const update = process.env['UPDATE_TRANSCRIPTS'] === '1';

afterAll(leaveDesks);

const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.txt'))
  .sort();

describe('every command says what its transcript shows', () => {
  test.concurrent.each(names)('%s', { timeout: 120_000 }, async (name) => {
    const path = join(folder, name);
    const stored = readFileSync(path, 'utf8');
    const now = await replay(stored);
    if (update) writeFileSync(path, now);
    else expect(now).toBe(stored);
  });
});

/** Sessions that are about files, about places, about a whole database, or about what is found before any data is asked for. */
const LOCAL = new Set([
  'databases.txt',
  'demo.txt',
  'diagnose.txt',
  'incident-by-hand.txt',
  'import.txt',
  'places.txt',
  'serve.txt',
  'servers.txt',
  'terminal/colours.txt',
  'terminal/set-up.txt',
  'usage-errors.txt',
]);

describe.runIf(!update)('and the same with --server', () => {
  test.concurrent.each(names.filter((name) => !LOCAL.has(name)))('%s', { timeout: 120_000 }, async (name) => {
    const stored = readFileSync(join(folder, name), 'utf8');
    expect(await replayServed(stored)).toBe(stored);
  });
});

/** Only a person can meet it, between a question and its answer: see questions.test.ts. */
const ON_A_TERMINAL = new Set(['plan_stale']);

test('every outcome stands in a transcript with its exit code', () => {
  const met = outcomesMet(names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n'));
  const wanted = Object.entries(OUTCOMES).filter(([code]) => !ON_A_TERMINAL.has(code));
  expect(Object.fromEntries(met)).toMatchObject(
    Object.fromEntries(wanted.map(([code, { exit }]) => [code, exit])),
  );
});

/** The exit code beside which an outcome was met first of all outcomes of its command. */
function outcomesMet(transcripts: string): Map<string, number> {
  const met = new Map<string, number>();
  for (const [, output = '', exit = ''] of transcripts.matchAll(/^\$ (.*?)^\[exit (\d+)\]$/gms)) {
    const code = /\[([a-z_]+)\]$/m.exec(output)?.[1] ?? /"code": ?"([a-z_]+)"/.exec(output)?.[1];
    if (code !== undefined && !met.has(code) && exit !== '7') met.set(code, Number(exit));
  }
  return met;
}
