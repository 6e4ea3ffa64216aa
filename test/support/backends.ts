/** Real stores that a Stockroom stands on in tests: fresh, empty, and gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenOptions } from '../../src/storage/sqlite/connection.ts';
import { initSqliteLedger, openSqliteLedger } from '../../src/storage/sqlite/ledger.ts';
import type { Clock } from '../../src/stockroom/clock.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';

/** The day on which every test happens, for expiry. */
export const TODAY = '2026-11-23';

/** Where a store is, as plain data, so that another process can be told. */
export type Address = { readonly kind: 'sqlite'; readonly path: string };

export interface Backend {
  /** A desk of its own on the store: several may be open at once. */
  open(): Promise<Stockroom>;
  /** The time of all desks that `open` gave. */
  readonly clock: ScriptedClock;
  readonly address: Address;
  /** Closes every desk and removes the store. */
  close(): Promise<void>;
}

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

export async function openDesk(address: Address, clock: Clock): Promise<Stockroom> {
  return new LocalStockroom(await openSqliteLedger(address.path, waitingLong()), clock);
}

export const sqliteBackend: MakeBackend = async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'stock.db');
  await initSqliteLedger(path, waitingLong());
  const clock = new ScriptedClock();
  const address: Address = { kind: 'sqlite', path };
  const desks: Stockroom[] = [];
  return {
    clock,
    address,
    async open() {
      const desk = await openDesk(address, clock);
      desks.push(desk);
      return desk;
    },
    async close() {
      for (const desk of desks) await desk.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'earmark-test-'));
}
