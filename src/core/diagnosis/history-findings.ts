/** `history-state` and `history-chain`: where history disagrees with what is stored, or with itself (DESIGN rule 16). */
import type { Fields } from '../changes.ts';
import type { HistoryProblem, HistoryValue } from '../history.ts';
import { formatDecimal } from '../quantity.ts';
import type { CheckName } from './checks.ts';
import type { Finding, Fix, Thing } from './finding.ts';
import { repairing } from './judging.ts';
import type { RepairStep, RepairThing } from './repair-step.ts';

/** The name that history gives to who holds a label. */
const HOLDER = 'holder';

export function historyFinding(problem: HistoryProblem): Finding {
  const thing: Thing = {
    order: problem.order,
    line: problem.line,
    label: problem.label,
    item: problem.item,
  };
  const about = { labels: [], short: [], thing, facts: factsOf(problem) };
  if (problem.problem === 'state_differs') {
    const check = 'history-state';
    const repair = putBack(problem);
    return { check, ...about, message: differs(problem), fix: fixOf(check, thing), repair };
  }
  const check = 'history-chain';
  const repair = accept(problem);
  const fix = repair.length > 0 ? fixOf(check, thing) : null;
  return { check, ...about, message: breaks(problem), fix, repair };
}

function factsOf({ operation, at, told, found }: HistoryProblem): Fields {
  const event = operation === null ? {} : { operation };
  const when = at === null ? {} : { eventAt: at };
  return { ...event, ...when, historySays: flat(told), found: flat(found) };
}

function differs({ field, told, found, ...problem }: HistoryProblem): string {
  if (field === HOLDER) {
    return `${nameOf(problem)} is held by ${holder(found)}, and history says by ${holder(told)}`;
  }
  return `${nameOf(problem)} has ${field} ${flat(found) ?? 'empty'}, and history says ${flat(told) ?? 'empty'}`;
}

function breaks({ problem, field, operation, told, found, ...of }: HistoryProblem): string {
  const name = nameOf(of);
  switch (problem) {
    case 'does_not_follow':
      return field === HOLDER
        ? `history of ${name} has a gap: it was held by ${holder(told)}, and operation ${operation} found ${holder(found)}`
        : `history of ${name} has a gap: ${field} was ${flat(told) ?? 'empty'}, and operation ${operation} found ${flat(found) ?? 'empty'}`;
    case 'runs_backwards':
      return `history of ${name} runs backwards: operation ${operation} is earlier than what was before it`;
    case 'of_nothing_known':
    case 'state_differs':
      return `history tells of something that is not there: an event of operation ${operation ?? 'unknown'}${name === '' ? '' : ` on ${name}`}`;
  }
}

function nameOf({
  label,
  order,
  line,
  item,
}: Pick<HistoryProblem, 'label' | 'order' | 'line' | 'item'>): string {
  if (label !== null) return label;
  if (order !== null) return line === null ? order : `${order} line ${line}`;
  return item ?? '';
}

/** `SO-1 line 2`, or `nobody`. */
function holder(value: HistoryValue): string {
  return value === null || typeof value !== 'object' ? 'nobody' : `${value['order']} line ${value['line']}`;
}

/** One text for a value of any kind. */
function flat(value: HistoryValue): string | number | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return formatDecimal(value);
  const { order, line, since, by, operation } = value;
  if (since !== undefined) return `${order} line ${line} since ${since} by ${by}, operation ${operation}`;
  return JSON.stringify(value);
}

function putBack(problem: HistoryProblem): RepairStep[] {
  const because = 'history-state';
  const { label, field, told, found } = problem;
  const thing = thingOf(problem);
  if (thing === undefined || field === null) return [];
  if (field !== HOLDER) {
    return [
      { do: 'put_back', because, thing, found: { [field]: plain(found) }, said: { [field]: plain(told) } },
    ];
  }
  return label === null
    ? []
    : [{ do: 'put_back_holder', because, label, found: holderOrNull(found), said: holderOrNull(told) }];
}

/** A gap can't be filled, because history is only ever added to; it can be written down that it was looked at. */
function accept(problem: HistoryProblem): RepairStep[] {
  const thing = thingOf(problem);
  if (problem.problem !== 'does_not_follow' || thing === undefined || problem.field === null) return [];
  return [{ do: 'accept', because: 'history-chain', thing, field: problem.field }];
}

function thingOf({ label, order, line, item }: HistoryProblem): RepairThing | undefined {
  if (label !== null) return { kind: 'label', label };
  if (order !== null) return line === null ? { kind: 'order', order } : { kind: 'line', order, line };
  return item === null ? undefined : { kind: 'item', item };
}

function plain(value: HistoryValue): string | number | null {
  return typeof value === 'object' ? null : value;
}

function holderOrNull(value: HistoryValue): Fields | null {
  return typeof value === 'object' ? value : null;
}

function fixOf(check: CheckName, { label, order }: Thing): Fix {
  return repairing(check, label !== null ? [`label/${label}`] : order !== null ? [`order/${order}`] : []);
}
