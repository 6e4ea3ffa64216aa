/** What `cancel` and `close` say, before and after. */
import { type EndAnswer, type MovedLabel, printable } from '../../core/index.ts';
import type { Context } from '../context.ts';
import type { Presentation } from './answers.ts';
import { sinceBy, undoHint } from './moved.ts';
import { abridged, counted, measured, orderPhrase } from './words.ts';

export const ENDED: Presentation<EndAnswer, MovedLabel> = {
  listing: {
    name: 'released',
    columns: [
      { field: 'label.number', title: 'label', value: ({ label }) => label.number },
      { field: 'was.order', title: 'was for', value: ({ was }) => was?.order ?? null },
      { field: 'was.line', title: 'line', value: ({ was }) => was?.line ?? null },
      { field: 'label.status', title: 'status', value: ({ label }) => label.status },
    ],
    nameOf: ({ label }) => `label/${label.number}`,
  },
  rows: ({ released }) => released,
  sentences,
};

function sentences(answer: EndAnswer, context: Context): string[] {
  if (answer.order === null || !answer.ok) return [];
  const order = orderPhrase(answer.order);
  const { status } = answer.order;
  if (answer.code.startsWith('already')) return [`${order} is ${status} already; nothing changed`];
  const done = answer.dryRun
    ? `dry run: ${order} would be ${status}`
    : `${context.paint.good('✓')} ${order} is ${status}`;
  return [done, ...releasedLines(answer, context), ...undoHint(answer, context)];
}

/** The labels that become active. */
export function releasedLines({ released }: EndAnswer, { sayMoment }: Context): string[] {
  if (released.length === 0) return ['it holds no labels'];
  const named = released.map(({ label, was }) => {
    const held = was === null ? '' : ` · line ${was.line} ${sinceBy(was, sayMoment)}`;
    return `  ${printable(`${label.number} · ${measured(label.quantity, label.unit)}${held}`)}`;
  });
  return [
    `${counted(released.length, 'label')} ${released.length === 1 ? 'becomes' : 'become'} active:`,
    ...abridged(named),
  ];
}
