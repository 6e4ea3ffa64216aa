/** `earmark init`: makes the database, or brings an older one up to date. */
import { printable, SCHEMA_VERSION } from '../../core/index.ts';
import { initSqliteLedger } from '../../storage/sqlite/ledger.ts';
import { SCHEMA } from '../../storage/schema-version.ts';
import { examples, handler, type Define } from '../command.ts';
import { jsonText } from '../json-text.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import type { CommonFlags } from '../settings.ts';

export const define: Define = (command, context, finish) => {
  command.description(
    'make the database, or bring one that an older earmark made up to date; harmless if repeated',
  );
  examples(command, ['earmark init', 'earmark init --db warehouse.db']);
  command.action(
    handler<CommonFlags>(context, finish, async (_, flags) => {
      const path = context.databasePath;
      const before = await initSqliteLedger(path, {
        allowNetwork: context.allowNetwork,
        deadline: context.deadline,
      });
      const outcome = before === 0 ? 'created' : before < SCHEMA ? 'updated' : 'unchanged';
      if (flags.quiet === true) return 0;
      const format = formatOf(context);
      if (isDocument(format)) {
        context.out.line(jsonText({ schemaVersion: SCHEMA_VERSION, verb: 'init', outcome, database: path }));
      } else if (format === 'table' || format === 'wide') {
        const said = { created: 'is ready', updated: 'is up to date now', unchanged: 'was ready already' }[
          outcome
        ];
        context.out.line(`${context.paint.good('✓')} ${printable(path)} ${said}`);
        if (before === 0) context.out.line('  next: earmark import FILE…, or earmark demo to look around');
      } else context.out.line(`${outcome}\t${printable(path)}`);
      return 0;
    }),
  );
};
