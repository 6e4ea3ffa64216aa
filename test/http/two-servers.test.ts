/** Two servers in front of one PostgreSQL, one of them killed in the middle: nothing is lost, and nothing done twice. */
import { once } from 'node:events';
import { afterAll, expect, it } from 'vitest';
import type { ReserveAnswer } from '../../src/core/index.ts';
import { openServer } from '../../src/http/client/remote-stockroom.ts';
import { Fault } from '../../src/stockroom/fault.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { brokenIn } from '../storage/broken.ts';
import { postgresBackend } from '../support/backends.ts';
import { leaveDesks, openDesk, type Started } from '../support/cli.ts';
import { all, intent, seed, type Stock } from '../support/warehouse.ts';

const LABELS = Array.from({ length: 90 }, (_, at) => `L-${at + 1}`);
const ORDERS = Array.from({ length: 10 }, (_, at) => `SO-${at + 1}`);
const STOCK: Stock = {
  items: [{ sku: 'A' }],
  labels: LABELS.map((number) => ({ number, item: 'A', quantity: 1 })),
  orders: ORDERS.map((number) => ({ number })),
  lines: ORDERS.map((order) => ({ order, line: 1, item: 'A', ordered: 1000 })),
};
/** One server is killed when so many labels have been won. */
const HALF = LABELS.length / 2;

afterAll(leaveDesks);

it('every label has one winner, and every winner holds his label', async () => {
  const store = await postgresBackend();
  const running: Started[] = [];
  try {
    await seed(await store.open(), STOCK);
    const { url, schema } = store.address;
    const desk = await openDesk('none');
    const env = { PGOPTIONS: `-c search_path=${schema}` };
    const addresses: string[] = [];
    for (let at = 0; at < 2; at++) {
      const child = desk.start(['serve', '--port', '0', '--quiet', '--db', url], { env });
      running.push(child);
      addresses.push(String(await once(child.stdout, 'data')).trim());
    }
    const won = await reserveAll(addresses, () => running[0]?.kill('SIGKILL'));
    expect(running[0]?.killed).toBe(true);

    const room = await store.open();
    const held = await all(room.reservations({}));
    expect(held.map(({ number }) => number).sort()).toEqual([...LABELS].sort());
    const holders = new Map(held.map(({ number, reservation }) => [number, reservation]));
    expect([...won.keys()].sort()).toEqual([...LABELS].sort());
    for (const [label, { order, operation }] of won) {
      expect(holders.get(label)).toMatchObject({ order, operation });
    }
    expect(await brokenIn(store.address)).toEqual([]);
  } finally {
    for (const child of running) if (child.exitCode === null) child.kill('SIGKILL');
    await store.close();
  }
}, 120_000);

interface Won {
  readonly order: string;
  readonly operation: string;
}

/** Everybody wants every label. Gives who was told that he has it; `kill` is called half-way. */
async function reserveAll(addresses: readonly string[], kill: () => void): Promise<Map<string, Won>> {
  const won = new Map<string, Won>();
  const clients = await Promise.all(
    addresses.map(async (url) => await openServer({ url, token: undefined }, { timeout: 20_000 })),
  );
  const worker = async (order: string, at: number): Promise<void> => {
    for (const label of LABELS) {
      const operation = `${order}-${label}`;
      const answer = await untilAnswered(clients, at % clients.length, order, label, operation);
      if (answer.code !== 'reserved') {
        expect(answer.code).toBe('label_reserved_elsewhere');
        continue;
      }
      expect(won.has(label), `${label} was won twice`).toBe(false);
      won.set(label, { order, operation });
      if (won.size === HALF) kill();
    }
  };
  try {
    await Promise.all(ORDERS.map(worker));
  } finally {
    for (const client of clients) await client.close();
  }
  return won;
}

/** Servers that nobody needs to ask again. */
const gone = new Set<Stockroom>();

/** Asks one server, and where it is gone, the other one with the same operation id. */
async function untilAnswered(
  clients: readonly Stockroom[],
  first: number,
  order: string,
  label: string,
  operation: string,
): Promise<ReserveAnswer> {
  for (let tries = 0; ; tries++) {
    const client = clients[(first + tries) % clients.length];
    if (client === undefined) throw new Error('there is no server');
    if (gone.has(client)) continue;
    try {
      return await client.reserve({ order, labels: [label] }, intent({ operation, actor: order }));
    } catch (error) {
      const isGone = error instanceof Fault && ['server_down', 'outcome_unknown'].includes(error.code);
      if (!isGone || tries > 3) throw error;
      gone.add(client);
    }
  }
}
