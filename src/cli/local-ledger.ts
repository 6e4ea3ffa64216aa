/** The database itself, for what is done beside the Stockroom: serving it, and its tokens. */
import type { Ledger } from '../stockroom/ledger.ts';
import type { Context } from './context.ts';

/** Opens the database that the settings name; `what` is named where they name a server instead (`earmark serve`). */
export async function openLocalLedger(context: Context, what: string): Promise<Ledger> {
  const place = context.localPlace(what);
  const { allowNetwork, deadline } = context;
  switch (place.kind) {
    case 'file': {
      const { openSqliteLedger } = await import('../storage/sqlite/ledger.ts');
      return await openSqliteLedger(place.path, { create: false, allowNetwork, deadline });
    }
    case 'postgres': {
      const { openPostgresLedger } = await import('../storage/postgres/ledger.ts');
      return await openPostgresLedger(place.url, { deadline });
    }
  }
}
