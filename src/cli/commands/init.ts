/** `earmark init`: makes the database, or brings an older one up to date. */
import { printable, SCHEMA_VERSION } from '../../core/index.ts';
import { SCHEMA } from '../../storage/schema-version.ts';
import { examples, handler, type Define } from '../command.ts';
import { jsonText } from '../json-text.ts';
import { databaseName, type LocalPlace } from '../place.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import type { CommonFlags } from '../settings.ts';

export const define: Define = (command, context, finish) => {
  command.description(
    'make the database, or bring one that an older earmark made up to date; harmless if repeated',
  );
  examples(command, [
    'earmark init',
    'earmark init --db warehouse.db',
    'earmark init --db postgres://stock@db.example.com/warehouse',
  ]);
  command.action(
    handler<CommonFlags>(context, finish, async (_, flags) => {
      const place = context.localPlace('earmark init');
      const before = await initDatabase(place, context);
      const name = databaseName(place);
      const outcome = before === 0 ? 'created' : before < SCHEMA ? 'updated' : 'unchanged';
      if (flags.quiet === true) return 0;
      const format = formatOf(context);
      if (isDocument(format)) {
        context.out.line(jsonText({ schemaVersion: SCHEMA_VERSION, verb: 'init', outcome, database: name }));
      } else if (format === 'table' || format === 'wide') {
        const said = { created: 'is ready', updated: 'is up to date now', unchanged: 'was ready already' }[
          outcome
        ];
        context.out.line(`${context.paint.good('✓')} ${printable(name)} ${said}`);
        if (before === 0) context.out.line('  next: earmark import FILE…, or earmark demo to look around');
      } else context.out.line(`${outcome}\t${printable(name)}`);
      return 0;
    }),
  );
};

/** Gives the version of the schema that was there before, 0 for none. */
async function initDatabase(
  place: LocalPlace,
  options: { readonly allowNetwork: boolean; readonly deadline: number },
): Promise<number> {
  switch (place.kind) {
    case 'file': {
      const { initSqliteLedger } = await import('../../storage/sqlite/ledger.ts');
      return await initSqliteLedger(place.path, options);
    }
    case 'postgres': {
      const { initPostgresLedger } = await import('../../storage/postgres/ledger.ts');
      return await initPostgresLedger(place.url, options);
    }
  }
}
