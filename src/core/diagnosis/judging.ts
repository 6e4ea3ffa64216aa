/** What all checks of the stock are judged by. */
import { isExpired, isoMoment } from '../calendar.ts';
import { formatQuantity, type Quantity, toDecimal } from '../quantity.ts';
import type { Item } from '../model.ts';
import type { CheckName } from './checks.ts';
import type { Fix, HeldEvidence } from './finding.ts';
import type { RepairStep } from './repair-step.ts';
import type { HoldFact } from './stock-facts.ts';

export interface Judging {
  /** Milliseconds, UTC. */
  readonly now: number;
  /** The calendar date on which expiry and due dates are judged. */
  readonly today: string;
  /** After how many milliseconds without an event an order counts as forgotten. */
  readonly stale: number;
}

/** A label as a finding tells of it. */
export function heldEvidence(hold: HoldFact, item: Item, order: string, line: number): HeldEvidence {
  const { label, quantity, expiry, since, by, operation } = hold;
  return {
    label,
    item: item.sku,
    quantity: toDecimal(quantity),
    unit: item.unit,
    expiry,
    order,
    line,
    since: isoMoment(since),
    by,
    operation,
  };
}

export function isUsable({ expiry }: HoldFact, { today }: Judging): boolean {
  return !isExpired(expiry, today);
}

/** Most labels that a command names; of more, the diagnosis itself is the command that frees them. */
export const PASTEABLE = 8;

/** A command that frees these labels of one order; `wholeLine` says that they are all that their line holds. */
export function freeing(check: CheckName, labels: readonly HeldEvidence[], wholeLine: boolean): Fix | null {
  const [first] = labels;
  if (first === undefined) return null;
  const { order, line } = first;
  if (labels.length <= PASTEABLE) {
    const keys = labels.map(({ label }) => label);
    return { kind: 'operation', verb: 'unreserve', keys, flags: ['--expect-order', order] };
  }
  if (!wholeLine) return repairing(check, [`order/${order}`]);
  return {
    kind: 'operation',
    verb: 'unreserve',
    keys: [],
    flags: ['--order', order, '--line', String(line)],
  };
}

/** The diagnosis itself, as the command that does it. */
export function repairing(check: CheckName, refs: readonly string[]): Fix {
  return { kind: 'operation', verb: 'diagnose', keys: refs, flags: ['--check', check, '--fix'] };
}

/** What `--fix` does to free them. */
export function freeSteps(because: CheckName, labels: readonly HeldEvidence[]): RepairStep[] {
  return labels.map(({ label, order, line, since }) => ({ do: 'free', because, label, order, line, since }));
}

/** `36 kg`, or just `36` for things that are counted. */
export function amount(quantity: Quantity, { unit }: Item): string {
  return unit === 'each' ? formatQuantity(quantity) : `${formatQuantity(quantity)} ${unit}`;
}

export function countedLabels(count: number): string {
  return `${count} label${count === 1 ? '' : 's'}`;
}
