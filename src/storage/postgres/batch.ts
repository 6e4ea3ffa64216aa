/** Several statements in one trip to the server. */
import pg from 'pg';

export interface Statement {
  /** Prepared under this name on each connection that runs it. */
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

export type Prepared = Statement & { readonly name: string };

type Done = (error: Error | null, results: pg.QueryResult | readonly pg.QueryResult[]) => void;

/**
 * A query of several statements. The server carries them out one after another, each with a view of its own, and answers
 * them all at once; outside a transaction they are one: all of them take effect, durably, or none. node-postgres lets
 * queries be extended like this, and takes the results of several statements apart already.
 */
class Batch extends pg.Query {
  readonly query_timeout: number;
  readonly #statements: readonly Prepared[];

  constructor(statements: readonly Prepared[], timeout: number, callback: Done) {
    // What else a query is made with is not in the type of its configuration.
    super({ text: '', callback } as pg.QueryConfig);
    this.query_timeout = timeout;
    this.#statements = statements;
  }

  override submit = (connection: pg.Connection): void => {
    // Each message would otherwise be sent by itself, which takes longer than all else that is done here.
    connection.stream.cork();
    try {
      for (const statement of this.#statements) send(connection, statement);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  };
}

function send(connection: pg.Connection, { name, text, values = [] }: Prepared): void {
  const { parsedStatements } = connection as unknown as { parsedStatements: Record<string, string> };
  if (parsedStatements[name] === undefined) {
    connection.parse({ name, text, types: [] }, true);
    // If it turns out wrong, so does the batch, and then the connection is not used again.
    parsedStatements[name] = text;
  }
  const texts = values.map((value) => (value === null || value === undefined ? null : String(value)));
  connection.bind({ statement: name, values: texts }, true);
  connection.describe({ type: 'P' }, true);
  connection.execute({}, true);
}

/** Sends statements in one trip, and gives a result for each. The first error ends the batch, and is thrown. */
export async function inOneTrip(
  session: pg.ClientBase,
  statements: readonly Prepared[],
  timeout: number,
): Promise<readonly pg.QueryResult[]> {
  return await new Promise((resolve, reject) => {
    const done: Done = (error, results) => {
      if (error !== null) reject(error);
      else resolve(Array.isArray(results) ? results : [results]);
    };
    session.query(new Batch(statements, timeout, done));
  });
}
