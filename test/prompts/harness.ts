// Run on a pseudo-terminal by the tests: asks what its first argument says, and prints each answer on standard output.
import { setTimeout as pause } from 'node:timers/promises';
import {
  createPrompts,
  isInterrupted,
  PromptLeft,
  type PickRow,
  type Prompts,
} from '../../src/cli/prompts/index.ts';
import { scanScenarios } from './scan-scenarios.ts';

/** Codes that a careless prompt would take for its keys. */
const HOSTILE = ['a', 'i', '1', 'q', 'y', 'n', 'UNDO', 'a b', 'j', 'k'];

function labels(count: number): PickRow[] {
  return Array.from({ length: count }, (_, at) => {
    const key = `L-${String(at + 1).padStart(5, '0')}`;
    const bin = `A-${at % 7}`;
    return {
      key,
      names: [`0100${at + 1}`],
      cells: [key, bin, `${at % 9} pcs`],
      ...(at === 1 ? { note: 'expired' } : {}),
    };
  });
}

const hostile: PickRow[] = HOSTILE.map((key) => ({ key, names: [], cells: [key, 'bin'] }));
const COLUMNS = ['label', 'bin', 'quantity'];

async function pickLabels(prompts: Prompts, message: string, rows: readonly PickRow[]): Promise<string> {
  const picked = await prompts.pickMany({
    message,
    rows,
    columns: COLUMNS,
    noun: 'label',
    footer: (chosen) => `${chosen.length * 10} of 40`,
    lookUp: async (text) => {
      if (text === 'L-TAKEN') return { why: 'L-TAKEN is reserved for SO-1002' };
      const [, key] = /^\]C1(.*?)\u001d/.exec(text) ?? [];
      return key === undefined ? undefined : { key };
    },
  });
  return picked.map(({ key }) => key).join(' ');
}

/** Labels that can be looked at in several orders. */
async function pickSorted(prompts: Prompts, rows: readonly PickRow[]): Promise<string> {
  const picked = await prompts.pickMany({
    message: 'Labels?',
    rows,
    columns: COLUMNS,
    noun: 'label',
    sorts: [
      { name: 'number', by: ({ cells }) => cells[0] ?? '' },
      { name: 'bin', by: ({ cells }) => cells[1] ?? '' },
      { name: 'quantity', by: ({ cells }) => cells[2] ?? '' },
    ],
  });
  return picked.map(({ key }) => key).join(' ');
}

const orders: PickRow[] = ['SO-1', 'SO-10', 'SO-11', 'SO-1042'].map((key) => ({
  key,
  names: [],
  cells: [key, `customer of ${key}`],
}));

async function pickOrder(prompts: Prompts, slowness: number): Promise<string> {
  const { key } = await prompts.pickOne({
    message: 'Which order?',
    noun: 'order',
    columns: ['order', 'customer'],
    rows: async (text) => {
      await pause(slowness);
      const rows = orders.filter(({ cells }) =>
        cells.some((cell) => cell.toLowerCase().includes(text.toLowerCase())),
      );
      return { rows, total: rows.length };
    },
    exact: async (text) => {
      await pause(slowness / 2);
      return text === 'HIDDEN'
        ? { key: 'HIDDEN', names: [], cells: ['HIDDEN'] }
        : orders.find(({ key: number }) => number === text);
    },
  });
  return key;
}

const MENU: PickRow[] = ['reserve', 'unreserve', 'ship', 'find'].map((key) => ({
  key,
  names: [],
  cells: [key],
}));

const say = (text: string): boolean => process.stdout.write(`<${text}>\n`);

const scenarios: Record<string, (prompts: Prompts) => Promise<void>> = {
  ...scanScenarios(say),
  many: async (prompts) => void say(await pickLabels(prompts, 'Labels for SO-1?', labels(300))),
  huge: async (prompts) => void say(await pickLabels(prompts, 'Labels for SO-1?', labels(50_000))),
  sorted: async (prompts) => void say(await pickSorted(prompts, labels(300))),
  'huge-sorted': async (prompts) => void say(await pickSorted(prompts, labels(50_000))),
  hostile: async (prompts) => void say(await pickLabels(prompts, 'Hostile?', hostile)),
  wide: async (prompts) =>
    void say(
      await pickLabels(prompts, '仓库 \u001b[31mred\u0007', [
        { key: '标签-1', names: [], cells: ['标签-1', '仓库二号', '4 pcs'], note: 'expired' },
        { key: 'L-2', names: [], cells: ['L-2', 'A\u001b[2J\r\n\u009b2JB', '5 pcs'] },
      ]),
    ),
  two: async (prompts) => {
    say(await pickOrder(prompts, 20));
    // Work between two prompts, while a scanner goes on.
    await pause(50);
    const until = Date.now() + 150;
    while (Date.now() < until);
    say(await pickLabels(prompts, 'Labels?', labels(300)));
    say(
      `confirmed: ${await prompts.confirm({ message: 'Reserve them?', body: ['This will happen:', '  L-1 goes to SO-1'] })}`,
    );
  },
  order: async (prompts) => void say(await pickOrder(prompts, 30)),
  slow: async (prompts) => void say(await pickOrder(prompts, 400)),
  broken: async (prompts) => {
    await prompts.pickOne({ message: 'Which order?', rows: () => Promise.reject(new Error('server down')) });
  },
  menu: async (prompts) =>
    void say((await prompts.pickOne({ message: 'What now?', rows: MENU, noun: 'action' })).key),
  confirm: async (prompts) =>
    void say(`${await prompts.confirm({ message: 'Free these 2 labels?', body: 'L-1\nL-2' })}`),
  input: async (prompts) => {
    const check = (text: string): string | undefined => (/^\d+$/.test(text) ? undefined : 'a number, please');
    say(await prompts.input({ message: 'How many?', check }));
  },
  linger: async (prompts) => {
    say(await prompts.input({ message: 'First?' }));
    process.stdout.write('working\n');
    await pause(60_000);
  },
};

async function main(): Promise<void> {
  const prompts = createPrompts({
    input: process.stdin,
    output: process.stderr,
    color: process.env['HARNESS_COLOR'] === '1',
    accessible: process.env['EARMARK_ACCESSIBLE'] === '1',
  });
  // As a program that wants to put things in order before it ends.
  const work = process.argv[3] === 'listening' ? setInterval(() => {}, 1000) : undefined;
  if (work !== undefined) process.on('SIGTERM', () => {});
  const listeners = countListeners();
  process.exitCode = 1;
  try {
    await scenarios[process.argv[2] ?? '']?.(prompts);
    process.exitCode = 0;
  } catch (error) {
    if (error instanceof PromptLeft) process.exitCode = 3;
    else if (isInterrupted(error)) process.exitCode = 130;
    else say(`error: ${(error as Error).message}`);
  }
  clearInterval(work);
  if (process.argv[3] !== 'careless') prompts.close();
  say(`raw=${process.stdin.isRaw} leftover=${countListeners() - listeners}`);
  process.stdout.write('the end\n');
}

function countListeners(): number {
  const emitters = [process.stdin, process.stderr, process];
  // What Node itself adds for good when a stream or a signal is used the first time is not counted.
  const events = [
    'data',
    'keypress',
    'end',
    'error',
    'resize',
    'drain',
    'unpipe',
    'close',
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    'exit',
  ];
  return emitters.reduce(
    (sum, emitter) => sum + events.reduce((all, event) => all + emitter.listenerCount(event), 0),
    0,
  );
}

await main();
