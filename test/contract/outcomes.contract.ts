/** One row for each outcome that a verb can have: how it is reached, and the facts that it must carry. */
import { describe, expect, it } from 'vitest';
import {
  type ChangeAnswer,
  type FindAnswer,
  type LabelChoice,
  OUTCOMES,
  PRECEDENCE,
  type Refusal,
  sentenceOf,
  type Verb,
} from '../../src/core/index.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, everything, intent } from '../support/warehouse.ts';
import { type Setting, useStore } from './setting.ts';

type Answer = ChangeAnswer | FindAnswer;

interface Case {
  readonly given?: (setting: Setting) => Promise<unknown>;
  readonly when: (setting: Setting) => Promise<Answer>;
  /** What the first refusal says; for a success what the answer holds. */
  readonly expected: object;
}

type Cases = { readonly [V in Verb]: { readonly [C in (typeof PRECEDENCE)[V][number]]: Case } };

const USED = 'a-used-id';
const DAY = 24 * 3_600_000;
const holder = { order: 'SO-2', line: 1, customer: 'Bolt & Co', by: 'dana' };

async function hold({ room }: Setting, order: string, ...labels: LabelChoice[]): Promise<void> {
  const answer = await room.reserve({ order, labels }, intent());
  if (!answer.ok) throw new Error(`not held: ${answer.code}`);
}

/** What `cancel` and `close` refuse alike; `from` is an order that has ended in the other way. */
function endCases(verb: 'cancelOrder' | 'closeOrder', { to, from }: { to: string; from: string }) {
  return {
    operation_id_reused: {
      given: ({ room }: Setting) => room[verb]({ order: 'SO-1' }, intent({ operation: USED })),
      when: ({ room }: Setting) => room[verb]({ order: 'SO-2' }, intent({ operation: USED })),
      expected: { operation: USED, by: 'dana', differs: 'request' },
    },
    order_not_found: {
      when: ({ room }: Setting) => room[verb]({ order: 'SO-11' }, intent()),
      expected: { order: 'SO-11', near: ['SO-1'] },
    },
    order_ended: {
      when: ({ room }: Setting) => room[verb]({ order: from }, intent()),
      expected: { order: from, wanted: to },
    },
    plan_stale: {
      given: (setting: Setting) => hold(setting, 'SO-1', 'L-1'),
      when: async (setting: Setting) => {
        const seen = await setting.room[verb]({ order: 'SO-1' }, intent({ dryRun: true }));
        await hold(setting, 'SO-1', 'L-2');
        return await setting.room[verb]({ order: 'SO-1', plan: seen.plan ?? '' }, intent());
      },
      expected: { order: 'SO-1' },
    },
  };
}

const CASES: Cases = {
  reserve: {
    operation_id_reused: {
      given: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: USED })),
      when: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent({ operation: USED })),
      expected: { operation: USED, by: 'dana', differs: 'request' },
    },
    order_not_found: {
      when: ({ room }) => room.reserve({ order: 'so1', labels: ['L-1'] }, intent()),
      expected: { order: 'so1', near: ['SO-1'] },
    },
    order_not_live: {
      when: ({ room }) => room.reserve({ order: 'SO-5', labels: ['L-1'] }, intent()),
      expected: { order: 'SO-5', status: 'closed' },
    },
    no_labels_chosen: {
      when: ({ room }) => room.reserve({ order: 'SO-1', labels: [] }, intent()),
      expected: {},
    },
    line_not_found: {
      when: ({ room }) => room.reserve({ order: 'SO-1', line: 9, labels: ['L-1'] }, intent()),
      expected: { order: 'SO-1', line: 9, lines: [1, 2] },
    },
    item_not_serialized: {
      when: ({ room }) => room.reserve({ order: 'SO-1', line: 2, labels: ['L-1'] }, intent()),
      expected: { order: 'SO-1', line: 2, item: 'SCREW' },
    },
    line_already_shipped: {
      when: ({ room }) => room.reserve({ order: 'SO-7', labels: ['L-1'] }, intent()),
      expected: { order: 'SO-7', line: 1, item: 'CABLE', label: 'L-1' },
    },
    line_short: {
      given: (setting) => hold(setting, 'SO-3', { label: 'L-1', line: 1 }),
      when: ({ room }) => room.reserveAutomatically({ order: 'SO-1', strategy: 'fifo' }, intent()),
      expected: {
        order: 'SO-1',
        lines: [{ line: 1, item: 'CABLE', unit: 'm', needed: 120, reserved: 80.5, missing: 39.5 }],
      },
    },
    label_not_found: {
      when: ({ room }) => room.reserve({ order: 'SO-1', labels: ['l-1'] }, intent()),
      expected: { label: 'l-1', near: ['L-1'] },
    },
    label_of_other_item: {
      when: ({ room }) => room.reserve({ order: 'SO-1', labels: ['P-1'] }, intent()),
      expected: { label: 'P-1', item: 'PAINT', order: 'SO-1', line: null, wanted: ['CABLE'] },
    },
    line_ambiguous: {
      when: ({ room }) => room.reserve({ order: 'SO-3', labels: ['L-1'] }, intent()),
      expected: { label: 'L-1', item: 'CABLE', order: 'SO-3', lines: [1, 2], verb: 'reserve' },
    },
    label_depleted: {
      when: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-4'] }, intent()),
      expected: { label: 'L-4' },
    },
    label_reserved_elsewhere: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent()),
      expected: { label: 'L-1', order: 'SO-1', holder },
    },
    reserved: {
      when: ({ room }) => room.reserve({ order: 'SO-1', labels: ['C-1'] }, intent()),
      expected: { results: [{ code: 'reserved', label: { number: 'L-1', status: 'reserved' } }] },
    },
    already_reserved: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent()),
      expected: { results: [{ code: 'already_reserved', label: { number: 'L-1', status: 'reserved' } }] },
    },
  },
  unreserve: {
    operation_id_reused: {
      given: ({ room }) => room.unreserve({ target: { labels: ['L-1'] } }, intent({ operation: USED })),
      when: ({ room }) => {
        return room.unreserve({ target: { labels: ['L-1'] } }, intent({ operation: USED, actor: 'eve' }));
      },
      expected: { operation: USED, by: 'dana', differs: 'actor' },
    },
    order_not_found: {
      when: ({ room }) => room.unreserve({ target: { order: 'SO-11' } }, intent()),
      expected: { order: 'SO-11', near: ['SO-1'] },
    },
    line_not_found: {
      when: ({ room }) => room.unreserve({ target: { order: 'SO-1', line: 3 } }, intent()),
      expected: { order: 'SO-1', line: 3, lines: [1, 2] },
    },
    no_labels_chosen: {
      when: ({ room }) => room.unreserve({ target: { labels: [] } }, intent()),
      expected: {},
    },
    label_not_found: {
      when: ({ room }) => room.unreserve({ target: { labels: ['L-01'] } }, intent()),
      expected: { label: 'L-01', near: ['L-1'] },
    },
    label_reserved_elsewhere: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.unreserve({ target: { labels: ['L-1'] }, expectOrder: 'SO-1' }, intent()),
      expected: { label: 'L-1', order: 'SO-1', holder },
    },
    plan_stale: {
      given: (setting) => hold(setting, 'SO-1', 'L-1', 'L-2'),
      when: ({ room }) => room.unreserve({ target: { order: 'SO-1', plan: ['L-1'] } }, intent()),
      expected: { order: 'SO-1' },
    },
    unreserved: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.unreserve({ target: { labels: ['C-1'] } }, intent()),
      expected: {
        results: [{ code: 'unreserved', label: { number: 'L-1', status: 'active' }, was: holder }],
      },
    },
    not_reserved: {
      when: ({ room }) => room.unreserve({ target: { labels: ['L-1'] } }, intent()),
      expected: {
        results: [{ code: 'not_reserved', label: { number: 'L-1', status: 'active' }, was: null }],
      },
    },
  },
  ship: {
    operation_id_reused: {
      given: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: USED })),
      when: ({ room }) => room.ship({ order: 'SO-1' }, intent({ operation: USED })),
      expected: { operation: USED, by: 'dana', differs: 'request' },
    },
    order_not_found: {
      when: ({ room }) => room.ship({ order: 'OS-1' }, intent()),
      expected: { order: 'OS-1', near: ['SO-1'] },
    },
    already_shipped: {
      when: ({ room }) => room.ship({ order: 'SO-4' }, intent()),
      expected: { order: { number: 'SO-4', status: 'shipped' }, shipment: null },
    },
    order_not_live: {
      when: ({ room }) => room.ship({ order: 'SO-6' }, intent()),
      expected: { order: 'SO-6', status: 'cancelled' },
    },
    label_not_found: {
      when: ({ room }) => room.ship({ order: 'SO-1', from: ['L1'] }, intent()),
      expected: { label: 'L1', near: ['L-1'] },
    },
    label_of_other_item: {
      when: ({ room }) => room.ship({ order: 'SO-1', from: ['P-1'] }, intent()),
      expected: { label: 'P-1', item: 'PAINT', order: 'SO-1', wanted: ['CABLE'] },
    },
    label_depleted: {
      when: ({ room }) => room.ship({ order: 'SO-1', from: ['L-4'] }, intent()),
      expected: { label: 'L-4' },
    },
    label_reserved_elsewhere: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.ship({ order: 'SO-1', from: ['L-1'] }, intent()),
      expected: { label: 'L-1', order: 'SO-1', holder },
    },
    line_short: {
      given: (setting) => hold(setting, 'SO-1', 'L-1'),
      when: ({ room }) => room.ship({ order: 'SO-1' }, intent()),
      expected: {
        order: 'SO-1',
        lines: [{ line: 1, item: 'CABLE', unit: 'm', needed: 120, reserved: 100, missing: 20 }],
      },
    },
    nothing_to_ship: {
      when: ({ room }) => room.ship({ order: 'SO-8' }, intent()),
      expected: { order: 'SO-8' },
    },
    label_expired: {
      given: (setting) => hold(setting, 'SO-7', 'P-3', 'P-1'),
      when: ({ room }) => room.ship({ order: 'SO-7' }, intent()),
      expected: { order: 'SO-7', partial: false, labels: [{ label: 'P-3', expiry: '2026-11-22' }] },
    },
    plan_stale: {
      given: (setting) => hold(setting, 'SO-1', 'L-1', 'L-2'),
      when: async (setting) => {
        const seen = await setting.room.ship({ order: 'SO-1' }, intent({ dryRun: true }));
        await hold(setting, 'SO-1', 'L-3');
        return await setting.room.ship({ order: 'SO-1', plan: seen.plan ?? '' }, intent());
      },
      expected: { order: 'SO-1' },
    },
    shipped: {
      given: (setting) => hold(setting, 'SO-1', 'L-1', 'L-2'),
      when: ({ room }) => room.ship({ order: 'SO-1' }, intent()),
      expected: {
        order: { status: 'shipped' },
        released: [{ number: 'L-2', quantity: 30.5, status: 'active' }],
      },
    },
    partially_shipped: {
      given: (setting) => hold(setting, 'SO-1', 'L-1'),
      when: ({ room }) => room.ship({ order: 'SO-1', partial: true }, intent()),
      expected: { order: { status: 'partially_shipped' }, released: [], kept: [] },
    },
  },
  transfer: {
    operation_id_reused: {
      given: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: USED })),
      when: ({ room }) => {
        return room.transfer({ labels: ['L-1'], to: { order: 'SO-2' } }, intent({ operation: USED }));
      },
      expected: { operation: USED, by: 'dana', differs: 'request' },
    },
    order_not_found: {
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO1' } }, intent()),
      expected: { order: 'SO1', near: ['SO-1'] },
    },
    order_not_live: {
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO-6' } }, intent()),
      expected: { order: 'SO-6', status: 'cancelled' },
    },
    no_labels_chosen: {
      when: ({ room }) => room.transfer({ labels: [], to: { order: 'SO-1' } }, intent()),
      expected: {},
    },
    line_not_found: {
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO-1', line: 9 } }, intent()),
      expected: { order: 'SO-1', line: 9, lines: [1, 2] },
    },
    item_not_serialized: {
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO-1', line: 2 } }, intent()),
      expected: { order: 'SO-1', line: 2, item: 'SCREW' },
    },
    line_already_shipped: {
      given: (setting) => hold(setting, 'SO-1', 'L-1'),
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO-7' } }, intent()),
      expected: { order: 'SO-7', line: 1, item: 'CABLE', label: 'L-1' },
    },
    label_not_found: {
      when: ({ room }) => room.transfer({ labels: ['L-01'], to: { order: 'SO-1' } }, intent()),
      expected: { label: 'L-01', near: ['L-1'] },
    },
    label_of_other_item: {
      given: (setting) => hold(setting, 'SO-2', 'P-1'),
      when: ({ room }) => room.transfer({ labels: ['P-1'], to: { order: 'SO-1' } }, intent()),
      expected: { label: 'P-1', item: 'PAINT', order: 'SO-1', line: null, wanted: ['CABLE'] },
    },
    line_ambiguous: {
      given: (setting) => hold(setting, 'SO-1', 'L-1'),
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO-3' } }, intent()),
      expected: { label: 'L-1', item: 'CABLE', order: 'SO-3', lines: [1, 2], verb: 'transfer' },
    },
    label_depleted: {
      when: ({ room }) => room.transfer({ labels: ['L-4'], to: { order: 'SO-1' } }, intent()),
      expected: { label: 'L-4' },
    },
    label_not_reserved: {
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO-3', line: 2 } }, intent()),
      expected: { label: 'L-1', order: 'SO-3', line: 2 },
    },
    label_reserved_elsewhere: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => {
        return room.transfer({ labels: ['L-1'], to: { order: 'SO-1' }, expectOrder: 'SO-3' }, intent());
      },
      expected: { label: 'L-1', order: 'SO-3', holder },
    },
    plan_stale: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: async (setting) => {
        const { room } = setting;
        const command = { labels: ['L-1'], to: { order: 'SO-1' } };
        const seen = await room.transfer(command, intent({ dryRun: true }));
        await room.transfer({ labels: ['L-1'], to: { order: 'SO-3', line: 1 } }, intent());
        return await room.transfer({ ...command, plan: seen.plan ?? '' }, intent());
      },
      expected: { order: 'SO-1' },
    },
    transferred: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.transfer({ labels: ['C-1'], to: { order: 'SO-3', line: 2 } }, intent()),
      expected: {
        order: { number: 'SO-3' },
        results: [{ code: 'transferred', label: { reservation: { order: 'SO-3', line: 2 } }, was: holder }],
        lines: [
          { order: 'SO-3', line: 2, reserved: 100, surplus: 80 },
          { order: 'SO-2', line: 1, reserved: 0, shortfall: 30 },
        ],
      },
    },
    already_reserved: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.transfer({ labels: ['L-1'], to: { order: 'SO-2' } }, intent()),
      expected: { results: [{ code: 'already_reserved', label: { number: 'L-1' }, was: holder }], lines: [] },
    },
  },
  swap: {
    operation_id_reused: {
      given: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: USED })),
      when: ({ room }) => room.swap({ labels: ['L-1', 'L-2'] }, intent({ operation: USED })),
      expected: { operation: USED, by: 'dana', differs: 'request' },
    },
    label_not_found: {
      when: ({ room }) => room.swap({ labels: ['L-01', 'L-1'] }, intent()),
      expected: { label: 'L-01', near: ['L-1'] },
    },
    nothing_to_swap: {
      when: ({ room }) => room.swap({ labels: ['L-1', 'L-2'] }, intent()),
      expected: { labels: ['L-1', 'L-2'], because: 'both_free' },
    },
    label_reserved_elsewhere: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.swap({ labels: ['L-2', 'L-1'], expectOrders: ['SO-1'] }, intent()),
      expected: { label: 'L-1', order: 'SO-1', holder },
    },
    order_not_live: {
      // A source may end an order that holds labels.
      given: async (setting) => {
        await hold(setting, 'SO-2', 'L-1');
        await bring(setting.room, { orders: [{ number: 'SO-2', status: 'cancelled' }] });
      },
      when: ({ room }) => room.swap({ labels: ['L-1', 'L-2'] }, intent()),
      expected: { order: 'SO-2', status: 'cancelled' },
    },
    label_depleted: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.swap({ labels: ['L-1', 'L-4'] }, intent()),
      expected: { label: 'L-4' },
    },
    label_of_other_item: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.swap({ labels: ['L-1', 'P-1'] }, intent()),
      expected: { label: 'P-1', item: 'PAINT', order: 'SO-2', line: 1, wanted: ['CABLE'] },
    },
    line_ambiguous: {
      given: async (setting) => {
        await bring(setting.room, { lines: [{ order: 'SO-3', line: 3, item: 'PAINT', ordered: 5 }] });
        await hold(setting, 'SO-3', 'P-1');
        await hold(setting, 'SO-2', 'L-1');
      },
      when: ({ room }) => room.swap({ labels: ['L-1', 'P-1'] }, intent()),
      expected: { label: 'L-1', item: 'CABLE', order: 'SO-3', lines: [1, 2], verb: 'transfer' },
    },
    line_already_shipped: {
      given: async (setting) => {
        await hold(setting, 'SO-2', 'L-1', 'L-2');
        await setting.room.ship({ order: 'SO-2', partial: true }, intent());
        await hold(setting, 'SO-1', 'L-3');
      },
      when: ({ room }) => room.swap({ labels: ['L-3', 'L-1'] }, intent()),
      expected: { order: 'SO-2', line: 1, item: 'CABLE', label: null },
    },
    plan_stale: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: async (setting) => {
        const command = { labels: ['L-1', 'L-2'] } as const;
        const seen = await setting.room.swap(command, intent({ dryRun: true }));
        await hold(setting, 'SO-1', 'L-2');
        return await setting.room.swap({ ...command, plan: seen.plan ?? '' }, intent());
      },
      expected: { order: 'SO-2' },
    },
    swapped: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.swap({ labels: ['L-3', 'C-1'], expectOrders: ['SO-2'] }, intent()),
      expected: {
        results: [
          {
            label: { number: 'L-3', status: 'reserved', reservation: { order: 'SO-2', line: 1 } },
            was: null,
          },
          { label: { number: 'L-1', status: 'active', reservation: null }, was: holder },
        ],
        lines: [{ order: 'SO-2', line: 1, reserved: 30, reservedLabels: 1, surplus: 0 }],
      },
    },
  },
  cancel: {
    ...endCases('cancelOrder', { to: 'cancelled', from: 'SO-4' }),
    cancelled: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.cancelOrder({ order: 'SO-2' }, intent()),
      expected: {
        order: { number: 'SO-2', status: 'cancelled', lines: [{ reservedLabels: 0 }, {}] },
        released: [{ label: { number: 'L-1', status: 'active' }, was: holder }],
      },
    },
    already_cancelled: {
      when: ({ room }) => room.cancelOrder({ order: 'SO-6' }, intent()),
      expected: { order: { number: 'SO-6', status: 'cancelled' }, released: [] },
    },
  },
  close: {
    ...endCases('closeOrder', { to: 'closed', from: 'SO-6' }),
    closed: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.closeOrder({ order: 'SO-2' }, intent()),
      expected: {
        order: { number: 'SO-2', status: 'closed', lines: [{ reservedLabels: 0 }, {}] },
        released: [{ label: { number: 'L-1', status: 'active' }, was: holder }],
      },
    },
    already_closed: {
      when: ({ room }) => room.closeOrder({ order: 'SO-5' }, intent()),
      expected: { order: { number: 'SO-5', status: 'closed' }, released: [] },
    },
  },
  undo: {
    operation_id_reused: {
      given: ({ room }) => room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: USED })),
      when: ({ room }) => room.undo({ operation: USED }, intent({ operation: USED })),
      expected: { operation: USED, by: 'dana', differs: 'request' },
    },
    operation_not_found: {
      when: ({ room }) => room.undo({ operation: 'nothing' }, intent()),
      expected: { operation: 'nothing' },
    },
    operation_not_undoable: {
      given: ({ room }) => room.ship({ order: 'SO-3', from: ['L-1'] }, intent({ operation: USED })),
      when: ({ room }) => room.undo({ operation: USED }, intent()),
      expected: { operation: USED, verb: 'ship' },
    },
    changed_since: {
      given: async ({ room }) => {
        await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: USED }));
        await room.transfer({ labels: ['L-1'], to: { order: 'SO-2' } }, intent({ operation: 'later' }));
      },
      when: ({ room }) => room.undo({ operation: USED }, intent()),
      expected: { label: 'L-1', order: null, later: { operation: 'later', verb: 'transfer', by: 'dana' } },
    },
    label_reserved_elsewhere: {
      given: ({ room }) => room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent({ operation: USED })),
      when: ({ room }) => room.undo({ operation: USED, expectOrder: 'SO-1' }, intent()),
      expected: { label: 'L-1', order: 'SO-1', holder },
    },
    holder_ended: {
      given: async (setting) => {
        const { room } = setting;
        await hold(setting, 'SO-1', 'L-1');
        await room.unreserve({ target: { labels: ['L-1'] } }, intent({ operation: USED }));
        await room.closeOrder({ order: 'SO-1' }, intent());
      },
      when: ({ room }) => room.undo({ operation: USED }, intent()),
      expected: { label: 'L-1', order: 'SO-1', line: 1, because: 'order_not_live', status: 'closed' },
    },
    order_holds_labels: {
      given: async (setting) => {
        await setting.room.cancelOrder({ order: 'SO-1' }, intent({ operation: 'ended' }));
        await setting.room.undo({ operation: 'ended' }, intent({ operation: USED }));
        await hold(setting, 'SO-1', 'L-1');
      },
      when: ({ room }) => room.undo({ operation: USED }, intent()),
      expected: { order: 'SO-1', status: 'open', wanted: 'cancelled', labels: 1 },
    },
    plan_stale: {
      given: async ({ room }) => {
        await room.reserve({ order: 'SO-1', labels: ['L-1', 'L-2'] }, intent({ operation: USED }));
      },
      when: async ({ room }) => {
        const seen = await room.undo({ operation: USED }, intent({ dryRun: true }));
        await room.unreserve({ target: { labels: ['L-2'] } }, intent());
        return await room.undo({ operation: USED, plan: seen.plan ?? '' }, intent());
      },
      expected: { order: null },
    },
    undone: {
      given: async (setting) => {
        await hold(setting, 'SO-2', 'L-1');
        setting.clock.move(1000);
        await setting.room.cancelOrder({ order: 'SO-2' }, intent({ operation: USED, actor: 'eve' }));
      },
      when: ({ room }) => room.undo({ operation: USED, expectOrder: 'SO-2' }, intent()),
      expected: {
        operations: [{ id: USED, verb: 'cancel', by: 'eve' }],
        results: [{ code: 'undone', label: { number: 'L-1', reservation: holder }, was: null }],
        orders: [{ code: 'undone', order: { number: 'SO-2', status: 'draft' }, was: 'cancelled' }],
      },
    },
    nothing_to_undo: {
      given: ({ room }) => room.unreserve({ target: { labels: ['L-1'] } }, intent({ operation: USED })),
      when: ({ room }) => room.undo({ operation: USED }, intent()),
      expected: { operations: [{ id: USED, verb: 'unreserve' }], results: [], orders: [] },
    },
  },
  diagnose: {
    operation_id_reused: {
      given: ({ room }) => room.repair({ stale: 1 }, intent({ operation: USED })),
      when: ({ room }) => room.repair({ stale: 2 }, intent({ operation: USED })),
      expected: { operation: USED, by: 'dana', differs: 'request' },
    },
    order_not_found: {
      when: ({ room }) => room.repair({ stale: 1, refs: [{ kind: 'order', name: 'SO-11' }] }, intent()),
      expected: { order: 'SO-11', near: ['SO-1'] },
    },
    label_not_found: {
      when: ({ room }) => room.repair({ stale: 1, refs: [{ kind: 'label', name: 'L-11' }] }, intent()),
      expected: { label: 'L-11', near: ['L-1'] },
    },
    ref_not_found: {
      when: ({ room }) => room.repair({ stale: 1, refs: [{ name: 'nothing' }] }, intent()),
      expected: { ref: 'nothing' },
    },
    ref_ambiguous: {
      given: ({ room }) => bring(room, { orders: [{ number: 'L-1' }] }),
      when: ({ room }) => room.repair({ stale: 1, refs: [{ name: 'L-1' }] }, intent()),
      expected: { ref: 'L-1', kinds: ['order', 'label'] },
    },
    plan_stale: {
      given: (setting) => hold(setting, 'SO-2', 'P-1', 'P-3'),
      when: async ({ room }) => {
        const seen = await room.repair({ stale: DAY }, intent({ dryRun: true }));
        await room.unreserve({ target: { labels: ['P-3'] } }, intent());
        return await room.repair({ stale: DAY, plan: seen.plan ?? '' }, intent());
      },
      expected: { order: null },
    },
    repaired: {
      given: (setting) => hold(setting, 'SO-2', 'P-1', 'P-3'),
      when: ({ room }) => room.repair({ stale: DAY }, intent()),
      expected: { steps: [{ do: 'free', label: 'P-3', because: 'expired-held' }], left: [] },
    },
    nothing_to_repair: {
      when: ({ room }) => room.repair({ stale: DAY }, intent()),
      expected: { steps: [], left: [] },
    },
  },
  find: {
    no_labels_chosen: { when: ({ room }) => room.find([]), expected: {} },
    label_not_found: {
      when: ({ room }) => room.find(['L-1', 'L-11']),
      expected: { label: 'L-11', near: ['L-1'] },
    },
    found: {
      given: (setting) => hold(setting, 'SO-2', 'L-1'),
      when: ({ room }) => room.find(['C-1', 'L-2']),
      expected: {
        results: [
          { number: 'L-1', status: 'reserved', reservation: holder },
          { number: 'L-2', status: 'active', reservation: null },
        ],
      },
    },
  },
};

export function outcomesContract(make: MakeBackend): void {
  describe.each(Object.entries(CASES))('every outcome of %s', (verb, cases) => {
    const setting = useStore(make);

    it('stands in the table, in the order of precedence', () => {
      expect(Object.keys(cases)).toEqual(PRECEDENCE[verb as Verb]);
    });

    it.each(Object.entries(cases as Record<string, Case>))('%s', async (code, { given, when, expected }) => {
      await given?.(setting());
      const before = await everything(setting().room);
      const answer = await when(setting());
      expect(answer).toMatchObject({ verb, code, schemaVersion: 1, dryRun: false });
      const fine = OUTCOMES[code as keyof typeof OUTCOMES].exit === 0;
      expect(answer).toMatchObject({ ok: fine, complete: fine });
      expect(fine ? answer : answer.refusals[0]).toMatchObject(fine ? expected : { code, ...expected });
      expect(answer.operation !== null).toBe(fine && verb !== 'find');
      if (fine) expect(answer.refusals).toEqual([]);
      else for (const refusal of answer.refusals) expectSentence(refusal);
      const changesNothing = !fine || /^(already|not|found)/.test(code);
      // What `plan_stale` changes itself, it changes before it asks.
      if (changesNothing && code !== 'plan_stale') expect(await everything(setting().room)).toEqual(before);
    });
  });
}

function expectSentence(refusal: Refusal): void {
  const { message } = sentenceOf(refusal, (moment) => moment);
  expect(message).toMatch(/^[^\n]+[^.\n]$/);
}
