import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, finished, leaveDesks, openDesk } from '../support/cli.ts';

const LABELS = 20_000;

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('none');
  desk.write('items.csv', 'sku,name,unit,tracking\nREEL,Reel,m,serialized\n');
  desk.write('orders.csv', 'order,line,sku,quantity,customer\nSO-1,1,REEL,50000,Acme\nSO-2,1,REEL,1,Acme\n');
  desk.write(
    'labels.csv',
    `label,sku,quantity,bin\n${numbers(LABELS)
      .map((label) => `${label},REEL,2.5,A-1\n`)
      .join('')}`,
  );
  const { code, stderr } = await desk.earmark(['import', 'items.csv', 'orders.csv', 'labels.csv', '--quiet']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
afterAll(leaveDesks);

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `R-${String(at + 1).padStart(5, '0')}`);
}

describe('a long list', () => {
  test.each(['table', 'wide', 'json', 'ndjson', 'csv', 'tsv', 'name'])('-o %s is whole', async (format) => {
    const { stdout, stderr, code } = await desk.earmark(['list', 'labels', '-o', format]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout.match(/R-\d{5}/g)).toEqual(numbers(LABELS));
    if (format === 'json') expect(JSON.parse(stdout).labels).toHaveLength(LABELS);
  });

  test.each(['table', 'json', 'csv', 'tsv'])(
    '-o %s ends quietly when its reader goes away',
    async (format) => {
      const run = await desk.shell(`{ earmark list labels -o ${format}; echo "exit $?" >&2; } | head -1`);
      expect(run.stdout.split('\n')).toHaveLength(2);
      expect(run.stderr).toBe('exit 0\n');
    },
  );

  test('waits for a slow reader', async () => {
    const run = await desk.shell('earmark list labels | { read first; sleep 0.3; wc -l; }');
    expect(run).toEqual({ stdout: `${LABELS - 1}\n`, stderr: '', code: 0 });
  });
});

describe('a pipe that another program made non-blocking', () => {
  // Node makes the pipe non-blocking when it opens its standard output; as descriptor 3 it stays so for earmark.
  const shared = `process.stdout; require("node:child_process").spawnSync(
    "/bin/sh", ["-c", "earmark find - --json <all.txt >&3"], { stdio: ["ignore", "ignore", "inherit", 1] })`;

  test('gets everything before earmark ends', async () => {
    desk.write('all.txt', numbers(LABELS).join('\n'));
    const { stdout, stderr, code } = await desk.shell(`node -e '${shared}' | { sleep 0.3; cat; }`);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout).results).toHaveLength(LABELS);
  });
});

describe('what nobody reads', () => {
  test('a mutation finishes though its standard output is closed', async () => {
    const child = desk.start(['reserve', 'SO-2', 'R-20000', '--json']);
    child.stdout.destroy();
    expect(await finished(child)).toEqual({ stdout: '', stderr: '', code: 0 });
    expect((await desk.earmark(['find', 'R-20000'])).stdout).toContain('\tSO-2\t');
    expect(await desk.shell('earmark unreserve R-20000 --yes >&-')).toMatchObject({ stderr: '', code: 0 });
    expect((await desk.earmark(['find', 'R-20000'])).stdout).toContain('\tactive\t');
  });

  test('a refusal keeps its exit code though its standard error is closed', async () => {
    const child = desk.start(['reserve', 'SO-3', 'R-00001']);
    child.stderr.destroy();
    expect(await finished(child)).toEqual({ stdout: '', stderr: '', code: 5 });
    expect((await desk.shell('earmark reserve SO-3 R-00001 2>&-')).code).toBe(5);
  });

  test('a full disk for the output is no success', async () => {
    const run = await desk.shell('earmark list labels >/dev/full');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('ENOSPC');
  });
});

describe('10,000 labels by standard input', () => {
  const many = numbers(10_000);

  test('are reserved in one go, and freed again', async () => {
    const stdin = `${many.map((label) => `label/${label}`).join('\n')}\n`;
    const reserved = await desk.earmark(['reserve', 'SO-1', '-', '--json'], { stdin });
    expect(reserved).toMatchObject({ stderr: '', code: 0 });
    const { code, results, lines } = JSON.parse(reserved.stdout);
    expect({ code, count: results.length, line: lines[0] }).toMatchObject({
      code: 'reserved',
      count: 10_000,
      line: { reserved: 25_000, shortfall: 25_000, reservedLabels: 10_000 },
    });
    const chained = await desk.shell('earmark list labels --order SO-1 -o name | earmark unreserve - --yes');
    expect(chained).toMatchObject({ stderr: '', code: 0 });
    expect(chained.stdout.trim().split('\n')).toHaveLength(10_000);
    expect((await desk.earmark(['list', 'reservations'])).stdout).toBe('');
  });

  test('none is reserved when one of them can not be; the first refusals are spelt out', async () => {
    const stdin = [...many, ...Array.from({ length: 30 }, (_, at) => `X-${at}`)].join('\n');
    const { stdout, stderr, code } = await desk.earmark(['reserve', 'SO-1', '-'], { stdin });
    expect({ stdout, code }).toEqual({ stdout: '', code: 5 });
    expect(stderr.match(/^error: /gm)).toHaveLength(20);
    expect(stderr).toMatch(/… and 10 more\n$/);
    expect((await desk.earmark(['list', 'reservations'])).stdout).toBe('');
  });
});
