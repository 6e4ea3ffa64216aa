/**
 * `diagnose --fix` (DESIGN rules 16 and 17): frees what was named and puts back what history says, as one operation. It does
 * exactly the steps that were shown: if anything that they rest on has changed, it does nothing. Where a rule forbids a
 * step, that is said, and the thing is left as it is.
 */
import type { RepairAnswer } from '../answers.ts';
import { ChangeSet, type Fields } from '../changes.ts';
import type { Occasion } from '../commands.ts';
import { type Decision, envelope, momentFor, type Snapshot } from '../decision.ts';
import type { Holder, LabelState } from '../model.ts';
import { Aftermath } from './aftermath.ts';
import { repairText, thingKey } from './repair-plan.ts';
import type { RepairStep } from './repair-step.ts';
import { fieldsOf, holderOf, idsOf, lastEventOf, type Row, rowOf, sameFields } from './rows.ts';

export function decideRepair(
  steps: readonly RepairStep[],
  snapshot: Snapshot,
  occasion: Occasion,
): Decision<RepairAnswer> {
  const plan = repairText(steps);
  if (steps.some((step) => !isAsFound(step, snapshot))) {
    return refusedRepair(occasion, { code: 'plan_stale', order: null });
  }
  const aftermath = new Aftermath(steps, snapshot);
  const left = steps.flatMap((step) => {
    const reason = aftermath.forbids(step);
    return reason === undefined ? [] : [{ step, reason }];
  });
  const done = steps.filter((step) => !left.some((each) => each.step === step));
  const touched = done.flatMap((step) => touchedBy(step, snapshot));
  const at = momentFor(occasion.now, touched);
  const code = done.length > 0 ? 'repaired' : 'nothing_to_repair';
  const answer: RepairAnswer = { ...envelope('diagnose', occasion, at, [], [code]), steps: done, left, plan };
  return { answer, at, changes: changesOf(done, snapshot) };
}

export function refusedRepair(
  occasion: Occasion,
  refusal: RepairAnswer['refusals'][number],
): Decision<RepairAnswer> {
  const shared = envelope('diagnose', occasion, occasion.now, [refusal], []);
  const answer = { ...shared, steps: [], left: [], plan: null };
  return { answer, at: occasion.now, changes: new ChangeSet() };
}

/** Whether what the step was decided on is there still. */
function isAsFound(step: RepairStep, snapshot: Snapshot): boolean {
  switch (step.do) {
    case 'free': {
      const holder = holderOfLabel(step.label, snapshot);
      const { order, line, since } = step;
      return holder?.['order'] === order && holder['line'] === line && holder['since'] === since;
    }
    case 'put_back_holder':
      return snapshot.labels.has(step.label) && sameFields(holderOfLabel(step.label, snapshot), step.found);
    case 'put_back': {
      const row = rowOf(step.thing, snapshot);
      return row !== undefined && sameFields(pick(fieldsOf(row), step.found), step.found);
    }
    case 'accept':
      return rowOf(step.thing, snapshot) !== undefined;
  }
}

function holderOfLabel(label: string, { labels }: Snapshot): Fields | null {
  const state = labels.get(label);
  return state === undefined ? null : holderOf(state);
}

function pick(fields: Fields, like: Fields): Fields {
  return Object.fromEntries(Object.keys(like).map((name) => [name, fields[name] ?? null]));
}

function touchedBy(step: RepairStep, snapshot: Snapshot): { readonly lastEventAt: number | null }[] {
  switch (step.do) {
    case 'free':
      return [labelOf(step.label, snapshot)];
    case 'put_back_holder': {
      const order = snapshot.orders?.get(String(step.said?.['order']));
      return [labelOf(step.label, snapshot), ...(order === undefined ? [] : [order])];
    }
    case 'put_back':
    case 'accept':
      return [{ lastEventAt: lastEventOf(loadedRow(step, snapshot)) }];
  }
}

function labelOf(label: string, { labels }: Snapshot): LabelState {
  const state = labels.get(label);
  if (state === undefined) throw new Error(`label ${label} was not loaded`);
  return state;
}

function loadedRow(step: Extract<RepairStep, { do: 'put_back' | 'accept' }>, snapshot: Snapshot): Row {
  const row = rowOf(step.thing, snapshot);
  if (row === undefined) throw new Error(`${JSON.stringify(step.thing)} was not loaded`);
  return row;
}

/** Rows first, so that a label may be held again by an order that lives again; the fields of one row go together. */
function changesOf(steps: readonly RepairStep[], snapshot: Snapshot): ChangeSet {
  const changes = new ChangeSet();
  const rows = new Map<string, { readonly row: Row; found: Fields; said: Fields }>();
  for (const step of steps) {
    if (step.do !== 'put_back') continue;
    const key = JSON.stringify(thingKey(step.thing));
    const known = rows.get(key) ?? { row: loadedRow(step, snapshot), found: {}, said: {} };
    const [found, said] = [
      { ...known.found, ...step.found },
      { ...known.said, ...step.said },
    ];
    rows.set(key, { ...known, found, said });
  }
  for (const { row, found, said } of rows.values()) changes.putBack(idsOf(row), found, said);
  for (const step of steps) changeHolder(step, snapshot, changes);
  return changes;
}

function changeHolder(step: RepairStep, snapshot: Snapshot, changes: ChangeSet): void {
  switch (step.do) {
    case 'put_back':
      return;
    case 'free': {
      const state = labelOf(step.label, snapshot);
      if (state.holder !== null) changes.unreserve(state, state.holder);
      return;
    }
    case 'put_back_holder': {
      const state = labelOf(step.label, snapshot);
      changes.putBackHolder(state, step.said === null ? null : holderSaid(step.said, snapshot));
      return;
    }
    case 'accept': {
      const row = loadedRow(step, snapshot);
      if (step.field === 'holder' && row.kind === 'label') changes.acceptHolder(row.state);
      else {
        const value = { [step.field]: fieldsOf(row)[step.field] ?? null };
        changes.accept(idsOf(row), value);
      }
    }
  }
}

/** The holder that history tells of; that the order and line are there was judged before. */
function holderSaid(said: Fields, { orders }: Snapshot): Holder {
  const order = orders?.get(String(said['order']));
  const line = order?.lines.find((each) => each.line === said['line']);
  if (order === undefined || line === undefined) throw new Error(`${String(said['order'])} was not loaded`);
  return {
    orderId: order.id,
    order: order.number,
    orderStatus: order.status,
    customer: order.customer,
    lineId: line.id,
    line: line.line,
    since: Date.parse(String(said['since'])),
    by: String(said['by']),
    operation: String(said['operation']),
  };
}
