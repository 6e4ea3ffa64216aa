/** The scratch ledger that `prove` races on: a file of its own beside the SQLite one, a schema of its own in PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Ledger } from '../../stockroom/ledger.ts';
import type { LocalPlace } from '../place.ts';

/** Where a scratch ledger is, as plain data, so that a worker process can be told. */
export type ScratchAddress =
  | { readonly kind: 'sqlite'; readonly path: string; readonly allowNetwork: boolean }
  | { readonly kind: 'postgres'; readonly url: string; readonly schema: string };

/** How long opening one waits for locks, in milliseconds. */
const PATIENCE = 60_000;

/** An address in the same place as the data, that nothing has yet. */
export function scratchOf(place: LocalPlace, allowNetwork: boolean): ScratchAddress {
  const unique = randomBytes(6).toString('hex');
  switch (place.kind) {
    case 'file':
      return { kind: 'sqlite', path: `${place.path}.prove-${unique}`, allowNetwork };
    case 'postgres':
      return { kind: 'postgres', url: place.url, schema: `earmark_prove_${unique}` };
  }
}

export async function makeScratch(address: ScratchAddress): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  switch (address.kind) {
    case 'sqlite': {
      const { initSqliteLedger } = await import('../../storage/sqlite/ledger.ts');
      await initSqliteLedger(address.path, { allowNetwork: address.allowNetwork, deadline });
      return;
    }
    case 'postgres': {
      const { makeScratchSchema } = await import('../../storage/postgres/scratch.ts');
      await makeScratchSchema(address.url, address.schema, deadline);
    }
  }
}

export async function openScratch(address: ScratchAddress): Promise<Ledger> {
  const deadline = Date.now() + PATIENCE;
  switch (address.kind) {
    case 'sqlite': {
      const { openSqliteLedger } = await import('../../storage/sqlite/ledger.ts');
      const { path, allowNetwork } = address;
      return await openSqliteLedger(path, { create: false, allowNetwork, deadline });
    }
    case 'postgres': {
      const { openPostgresLedger } = await import('../../storage/postgres/ledger.ts');
      return await openPostgresLedger(address.url, { schema: address.schema, deadline });
    }
  }
}

/** Removes it with everything in it. */
export async function removeScratch(address: ScratchAddress): Promise<void> {
  switch (address.kind) {
    case 'sqlite':
      for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${address.path}${part}`, { force: true });
      return;
    case 'postgres': {
      const { dropScratchSchema } = await import('../../storage/postgres/scratch.ts');
      await dropScratchSchema(address.url, address.schema, Date.now() + PATIENCE);
    }
  }
}
