import { foundRows, type PickModel, type PickState, type Refusal } from './pick-model.ts';
import type { Outcome } from './session.ts';
import { count, countLine, helpLine, noteLine, tableHeight, tableLines, typedLine } from './table-view.ts';
import { cut, printable } from './terminal-text.ts';
import type { Theme } from './theme.ts';
import type { PickManyConfig, PickRow } from './types.ts';
import type { Frame, Size } from './use-screen.ts';

const HELP = [
  'scan or type to find · Enter adds the code · Tab marks the row · empty Enter finishes · Esc leaves',
  'scan or type · Tab marks · empty Enter finishes · Esc leaves',
  'Tab marks · Enter ends · Esc leaves',
  'Esc leaves',
];
/** Lines that a refused scan stays in sight for, on a terminal that has room. */
const REFUSALS_SHOWN = 3;
const REFUSALS_KEPT = 20;

export function pickManyFrame<Row extends PickRow>(
  model: PickModel<Row>,
  state: PickState,
  config: PickManyConfig<Row>,
  size: Size,
  theme: Theme,
): Frame {
  const refusals = size.rows >= 16 ? earlierRefusals(state) : [];
  const others = 6 + refusals.length + (model.index.titles.length > 0 ? 1 : 0);
  const height = tableHeight(size, config.maxRows, others);
  const found = foundRows(model, state);
  const mark = (at: number): string => (state.picked.has(at) ? '[x] ' : '[ ] ');
  const table = tableLines(model.index, { found, cursor: state.cursor, mark }, height, size, theme);
  const below = [
    ...table,
    theme.faint(helpLine(sortLines(model, state, found.length, height), size)),
    theme.strong(cut(totalLine(model, state, config), size.columns)),
    ...refusals.map((refusal) => theme.bad(refusalLine(refusal, size))),
    noteLine(state.note, size, theme),
    theme.faint(helpLine(HELP, size)),
  ];
  const above = [
    theme.strong(cut(`? ${printable(config.message)}`, size.columns)),
    typedLine('  find: ', state.typed.text, size),
  ];
  return { above, below: below.slice(0, Math.max(1, size.rows - above.length)) };
}

/** What stays on the screen when the prompt is over: the rows, and the scans that came to nothing. */
export function pickManyEnd<Row extends PickRow>(
  model: PickModel<Row>,
  state: PickState,
  config: PickManyConfig<Row>,
  outcome: Outcome<readonly Row[]>,
  size: Size,
  theme: Theme,
): Frame {
  const message = printable(config.message);
  if (outcome.kind !== 'answered')
    return { above: [cut(`? ${message}  (${outcome.kind})`, size.columns)], below: [] };
  const keys = outcome.value.map(({ key }) => printable(key)).join(', ');
  const kept = state.refused.slice(-REFUSALS_KEPT);
  const dropped = state.refused.length - kept.length;
  return {
    above: [
      ...kept.map((refusal) => theme.bad(refusalLine(refusal, size))),
      ...(dropped > 0 ? [cut(`  and ${count(dropped, 'other refused code')}`, size.columns)] : []),
      theme.good(
        cut(
          `✓ ${message}  ${count(outcome.value.length, model.noun)}${keys === '' ? '' : `: ${keys}`}`,
          size.columns,
        ),
      ),
    ],
    below: [],
  };
}

/** How many rows fit, and in which order they are, in versions from the longest to the shortest. */
function sortLines<Row extends PickRow>(
  { index: { sorts }, noun }: PickModel<Row>,
  { sort, cursor }: PickState,
  found: number,
  height: number,
): string[] {
  const counted = countLine(found, cursor, height, noun);
  const name = sorts[sort];
  if (name === undefined || found === 0) return [counted];
  const sorted = `${counted} · sorted by ${name}`;
  const next = sorts[(sort + 1) % sorts.length];
  const short = `${counted} · by ${name}`;
  return next === name
    ? [sorted, short, counted]
    : [
        `${sorted} · Ctrl-S sorts by ${next}`,
        `${sorted} · Ctrl-S: ${next}`,
        `${short} · Ctrl-S: ${next}`,
        short,
        counted,
      ];
}

function totalLine<Row extends PickRow>(
  model: PickModel<Row>,
  state: PickState,
  config: PickManyConfig<Row>,
): string {
  const picked = pickedRows(model, state);
  const more = config.footer === undefined ? '' : printable(config.footer(picked));
  return `selected ${count(picked.length, model.noun)}${more === '' ? '' : `, ${more}`}`;
}

export function pickedRows<Row extends PickRow>(model: PickModel<Row>, state: PickState): readonly Row[] {
  return Array.from(state.picked, (at) => model.index.rows[at]).filter((row) => row !== undefined);
}

function earlierRefusals(state: PickState): readonly Refusal[] {
  const shown = state.note?.good === false ? state.refused.slice(0, -1) : state.refused;
  return shown.slice(-REFUSALS_SHOWN);
}

function refusalLine(refusal: Refusal, size: Size): string {
  return cut(`✗ ${printable(refusal.sentence)}`, size.columns);
}
