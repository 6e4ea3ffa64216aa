/**
 * The one sentence of each refusal, and what to type next (DESIGN sections 4 and 7). Keys come from data: whoever prints
 * a sentence passes it through `printable` first.
 */
import { assertNever } from './model.ts';
import type { Refusal } from './outcomes.ts';
import {
  didYouMean,
  holderPhrase,
  insteadPhrase,
  listed,
  type NextStep,
  type SayMoment,
  type Sentence,
  step,
} from './phrases.ts';
import { formatDecimal } from './quantity.ts';
import { isWayBack, type WayBackRefusal, wayBackSentence } from './way-back-sentences.ts';

export function sentenceOf(refusal: Refusal, sayMoment: SayMoment): Sentence {
  if (isWayBack(refusal)) return wayBackSentence(refusal, sayMoment);
  switch (refusal.code) {
    case 'order_not_found':
      return {
        message: `no order ${refusal.order}${then(refusal, sayMoment)}${didYouMean(refusal.near)}`,
        next: sinceThen(
          refusal,
          refusal.order,
          step('list', 'list', ['orders'], ['--search', refusal.order]),
        ),
      };
    case 'order_not_live':
      return {
        message: `${refusal.order} is ${refusal.status}; only draft, open and partially shipped orders hold or ship stock`,
        next: [step('see', 'show', [refusal.order])],
      };
    case 'no_labels_chosen':
      return { message: 'no labels were named', next: [step('list', 'list', ['labels'])] };
    case 'line_not_found':
      return {
        message: `${refusal.order} has no line ${refusal.line}; it has ${listed(refusal.lines.map(String), 'no lines')}`,
        next: [step('see', 'show', [refusal.order])],
      };
    case 'item_not_serialized':
      return {
        message: `line ${refusal.line} of ${refusal.order} is for ${refusal.item}, a standard item: it ships by quantity, without labels`,
        next: [step('see', 'show', [refusal.order])],
      };
    case 'line_already_shipped':
      return {
        message: `line ${refusal.line} of ${refusal.order} (${refusal.item}) is shipped in full${refusal.label === null ? '' : `; ${refusal.label} was not reserved`}`,
        next: [step('see', 'show', [refusal.order])],
      };
    case 'label_not_found':
      return {
        message: `no label ${refusal.label}${then(refusal, sayMoment)}${didYouMean(refusal.near)}`,
        next: sinceThen(
          refusal,
          refusal.label,
          step('list', 'list', ['labels'], ['--search', refusal.label]),
        ),
      };
    default:
      return labelSentence(refusal, sayMoment);
  }
}

type LabelRefusal = Exclude<
  Refusal,
  | WayBackRefusal
  | {
      code:
        | 'order_not_found'
        | 'order_not_live'
        | 'no_labels_chosen'
        | 'line_not_found'
        | 'item_not_serialized'
        | 'line_already_shipped'
        | 'label_not_found';
    }
>;

function labelSentence(refusal: LabelRefusal, sayMoment: SayMoment): Sentence {
  switch (refusal.code) {
    case 'label_of_other_item': {
      const where = refusal.line === null ? refusal.order : `line ${refusal.line} of ${refusal.order}`;
      return {
        message: `${refusal.label} is of item ${refusal.item}; ${where} asks for ${listed(refusal.wanted, 'no more labels')}`,
        next: [step('see', 'show', [refusal.order])],
      };
    }
    case 'line_ambiguous':
      return {
        message: `${refusal.label} (${refusal.item}) fits lines ${listed(refusal.lines.map(String), '')} of ${refusal.order}; say which one`,
        next: refusal.lines.slice(0, 2).map((line) => {
          return refusal.verb === 'transfer'
            ? step('transfer', 'transfer', [refusal.label], ['--to', `${refusal.order}:${line}`])
            : step('reserve', 'reserve', [refusal.order, refusal.label], ['--line', String(line)]);
        }),
      };
    case 'label_depleted':
      return { message: `${refusal.label} is empty`, next: [step('see', 'show', [refusal.label])] };
    case 'label_reserved_elsewhere':
      return {
        message: `${refusal.label} is reserved for ${holderPhrase(refusal.holder, sayMoment)}${insteadPhrase(refusal.instead)}`,
        next: [
          step('see', 'show', [refusal.label]),
          step('free', 'unreserve', [refusal.label], ['--expect-order', refusal.holder.order]),
          ...(refusal.instead ?? [])
            .slice(0, 1)
            .map(({ label }) => step('instead', 'reserve', [refusal.order, label])),
        ],
      };
    case 'operation_not_found':
      return {
        message: `no operation ${refusal.operation}${then(refusal, sayMoment)}`,
        next: sinceThen(
          refusal,
          `operation/${refusal.operation}`,
          step('list', 'list', ['reservations'], ['--output', 'wide']),
        ),
      };
    case 'ref_not_found':
      return {
        message: `no order, label or operation ${refusal.ref}${then(refusal, sayMoment)}${didYouMean(refusal.near)}`,
        next: [step('list', 'list', ['orders'], ['--search', refusal.ref])],
      };
    case 'ref_ambiguous':
      return {
        message: `${refusal.ref} is the name of ${refusal.kinds.length} things; say which one`,
        next: refusal.kinds.map((kind) => step(kind, 'show', [`${kind}/${refusal.ref}`])),
      };
    case 'history_changed':
      return {
        message: 'history is not what it was when the digest was taken: someone has changed the past',
        next: [step('see', 'history', [])],
      };
    default:
      return shipSentence(refusal, sayMoment);
  }
}

/** What came in later has a history; for what never did there are lists. */
function sinceThen(
  { recordedAt }: { readonly recordedAt?: string },
  name: string,
  list: NextStep,
): NextStep[] {
  return [recordedAt === undefined ? list : step('see', 'history', [name])];
}

/** As of when something was not there, and when it came, if it did. */
function then(
  { asOf, recordedAt }: { readonly asOf?: string; readonly recordedAt?: string },
  sayMoment: SayMoment,
): string {
  if (asOf === undefined) return '';
  const came = recordedAt === undefined ? '' : `; it came in ${sayMoment(recordedAt)}`;
  return ` as of ${sayMoment(asOf)}${came}`;
}

type ShipRefusal = Extract<
  Refusal,
  { code: 'nothing_to_ship' | 'line_short' | 'label_expired' | 'plan_stale' | 'operation_id_reused' }
>;

function shipSentence(refusal: ShipRefusal, sayMoment: SayMoment): Sentence {
  switch (refusal.code) {
    case 'nothing_to_ship':
      return {
        message: `${refusal.order} has nothing to ship: nothing is outstanding, or nothing is reserved for what is`,
        next: [step('see', 'show', [refusal.order])],
      };
    case 'line_short': {
      const lines = refusal.lines.map(({ line, item, unit, needed, reserved, missing }) => {
        const amounts = `${formatDecimal(needed)} needed, ${formatDecimal(reserved)} reserved`;
        const rest = unit === 'each' ? formatDecimal(missing) : `${formatDecimal(missing)} ${unit}`;
        return `line ${line} (${item}): ${amounts}, ${rest} missing`;
      });
      return {
        message: `${refusal.order} is short on ${lines.join('; ')}`,
        next: [
          step('reserve what there is', 'reserve', [refusal.order], ['--auto', '--keep-going']),
          step('ship the rest', 'ship', [refusal.order], ['--partial']),
        ],
      };
    }
    case 'label_expired': {
      const labels = refusal.labels.map(({ label, expiry }) => `${label} (${expiry})`);
      return {
        message: `${refusal.order} would ship stock past its expiry: ${listed(labels, '')}`,
        next: [
          step(
            'ship it all the same',
            'ship',
            [refusal.order],
            [...(refusal.partial ? ['--partial'] : []), '--allow-expired'],
          ),
        ],
      };
    }
    case 'plan_stale':
      return {
        message: `${refusal.order ?? 'the stock'} has changed since this was shown; nothing was done`,
        next: [
          refusal.order === null
            ? step('list', 'list', ['reservations'])
            : step('see', 'show', [refusal.order]),
        ],
      };
    case 'operation_id_reused': {
      const differs = refusal.differs === 'actor' ? 'by another person' : 'with another request';
      const when = `${sayMoment(refusal.at)} by ${refusal.by}`;
      return {
        message: `operation id ${refusal.operation} was used ${differs}, ${when}; choose another id`,
        next: [step('see', 'show', [`operation/${refusal.operation}`])],
      };
    }
    default:
      return assertNever(refusal);
  }
}
