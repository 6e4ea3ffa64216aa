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

const byCell = (column: number) => (a: PickRow, b: PickRow) => {
  const [one = '', other = ''] = [a.cells[column], b.cells[column]];
  return one < other ? -1 : one > other ? 1 : 0;
};
const sorts = [
  { name: 'number', compare: byCell(0) },
  { name: 'age', compare: byCell(1) },
  { name: 'bin', compare: byCell(3) },
  {
    name: 'quantity',
    compare: (a: PickRow, b: PickRow) =>
      Number.parseInt(a.cells[4] ?? '', 10) - Number.parseInt(b.cells[4] ?? '', 10),
  },
];

function inProcess(): void {
  const began = performance.now();
  const model: PickModel = {
    index: indexRows(rows, ['label', 'created', 'location', 'bin', 'quantity', 'lot'], sorts),
    noun: 'label',
    allowEmpty: false,
    page: 15,
  };
  console.log(`index of ${rows.length} rows: ${(performance.now() - began).toFixed(1)} ms`);
  const config = { message: 'Labels?', rows };
  const theme = createTheme(true);
  let state = startPicking(model.index);
  // The table is on the screen before the first key.
  pickManyFrame(model, state, config, { columns: 99, rows: 39 }, theme);
  const backspaces = '\u007f'.repeat(7);
  const keys: Key[] = [
    ...keysOf(`L-00042${backspaces}bin 97${backspaces}\u0015l\u007fl\u0015${'1'}`, PERSON),
    ...[key('end', PERSON), key('tab', PERSON), key('pageUp', PERSON), key('home', PERSON)],
    ...keysOf('\u0015L-00042\r', PERSON),
    ...sorts.map(() => key('sort', PERSON)),
    ...[key('sort', PERSON), ...keysOf('hall 1\u007f\u007f', PERSON)],
  ];
  const times = keys.map((next) => {
    const from = performance.now();
    state = pressPick(model, state, next);
    pickManyFrame(model, state, config, { columns: 99, rows: 39 }, theme);
    return { took: performance.now() - from, what: next.text || next.action };
  });
  times.sort((a, b) => b.took - a.took);
  const slowest = times.slice(0, 8).map(({ took, what }) => `${what} ${took.toFixed(1)}`);
  console.log(
    `model and view, ${times.length} keys: median ${times[times.length >> 1]?.took.toFixed(2)} ms; slowest ${slowest.join(', ')} ms`,
  );
}

/** From the key to the screen, through the pseudo-terminal, inquirer and the emulator. */
async function onTerminal(): Promise<void> {
  const harness = fileURLToPath(new URL('harness.ts', import.meta.url));
  const on = start(process.execPath, ['--import', 'tsx', harness, 'huge']);
  await on.waitFor('1 of 50,000 labels');
  const times: number[] = [];
  for (const character of [
    'L',
    '-',
    '4',
    '0',
    '\u007f',
    '\u007f',
    '\u007f',
    '\u007f',
    'a',
    '-',
    '3',
    ' ',
    '7',
  ]) {
    const before = on.raw().length;
    const from = performance.now();
    on.type(character);
    await on.until(() => on.raw().length > before, 'something drawn');
    times.push(performance.now() - from);
    await on.quiet(60);
  }
  times.sort((a, b) => a - b);
  console.log(
    `on a terminal, ${times.length} keys: median ${times[times.length >> 1]?.toFixed(1)} ms; slowest ${times.at(-1)?.toFixed(1)} ms`,
  );
  const codes = Array.from({ length: 100 }, (_, at) => `L-${String(at * 7 + 1).padStart(5, '0')}\r`);
  const from = performance.now();
  on.type(codes.join(''));
  await on.waitFor('selected 100 labels');
  console.log(
    `burst of 100 codes, ${codes.join('').length} keys: ${(performance.now() - from).toFixed(0)} ms until the screen says 100`,
  );
  on.kill('SIGKILL');
}

/** Sorting 50,000 rows, and a burst of scans into a session, from the key to the screen. */
async function sortAndScan(): Promise<void> {
  const harness = fileURLToPath(new URL('harness.ts', import.meta.url));
  const sorted = start(process.execPath, ['--import', 'tsx', harness, 'huge-sorted']);
  await sorted.waitFor('sorted by number');
  for (const name of ['bin', 'quantity', 'number', 'bin']) {
    const from = performance.now();
    sorted.type('\u0013');
    await sorted.waitFor(`sorted by ${name}`);
    console.log(`on a terminal, sort by ${name}: ${(performance.now() - from).toFixed(0)} ms`);
  }
  sorted.kill('SIGKILL');
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
await sortAndScan();
