/** Several statements in one trip to the server. */
import pg from 'pg';

export interface Statement {
  /** Prepared under this name on each connection that runs it. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

export type Prepared = Statement & { readonly name: string };

/** The rows of a statement; of each its values in order, as the texts that the server sent. */
export type Rows = readonly (readonly (string | null)[])[];

type Done = (error: Error | null, results?: readonly Rows[]) => void;

/**
 * A query of several statements. The server carries them out one after another, each with a view of its own, and answers
 * them all at once; outside a transaction they are one: all of them take effect, durably, or none. node-postgres lets its
 * queries be extended like this. Their columns are not asked for, because whoever sends them knows what they are.
 */
class Batch extends pg.Query {
  readonly query_timeout: number;
  /** Replaced by the client with one that ends the timeout, too. */
  declare readonly callback: Done;
  readonly #statements: readonly Prepared[];
  readonly #results: Rows[] = [];
  #rows: (readonly (string | null)[])[] = [];

  constructor(statements: readonly Prepared[], timeout: number, done: Done) {
    // What else a query is made with is not in the type of its configuration.
    super({ text: '', callback: done } as pg.QueryConfig);
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

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete(): void {
    this.#results.push(this.#rows);
    this.#rows = [];
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#results);
  }
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
  connection.execute({}, true);
}

/** Sends statements in one trip, and gives the rows of each. The first error ends the batch, and is thrown. */
export async function inOneTrip(
  session: pg.ClientBase,
  statements: readonly Prepared[],
  timeout: number,
): Promise<readonly Rows[]> {
  return await new Promise((resolve, reject) => {
    const done: Done = (error, results = []) => (error === null ? resolve(results) : reject(error));
    session.query(new Batch(statements, timeout, done));
  });
}
