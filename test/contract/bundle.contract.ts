/** `diagnose --bundle`: what is in the file that a colleague gets, and what is not. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBundle } from '../../src/storage/sqlite/bundle-file.ts';
import { openSqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import type { BundleQuery, Stockroom } from '../../src/stockroom/stockroom.ts';
import { type MakeBackend, waitingLong } from '../support/backends.ts';
import { all, bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

const STALE = 14 * 24 * 3_600_000;

export function bundleContract(make: MakeBackend): void {
  const setting = useStore(make);
  let folder: string;
  let rooms: Stockroom[];
  const file = () => join(folder, 'bundle.db');
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'earmark-bundle-'));
    rooms = [];
    const { room, clock } = setting();
    const deeds = [
      () =>
        room.reserve({ order: 'SO-2', labels: ['L-1', 'L-2', 'L-3', 'P-1'] }, intent({ operation: 'first' })),
      () =>
        room.transfer(
          { labels: ['L-3'], to: { order: 'SO-3', line: 2 } },
          intent({ reason: 'for Acme, by phone' }),
        ),
      () => room.transfer({ labels: ['P-1'], to: { order: 'SO-7' } }, intent()),
      () => room.ship({ order: 'SO-7' }, intent()),
      () => bring(room, { orders: [{ number: 'SO-2', customer: 'Bolt & Sons' }] }),
    ];
    for (const deed of deeds) {
      clock.move(1000);
      await deed();
    }
  });
  afterEach(async () => {
    for (const room of rooms) await room.close();
    rmSync(folder, { recursive: true });
  });

  const write = async (query: Partial<BundleQuery> = {}, overwrite = false) => {
    const made = await setting().room.bundle({ stale: STALE, operation: 'seen', ...query });
    await writeBundle(file(), made, { 'environment EARMARK_ACTOR': 'dana' }, { ...waitingLong(), overwrite });
    return made;
  };
  const open = async (): Promise<Stockroom> => {
    const room = new LocalStockroom(await openSqliteLedger(file(), waitingLong()), setting().clock);
    rooms.push(room);
    return room;
  };
  const withoutCustomers = (document: unknown): unknown => {
    return JSON.parse(
      JSON.stringify(document)
        .replaceAll(/"(customer)":"[^"]*"/g, '"$1":"…"')
        .replaceAll(/for \w+( \d+)?, by phone/g, ''),
    );
  };

  describe('of an order', () => {
    it('shows it as the ledger does', async () => {
      await write({ refs: [{ kind: 'order', name: 'SO-2' }] });
      const room = await open();
      for (const ref of [
        { kind: 'order', name: 'SO-2' },
        { kind: 'label', name: 'L-2' },
      ] as const) {
        const [here, there] = [await setting().room.show(ref), await room.show(ref)];
        // Who else wants or has stock is told of everybody, and the bundle knows only some.
        const own = (view: object) => ({ ...view, stock: [], wanted: [] });
        expect(withoutCustomers(own(there))).toEqual(withoutCustomers(own(here)));
      }
    });

    it('tells its history, and all of that of its labels', async () => {
      await write({ refs: [{ kind: 'order', name: 'SO-2' }] });
      const told = async (room: Stockroom, name: string) => {
        const pages = await all(
          (async function* () {
            for await (const { events } of room.history({ of: { kind: 'label', name } })) yield events;
          })(),
        );
        return pages.map(({ kind, order, operation }) => [kind, order, operation]);
      };
      const room = await open();
      for (const name of ['L-1', 'L-2', 'L-3', 'P-1']) {
        expect(await told(room, name)).toEqual(await told(setting().room, name));
      }
    });

    it('is diagnosed as the ledger is, though much of it is there without its history', async () => {
      const refs = [{ kind: 'order', name: 'SO-2' }] as const;
      await write({ refs });
      const room = await open();
      const there = await setting().room.diagnose({ stale: STALE, operation: 'again', refs });
      const here = await room.diagnose({ stale: STALE, operation: 'again', refs });
      expect(there.problems).toBeGreaterThan(0);
      expect(here.findings.map(({ check, thing }) => [check, thing])).toEqual(
        there.findings.map(({ check, thing }) => [check, thing]),
      );
      // Without names it looks at what it is about, and not at what came along.
      expect((await room.diagnose({ stale: STALE, operation: 'again' })).problems).toBe(there.problems);
    });

    it('holds what was found, and where it came from', async () => {
      const made = await write({ refs: [{ kind: 'order', name: 'SO-2' }] });
      expect(made.about.orders).toContain('SO-2');
      expect(made.diagnosis.findings.map(({ check }) => check)).toContain('surplus-needed');
      expect(made.settings).toMatchObject({ node: process.version, schema: expect.any(String) });
    });
  });

  it('is of what was found, where nothing is named', async () => {
    const made = await write();
    expect(made.about).toEqual({ orders: ['SO-2', 'SO-3'], labels: ['L-1'] });
  });

  describe("customers' names", () => {
    it('are replaced, too, where no order has them any more, and only history knows them', async () => {
      await setting().backend.sql("update orders set customer = 'Quirk Ltd' where number = 'SO-2'");
      const made = await write({ refs: [{ kind: 'order', name: 'SO-2' }] });
      expect(made.diagnosis.findings.map(({ check }) => check)).toContain('history-state');
      const bytes = readFileSync(file(), 'latin1');
      for (const name of ['Quirk', 'Bolt']) expect([name, bytes.includes(name)]).toEqual([name, false]);
    });

    it('are replaced wherever they stand, each by the same other', async () => {
      await write({
        refs: [
          { kind: 'order', name: 'SO-2' },
          { kind: 'order', name: 'SO-1' },
          { kind: 'order', name: 'SO-3' },
        ],
      });
      const bytes = readFileSync(file(), 'latin1');
      for (const name of ['Acme', 'Bolt', 'Dune'])
        expect([name, bytes.includes(name)]).toEqual([name, false]);
      const orders = await all((await open()).orders({}));
      const customers = new Map(orders.map(({ number, customer }) => [number, customer]));
      expect(customers.get('SO-1')).toMatch(/^Customer \d+$/);
      expect(customers.get('SO-3')).toBe(customers.get('SO-1'));
      expect(customers.get('SO-2')).not.toBe(customers.get('SO-1'));
    });

    it('are left as they are if that is asked for', async () => {
      await write({ refs: [{ kind: 'order', name: 'SO-1' }], withCustomers: true });
      const view = await (await open()).show({ kind: 'order', name: 'SO-1' });
      expect(view).toMatchObject({ order: { customer: 'Acme' } });
    });
  });

  it('takes no token along', async () => {
    await setting().backend.sql(
      `insert into tokens (name, owner, role, hash, created_at, created_by) values ('till', 'kim', 'read', '${'5ec'.repeat(22).slice(0, 64)}', 1, 'kim')`,
    );
    await write({ refs: [{ kind: 'order', name: 'SO-2' }] });
    expect(readFileSync(file(), 'latin1').includes('5ec5ec')).toBe(false);
  });

  it('holds rows that are wrong as they are', async () => {
    await setting().backend.sql("update labels set quantity = 1000000 where number = 'L-2'");
    await write({ refs: [{ kind: 'order', name: 'SO-2' }] });
    const { findings } = await (await open()).diagnose({ stale: STALE, operation: 'again' });
    expect(findings).toContainEqual(
      expect.objectContaining({ message: 'L-2 has quantity 1, and history says 50.5' }),
    );
  });

  it('refuses names that nothing has, and a file that is there', async () => {
    const made = await setting().room.bundle({ stale: STALE, operation: 'seen', refs: [{ name: 'SO-99' }] });
    expect(made).toMatchObject({ refusal: { code: 'ref_not_found' }, tables: [] });
    await write();
    await expect(write()).rejects.toMatchObject({ code: 'input' });
    await write({}, true);
  });
}
