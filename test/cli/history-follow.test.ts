import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import { type Desk, finished, leaveDesks, openDesk } from '../support/cli.ts';

afterAll(leaveDesks);

/** The lines of a process that goes on, one after the other. */
function linesOf(child: ReturnType<Desk['start']>) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (): Promise<string> => (await lines.next()).value;
}

async function doing(desk: Desk, ...argv: string[]): Promise<void> {
  expect(await desk.earmark([...argv, '--quiet'])).toMatchObject({ stderr: '', code: 0 });
}

describe('history --follow', () => {
  test('tells into a pipe what is committed, as it is committed, until Ctrl-C', async () => {
    const desk = await openDesk('demo');
    const child = desk.start(['history', '--follow', '--limit', '1', '-o', 'ndjson']);
    const next = linesOf(child);
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve([code, signal])));
    expect(JSON.parse(await next())).toMatchObject({ kind: 'recorded' });
    await doing(desk, 'reserve', 'SO-1001', 'L-00001', 'L-00003');
    expect(JSON.parse(await next())).toMatchObject({ kind: 'reserved', label: 'L-00001' });
    expect(JSON.parse(await next())).toMatchObject({ kind: 'reserved', label: 'L-00003' });
    await doing(desk, 'unreserve', 'L-00003', '--yes');
    expect(JSON.parse(await next())).toMatchObject({ kind: 'unreserved', label: 'L-00003' });
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
  });

  test('of one thing, what happens to others is not told', async () => {
    const desk = await openDesk('demo');
    const child = desk.start(['history', 'L-00003', '--follow', '-o', 'csv', '--fields', 'kind,order']);
    const next = linesOf(child);
    expect([await next(), await next()]).toEqual(['kind,order', 'recorded,']);
    await doing(desk, 'reserve', 'SO-1001', 'L-00001');
    await doing(desk, 'reserve', 'SO-1001', 'L-00003');
    expect(await next()).toBe('reserved,SO-1001');
    child.kill('SIGINT');
    await new Promise((resolve) => child.on('close', resolve));
  });

  test('ends when nobody reads any more', async () => {
    const desk = await openDesk('demo');
    const child = desk.start(['history', '--follow', '--limit', '1', '-o', 'name']);
    const next = linesOf(child);
    expect(await next()).toMatch(/^operation\//);
    child.stdout.destroy();
    const ended = finished(child);
    await doing(desk, 'reserve', 'SO-1001', 'L-00001');
    expect(await ended).toMatchObject({ stderr: '', code: 0 });
  });

  test('on a terminal a line for each', async () => {
    const desk = await openDesk('demo');
    const on = desk.terminal('exec earmark history --follow --limit 2', { cols: 160 });
    await on.waitFor('recorded:');
    await doing(desk, 'reserve', 'SO-1001', 'L-00001', '--reason', 'rush');
    await on.waitFor(/09:00 dana reserve {2}L-00001 → SO-1001 line 1 {2}\(op [^)]+\) "rush"/);
    on.type('\u0003');
    expect(await on.exit).toMatchObject({ signal: 2 });
  });
});

test('on a terminal the latest are shown, and that there are more', async () => {
  const desk = await openDesk('demo');
  desk.time = '2026-11-23T09:30:00Z';
  await doing(desk, 'reserve', 'SO-1001', 'L-00001');
  const on = desk.terminal('exec earmark history --limit 2', { cols: 160 });
  expect(await on.exit).toMatchObject({ code: 0 });
  const lines = on.transcript().filter((line) => line !== '');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('recorded:');
  expect(lines[1]).toContain('L-00001 → SO-1001 line 1');
  expect(lines[2]).toBe('the latest 2; --limit 0 shows all');
});
