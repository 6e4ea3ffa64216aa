/** What `diagnose` finds in rows that were changed, added or deleted by hand, and how they are put back (DESIGN rules 16 and 17). */
import { beforeEach, describe, expect, it } from 'vitest';
import { type CheckName, type RepairStep, sentenceOf } from '../../src/core/index.ts';
import type { Ref } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, intent } from '../support/warehouse.ts';
import { standing } from './standing.ts';
import { useStore } from './setting.ts';

const STALE = 14 * 24 * 3_600_000;

const label = (number: string): string => `(select id from labels where number = '${number}')`;
const order = (number: string): string => `(select id from orders where number = '${number}')`;
const line = (number: string, at: number): string => {
  return `(select id from order_lines where order_id = ${order(number)} and line = ${at})`;
};

export function brokenRowsContract(make: MakeBackend): void {
  const setting = useStore(make);
  const sql = async (statement: string) => await setting().backend.sql(statement);
  const findings = async (check: CheckName, refs?: readonly Ref[]) => {
    const { room } = setting();
    const query = { stale: STALE, operation: 'seen', ...(refs === undefined ? {} : { refs }) };
    const answer = await room.diagnose(query);
    return answer.findings.filter((finding) => finding.check === check);
  };
  const messages = async (check: CheckName) => (await findings(check)).map(({ message }) => message);

  beforeEach(async () => {
    const { room, clock } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-3', 'P-1'] }, intent({ operation: 'first' }));
    clock.move(1000);
    await room.reserve({ order: 'SO-3', labels: ['L-2'], line: 1 }, intent({ operation: 'second' }));
    clock.move(1000);
    await bring(room, {
      items: [{ sku: 'CABLE', name: 'Wire' }],
      labels: [{ number: 'L-1', bin: 'B9' }],
      orders: [{ number: 'SO-1', due: '2026-12-02' }],
    });
    clock.move(1000);
  });

  /** What was done by hand, what is found, and what is done about it. */
  interface Row {
    readonly name: string;
    readonly sql: string;
    readonly says: string;
    readonly step: Partial<RepairStep>;
  }

  const PUT_BACK: readonly Row[] = [
    {
      name: 'a quantity that was changed',
      sql: "update labels set quantity = 7000000 where number = 'L-1'",
      says: 'L-1 has quantity 7, and history says 100',
      step: {
        do: 'put_back',
        thing: { kind: 'label', label: 'L-1' },
        found: { quantity: 7 },
        said: { quantity: 100 },
      },
    },
    {
      name: 'a quantity that was taken from a held label',
      sql: "update labels set quantity = 1000000 where number = 'L-3'",
      says: 'L-3 has quantity 1, and history says 30',
      step: { do: 'put_back', found: { quantity: 1 }, said: { quantity: 30 } },
    },
    {
      name: 'a bin that an import had changed',
      sql: "update labels set bin = 'Z' where number = 'L-1'",
      says: 'L-1 has bin Z, and history says B9',
      step: { do: 'put_back', found: { bin: 'Z' }, said: { bin: 'B9' } },
    },
    {
      name: 'a status that was changed',
      sql: "update orders set status = 'cancelled' where number = 'SO-1'",
      says: 'SO-1 has status cancelled, and history says open',
      step: { do: 'put_back', thing: { kind: 'order', order: 'SO-1' }, said: { status: 'open' } },
    },
    {
      name: 'the status of an order that holds labels',
      sql: "update orders set status = 'closed' where number = 'SO-2'",
      says: 'SO-2 has status closed, and history says draft',
      step: { do: 'put_back', thing: { kind: 'order', order: 'SO-2' }, said: { status: 'draft' } },
    },
    {
      name: 'a due date that an import had changed',
      sql: "update orders set due = null where number = 'SO-1'",
      says: 'SO-1 has due empty, and history says 2026-12-02',
      step: { do: 'put_back', found: { due: null }, said: { due: '2026-12-02' } },
    },
    {
      name: 'what was ordered',
      sql: `update order_lines set ordered = 1000000 where id = ${line('SO-1', 2)}`,
      says: 'SO-1 line 2 has ordered 1, and history says 500',
      step: { do: 'put_back', thing: { kind: 'line', order: 'SO-1', line: 2 }, said: { ordered: 500 } },
    },
    {
      name: 'what was shipped',
      sql: `update order_lines set shipped = 5000000 where id = ${line('SO-2', 1)}`,
      says: 'SO-2 line 1 has shipped 5, and history says 0',
      step: { do: 'put_back', thing: { kind: 'line', order: 'SO-2', line: 1 }, said: { shipped: 0 } },
    },
    {
      name: 'the name of an item that an import had changed',
      sql: "update items set name = 'Rope' where sku = 'CABLE'",
      says: 'CABLE has name Rope, and history says Wire',
      step: { do: 'put_back', thing: { kind: 'item', item: 'CABLE' }, said: { name: 'Wire' } },
    },
    {
      name: 'a reservation that was deleted',
      sql: `delete from reservations where label_id = ${label('L-3')}`,
      says: 'L-3 is held by nobody, and history says by SO-2 line 1',
      step: { do: 'put_back_holder', label: 'L-3', found: null },
    },
    {
      name: 'a reservation that was moved to another line',
      sql: `update reservations set line_id = ${line('SO-3', 2)} where label_id = ${label('L-3')}`,
      says: 'L-3 is held by SO-3 line 2, and history says by SO-2 line 1',
      step: { do: 'put_back_holder', label: 'L-3' },
    },
    {
      name: 'a reservation whose reserver was changed',
      sql: `update reservations set "by" = 'mallory' where label_id = ${label('L-3')}`,
      says: 'L-3 is held by SO-2 line 1, and history says by SO-2 line 1',
      step: { do: 'put_back_holder', label: 'L-3' },
    },
    {
      name: 'a reservation that was added',
      sql: `insert into reservations (label_id, line_id, item_id, since, "by", operation_id)
        select ${label('L-1')}, ${line('SO-1', 1)}, item_id, 1000, 'mallory', operation_id
        from labels where number = 'L-1'`,
      says: 'L-1 is held by SO-1 line 1, and history says by nobody',
      step: { do: 'put_back_holder', label: 'L-1', said: null },
    },
  ];

  describe('finds, puts back and can take back', () => {
    it.each(PUT_BACK)('$name', async ({ sql: statement, says, step }) => {
      const { room } = setting();
      const healthy = await standing(room);
      await sql(statement);
      const broken = await standing(room);
      expect(await messages('history-state')).toEqual([says]);
      const answer = await room.repair({ stale: STALE }, intent({ operation: 'fixed', actor: 'sue' }));
      expect(answer).toMatchObject({ code: 'repaired', left: [] });
      expect(answer.steps).toMatchObject([step]);
      expect(await standing(room)).toEqual(healthy);
      expect(await messages('history-state')).toEqual([]);
      expect(await messages('history-chain')).toEqual([]);
      const fixed = await room.show({ kind: 'operation', name: 'fixed' });
      const events = fixed.kind === 'operation' ? fixed.events : [];
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) {
        expect(event).toMatchObject({ kind: 'restored', verb: 'diagnose', by: 'sue' });
      }
      // The way back leads to what was found, and history knows of it by then.
      const undone = await room.undo({ operation: 'fixed' }, intent({ operation: 'back' }));
      expect(undone).toMatchObject({ code: 'undone', refusals: [] });
      expect(await standing(room)).toEqual(broken);
      expect(await messages('history-state')).toEqual([]);
      expect(await messages('history-chain')).toEqual([]);
      // And the way back can be taken back, too.
      expect((await room.undo({ operation: 'back' }, intent())).code).toBe('undone');
      expect(await standing(room)).toEqual(healthy);
    });

    it('all of it at once, though one hides the other', async () => {
      const { room } = setting();
      const healthy = await standing(room);
      for (const row of PUT_BACK) await sql(row.sql);
      const broken = await standing(room);
      const answer = await room.repair({ stale: STALE }, intent({ operation: 'fixed' }));
      expect(answer.left).toEqual([]);
      expect(await standing(room)).toEqual(healthy);
      expect((await room.undo({ operation: 'fixed' }, intent())).code).toBe('undone');
      expect(await standing(room)).toEqual(broken);
    });
  });

  describe('the way back of a fix leaves alone', () => {
    const fixed = async (statement: string) => {
      await sql(statement);
      const answer = await setting().room.repair({ stale: STALE }, intent({ operation: 'fixed' }));
      expect(answer.code).toBe('repaired');
      setting().clock.move(1000);
    };
    const undo = async () => await setting().room.undo({ operation: 'fixed' }, intent());

    it('a label that was drawn from since', async () => {
      await fixed("update labels set quantity = 7000000 where number = 'L-2'");
      await setting().room.ship({ order: 'SO-3', partial: true }, intent({ operation: 'gone' }));
      const before = await standing(setting().room);
      expect(await undo()).toMatchObject({
        code: 'changed_since',
        refusals: [{ label: 'L-2', later: { operation: 'gone', verb: 'ship' } }],
      });
      expect(await standing(setting().room)).toEqual(before);
    });

    it('a line that has shipped since', async () => {
      await fixed(`update order_lines set ordered = 31000000 where id = ${line('SO-2', 1)}`);
      await setting().room.ship({ order: 'SO-2', partial: true }, intent({ operation: 'gone' }));
      expect(await undo()).toMatchObject({
        code: 'changed_since',
        refusals: [{ order: 'SO-2', later: { operation: 'gone' } }],
      });
    });

    it('an order that would end and holds labels which it got since', async () => {
      await fixed("update orders set status = 'closed' where number = 'SO-1'");
      await setting().room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
      expect(await undo()).toMatchObject({
        code: 'order_holds_labels',
        refusals: [{ order: 'SO-1', status: 'open', wanted: 'closed', labels: 1 }],
      });
    });

    it('an item that an import has changed since', async () => {
      await fixed("update items set name = 'Rope' where sku = 'CABLE'");
      await bring(setting().room, { items: [{ sku: 'CABLE', name: 'Cord' }] });
      const answer = await undo();
      expect(answer).toMatchObject({ code: 'changed_since', refusals: [{ item: 'CABLE' }] });
      expect(answer.refusals.map((refusal) => sentenceOf(refusal, (moment) => moment).message)).toEqual([
        expect.stringMatching(/^CABLE was changed since/),
      ]);
    });

    it('what was changed by hand again', async () => {
      await fixed("update labels set quantity = 7000000 where number = 'L-1'");
      await sql("update labels set quantity = 8000000 where number = 'L-1'");
      expect(await undo()).toMatchObject({
        code: 'changed_since',
        refusals: [{ label: 'L-1', later: null }],
      });
    });
  });

  describe('a rule forbids, and it says so and leaves', () => {
    it('a reservation of an order that has ended since', async () => {
      const { room } = setting();
      await sql(`delete from reservations where label_id = ${label('L-3')}`);
      await room.cancelOrder({ order: 'SO-2' }, intent());
      const answer = await room.repair({ stale: STALE }, intent());
      expect(answer).toMatchObject({
        code: 'nothing_to_repair',
        steps: [],
        left: [{ step: { label: 'L-3' }, reason: 'SO-2 is cancelled, and only live orders hold labels' }],
      });
    });

    it('the end of an order that holds labels by now', async () => {
      const { room } = setting();
      await room.cancelOrder({ order: 'SO-8' }, intent());
      await bring(room, { lines: [{ order: 'SO-8', line: 1, item: 'CABLE', ordered: 10 }] });
      await sql("update orders set status = 'open' where number = 'SO-8'");
      await room.reserve({ order: 'SO-8', labels: ['L-1'] }, intent());
      const answer = await room.repair({ stale: STALE, checks: ['history-state'] }, intent());
      expect(answer.left).toMatchObject([{ reason: 'SO-8 holds 1 label, and only live orders hold labels' }]);
    });

    it('an empty label that is held', async () => {
      const { room } = setting();
      await sql("update labels set quantity = 5000000 where number = 'L-4'");
      await room.reserve({ order: 'SO-1', labels: ['L-4'] }, intent());
      const answer = await room.repair({ stale: STALE, checks: ['history-state'] }, intent());
      expect(answer.left).toMatchObject([
        { reason: 'L-4 is held by SO-1, and an empty label is held by nobody' },
      ]);
    });
  });

  describe('history with a gap', () => {
    beforeEach(async () => {
      const { room, clock } = setting();
      await room.unreserve({ target: { labels: ['L-3'] } }, intent({ operation: 'third' }));
      clock.move(1000);
      await room.reserve({ order: 'SO-3', labels: ['L-3'], line: 2 }, intent({ operation: 'fourth' }));
      await sql(
        `delete from events where label_id = ${label('L-3')} and operation_id = (select id from operations where name = 'third')`,
      );
    });

    it('is found', async () => {
      expect(await messages('history-chain')).toEqual([
        'history of L-3 has a gap: it was held by SO-2 line 1, and operation fourth found nobody',
      ]);
      expect(await messages('history-state')).toEqual([]);
    });

    it('can be settled by writing down that what is there counts', async () => {
      const { room } = setting();
      const before = await standing(room);
      const answer = await room.repair(
        { stale: STALE, checks: ['history-chain'] },
        intent({ operation: 'seen' }),
      );
      expect(answer.steps).toMatchObject([{ do: 'accept', thing: { label: 'L-3' }, field: 'holder' }]);
      expect(await messages('history-chain')).toEqual([]);
      expect(await standing(room)).toEqual(before);
      expect((await setting().events({ label: 'L-3' })).at(-1)).toMatchObject({ kind: 'restored' });
    });

    it('can be settled where nobody holds the label any more', async () => {
      const { room } = setting();
      await room.unreserve({ target: { labels: ['L-3'] } }, intent());
      await room.repair({ stale: STALE, checks: ['history-chain'] }, intent());
      expect(await messages('history-chain')).toEqual([]);
    });
  });

  it('finds an event that was changed, and one that is earlier than what was before it', async () => {
    await sql(
      `update events set before = '{"bin":"A7"}', at = at - 3600000 where label_id = ${label('L-1')}`,
    );
    expect(await messages('history-chain')).toEqual([
      expect.stringMatching(/^history of L-1 runs backwards/),
    ]);
  });

  it('looks at the history of only what is named', async () => {
    await sql("update labels set quantity = 7000000 where number in ('L-1', 'P-2')");
    await sql("update orders set status = 'open' where number = 'SO-2'");
    const named = async (ref: Ref) => (await findings('history-state', [ref])).map(({ message }) => message);
    expect(await messages('history-state')).toHaveLength(3);
    expect(await named({ name: 'L-1' })).toEqual([expect.stringMatching(/^L-1 /)]);
    expect(await named({ name: 'SO-2' })).toEqual([expect.stringMatching(/^SO-2 /)]);
    expect(await named({ name: 'L-3' })).toEqual([]);
    // An order's labels have to do with it, also those that it lost without a trace.
    await sql(`delete from reservations where label_id = ${label('L-3')}`);
    expect(await named({ name: 'SO-2' })).toEqual([
      expect.stringMatching(/^L-3 is held by nobody/),
      expect.stringMatching(/^SO-2 /),
    ]);
  });

  const RULES: readonly (readonly [name: string, sql: string, says: RegExp])[] = [
    [
      'an empty label that is held',
      "update labels set quantity = 0 where number = 'L-3'",
      /^L-3 is empty and held for SO-2$/,
    ],
    [
      'a held label of a standard item',
      "update items set tracking = 'standard' where sku = 'CABLE'",
      /^L-3 is held, and CABLE is a standard item$/,
    ],
    [
      'a label of a standard item',
      "update items set tracking = 'standard' where sku = 'CABLE'",
      /^L-1 is a label of CABLE, which is a standard item$/,
    ],
    [
      'a label that is held for a line of another item',
      `update order_lines set item_id = (select id from items where sku = 'PAINT') where id = ${line('SO-2', 1)}`,
      /^L-3 is held for SO-2 line 1, which is for another item$/,
    ],
    [
      'a scan code that is the number of another label',
      "update labels set code = 'L-2' where number = 'P-2'",
      /^L-2 means two labels: it is the scan code of P-2, and a number$/,
    ],
  ];

  describe('finds rows that break a rule', () => {
    it.each(RULES)('%s', async (_, statement, says) => {
      expect(await messages('rules')).toEqual([]);
      await sql(statement);
      expect(await messages('rules')).toContainEqual(expect.stringMatching(says));
    });

    it('a shipment that drew something else than it shipped', async () => {
      await setting().room.ship({ order: 'SO-2', partial: true }, intent({ operation: 'gone' }));
      expect(await messages('rules')).toEqual([]);
      await sql('update shipment_labels set quantity = quantity - 1000000');
      expect(await messages('rules')).toContainEqual(
        'a shipment of SO-2 (gone) drew something else from labels than it shipped on line 1',
      );
    });
  });

  it('finds an import that has not ended', async () => {
    await sql("update operations set answer = null where verb = 'import'");
    expect(await messages('unfinished-import')).toContainEqual(
      expect.stringMatching(/^import .* by nightly has not ended/),
    );
  });
}
