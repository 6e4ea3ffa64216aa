/** A schema of its own for a ledger that is to go again, such as the one that `prove` races on. */
import pg from 'pg';
import { Connections } from './connection.ts';
import { asFault } from './errors.ts';
import { initPostgresLedger } from './ledger.ts';

/** Makes the schema with earmark's tables in it. `deadline` is in milliseconds, UTC. */
export async function makeScratchSchema(address: string, schema: string, deadline: number): Promise<void> {
  await run(address, deadline, `create schema ${pg.escapeIdentifier(schema)}`);
  await initPostgresLedger(address, { deadline, schema });
}

/** Removes the schema with all that is in it. */
export async function dropScratchSchema(address: string, schema: string, deadline: number): Promise<void> {
  await run(address, deadline, `drop schema if exists ${pg.escapeIdentifier(schema)} cascade`);
}

async function run(address: string, deadline: number, statement: string): Promise<void> {
  const connections = await Connections.open(address, { deadline });
  try {
    await connections.use(deadline, async (session) => await session.query(statement));
  } catch (error) {
    throw asFault(error, connections.place);
  } finally {
    await connections.close();
  }
}
