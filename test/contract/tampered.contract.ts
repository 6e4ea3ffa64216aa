/** What was changed behind earmark's back, in SQL, and that it is found: by the check, and by a digest. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { MakeBackend } from '../support/backends.ts';
import { all, bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

const ORDER_2 = "(select id from orders where number = 'SO-2')";
const labelId = (number: string) => `(select id from labels where number = '${number}')`;

export function tamperedContract(make: MakeBackend): void {
  const setting = useStore(make);
  let digest: string;

  beforeEach(async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent({ operation: 'first' }));
    await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent({ operation: 'second' }));
    await room.ship({ order: 'SO-2' }, intent({ operation: 'third' }));
    await bring(room, {
      labels: [{ number: 'L-3', location: 'moon' }],
      items: [{ sku: 'PAINT', unit: 'kg' }],
    });
    ({ digest } = await room.proveHistory());
  });

  async function problems() {
    const ledger = await setting().backend.ledger();
    try {
      const found = await all(ledger.history.problems());
      return found.map(({ problem, label, order, line, item, field }) => {
        return [problem, label ?? item ?? order, line, field].filter((part) => part !== null).join(' ');
      });
    } finally {
      await ledger.close();
    }
  }

  it('finds nothing where nobody changed anything', async () => {
    expect(await problems()).toEqual([]);
    expect(await setting().room.proveHistory(digest)).toMatchObject({ refusal: null });
  });

  describe('what is there', () => {
    it.each([
      [
        'a reservation made',
        `insert into reservations select ${labelId('L-3')}, k.id, k.item_id, 1, 'eve', 1
      from order_lines k join orders o on o.id = k.order_id where o.number = 'SO-1' and k.line = 1`,
        ['state_differs L-3 holder'],
      ],
      ['a reservation removed', `delete from reservations`, ['state_differs L-2 holder']],
      ['since changed', `update reservations set since = since - 1`, ['state_differs L-2 holder']],
      ['by changed', `update reservations set "by" = 'eve'`, ['state_differs L-2 holder']],
      ['its operation changed', `update reservations set operation_id = 1`, ['state_differs L-2 holder']],
      ['a quantity', `update labels set quantity = 1 where number = 'L-4'`, ['state_differs L-4 quantity']],
      [
        'a drawn quantity',
        `update labels set quantity = 1 where number = 'L-1'`,
        ['state_differs L-1 quantity'],
      ],
      [
        'a place that changed once',
        `update labels set location = 'sun' where number = 'L-3'`,
        ['state_differs L-3 location'],
      ],
      [
        'an order status',
        `update orders set status = 'open' where number = 'SO-2'`,
        ['state_differs SO-2 status'],
      ],
      [
        'what was shipped',
        `update order_lines set shipped = 0 where order_id = ${ORDER_2} and line = 2`,
        ['state_differs SO-2 2 shipped'],
      ],
      [
        'what was ordered',
        `update order_lines set ordered = 999000000 where order_id = ${ORDER_2} and line = 1`,
        ['state_differs SO-2 1 ordered'],
      ],
      ['an item', `update items set unit = 'g' where sku = 'PAINT'`, ['state_differs PAINT unit']],
    ])('%s', async (_, sql, expected) => {
      await setting().backend.sql(sql);
      expect(await problems()).toEqual(expected);
      // What is true now is no history.
      expect(await setting().room.proveHistory(digest)).toMatchObject({ refusal: null });
    });
  });

  describe('what happened', () => {
    it.each([
      [
        'an event removed',
        `delete from events where kind = 'reserved' and label_id = ${labelId('P-1')}`,
        ['does_not_follow P-1 holder'],
      ],
      [
        'the last event removed',
        `delete from events where kind = 'order_changed'`,
        ['state_differs SO-2 status'],
      ],
      [
        'an event changed',
        `update events set after = '{"quantity":99}' where kind = 'label_changed' and label_id = ${labelId('L-1')}`,
        ['state_differs L-1 quantity'],
      ],
      [
        'a time changed',
        `update events set at = at - 1000000 where kind = 'unreserved' and label_id = ${labelId('P-1')}`,
        ['runs_backwards P-1', 'runs_backwards SO-2'],
      ],
      [
        'a label removed',
        `delete from labels where number = 'P-1'`,
        Array.from({ length: 3 }, () => 'of_nothing_known SO-2 2'),
      ],
      [
        'an operation removed',
        `delete from operations where name = 'first'`,
        ['of_nothing_known L-1 1', 'of_nothing_known P-1 2'],
      ],
      [
        'a first quantity',
        `update labels set first_quantity = 7 where number = 'L-4'`,
        ['state_differs L-4 quantity'],
      ],
      [
        'a first status',
        `update orders set first_status = 'draft' where number = 'SO-8'`,
        ['state_differs SO-8 status'],
      ],
    ])('%s', async (_, sql, expected) => {
      await setting().backend.sql(sql);
      expect(await problems()).toEqual(expected);
      expect(await setting().room.proveHistory(digest)).toMatchObject({
        refusal: { code: 'history_changed' },
      });
    });

    it.each([
      ["update operations set actor = 'eve' where name = 'second'"],
      ["update operations set reason = 'none' where name = 'second'"],
      ["update operations set answer = '{}' where name = 'second'"],
      ['update operations set at = at + 1 where id > 1'],
      ["update labels set recorded_at = recorded_at - 1 where number = 'L-4'"],
      ["update items set operation_id = 2 where sku = 'SCREW'"],
      ['update order_lines set line = 77 where line = 2'],
      ['update shipments set at = at + 1'],
      ['update shipment_lines set quantity = quantity + 1'],
      ['update shipment_labels set remaining = remaining + 1'],
      ['delete from shipment_labels'],
      ["delete from labels where number = 'P-3'"],
      ['delete from events'],
      [
        'insert into shipments (operation_id, order_id, at, "by") values (1, 1, 1, \'eve\'); update shipments set id = 0 where "by" = \'eve\'',
      ],
    ])('only a digest knows: %s', async (sql) => {
      await setting().backend.sql(sql);
      const proof = await setting().room.proveHistory(digest);
      expect(proof).toMatchObject({ digest, refusal: { code: 'history_changed', digest } });
    });
  });
}
