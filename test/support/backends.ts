/** Real stores that a Stockroom stands on in tests: fresh, empty, and gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { OpenOptions } from '../../src/storage/sqlite/connection.ts';
import { initSqliteLedger, openSqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import type { Clock } from '../../src/stockroom/clock.ts';
import type { Ledger } from '../../src/stockroom/ledger.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';

/** The day on which every test happens, for expiry. */
export const TODAY = '2026-11-23';

/** Where a store is, as plain data, so that another process can be told. */
export type Address = SqliteAddress | PostgresAddress;
interface SqliteAddress {
  readonly kind: 'sqlite';
  readonly path: string;
}
export interface PostgresAddress {
  readonly kind: 'postgres';
  readonly url: string;
  readonly schema: string;
}

export interface Backend<A extends Address = Address> {
  /** A desk of its own on the store: several may be open at once. */
  open(): Promise<Stockroom>;
  /** The store itself. Whoever asks for it closes it. */
  ledger(): Promise<Ledger>;
  /** The time of all desks that `open` gave. */
  readonly clock: ScriptedClock;
  readonly address: A;
  /** Changes rows behind earmark's back, as somebody with the database's own shell does: nothing checks foreign keys. */
  sql(statement: string): Promise<void>;
  /** Closes every desk and removes the store. */
  close(): Promise<void>;
}

export type SqliteBackend = Backend<SqliteAddress>;
export type PostgresBackend = Backend<PostgresAddress>;

/** Gives a fresh, empty store. */
export type MakeBackend = () => Promise<Backend>;

/** Stands still until it is told. It starts at the true time, because waits for locks end at true times. */
export class ScriptedClock implements Clock {
  #now = Date.now();

  now(): number {
    return this.#now;
  }

  today(): string {
    return TODAY;
  }

  /** The present as documents say it. */
  iso(): string {
    return new Date(this.#now).toISOString();
  }

  /** Moves on, or back, by milliseconds. */
  move(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** How a file is opened when others may be busy with it. */
export function waitingLong(): OpenOptions {
  return { create: false, allowNetwork: true, deadline: Date.now() + 30_000 };
}

export async function openLedger(address: Address): Promise<Ledger> {
  switch (address.kind) {
    case 'sqlite':
      return await openSqliteLedger(address.path, waitingLong());
    case 'postgres': {
      const { openPostgresLedger } = await import('../../src/storage/postgres/ledger.ts');
      return await openPostgresLedger(address.url, { ...waitingLong(), schema: address.schema });
    }
  }
}

export async function openDesk(address: Address, clock: Clock): Promise<Stockroom> {
  return new LocalStockroom(await openLedger(address), clock);
}

/** Sets a store up. Gives the version of the schema that it had before. */
export async function initLedger(address: Address): Promise<number> {
  switch (address.kind) {
    case 'sqlite':
      return await initSqliteLedger(address.path, waitingLong());
    case 'postgres': {
      const { initPostgresLedger } = await import('../../src/storage/postgres/ledger.ts');
      return await initPostgresLedger(address.url, { ...waitingLong(), schema: address.schema });
    }
  }
}

export async function sqliteBackend(): Promise<SqliteBackend> {
  const folder = temporaryFolder();
  const path = join(folder, 'stock.db');
  await initLedger({ kind: 'sqlite', path });
  return backendAt(
    { kind: 'sqlite', path },
    {
      ledger: async () => await openLedger({ kind: 'sqlite', path }),
      async sql(statement) {
        const db = new Database(path);
        db.pragma('foreign_keys = off');
        db.exec(statement);
        db.close();
      },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    },
  );
}

/** A schema of its own on the PostgreSQL of this run of the tests. */
export async function postgresBackend(): Promise<PostgresBackend> {
  const { freshSchema, rawly } = await import('./postgres-for-tests.ts');
  const { address, ledger, giveBack } = await freshSchema();
  return backendAt(address, {
    ledger,
    async sql(statement) {
      await rawly(address, async (client) => {
        await client.query(`set session_replication_role = replica; ${statement}`);
      });
    },
    remove: giveBack,
  });
}

function backendAt<A extends Address>(
  address: A,
  { ledger, sql, remove }: Pick<Backend, 'ledger' | 'sql'> & { readonly remove: () => Promise<void> },
): Backend<A> {
  const clock = new ScriptedClock();
  const desks: Stockroom[] = [];
  return {
    clock,
    address,
    ledger,
    sql,
    async open() {
      const desk = new LocalStockroom(await ledger(), clock);
      desks.push(desk);
      return desk;
    },
    async close() {
      for (const desk of desks) await desk.close();
      await remove();
    },
  };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'earmark-test-'));
}
