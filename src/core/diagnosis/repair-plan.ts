/** What `--fix` would do about findings: each thing once, in a fixed order. */
import type { Scope } from '../decision.ts';
import { compareKeys } from '../draw.ts';
import { CHECKS } from './checks.ts';
import type { Finding } from './finding.ts';
import type { RepairStep, RepairThing } from './repair-step.ts';

/**
 * The steps of all problems, and with `strict` those of the notices too. What is wrong with the data goes first: what is
 * held in vain by an order or label that is put back can't be told before it is.
 */
export function planRepair(findings: readonly Finding[], strict: boolean): RepairStep[] {
  const wanted = findings.filter(({ check }) => CHECKS[check].severity === 'problem' || strict);
  const all = wanted.flatMap(({ repair }) => repair);
  const wrong = putBackNames(all);
  const steps = new Map<string, RepairStep>();
  for (const step of all) {
    if (step.do === 'free' && (wrong.has(step.order) || wrong.has(step.label))) continue;
    const aspect = aspectOf(step);
    const other = steps.get(aspect);
    if (other === undefined || STRENGTH[step.do] > STRENGTH[other.do]) steps.set(aspect, step);
  }
  return [...steps].sort(([a], [b]) => compareKeys(a, b)).map(([, step]) => step);
}

/** The orders and labels of which something is put back. */
function putBackNames(steps: readonly RepairStep[]): Set<string> {
  const names = new Set<string>();
  for (const step of steps) {
    if (step.do === 'put_back_holder') {
      names.add(step.label);
      for (const holder of [step.found, step.said]) if (holder !== null) names.add(String(holder['order']));
    } else if (step.do === 'put_back') {
      if (step.thing.kind === 'label') names.add(step.thing.label);
      if (step.thing.kind === 'order' || step.thing.kind === 'line') names.add(step.thing.order);
    }
  }
  return names;
}

/** Once a thing is put back, a gap in its history is settled too. */
const STRENGTH = { accept: 0, free: 1, put_back: 2, put_back_holder: 2 } as const satisfies Record<
  RepairStep['do'],
  number
>;

/** What a step is about: steps about the same can't both be done. */
function aspectOf(step: RepairStep): string {
  switch (step.do) {
    case 'free':
    case 'put_back_holder':
      return JSON.stringify(['label', step.label, 'holder']);
    case 'put_back':
      return JSON.stringify([...thingKey(step.thing), ...Object.keys(step.said)]);
    case 'accept':
      return JSON.stringify([...thingKey(step.thing), step.field]);
  }
}

export function thingKey(thing: RepairThing): (string | number)[] {
  switch (thing.kind) {
    case 'label':
      return ['label', thing.label];
    case 'order':
      return ['order', thing.order];
    case 'line':
      return ['line', thing.order, thing.line];
    case 'item':
      return ['item', thing.item];
  }
}

/** A canonical text of the steps; equal texts mean the same. */
export function repairText(steps: readonly RepairStep[]): string {
  return JSON.stringify(steps);
}

/** Everything that the steps touch, and that the rules judge them by. */
export function repairScope(steps: readonly RepairStep[]): Scope {
  const labels = new Set<string>();
  const orders = new Set<string>();
  const items = new Set<string>();
  for (const step of steps) {
    switch (step.do) {
      case 'free':
        labels.add(step.label);
        orders.add(step.order);
        break;
      case 'put_back_holder':
        labels.add(step.label);
        for (const holder of [step.found, step.said]) {
          if (typeof holder?.['order'] === 'string') orders.add(holder['order']);
        }
        break;
      case 'put_back':
        if (typeof step.said['item'] === 'string') items.add(step.said['item']);
        // Whether the code is another label's.
        if (typeof step.said['code'] === 'string') labels.add(step.said['code']);
        addThing(step.thing, { labels, orders, items });
        break;
      case 'accept':
        addThing(step.thing, { labels, orders, items });
    }
  }
  return { labels: [...labels], orders: [...orders], items: [...items] };
}

function addThing(
  thing: RepairThing,
  { labels, orders, items }: { labels: Set<string>; orders: Set<string>; items: Set<string> },
): void {
  switch (thing.kind) {
    case 'label':
      labels.add(thing.label);
      break;
    case 'order':
    case 'line':
      orders.add(thing.order);
      break;
    case 'item':
      items.add(thing.item);
  }
}
