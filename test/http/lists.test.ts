/** Lists over a real port: filters as parameters, pages by cursors, and cursors that were tampered with. */
import { describe, expect, it } from 'vitest';
import type { LabelDocument, Problem } from '../../src/core/index.ts';
import { encodeCursor } from '../../src/http/cursor.ts';
import type { Page } from '../../src/http/wire.ts';
import { bring, intent } from '../support/warehouse.ts';
import { useServer } from './running.ts';

const running = useServer();

async function numbers(path: string): Promise<string[]> {
  const { items } = (await running().get(path)).json<Page<LabelDocument>>();
  return items.map(({ number }) => number);
}

describe('filters', () => {
  it.each([
    ['/v1/labels?item=PAINT', ['P-1', 'P-2', 'P-3']],
    ['/v1/labels?status=depleted,reserved', ['L-4']],
    ['/v1/labels?search=YAR&descending=true', ['L-4', 'L-3']],
    ['/v1/labels?location=hall&bin=A2', ['L-2']],
    ['/v1/labels?expired=true', ['P-3']],
    ['/v1/labels?expired=true&expiredOn=2026-11-22', []],
    ['/v1/labels?item=PAINT&expired=false&sort=expiry', ['P-2', 'P-1']],
    ['/v1/orders?status=draft', ['SO-2']],
    ['/v1/orders?customer=Bolt%20%26%20Co', ['SO-2']],
    ['/v1/orders?dueBy=2026-11-30', ['SO-2']],
    ['/v1/orders?sort=due&limit=2', ['SO-2', 'SO-1']],
    ['/v1/orders?holding=true', []],
    ['/v1/reservations', []],
    ['/v1/shipments', []],
  ])('%s', async (path, expected) => {
    expect(await numbers(path)).toEqual(expected);
  });

  it('of reservations and shipments, by moments and operations', async () => {
    const { room, clock, get } = { ...running(), clock: running().backend.clock };
    await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent({ operation: 'scan/1' }));
    clock.move(1_000);
    await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent({ operation: 'scan/2', actor: 'eve' }));
    const now = clock.now();
    expect(await numbers(`/v1/reservations?before=${now}`)).toEqual(['L-1']);
    expect(await numbers('/v1/reservations?operation=scan')).toEqual(['L-1', 'L-2']);
    expect(await numbers('/v1/reservations?order=SO-1&line=1&by=eve&status=open,draft&item=CABLE')).toEqual([
      'L-2',
    ]);
    await room.ship({ order: 'SO-1' }, intent({ operation: 'van' }));
    const shipped = async (query: string) =>
      (await get(`/v1/shipments?${query}`)).json<Page<{ operation: string }>>().items;
    expect(await shipped(`since=${now}&until=${now + 1}&order=SO-1&label=L-1`)).toMatchObject([
      { operation: 'van' },
    ]);
    expect(await shipped(`until=${now}`)).toEqual([]);
  });
});

describe('pages', () => {
  const many = Array.from({ length: 1_204 }, (_, at) => `Z-${String(at).padStart(4, '0')}`);
  const bringMany = async () => {
    const labels = many.map((number) => ({ number, item: 'CABLE', quantity: 1 }));
    await bring(running().room, { labels }, { atomic: true });
  };

  it('hold 100 rows, or up to 1000, and lead to the end', async () => {
    await bringMany();
    const { get } = running();
    const sizes: number[] = [];
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const page: Page<LabelDocument> = (await get(`/v1/labels?search=z-&limit=500${cursor}`)).json();
      sizes.push(page.items.length);
      seen.push(...page.items.map(({ number }) => number));
      next = page.next;
    }
    expect(sizes).toEqual([500, 500, 204]);
    expect(seen).toEqual(many);
    expect(await numbers('/v1/labels?search=z-')).toEqual(many.slice(0, 100));
    expect(await numbers('/v1/labels?search=z-&limit=1000')).toEqual(many.slice(0, 1000));
  });

  it('that end exactly with the list have no next', async () => {
    const page = (await running().get('/v1/labels?item=PAINT&limit=3')).json<Page<LabelDocument>>();
    expect([page.items.length, page.next]).toEqual([3, null]);
  });
});

describe('a cursor', () => {
  const labels = { list: 'labels', sort: 'created', descending: undefined };
  const raw = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    ['of another list', encodeCursor({ ...labels, list: 'orders' }, ['2026-01-01', 'L-1'])],
    ['of another sort', encodeCursor({ ...labels, sort: 'expiry' }, ['2026-01-01', 'L-1'])],
    ['of the other direction', encodeCursor({ ...labels, descending: true }, ['2026-01-01', 'L-1'])],
    ['without a place', raw(['labels:created'])],
    ['with too many values', raw(['labels:created', 1, 2, 3, 4])],
    ['with an object in it', raw(['labels:created', { a: 1 }, 'L-1'])],
    ['with a fraction', raw(['labels:created', 0.5, 'L-1'])],
    ['that is no list', raw({ labels: 1 })],
    ['that is no base64', '!!!!'],
    ['that is empty', ''],
    ['that is too long', 'A'.repeat(4_001)],
    ['with a quote', encodeCursor(labels, ["' or 1=1 --"])],
    ['of too few values', encodeCursor(labels, ['2026-01-01'])],
    ['of the wrong types', encodeCursor(labels, [5, 6])],
    ['without a number', encodeCursor(labels, ['2026-01-01', null])],
  ])('%s is refused', async (_, cursor) => {
    const reply = await running().get(`/v1/labels?sort=created&cursor=${cursor}`);
    expect([reply.status, reply.json<Problem>().code]).toEqual([400, 'input']);
  });

  it('behind a shipment that never was is refused', async () => {
    const cursor = encodeCursor({ list: 'shipments', sort: undefined, descending: undefined }, ['nobody']);
    expect((await running().get(`/v1/shipments?cursor=${cursor}`)).status).toBe(400);
  });

  it('goes on behind a row that has gone', async () => {
    const cursor = encodeCursor({ list: 'labels', sort: undefined, descending: undefined }, ['L-25']);
    expect(await numbers(`/v1/labels?cursor=${cursor}`)).toEqual(['L-3', 'L-4', 'P-1', 'P-2', 'P-3']);
  });
});
