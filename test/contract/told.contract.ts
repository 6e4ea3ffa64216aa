/** History as it is read: oldest first, of anything, in pages, with the rows that came in (DESIGN rule 16). */
import { describe, expect, it } from 'vitest';
import type { HistoryQuery } from '../../src/stockroom/queries.ts';
import type { EventDocument } from '../../src/stockroom/stockroom.ts';
import type { MakeBackend } from '../support/backends.ts';
import { bring, intent } from '../support/warehouse.ts';
import { useStore } from './setting.ts';

export function toldContract(make: MakeBackend): void {
  const setting = useStore(make);
  const told = async (query: HistoryQuery): Promise<EventDocument[]> => {
    const events: EventDocument[] = [];
    for await (const page of setting().room.history(query)) events.push(...page.events);
    return events;
  };
  const short = (events: readonly EventDocument[]) => {
    return events.map(({ kind, label, order, line, item }) => {
      return [kind, label ?? item ?? order, ...(line === null ? [] : [line])].join(' ');
    });
  };

  it('tells of a label from its coming in, with what it came in with', async () => {
    const { room, clock } = setting();
    const came = clock.iso();
    clock.move(1000);
    await bring(room, { labels: [{ number: 'L-1', location: 'moon', quantity: 90 }] });
    const wish = intent({ reason: 'rush' });
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, wish);
    const events = await told({ of: { kind: 'label', name: 'L-1' } });
    expect(short(events)).toEqual(['recorded L-1', 'label_changed L-1', 'reserved L-1 1']);
    expect(events[0]).toMatchObject({
      ...{ at: came, verb: 'import', by: 'nightly', order: null, line: null, item: null, before: null },
      after: {
        item: 'CABLE',
        quantity: 100,
        code: 'C-1',
        location: 'hall',
        bin: 'A1',
        created: '2026-01-01',
      },
    });
    expect(events[1]).toMatchObject({
      before: { quantity: 100, location: 'hall' },
      after: { quantity: 90, location: 'moon' },
    });
    expect(events[2]).toMatchObject({ operation: wish.operation, reason: 'rush', by: 'dana' });
  });

  it('tells of an order with its lines and what became of its labels', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent());
    await room.ship({ order: 'SO-2' }, intent());
    expect(short(await told({ of: { kind: 'order', name: 'SO-2' } }))).toEqual([
      ...['recorded SO-2', 'recorded SO-2 1', 'recorded SO-2 2', 'reserved L-1 1', 'reserved P-1 2'],
      ...['label_changed L-1 1', 'label_changed P-1 2', 'line_changed SO-2 1', 'line_changed SO-2 2'],
      ...['unreserved L-1 1', 'unreserved P-1 2', 'order_changed SO-2'],
    ]);
  });

  it('tells of an operation, of a group, and of an import', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent({ operation: 'night/1' }));
    await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent({ operation: 'night/2' }));
    await room.reserve({ order: 'SO-1', labels: ['L-3'] }, intent({ operation: 'nights' }));
    await bring(
      room,
      { items: [{ sku: 'GLUE' }, { sku: 'CABLE', name: 'Wire' }], orders: [{ number: 'SO-9' }] },
      {},
      intent({ operation: 'file' }),
    );
    const of = async (name: string) => short(await told({ of: { kind: 'operation', name } }));
    expect(await of('night/2')).toEqual(['reserved L-2 1']);
    expect(await of('night')).toEqual(['reserved L-1 1', 'reserved L-2 1']);
    expect(await of('nights')).toEqual(['reserved L-3 1']);
    expect(await of('file')).toEqual(['recorded GLUE', 'recorded SO-9', 'item_changed CABLE']);
    expect(await of('nobody')).toEqual([]);
  });

  it('knows what can be asked about', async () => {
    const { room } = setting();
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent({ operation: 'night/1' }));
    const found = { schemaVersion: 1, kind: 'found' };
    expect(await room.subject({ name: 'C-1' })).toEqual({
      ...found,
      subject: { kind: 'label', name: 'L-1' },
    });
    expect(await room.subject({ kind: 'order', name: 'SO-2' })).toMatchObject({ subject: { kind: 'order' } });
    for (const name of ['night/1', 'night']) {
      for (const ref of [{ name }, { kind: 'operation', name } as const]) {
        expect(await room.subject(ref)).toEqual({ ...found, subject: { kind: 'operation', name } });
      }
    }
    expect(await room.subject({ kind: 'order', name: 'night' })).toMatchObject({
      refusal: { code: 'order_not_found' },
    });
    expect(await room.subject({ kind: 'operation', name: 'nigh' })).toMatchObject({
      refusal: { code: 'operation_not_found', operation: 'nigh' },
    });
    expect(await room.subject({ name: 'l2' })).toMatchObject({
      refusal: { code: 'ref_not_found', near: ['L-2'] },
    });
  });

  it('tells everything, rows that came in before what happened to them', async () => {
    const { room, clock } = setting();
    clock.move(1000);
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    clock.move(1000);
    await bring(room, { labels: [{ number: 'L-9', item: 'CABLE', quantity: 1 }] });
    clock.move(1000);
    await room.unreserve({ target: { labels: ['L-1'] } }, intent());
    const events = await told({});
    expect(events.slice(0, 29).every(({ kind }) => kind === 'recorded')).toBe(true);
    expect(short(events.slice(29))).toEqual([...['reserved L-1 1', 'recorded L-9', 'unreserved L-1 1']]);
    const moments = events.map(({ at }) => at);
    expect(moments).toEqual(moments.toSorted());
  });

  describe('goes on where an earlier reading ended', () => {
    const walked = async (query: HistoryQuery, size: number) => {
      const events: EventDocument[] = [];
      let after: string | undefined;
      // Far more pages than there are events; a place that stays where it is must not be walked for ever.
      for (let pages = 0; pages < 500; pages++) {
        const before = events.length;
        const from = after === undefined ? {} : { after };
        for await (const page of setting().room.history({ ...query, ...from, limit: size })) {
          events.push(...page.events);
          after = page.position;
        }
        if (events.length === before) break;
      }
      return events;
    };

    it.each([
      [{}],
      [{ descending: true }],
      [{ of: { kind: 'order', name: 'SO-2' } }],
      [{ of: { kind: 'label', name: 'L-1' }, descending: true }],
    ] as const)('%j', async (query) => {
      const { room, clock } = setting();
      for (let round = 0; round < 4; round++) {
        clock.move(1000);
        await room.reserve({ order: 'SO-2', labels: ['L-1', 'P-1'] }, intent());
        await room.unreserve({ target: { order: 'SO-2' } }, intent());
      }
      const whole = await told(query);
      const upwards = await told({ ...query, descending: false });
      if ('descending' in query) expect(whole).toEqual(upwards.toReversed());
      for (const size of [1, 3, whole.length]) expect(await walked(query, size)).toEqual(whole);
    });
  });

  it('tells of a time', async () => {
    const { room, clock } = setting();
    clock.move(1000);
    const since = clock.now();
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    clock.move(1000);
    await room.reserve({ order: 'SO-2', labels: ['L-2'] }, intent());
    const of = { kind: 'order', name: 'SO-2' } as const;
    expect(short(await told({ of, since }))).toEqual(['reserved L-1 1', 'reserved L-2 1']);
    expect(short(await told({ of, since: since + 1 }))).toEqual(['reserved L-2 1']);
    expect(short(await told({ since, until: since + 1000 }))).toEqual(['reserved L-1 1']);
    expect(short(await told({ of, until: since }))).toEqual([
      'recorded SO-2',
      'recorded SO-2 1',
      'recorded SO-2 2',
    ]);
    expect(short(await told({ since, limit: 1, descending: true }))).toEqual(['reserved L-2 1']);
  });

  it('is followed from its end', async () => {
    const { room } = setting();
    const [end, again] = [await room.historyEnd(), await room.historyEnd()];
    expect(again).toBe(end);
    expect(await told({ after: end })).toEqual([]);
    await room.reserve({ order: 'SO-2', labels: ['L-1'] }, intent());
    const later = await room.historyEnd();
    await room.unreserve({ target: { labels: ['L-1'] } }, intent());
    expect(later).not.toBe(end);
    expect(short(await told({ after: end, upTo: later }))).toEqual(['reserved L-1 1']);
    expect(short(await told({ after: later }))).toEqual(['unreserved L-1 1']);
    expect((await told({ upTo: end })).every(({ kind }) => kind === 'recorded')).toBe(true);
  });

  it('tells of long histories, too', async () => {
    const { room } = setting();
    const labels = Array.from({ length: 1200 }, (_, at) => {
      return { number: `M-${String(at).padStart(4, '0')}`, item: 'CABLE', quantity: 1 };
    });
    await bring(room, { labels });
    await room.reserve({ order: 'SO-1', labels: labels.map(({ number }) => number) }, intent());
    const events = await told({});
    const kinds = (kind: string) =>
      events.filter((event) => event.kind === kind && event.label?.startsWith('M'));
    expect(kinds('recorded').map(({ label }) => label)).toEqual(labels.map(({ number }) => number));
    expect(kinds('reserved').map(({ label }) => label)).toEqual(labels.map(({ number }) => number));
  });
}
