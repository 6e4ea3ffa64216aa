// How long a key takes with 50,000 rows: `node --import tsx test/prompts/measure-keys.ts`. Prints, asserts nothing.
import { fileURLToPath } from 'node:url';
import type { Key } from '../../src/cli/prompts/key.ts';
import { pickManyFrame } from '../../src/cli/prompts/pick-many-view.ts';
import { type PickModel, pressPick, startPicking } from '../../src/cli/prompts/pick-model.ts';
import { indexRows } from '../../src/cli/prompts/row-index.ts';
import { createTheme } from '../../src/cli/prompts/theme.ts';
import type { PickRow } from '../../src/cli/prompts/types.ts';
import { start } from '../support/terminal.ts';
import { key, keysOf, PERSON } from './keys.ts';

const rows: PickRow[] = Array.from({ length: 50_000 }, (_, at) => {
  const name = `L-${String(at).padStart(5, '0')}`;
  const cells = [
    name,
    `2024-0${(at % 9) + 1}-11`,
    `Hall ${at % 12}`,
    `bin ${at % 977}`,
    `${at % 500} pcs`,
    `lot ${at % 3001}`,
  ];
  return { key: name, names: [`0100${at}`], cells };
});

const sorts = [
  { name: 'number', by: (row: PickRow) => row.cells[0] ?? '' },
  { name: 'age', by: (row: PickRow) => row.cells[1] ?? '' },
  { name: 'bin', by: (row: PickRow) => row.cells[3] ?? '' },
  { name: 'quantity', by: (row: PickRow) => Number.parseInt(row.cells[4] ?? '', 10) },
];

const CLEAR = '\u0015';
const BACKSPACE = '\u007f';
/** A person's keys one by one: first letters, codes, words, what takes them back, and whatever else a table is told. */
const TYPED = [
  ...[CLEAR, 'l', CLEAR, '1', CLEAR, '0', CLEAR, '-', CLEAR, 'h', CLEAR],
  ...'L-00042',
  ...BACKSPACE.repeat(7),
  ...'bin 97',
  ...BACKSPACE.repeat(6),
  ...'hall 1 lot 3',
  ...BACKSPACE.repeat(12),
  ...'zz',
  CLEAR,
];
const MOVED = ['end', 'tab', 'pageUp', 'tab', 'home', 'tab', 'down', 'tab'] as const;

interface Timed {
  readonly what: string;
  readonly took: number;
}

/** `median 1.2, p95 5.1, max 8.0 ms (l 8.0, - 7.2)`. */
function distribution(times: readonly Timed[]): string {
  const sorted = times.toSorted((a, b) => a.took - b.took);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)]?.took ?? 0).toFixed(1);
  const slowest = sorted.slice(-4).reverse();
  const which = slowest.map(({ what, took }) => `${JSON.stringify(what)} ${took.toFixed(1)}`).join(', ');
  return `${times.length} keys: median ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} ms (${which})`;
}

function inProcess(): void {
  const began = performance.now();
  const model: PickModel = {
    index: indexRows(rows, ['label', 'created', 'location', 'bin', 'quantity', 'lot'], sorts),
    noun: 'label',
    allowEmpty: false,
    page: 15,
  };
  console.log(`index of ${rows.length} rows: ${(performance.now() - began).toFixed(0)} ms`);
  const config = { message: 'Labels?', rows };
  const theme = createTheme(true);
  let state = startPicking(model.index);
  // The table is on the screen before the first key.
  pickManyFrame(model, state, config, { columns: 99, rows: 39 }, theme);
  const sort = key('sort', PERSON);
  const keys: Key[] = [
    ...keysOf(TYPED.join(''), PERSON),
    ...MOVED.map((action) => key(action, PERSON)),
    ...sorts.map(() => sort),
    ...keysOf(`${CLEAR}l`, PERSON),
    ...sorts.map(() => sort),
    ...keysOf(`${CLEAR}L-00042\r`, PERSON),
  ];
  const times = keys.map((next): Timed => {
    const from = performance.now();
    state = pressPick(model, state, next);
    pickManyFrame(model, state, config, { columns: 99, rows: 39 }, theme);
    return { took: performance.now() - from, what: next.text || next.action };
  });
  console.log(`model and view, ${distribution(times)}`);
}

/** From the key to the screen, through the pseudo-terminal, inquirer and the emulator. */
async function onTerminal(): Promise<void> {
  const harness = fileURLToPath(new URL('harness.ts', import.meta.url));
  const on = start(process.execPath, ['--import', 'tsx', harness, 'huge-sorted']);
  await on.waitFor('1 of 50,000 labels');
  const times: Timed[] = [];
  for (const what of [
    ...TYPED,
    '\t',
    '\u001b[B',
    '\t',
    '\u0013',
    '\u0013',
    '\u0013',
    'l',
    '\u0013',
    '\u0013',
    '\u0013',
  ]) {
    const before = on.raw().length;
    const from = performance.now();
    on.type(what);
    await on.until(() => on.raw().length > before, 'something drawn');
    times.push({ what, took: performance.now() - from });
    await on.quiet(60);
  }
  console.log(`on a terminal, ${distribution(times)}`);
  on.kill('SIGKILL');
}

/** Scans into the label picker, from the first key to the screen that shows them all. */
async function burst(): Promise<void> {
  const harness = fileURLToPath(new URL('harness.ts', import.meta.url));
  const on = start(process.execPath, ['--import', 'tsx', harness, 'huge']);
  await on.waitFor('1 of 50,000 labels');
  const codes = Array.from({ length: 100 }, (_, at) => `L-${String(at * 7 + 1).padStart(5, '0')}\r`);
  const from = performance.now();
  on.type(codes.join(''));
  await on.waitFor('selected 100 labels');
  console.log(
    `burst of 100 codes, ${codes.join('').length} keys: ${(performance.now() - from).toFixed(0)} ms until the screen says 100`,
  );
  on.kill('SIGKILL');
}

/** A burst of scans into a session, from the key to the screen. */
async function scanning(): Promise<void> {
  const harness = fileURLToPath(new URL('harness.ts', import.meta.url));
  const scan = start(process.execPath, ['--import', 'tsx', harness, 'scan']);
  await scan.waitFor('SO-1 scan 0 >');
  const before = scan.raw().length;
  const from = performance.now();
  scan.type(Array.from({ length: 100 }, (_, at) => `L-${10_000 + at}\r`).join(''));
  await scan.waitFor('SO-1 scan 100 >');
  const bytes = scan.raw().length - before;
  console.log(
    `100 scans: ${(performance.now() - from).toFixed(0)} ms until all are answered, ${bytes / 100} bytes each`,
  );
  scan.kill('SIGKILL');
}

inProcess();
await onTerminal();
await burst();
await scanning();
