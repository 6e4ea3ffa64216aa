/** Reserving labels for an order's lines (DESIGN rules 1 to 7). */
import type { ReserveAnswer, ReserveResult } from './answers.ts';
import { ChangeSet } from './changes.ts';
import { labelOf, type Occasion, type ReserveCommand } from './commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from './decision.ts';
import { labelDocument, lineDocument, orderDocument, reservationDocument } from './documents.ts';
import {
  type Holder,
  isLive,
  type Label,
  type LabelState,
  type LineState,
  type OrderState,
  outstanding,
} from './model.ts';
import type { Refusal } from './outcomes.ts';
import { plus } from './quantity.ts';

interface Reserve {
  readonly kind: 'reserve';
  readonly state: LabelState;
  readonly line: LineState;
}

type Verdict =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'already'; readonly state: LabelState }
  | Reserve;

/**
 * Decides a reserve. All labels are reserved or none is, unless `keepGoing`; every label's own outcome is reported
 * (DESIGN rule 6). A label on the line that holds it already is a success that changes nothing (rule 7).
 */
export function decideReserve(
  command: ReserveCommand,
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<ReserveAnswer> {
  const order = snapshot.order;
  const { labels, line } = command;
  const refusal = refuseTarget(
    { order: command.order, ...(line === undefined ? {} : { line }) },
    labels,
    snapshot,
  );
  if (refusal !== undefined || order === null) {
    return refusedDecision(occasion, order, refusal === undefined ? [] : [refusal]);
  }
  const verdicts = judgeLabels(command, snapshot, order);
  const refusals = verdicts.flatMap((verdict) => (verdict.kind === 'refused' ? [verdict.refusal] : []));
  if (refusals.length > 0 && (command.keepGoing !== true || refusals.length === verdicts.length)) {
    return refusedDecision(occasion, order, refusals);
  }
  return reserveAll(order, verdicts, refusals, occasion);
}

/** Why no label at all can be reserved for the order, or for the line of it that is named. */
export function refuseTarget(
  target: { readonly order: string; readonly line?: number },
  labels: readonly unknown[],
  { order, near }: Snapshot,
): Refusal | undefined {
  if (order === null)
    return { code: 'order_not_found', order: target.order, near: near.get(target.order) ?? [] };
  if (!isLive(order.status)) return { code: 'order_not_live', order: order.number, status: order.status };
  if (labels.length === 0) return { code: 'no_labels_chosen' };
  if (target.line === undefined) return undefined;
  const line = lineToReserveFor(target.line, order);
  return 'code' in line ? line : undefined;
}

/** A line that was named, if it can take labels. */
export function lineToReserveFor(number: number, order: OrderState): LineState | Refusal {
  const line = order.lines.find((candidate) => candidate.line === number);
  const where = { order: order.number, line: number };
  if (line === undefined)
    return { code: 'line_not_found', ...where, lines: order.lines.map((known) => known.line) };
  if (line.item.tracking !== 'serialized')
    return { code: 'item_not_serialized', ...where, item: line.item.sku };
  if (outstanding(line) <= 0)
    return { code: 'line_already_shipped', ...where, item: line.item.sku, label: null };
  return line;
}

/** One verdict for each label; a label that is named twice is judged once, unless it is asked for on two lines. */
function judgeLabels(command: ReserveCommand, snapshot: Snapshot, order: OrderState): Verdict[] {
  const verdicts: Verdict[] = [];
  const earlier = new Map<number | string, Verdict>();
  for (const choice of command.labels) {
    const text = labelOf(choice);
    const state = snapshot.labels.get(text);
    const identity = state?.label.id ?? text;
    const verdict =
      state === undefined
        ? refused({ code: 'label_not_found', label: text, near: snapshot.near.get(text) ?? [] })
        : judgeLabel(state, order, typeof choice === 'string' ? command.line : choice.line);
    const first = earlier.get(identity);
    if (first === undefined) {
      earlier.set(identity, verdict);
      verdicts.push(verdict);
    } else if (first.kind === 'reserve' && verdict.kind === 'reserve' && first.line.id !== verdict.line.id) {
      verdicts.push(refused(askedForTwice(first, verdict.line, order)));
    } else if (first.kind !== 'refused' && verdict.kind === 'refused') {
      verdicts.push(verdict);
    }
  }
  return verdicts;
}

function askedForTwice({ state, line }: Reserve, other: LineState, order: OrderState): Refusal {
  const { number, item } = state.label;
  const facts = { label: number, item: item.sku, order: order.number };
  return { code: 'line_ambiguous', ...facts, lines: [line.line, other.line], verb: 'reserve' };
}

function judgeLabel(state: LabelState, order: OrderState, lineNumber: number | undefined): Verdict {
  const { label, holder } = state;
  const wanted = lineNumber === undefined ? undefined : lineToReserveFor(lineNumber, order);
  if (wanted !== undefined && 'code' in wanted) return refused(wanted);
  if (holder?.orderId === order.id && (wanted === undefined || holder.lineId === wanted.id)) {
    return { kind: 'already', state };
  }
  const line = lineForLabel(label, order, lineNumber, 'reserve');
  if ('code' in line) return refused(line);
  if (label.quantity === 0) return refused({ code: 'label_depleted', label: label.number });
  if (holder !== null) {
    const facts = { label: label.number, holder: reservationDocument(holder), order: order.number };
    return refused({ code: 'label_reserved_elsewhere', ...facts });
  }
  return { kind: 'reserve', state, line };
}

/** The line of the order that takes the label: the one that is named, else the one that can be found. */
export function lineForLabel(
  label: Label,
  order: OrderState,
  lineNumber: number | undefined,
  verb: 'reserve' | 'transfer',
): LineState | Refusal {
  if (lineNumber === undefined) return findLine(label, order, verb);
  const line = lineToReserveFor(lineNumber, order);
  return 'code' in line ? line : checkLine(label, order, line);
}

/** Without `--line`, a label goes to its item's one line with something outstanding (DESIGN section 4). */
function findLine(label: Label, order: OrderState, verb: 'reserve' | 'transfer'): LineState | Refusal {
  const facts = { label: label.number, item: label.item.sku, order: order.number };
  const ofItem = order.lines.filter(({ item }) => item.id === label.item.id);
  const [first] = ofItem;
  if (first === undefined)
    return { code: 'label_of_other_item', ...facts, line: null, wanted: wantedItems(order) };
  if (first.item.tracking !== 'serialized')
    return { code: 'item_not_serialized', order: order.number, line: first.line, item: first.item.sku };
  const open = ofItem.filter((line) => outstanding(line) > 0);
  const [line] = open;
  if (line === undefined) return { code: 'line_already_shipped', ...facts, line: first.line };
  if (open.length > 1)
    return { code: 'line_ambiguous', ...facts, lines: open.map((candidate) => candidate.line), verb };
  return line;
}

function checkLine(label: Label, order: OrderState, wanted: LineState): LineState | Refusal {
  if (wanted.item.id === label.item.id) return wanted;
  const facts = { label: label.number, item: label.item.sku, order: order.number };
  return { code: 'label_of_other_item', ...facts, line: wanted.line, wanted: [wanted.item.sku] };
}

/** The serialized items that the order still needs labels of. */
function wantedItems(order: OrderState): string[] {
  const open = order.lines.filter((line) => line.item.tracking === 'serialized' && outstanding(line) > 0);
  return [...new Set(open.map(({ item }) => item.sku))];
}

function refused(refusal: Refusal): Verdict {
  return { kind: 'refused', refusal };
}

function refusedDecision(
  occasion: Occasion,
  order: OrderState | null,
  refusals: readonly Refusal[],
): Decision<ReserveAnswer> {
  const answer: ReserveAnswer = {
    ...envelope('reserve', occasion, occasion.now, refusals, []),
    order: order === null ? null : orderDocument(order),
    results: [],
    lines: [],
  };
  return { answer, at: occasion.now, changes: new ChangeSet() };
}

function reserveAll(
  order: OrderState,
  verdicts: readonly Verdict[],
  refusals: readonly Refusal[],
  occasion: Occasion,
): Decision<ReserveAnswer> {
  const changes = new ChangeSet();
  const done = verdicts.filter((verdict) => verdict.kind !== 'refused');
  const at = momentFor(occasion.now, [order, ...done.map(({ state }) => state)]);
  const results: ReserveResult[] = [];
  const touched = new Set<number>();
  const lines = new Map(order.lines.map((line) => [line.id, line]));
  for (const verdict of done) {
    if (verdict.kind === 'already') {
      results.push({ code: 'already_reserved', label: labelDocument(verdict.state, occasion.today) });
      if (verdict.state.holder !== null) touched.add(verdict.state.holder.lineId);
      continue;
    }
    const { label } = verdict.state;
    const holder = newHolder(order, verdict.line, at, occasion);
    changes.reserve(label, order, verdict.line, holder);
    const held: LabelState = { ...verdict.state, holder };
    results.push({ code: 'reserved', label: labelDocument(held, occasion.today) });
    touched.add(verdict.line.id);
    const line = lines.get(verdict.line.id) ?? verdict.line;
    const reserved = plus(line.reserved, label.quantity);
    lines.set(line.id, { ...line, reserved, reservedLabels: line.reservedLabels + 1 });
  }
  const after: OrderState = { ...order, lines: [...lines.values()] };
  const codes = results.map(({ code }) => code);
  const answer: ReserveAnswer = {
    ...envelope('reserve', occasion, at, refusals, codes, true),
    order: orderDocument(after),
    results,
    lines: after.lines.filter(({ id }) => touched.has(id)).map(lineDocument),
  };
  return { answer, at, changes };
}

/** Who holds a label that is reserved now. */
export function newHolder(order: OrderState, line: LineState, at: number, occasion: Occasion): Holder {
  return {
    orderId: order.id,
    order: order.number,
    orderStatus: order.status,
    customer: order.customer,
    lineId: line.id,
    line: line.line,
    since: at,
    by: occasion.by,
    operation: occasion.operation,
  };
}
