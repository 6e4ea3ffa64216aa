/** The sentences of the refusals of `transfer`, `swap`, `cancel`, `close` and `undo`; see sentences.ts. */
import { assertNever } from './model.ts';
import type { Refusal } from './outcomes.ts';
import { type NextStep, type SayMoment, type Sentence, step } from './phrases.ts';

const CODES = [
  'label_not_reserved',
  'nothing_to_swap',
  'order_ended',
  'operation_not_undoable',
  'changed_since',
  'holder_ended',
  'order_holds_labels',
] as const satisfies readonly Refusal['code'][];

export type WayBackRefusal = Extract<Refusal, { code: (typeof CODES)[number] }>;

export function isWayBack(refusal: Refusal): refusal is WayBackRefusal {
  return (CODES as readonly string[]).includes(refusal.code);
}

export function wayBackSentence(refusal: WayBackRefusal, sayMoment: SayMoment): Sentence {
  switch (refusal.code) {
    case 'label_not_reserved': {
      const { label, order, line } = refusal;
      return {
        message: `nobody holds ${label}, so there is nothing to transfer`,
        next: [step('reserve', 'reserve', [order, label], ['--line', String(line)])],
      };
    }
    case 'nothing_to_swap':
      return {
        message: unswappable(refusal),
        next: [step('see', 'find-order', [...new Set(refusal.labels)])],
      };
    case 'order_ended':
      return {
        message: `${refusal.order} is ${refusal.status}; it can not be ${refusal.wanted} any more`,
        next: [step('see', 'show', [refusal.order])],
      };
    case 'operation_not_undoable':
      return {
        message: notUndoable(refusal),
        next: [step('see', 'show', [`operation/${refusal.operation}`])],
      };
    case 'changed_since':
      return changedSince(refusal, sayMoment);
    case 'holder_ended':
      return {
        message: `${refusal.label} was not put back: ${whyNot(refusal)}`,
        next: [step('see', 'show', [refusal.order])],
      };
    case 'order_holds_labels': {
      const { order, status, wanted, labels } = refusal;
      const held = labels === 1 ? '1 label' : `${labels} labels`;
      return {
        message: `${order} stays ${status.replaceAll('_', ' ')}: it would be ${wanted} while it holds ${held}`,
        next: [step('free', 'unreserve', [], ['--order', order])],
      };
    }
    default:
      return assertNever(refusal);
  }
}

type Of<C extends WayBackRefusal['code']> = Extract<WayBackRefusal, { code: C }>;

function unswappable({ labels: [one, other], because }: Of<'nothing_to_swap'>): string {
  switch (because) {
    case 'same_label':
      return `${one} is named twice; swap takes two labels`;
    case 'both_free':
      return `nobody holds ${one} or ${other}, so there is nothing to swap`;
    case 'same_line':
      return `${one} and ${other} are held for the same line, so there is nothing to swap`;
    case 'same_order':
      return `${one} and ${other} are of different items and held for the same order, so there is nothing to swap`;
  }
}

function notUndoable({ operation, verb }: Of<'operation_not_undoable'>): string {
  if (verb === 'ship') return `operation ${operation} shipped stock; shipments are not undone`;
  if (verb === 'import') return `operation ${operation} is an import; import a corrected file instead`;
  return `operation ${operation} (${verb}) changed more than reservations, and is not undone`;
}

function changedSince({ label, order, item, later }: Of<'changed_since'>, sayMoment: SayMoment): Sentence {
  const kind = label === null ? 'order' : 'label';
  const name = label ?? order ?? item ?? '';
  if (later === null) {
    return {
      message: `${name} is not as the history says, and was left as it is`,
      next: [step('see', 'show', [`${kind}/${name}`])],
    };
  }
  const { operation, verb, at, by } = later;
  const first: NextStep[] = ['ship', 'import'].includes(verb)
    ? []
    : [step('undo that first', 'undo', [operation])];
  return {
    message: `${name} was changed since, ${sayMoment(at)} by ${by} (${verb} ${operation}), and was left as it is`,
    next: [step('see', 'show', [`operation/${operation}`]), ...first],
  };
}

function whyNot({ order, line, because, status }: Of<'holder_ended'>): string {
  switch (because) {
    case 'order_not_live':
      return `${order} is ${status} since`;
    case 'line_shipped':
      return `line ${line} of ${order} is shipped in full since`;
    case 'line_of_other_item':
      return `line ${line} of ${order} is of another item since`;
  }
}
