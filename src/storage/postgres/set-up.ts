/** What is found when a PostgreSQL server was logged in to: whether earmark can work there, and with which schema. */
import { Fault } from '../../stockroom/fault.ts';
import { SCHEMA } from '../schema-version.ts';
import { allOf, ask, type Connections, type Session } from './connection.ts';
import { sqlState } from './errors.ts';

/** PostgreSQL 14, as `server_version_num` says it. */
const OLDEST_SERVER = 140_000;

interface Facts {
  readonly server: number;
  readonly encoding: string;
  /** The schema that tables are looked for in; null if the search path comes to none. */
  readonly schema: string | null;
}

const FACTS = `
  select current_setting('server_version_num')::integer as server, current_setting('server_encoding') as encoding,
    current_schema() as schema`;

/** The version of earmark's tables, 0 if there are none. Refuses servers that earmark can't work with. */
export async function schemaVersion(session: Session, place: string, deadline: number): Promise<number> {
  const [{ rows }, version] = await allOf([
    ask<Facts & object>(session, { text: FACTS }, deadline),
    versionOfTables(session, place, deadline),
  ]);
  refuseServer(rows[0], place);
  return version;
}

async function versionOfTables(session: Session, place: string, deadline: number): Promise<number> {
  try {
    const statement = { text: 'select max(version) as version from earmark_schema' };
    const { rows } = await ask<{ version: number | null }>(session, statement, deadline);
    return rows[0]?.version ?? 0;
  } catch (error) {
    switch (sqlState(error)) {
      case '42P01':
        return 0;
      case '42703':
        throw new Fault('not_a_database', `${place} has tables of another program where earmark's would be`, {
          cause: error,
        });
      default:
        throw error;
    }
  }
}

function refuseServer(facts: Facts | undefined, place: string): void {
  if (facts === undefined || facts.server < OLDEST_SERVER) {
    const server = Math.floor((facts?.server ?? 0) / 10_000);
    throw new Fault('unsupported_database', `${place} is PostgreSQL ${server}; earmark needs 14 or newer`);
  }
  if (facts.encoding !== 'UTF8') {
    throw new Fault(
      'unsupported_database',
      `${place} has the encoding ${facts.encoding}; earmark needs UTF8`,
    );
  }
}

/** Refuses a schema that this earmark can't work with. */
export function refuseOtherSchema(version: number, { place }: Pick<Connections, 'place'>): void {
  if (version === SCHEMA) return;
  const next = [{ label: 'set up', command: 'earmark init' }];
  if (version === 0)
    throw new Fault('database_not_found', `there is no earmark ledger at ${place} yet`, { next });
  if (version > SCHEMA) {
    const message = `${place} was made by a newer earmark (schema ${version}; this one knows ${SCHEMA}); update earmark`;
    throw new Fault('schema_newer', message);
  }
  throw new Fault('schema_older', `${place} has the older schema ${version}; this earmark needs ${SCHEMA}`, {
    next,
  });
}
