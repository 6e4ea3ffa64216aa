/** Health, readiness, and the figures for Prometheus. */
import { describe, expect, it } from 'vitest';
import { openSqliteLedger, type SqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import { version } from '../../src/version.ts';
import { waitingLong } from '../support/backends.ts';
import { intent } from '../support/warehouse.ts';
import { operation, useServer } from './running.ts';

let ledger: SqliteLedger;
const running = useServer(async ({ address }) => {
  ledger = await openSqliteLedger(address.path, waitingLong());
  return { tokens: await ledger.tokens(), counts: async () => await ledger.counts() };
});

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus's text format, read strictly: every line is help, a type, or a sample of a family that was announced. */
function parseMetrics(text: string): Sample[] {
  expect(text.endsWith('\n')).toBe(true);
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (type !== null) types.set(type[1] ?? '', type[2] ?? '');
    if (line.startsWith('#')) {
      expect(line).toMatch(/^# (HELP [a-z_]+ \S.*|TYPE [a-z_]+ (counter|gauge|histogram))$/);
      continue;
    }
    const match = /^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*)\})? (\S+)$/.exec(line);
    expect(match, line).not.toBeNull();
    const [, name = '', inside = '', value = ''] = match ?? [];
    const family = name.replace(/_(bucket|sum|count)$/, '');
    expect(types.has(name) || types.get(family) === 'histogram', name).toBe(true);
    expect(Number.isFinite(Number(value)), line).toBe(true);
    const labels = [...inside.matchAll(/([a-z]+)="((?:[^"\\\n]|\\.)*)"/g)].map(([, key = '', said = '']) => [
      key,
      said,
    ]);
    samples.push({ name, labels: Object.fromEntries(labels), value: Number(value) });
  }
  return samples;
}

async function metrics(): Promise<
  (name: string, labels?: Readonly<Record<string, string>>) => number | undefined
> {
  const reply = await running().get('/metrics');
  expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = parseMetrics(reply.text);
  return (name, labels = {}) =>
    samples.find(
      (each) =>
        each.name === name && Object.entries(labels).every(([key, said]) => each.labels[key] === said),
    )?.value;
}

describe('metrics', () => {
  it('count operations by verb and outcome, and not dry runs', async () => {
    const { post } = running();
    const reserve = async (labels: string[], over = {}) =>
      await post('/v1/reserve', { command: { order: 'SO-1', labels }, ...over }, operation());
    await reserve(['L-1']);
    await reserve(['L-1']);
    await reserve(['L-9']);
    await reserve(['L-9']);
    await reserve(['L-2'], { dryRun: true });
    const value = await metrics();
    const operations = (outcome: string) => value('earmark_operations_total', { verb: 'reserve', outcome });
    expect([operations('reserved'), operations('already_reserved'), operations('label_not_found')]).toEqual([
      1, 1, 2,
    ]);
    expect(value('earmark_http_requests_total', { route: '/v1/reserve', status: '404' })).toBe(2);
  });

  it('tell how long requests took, by route', async () => {
    const { get } = running();
    for (let count = 0; count < 3; count++) await get('/v1/labels');
    const value = await metrics();
    const name = 'earmark_http_request_duration_seconds';
    const route = { route: '/v1/labels', method: 'GET' };
    const buckets = ['0.001', '0.005', '0.05', '1', '30', '+Inf'].map(
      (le) => value(`${name}_bucket`, { ...route, le }) ?? -1,
    );
    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    expect([value(`${name}_count`, route), buckets.at(-1)]).toEqual([3, 3]);
    expect(value(`${name}_sum`, route)).toBeGreaterThan(0);
    expect(value('earmark_http_requests_in_flight')).toBe(1);
  });

  it('tell of the stock, and of the longest held label', async () => {
    const { room, backend } = running();
    await room.reserve({ order: 'SO-1', labels: ['L-1'] }, intent());
    backend.clock.move(5_000);
    await room.reserve({ order: 'SO-1', labels: ['L-2'] }, intent());
    const value = await metrics();
    const labels = ['active', 'reserved', 'depleted'].map((status) => value('earmark_labels', { status }));
    expect(labels).toEqual([4, 2, 1]);
    expect(value('earmark_oldest_reservation_age_seconds')).toBe(5);
    expect(value('earmark_info', { version })).toBe(1);
  });

  it('without a reservation say 0', async () => {
    expect((await metrics())('earmark_oldest_reservation_age_seconds')).toBe(0);
  });

  it('keep addresses that nobody has out of the routes', async () => {
    await running().get('/some/thing?secret=1');
    const value = await metrics();
    expect(value('earmark_http_requests_total', { route: 'none', status: '404' })).toBe(1);
  });
});

describe('health', () => {
  it('says which server this is', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const reply = await running().get(path, { host: '10.1.2.3' });
      expect([reply.status, reply.json()]).toEqual([200, { schemaVersion: 1, earmark: version, api: 1 }]);
      expect(reply.headers['earmark-api']).toBe('1');
    }
  });

  it('is alive but not ready where the database does not answer', async () => {
    const { get, log } = running();
    await ledger.close();
    const reply = await get('/readyz');
    expect([reply.status, reply.json()]).toMatchObject([500, { code: 'unexpected' }]);
    expect(reply.text).not.toMatch(/connection|closed|\.ts/);
    expect(log.at(-1)).toMatchObject({
      route: '/readyz',
      code: 'unexpected',
      error: expect.stringContaining('not open'),
    });
    expect((await get('/healthz')).status).toBe(200);
  });
});
