/** The PostgreSQL of this run of vitest, for any test that needs one. */
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { inject } from 'vitest';
import type { Ledger } from '../../src/stockroom/ledger.ts';
import { initLedger, openLedger, type PostgresAddress } from './backends.ts';
import { OWNER, type PostgresServer } from './postgres-server.ts';

type Shared = Pick<PostgresServer, 'port' | 'folder'>;
let asked: Promise<Shared> | undefined;

export async function sharedPostgres(): Promise<Shared> {
  asked ??= ask(inject('postgresBroker'));
  return await asked;
}

async function ask(port: number): Promise<Shared> {
  const answer = JSON.parse(await text(createConnection(port, '127.0.0.1'))) as Shared | { error: string };
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

let schemas = 0;
/** A schema with earmark's tables, and ledgers that are open on it and that nobody uses now. */
interface Schema {
  readonly address: PostgresAddress;
  readonly idle: Ledger[];
}

/**
 * Schemas that a test of this process is done with, emptied. Making tables, connecting and preparing statements anew would
 * take most of a short test's time.
 */
const emptied: Schema[] = [];

const TABLES = [
  ...['events', 'reservations', 'shipment_labels', 'shipment_lines', 'shipments'],
  ...['order_lines', 'orders', 'labels', 'items', 'tokens', 'operations'],
];

export interface FreshSchema {
  readonly address: PostgresAddress;
  /** A ledger on it, whose connections may be those of a ledger of an earlier test. */
  ledger(): Promise<Ledger>;
  giveBack(): Promise<void>;
}

/** A schema that nobody else has, with earmark's tables in it, and nothing in them. */
export async function freshSchema(): Promise<FreshSchema> {
  const schema = emptied.pop() ?? (await newSchema());
  const { address, idle } = schema;
  const lent: Ledger[] = [];
  return {
    address,
    async ledger() {
      const ledger = idle.pop() ?? (await openLedger(address));
      lent.push(ledger);
      return keptOpen(ledger);
    },
    async giveBack() {
      await empty(address);
      idle.push(...lent);
      emptied.push(schema);
    },
  };
}

async function newSchema(): Promise<Schema> {
  const address = await freshAddress();
  await initLedger(address);
  return { address, idle: [] };
}

/** The same ledger, but that closing it leaves it open. */
function keptOpen(ledger: Ledger): Ledger {
  return new Proxy(ledger, {
    get(_, name: keyof Ledger) {
      if (name === 'close') return async () => undefined;
      const value = ledger[name];
      return typeof value === 'function' ? value.bind(ledger) : value;
    },
  });
}

let cleaner: pg.Pool | undefined;

/** Nothing checks foreign keys meanwhile, which would take longer than all the rest. */
async function empty({ url, schema }: PostgresAddress): Promise<void> {
  cleaner ??= new pg.Pool({ connectionString: url, max: 1, allowExitOnIdle: true });
  const steps = ['begin', 'set local session_replication_role = replica'];
  steps.push(...TABLES.map((table) => `delete from ${pg.escapeIdentifier(schema)}.${table}`), 'commit');
  await cleaner.query(steps.join('; '));
}

/** Where nothing is yet. What is made there goes with the server. */
export async function freshAddress(): Promise<PostgresAddress> {
  schemas += 1;
  const schema = `test_${process.pid}_${schemas}`;
  return { kind: 'postgres', url: urlOf(await sharedPostgres()), schema };
}

/** Runs `use` on a plain connection, behind earmark's back. */
export async function rawly<T>(
  { url, schema }: PostgresAddress,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

export function urlOf({ port }: Pick<PostgresServer, 'port'>): string {
  return `postgres://${OWNER}@127.0.0.1:${port}/${OWNER}?sslmode=disable`;
}
