import { afterAll, expect, test } from 'vitest';
import { type Desk, leaveDesks, openDesk } from '../support/cli.ts';

afterAll(leaveDesks);

const AMOUNTS = new Set([
  'quantity',
  'available',
  'outstanding',
  'reserved',
  'surplus',
  'shortfall',
  'reservedLabels',
  'shipped',
  'remaining',
  'needed',
  'missing',
]);

/** Every amount in a document, wherever it stands. */
function amounts(document: unknown): unknown[] {
  if (Array.isArray(document)) return document.flatMap(amounts);
  if (document === null || typeof document !== 'object') return [];
  return Object.entries(document).flatMap(([name, value]) => (AMOUNTS.has(name) ? [value] : amounts(value)));
}

/** Each command with how it ends; they follow one another on the same warehouse. */
const STORY: readonly (readonly [string, number])[] = [
  ['init', 0],
  ['reserve SO-1001 L-00001 L-00003', 0],
  ['reserve SO-1001 L-00001', 0],
  ['reserve SO-1002 L-00003', 6],
  ['reserve SO-1002 L-00002 L-00003 --keep-going', 7],
  ['reserve SO-1002 --auto', 0],
  ['reserve SO-9 L-00003', 5],
  ['reserve SO-1002', 2],
  ['unreserve L-00003 --yes', 0],
  ['unreserve L-00003', 2],
  ['unreserve --order SO-1003 --yes', 0],
  ['ship SO-1001 --yes', 6],
  ['ship SO-1001 --yes --partial', 0],
  ['ship SO-1002 --dry-run', 0],
  ['ship SO-1005 --yes', 0],
  ['transfer L-00099 --to SO-1002 --yes', 5],
  ['transfer L-00003 --to SO-1002 --yes', 6],
  ['transfer L-00002 L-00003 --to SO-1001 --yes --keep-going --operation-id moved', 7],
  ['swap L-00002 L-00003 --yes', 0],
  ['swap L-00002 L-00003', 2],
  ['undo moved --yes', 6],
  ['undo nothing --yes', 5],
  ['cancel SO-1003 --yes --operation-id ended', 0],
  ['close SO-1003 --yes', 6],
  ['undo ended --dry-run', 0],
  ['undo ended --yes', 0],
  ['find L-00001 L-00002', 0],
  ['find L-00002 nope', 5],
  ['find', 2],
  ['list labels', 0],
  ['list orders', 0],
  ['list reservations', 0],
  ['list shipments', 0],
  ['list shipments --label nope', 0],
  ['show SO-1002', 0],
  ['show L-00002', 0],
  ['show nope', 5],
  ['show label/nope', 5],
  ['import nowhere.csv', 2],
  ['import wrong.csv', 6],
  ['import more.csv', 0],
  ['demo --db other.db', 0],
  ['demo --db other.db', 2],
  ['find L-1 --db nowhere.db', 5],
  ['find L-1 --db more.csv', 1],
  ['bogus', 2],
  ['list labels --bogus', 2],
];

async function deskWithFiles(): Promise<Desk> {
  const desk = await openDesk('demo');
  desk.write('wrong.csv', 'label,quantity\nL-00001,-1\n');
  desk.write('more.csv', 'label,sku,quantity\nL-00041,ROPE-8,12.5\n');
  return desk;
}

test('the text of every answer ends as it should', async () => {
  const desk = await deskWithFiles();
  for (const [command, code] of STORY) {
    expect([command, (await desk.earmark(command.split(' '))).code]).toEqual([command, code]);
  }
});

test.each([
  ['json', '--json'],
  ['ndjson', '--output=ndjson'],
])('as %s every answer parses, and ends as its text does', async (format, flag) => {
  const desk = await deskWithFiles();
  for (const [command, wanted] of STORY) {
    const { stdout, stderr, code } = await desk.earmark([...command.split(' '), flag]);
    expect([command, code]).toEqual([command, wanted]);
    const documents = documentsOf(stdout, format);
    for (const document of documents) {
      if (!command.startsWith('list') || format === 'json')
        expect(document).toMatchObject({ schemaVersion: 1 });
      for (const amount of amounts(document)) expect(amount, command).toBeTypeOf('number');
    }
    if (code === 0) expect(stderr, command).toBe('');
    else expectProblem(stderr);
    if (code === 0 && format === 'json') expect(documents, command).toHaveLength(1);
  }
});

function documentsOf(stdout: string, format: string): unknown[] {
  if (stdout === '') return [];
  return format === 'json'
    ? [JSON.parse(stdout)]
    : stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
}

/** An RFC 9457 problem in one line. */
function expectProblem(stderr: string): void {
  expect(stderr.trim()).not.toContain('\n');
  const problem = JSON.parse(stderr);
  expect(problem).toEqual(
    expect.objectContaining({
      schemaVersion: 1,
      type: `urn:earmark:${problem.code}`,
      title: expect.any(String),
      status: expect.any(Number),
      detail: expect.any(String),
      code: expect.stringMatching(/^[a-z_]+$/),
      retryable: expect.any(Boolean),
      next: expect.any(Array),
    }),
  );
  for (const step of problem.next) {
    expect(step).toEqual({ label: expect.any(String), command: expect.stringMatching(/^earmark /) });
  }
  expect(problem.status >= 400 && problem.status < 600).toBe(true);
}
