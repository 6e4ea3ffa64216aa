/** What `diagnose --fix` says, before and after. */
import {
  formatDecimal,
  printable,
  type RepairAnswer,
  type RepairStep,
  type RepairThing,
} from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { undoHint } from './moved.ts';
import { abridged, counted } from './words.ts';

export const REPAIRED: Presentation<RepairAnswer, RepairStep> = {
  listing: {
    name: 'steps',
    columns: [
      { field: 'do', title: 'do', value: (step) => step.do },
      { field: 'because', title: 'because', value: ({ because }) => because },
      { field: 'thing', title: 'thing', value: nameOf },
      { field: 'from', title: 'from', value: (step) => fromTo(step)[0] },
      { field: 'to', title: 'to', value: (step) => fromTo(step)[1] },
    ],
    nameOf,
  },
  rows: ({ steps }) => steps,
  sentences,
};

function sentences(answer: RepairAnswer, context: Context): string[] {
  const { steps, dryRun } = answer;
  const lines: string[] = [];
  if (steps.length > 0) {
    const done = dryRun ? 'dry run: would do' : context.paint.good('✓ did');
    lines.push(`${done} ${counted(steps.length, 'thing')}`, ...stepLines(answer, context));
  } else lines.push('there is nothing that --fix can do; nothing changed', ...leftLines(answer));
  if (steps.length > 0) lines.push(...undoHint(answer, context));
  return lines;
}

/** What is done, and what is left because a rule forbids it. */
export function stepLines(answer: RepairAnswer, context: Context): string[] {
  return [
    ...abridged(answer.steps.map((step) => `  ${printable(phrase(step, context))}`)),
    ...leftLines(answer),
  ];
}

function leftLines({ left }: RepairAnswer): string[] {
  return abridged(
    left.map(({ step, reason }) => `  ${printable(`${nameOf(step)} is left as it is: ${reason}`)}`),
  );
}

function phrase(step: RepairStep, { sayMoment }: Context): string {
  const why = `[${step.because}]`;
  switch (step.do) {
    case 'free':
      return `free ${step.label} from ${step.order} line ${step.line}, which holds it since ${sayMoment(step.since)}  ${why}`;
    case 'put_back_holder':
      return `${step.label}: put its holder back from ${holder(step.found)} to ${holder(step.said)}  ${why}`;
    case 'put_back': {
      const [from, to] = fromTo(step);
      return `${thingName(step.thing)}: put back ${Object.keys(step.said).join(', ')} from ${from || 'empty'} to ${to || 'empty'}  ${why}`;
    }
    case 'accept':
      return `${thingName(step.thing)}: write down that its ${step.field} counts as it is, because history has a gap  ${why}`;
  }
}

function fromTo(step: RepairStep): [string, string] {
  switch (step.do) {
    case 'free':
      return [`${step.order} line ${step.line}`, 'nobody'];
    case 'put_back_holder':
      return [holder(step.found), holder(step.said)];
    case 'put_back':
      return [values(step.found), values(step.said)];
    case 'accept':
      return ['', ''];
  }
}

type Fields = Extract<RepairStep, { do: 'put_back' }>['said'];

function holder(fields: Fields | null): string {
  return fields === null ? 'nobody' : `${fields['order']} line ${fields['line']}`;
}

function values(fields: Fields): string {
  return Object.values(fields)
    .map((value) => (typeof value === 'number' ? formatDecimal(value) : (value ?? '')))
    .join(', ');
}

/** `quantity 99`, `ordered 10, shipped 5`. */
export function fieldTexts(fields: Fields): string {
  return Object.entries(fields)
    .map(
      ([name, value]) => `${name} ${typeof value === 'number' ? formatDecimal(value) : (value ?? 'empty')}`,
    )
    .join(', ');
}

export function thingName(thing: RepairThing): string {
  switch (thing.kind) {
    case 'label':
      return thing.label;
    case 'order':
      return thing.order;
    case 'line':
      return `${thing.order} line ${thing.line}`;
    case 'item':
      return thing.item;
  }
}

/** `label/L-1`, `order/SO-1`: what the step is about. */
function nameOf(step: RepairStep): string {
  if (step.do === 'free' || step.do === 'put_back_holder') return `label/${step.label}`;
  switch (step.thing.kind) {
    case 'label':
      return `label/${step.thing.label}`;
    case 'order':
    case 'line':
      return `order/${step.thing.order}`;
    case 'item':
      return `item/${step.thing.item}`;
  }
}
