/** Whatever is asked in whatever order, by clocks that disagree: the invariants hold after every step. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Answer,
  type Decision,
  type EndCommand,
  firstInPrecedence,
  labelOf,
  OUTCOMES,
  type Occasion,
  outstanding,
  plus,
  type Quantity,
  type ReserveCommand,
  type ShipCommand,
  type StockState,
  type SwapCommand,
  total,
  type TransferCommand,
  type UndoCommand,
  type UnreserveCommand,
  violations,
} from '../../src/core/index.ts';
import { historyProblems } from '../support/model-history.ts';
import { ModelLedger } from '../support/model-ledger.ts';
import { BOLT, type Given, ITEMS, NOON, occasion, PIPE } from '../support/stock.ts';

/** Small numbers and few labels, so that commands get in each other's way all the time. */
const STOCK: Given = {
  orders: {
    'SO-1': { lines: [{ ordered: 5 }, { of: PIPE, ordered: 2 }] },
    'SO-2': { status: 'draft', lines: [{ ordered: 4 }, { of: BOLT, ordered: 9 }, { ordered: 3.5 }] },
    'SO-3': { status: 'partially_shipped', lines: [{ of: PIPE, ordered: 6, shipped: 1.25 }] },
    'SO-4': {
      lines: [
        { of: BOLT, ordered: 1 },
        { ordered: 2, shipped: 2 },
      ],
    },
    'SO-5': { status: 'closed', lines: [{ ordered: 4 }] },
    'SO-6': { status: 'shipped', lines: [{ ordered: 4, shipped: 4 }] },
  },
  labels: {
    'L-1': { quantity: 2, code: '4001', created: '2026-01-01' },
    'L-2': { quantity: 0.000001 },
    'L-3': { quantity: 7.5, expiry: '2026-11-22', holder: 'SO-1/1' },
    'L-4': { quantity: 4, holder: 'SO-2/1' },
    'L-5': { quantity: 3.5, recordedAt: NOON + 50_000 },
    'L-6': { quantity: 0 },
    'L-7': { of: PIPE, quantity: 2.5, code: 'L-70' },
    'L-8': { of: PIPE, quantity: 999_999_999.999999, holder: 'SO-3/1' },
    'L-9': { of: PIPE, quantity: 4, expiry: '2026-11-23' },
    'L-10': { of: BOLT, quantity: 5 },
  },
};

const live = ['SO-1', 'SO-1', 'SO-2', 'SO-2', 'SO-3', 'SO-4'];
const orders = fc.constantFrom(...live, ...live, ...live, 'SO-5', 'SO-6', 'SO-9');
const rolls = ['L-1', '4001', 'L-2', 'L-3', 'L-4', 'L-5'];
const pipes = ['L-7', 'L-70', 'L-8', 'L-9'];
const labels = fc.constantFrom(...rolls, ...rolls, ...pipes, ...pipes, 'L-6', 'L-10', 'L-99');
const lines = fc.constantFrom(1, 1, 2, 2, 3, 4);
const often = fc.constantFrom(true, true, true, false);

const chosen = fc.oneof(
  { weight: 6, arbitrary: labels },
  { weight: 2, arbitrary: fc.record({ label: labels, line: lines }) },
);
const someLabels = fc.array(chosen, { minLength: 1, maxLength: 3 });
const reserves: fc.Arbitrary<ReserveCommand> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ order: orders, labels: someLabels, keepGoing: often }) },
  { weight: 3, arbitrary: fc.record({ order: orders, labels: someLabels, line: lines, keepGoing: often }) },
  { weight: 1, arbitrary: fc.record({ order: orders, labels: fc.array(chosen, { maxLength: 9 }) }) },
);

const freed = fc.oneof(labels, fc.record({ label: labels, expectOrder: orders }));
const target = fc.oneof(
  fc.record({ labels: fc.array(freed, { maxLength: 3 }) }),
  fc.record({ order: orders }),
  fc.record({ order: orders, line: lines }),
);
const unreserves: fc.Arbitrary<UnreserveCommand> = fc.oneof(
  fc.record({ target, keepGoing: often }),
  fc.record({ target, expectOrder: orders, keepGoing: often }),
);

const from = fc.array(labels, { maxLength: 2 });
const ships: fc.Arbitrary<ShipCommand> = fc.oneof(
  fc.record({ order: orders, partial: often, allowExpired: often }),
  fc.record({ order: orders, from, partial: often, allowExpired: often }),
);

const to = fc.oneof(fc.record({ order: orders }), fc.record({ order: orders, line: lines }));
const transferred = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('L-3', 'L-4', 'L-8', 'L-9')) },
  { weight: 2, arbitrary: fc.array(freed, { minLength: 1, maxLength: 3 }) },
);
const transfers: fc.Arbitrary<TransferCommand> = fc.record({ labels: transferred, to, keepGoing: often });
const swaps: fc.Arbitrary<SwapCommand> = fc.record({ labels: fc.tuple(labels, labels) });
const ends: fc.Arbitrary<EndCommand> = fc.record({ order: orders });

/** Steps are operations of two groups, `a/0`, `b/1`, …; an undo takes one of them back, or a whole group. */
const GROUPS = ['a', 'b'] as const;
const groups = fc.constantFrom(...GROUPS);
const undos: fc.Arbitrary<UndoCommand> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ operation: fc.tuple(groups, fc.nat(12)).map(([group, at]) => `${group}/${at}`) }),
  },
  { weight: 2, arbitrary: fc.record({ operation: fc.constantFrom(...GROUPS, 'op-0', 'c') }) },
  { weight: 1, arbitrary: fc.record({ operation: groups, expectOrder: orders }) },
);

type Asked =
  | { readonly verb: 'reserve'; readonly command: ReserveCommand }
  | { readonly verb: 'unreserve'; readonly command: UnreserveCommand }
  | { readonly verb: 'ship'; readonly command: ShipCommand }
  | { readonly verb: 'transfer'; readonly command: TransferCommand }
  | { readonly verb: 'swap'; readonly command: SwapCommand }
  | { readonly verb: 'cancel' | 'close'; readonly command: EndCommand }
  | { readonly verb: 'undo'; readonly command: UndoCommand };

const steps = fc.record({
  asked: fc.oneof(
    { weight: 8, arbitrary: fc.record({ verb: fc.constant('reserve' as const), command: reserves }) },
    { weight: 1, arbitrary: fc.record({ verb: fc.constant('unreserve' as const), command: unreserves }) },
    { weight: 2, arbitrary: fc.record({ verb: fc.constant('ship' as const), command: ships }) },
    { weight: 3, arbitrary: fc.record({ verb: fc.constant('transfer' as const), command: transfers }) },
    { weight: 3, arbitrary: fc.record({ verb: fc.constant('swap' as const), command: swaps }) },
    {
      weight: 1,
      arbitrary: fc.record({ verb: fc.constantFrom('cancel' as const, 'close' as const), command: ends }),
    },
    { weight: 4, arbitrary: fc.record({ verb: fc.constant('undo' as const), command: undos }) },
  ),
  group: groups,
  /** Whether the step is undone at once, and then done again by undoing that. */
  thereAndBack: fc.boolean(),
  /** How far this desk's clock is off. */
  skew: fc.integer({ min: -20_000_000, max: 100_000 }),
  today: fc.constantFrom('2026-11-22', '2026-11-23', '2026-11-24'),
  dryRun: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
});

function ask(ledger: ModelLedger, asked: Asked, when: Occasion): Decision<Answer> {
  switch (asked.verb) {
    case 'reserve':
      return ledger.reserve(asked.command, when);
    case 'unreserve':
      return ledger.unreserve(asked.command, when);
    case 'ship':
      return ledger.ship(asked.command, when);
    case 'transfer':
      return ledger.transfer(asked.command, when);
    case 'swap':
      return ledger.swap(asked.command, when);
    case 'cancel':
    case 'close':
      return ledger.end(asked.verb, asked.command, when);
    case 'undo':
      return ledger.undo(asked.command, when);
  }
}

/** For each item what labels hold and what lines have shipped of it: the stock that can't be lost. */
function stockOf(ledger: ModelLedger): Quantity[] {
  const { labels, orders } = ledger.state();
  const lines = orders.flatMap((order) => order.lines);
  return ITEMS.filter(({ tracking }) => tracking === 'serialized').map(({ id }) => {
    const inLabels = labels.filter(({ label }) => label.item.id === id).map(({ label }) => label.quantity);
    return plus(
      total(inLabels),
      total(lines.filter(({ item }) => item.id === id).map(({ shipped }) => shipped)),
    );
  });
}

/** What a command may free: labels that it names, or those of the order or line that it names. */
function freedBy({ verb, command }: Exclude<Asked, { verb: 'undo' }>): UnreserveCommand['target'] {
  switch (verb) {
    case 'reserve':
      return { labels: [] };
    case 'unreserve':
      return command.target;
    case 'transfer':
    case 'swap':
      return { labels: command.labels };
    case 'ship':
    case 'cancel':
    case 'close':
      return { order: command.order };
  }
}

/** The labels that a command may free; an undo, those that its operation or group touched. */
function mayFree(before: StockState, ledger: ModelLedger, asked: Asked): number[] {
  if (asked.verb === 'undo') {
    const { past } = ledger.snapshot({ operation: asked.command.operation });
    return [...(past?.labels.keys() ?? [])];
  }
  const target = freedBy(asked);
  return before.labels.flatMap(({ label, holder }) => {
    const named =
      'labels' in target
        ? target.labels.map(labelOf).some((text) => text === label.number || text === label.code)
        : holder?.order === target.order && (!('line' in target) || holder.line === target.line);
    return named ? [label.id] : [];
  });
}

function check(ledger: ModelLedger, asked: Asked, when: Occasion): string {
  const before = ledger.state();
  const stock = stockOf(ledger);
  const { answer, changes, at } = ask(ledger, asked, when);
  const after = ledger.state();

  expect(violations(after)).toEqual([]);
  expect(stockOf(ledger)).toEqual(stock);
  expect(changes.freedLabels.filter((id) => !mayFree(before, ledger, asked).includes(id))).toEqual([]);
  expect(at).toBeGreaterThanOrEqual(when.now);
  if (!answer.ok) expect([changes.events, answer.operation]).toEqual([[], null]);
  if (!answer.ok || answer.dryRun) expect(after).toEqual(before);
  expect(answer.complete).toBe(answer.refusals.length === 0);
  expect(answer.ok && answer.complete ? OUTCOMES[answer.code].exit : 0).toBe(0);
  if (answer.refusals.length > 0) {
    expect(answer.code).toBe(
      firstInPrecedence(
        answer.verb,
        answer.refusals.map(({ code }) => code),
      ),
    );
  }
  if (answer.verb === 'ship' && answer.operation !== null && answer.code !== 'already_shipped') {
    const order = after.orders.find(({ number }) => number === answer.order?.number);
    const rest = order?.lines.filter((line) => outstanding(line) > 0) ?? [];
    expect(order?.status).toBe(rest.length === 0 ? 'shipped' : 'partially_shipped');
    expect(answer.code).toBe(order?.status);
  }
  return answer.code;
}

/** The stock without the times of events, which grow also where something comes back. */
function timeless({ labels, orders }: StockState): unknown {
  return [labels, orders].map((states) => states.map(({ lastEventAt: _, ...state }) => state));
}

/** Undoing the last operation gives back exactly the state before it, and undoing that the state after. */
function checkWayBack(ledger: ModelLedger, before: unknown, at: number): void {
  const last = ledger.operations.at(-1);
  const after = timeless(ledger.state());
  const when = occasion({ now: NOON, by: 'frank', operation: `back-${at}` });
  const { answer } = ledger.undo({ operation: last?.id ?? '' }, when);
  expect(violations(ledger.state())).toEqual([]);
  if (last?.verb === 'ship') {
    expect(answer).toMatchObject({ ok: false, code: 'operation_not_undoable' });
    expect(timeless(ledger.state())).toEqual(after);
    return;
  }
  expect(answer).toMatchObject({ ok: true, complete: true });
  expect(timeless(ledger.state())).toEqual(before);
  const again = ledger.undo({ operation: `back-${at}` }, { ...when, operation: `forth-${at}` });
  expect(again.answer).toMatchObject({ code: answer.code, ok: true, complete: true });
  expect(timeless(ledger.state())).toEqual(after);
}

it('keeps every invariant, and changes nothing when the same is asked again', () => {
  const reached = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 30 }), (sequence) => {
      const ledger = new ModelLedger(STOCK);
      for (const [at, { asked, skew, today, dryRun, group, thereAndBack }] of sequence.entries()) {
        const when = occasion({ now: NOON + at * 1000 + skew, today, dryRun, operation: `${group}/${at}` });
        const [before, done] = [timeless(ledger.state()), ledger.operations.length];
        const code = check(ledger, asked, when);
        reached.set(code, (reached.get(code) ?? 0) + 1);
        if (thereAndBack && ledger.operations.length > done) checkWayBack(ledger, before, at);
        const settled = ledger.state();
        // A swap that is asked for again changes the labels back.
        if (asked.verb === 'swap') continue;
        const again = ask(ledger, asked, { ...when, operation: `again-${at}` });
        if (!dryRun) expect(again.changes.events).toEqual([]);
        expect(ledger.state()).toEqual(settled);
      }
      expect(historyProblems(ledger)).toEqual([]);
    }),
    { numRuns: 250 },
  );
  // Commands that never succeed would try nothing.
  const successes = ['reserved', 'already_reserved', 'unreserved', 'partially_shipped', 'shipped'];
  successes.push(
    'transferred',
    'swapped',
    'cancelled',
    'closed',
    'undone',
    'nothing_to_undo',
    'changed_since',
  );
  expect(successes.filter((code) => (reached.get(code) ?? 0) <= 5)).toEqual([]);
});
