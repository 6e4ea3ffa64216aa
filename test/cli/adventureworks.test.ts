import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';

const data = join(packageRoot, '..', 'shared', 'data', 'adventureworks');

afterAll(leaveDesks);

test('the whole of AdventureWorks comes in, and the main job is done on it', {
  timeout: 120_000,
}, async (context) => {
  if (!existsSync(data)) context.skip('AdventureWorks data is not here');
  const desk = await openDesk('none');
  const files = ['items', 'orders', 'order_lines', 'labels_by_unit'].map((name) => join(data, `${name}.csv`));
  const imported = await desk.earmark(['import', ...files, '--quiet', '--json']);
  expect(imported).toEqual({ stdout: '', stderr: '', code: 0 });
  const again = await desk.earmark(['import', ...files, '--dry-run', '--json']);
  expect(JSON.parse(again.stdout).counts).toMatchObject({
    items: { added: 0, changed: 0, unchanged: 293 },
    labels: { added: 0, changed: 0, unchanged: 71_246 },
    orders: { added: 0, changed: 0, unchanged: 25_162 },
    lines: { added: 0, changed: 0, unchanged: 56_046 },
  });
  await mainJob(desk, [], (code, text) => expect(text).toContain(code));
  await mainJob(desk, ['--json'], (code, text) => expect(JSON.parse(text).code).toBe(code));
});

/** Reserves, finds, is refused, frees and ships; `says` looks for the outcome in what was printed. */
async function mainJob(
  desk: Desk,
  flags: readonly string[],
  says: (code: string, text: string) => void,
): Promise<void> {
  const run = async (command: string, code: number) => {
    const result = await desk.earmark([...command.split(' '), ...flags]);
    expect([command, result.code]).toEqual([command, code]);
    return code === 0 ? result.stdout : result.stderr;
  };
  const listed = await desk.earmark(
    'list orders --status open --item BK-R50B-58 --limit 2 -o name'.split(' '),
  );
  const [order = '', other = ''] = listed.stdout.split('\n').map((name) => name.replace('order/', ''));
  if (flags.length === 0) expect(order).toBe('SO45080');
  const [first = '', second = ''] = await activeLabels(desk, 2);
  expect(first).toMatch(/^U\d{6}$/);
  const line = JSON.parse((await desk.earmark(['show', order, '--json'])).stdout).order.lines.find(
    ({ item }: { item: string }) => item === 'BK-R50B-58',
  ).line;

  says('reserved', await run(`reserve ${order} --line ${line} ${first}`, 0));
  says(flags.length > 0 ? 'found' : order, await run(`find-order ${first}`, 0));
  const refusal = await run(`reserve ${other} ${first}`, 6);
  says('label_reserved_elsewhere', refusal);
  expect(refusal).toContain(`is reserved for ${order} line ${line} since`);
  says('unreserved', await run(`unreserve ${first} --yes`, 0));
  expect(await statusOf(desk, first)).toBe('active');

  says('reserved', await run(`reserve ${order} --line ${line} ${first} ${second}`, 0));
  says(flags.length > 0 ? 'shipped' : `${order}\t${line}`, await run(`ship ${order} --yes`, 0));
  expect(await statusOf(desk, first)).toBe('depleted');
  expect(await statusOf(desk, second)).toBe('active');
}

async function activeLabels(desk: Desk, count: number): Promise<string[]> {
  const filters = ['--item', 'BK-R50B-58', '--status', 'active', '--limit', String(count)];
  const { stdout } = await desk.earmark(['list', 'labels', ...filters, '--fields', 'number']);
  return stdout.split('\n');
}

async function statusOf(desk: Desk, label: string): Promise<string> {
  return (await desk.earmark(['find', label, '--fields', 'status'])).stdout.trim();
}
