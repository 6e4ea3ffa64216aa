/**
 * What is thrown and not answered: a broken wire, a database that can't be used, a bug (STYLE habit 2). A fault says in
 * one sentence what happened and what to do, and carries the exit code of DESIGN section 7.
 */
export const FAULTS = {
  busy: {
    exit: 75,
    http: 503,
    retryable: true,
    meaning: 'The database stayed locked by others until the timeout; nothing was done.',
  },
  disk_full: { exit: 75, http: 507, retryable: true, meaning: 'The disk is full; nothing was done.' },
  outcome_unknown: {
    exit: 8,
    http: 500,
    retryable: true,
    meaning:
      'The commit failed half-way, or the answer was lost; run again with the printed --operation-id to learn whether it was done.',
  },
  database_not_found: {
    exit: 5,
    http: 500,
    retryable: false,
    meaning: 'There is no database at that place yet.',
  },
  database_down: {
    exit: 75,
    http: 503,
    retryable: true,
    meaning: 'The database server could not be reached, or the connection was lost; nothing was done.',
  },
  database_refused: {
    exit: 4,
    http: 500,
    retryable: false,
    meaning: 'The database server refuses the user or password, or its certificate is not trusted.',
  },
  unsupported_database: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'The database server is too old for earmark, or its encoding is not UTF8.',
  },
  not_a_database: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'The file or database is not an earmark database, or is damaged.',
  },
  schema_newer: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'A newer earmark made the database; this one is too old for it.',
  },
  schema_older: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'An older earmark made the database; `earmark init` brings it up to date.',
  },
  read_only: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'The database or its folder may not be written.',
  },
  network_file_system: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'The file is on a network file system, where locks are not safe.',
  },
  sqlite_too_old: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'The SQLite in use has a known corruption race.',
  },
  native_module: {
    exit: 1,
    http: 500,
    retryable: false,
    meaning: 'The SQLite module is missing or was built for another Node.',
  },
  server_down: {
    exit: 75,
    http: 503,
    retryable: true,
    meaning: 'The server could not be reached, or did not answer in time; nothing was done.',
  },
  server_version: {
    exit: 1,
    http: 400,
    retryable: false,
    meaning: 'The server and the client are earmarks of versions that do not understand each other.',
  },
  not_earmark_server: {
    exit: 1,
    http: 502,
    retryable: false,
    meaning: 'What answers at that address is no earmark server, or can not be trusted to be one.',
  },
  not_authorised: {
    exit: 4,
    http: 401,
    retryable: false,
    meaning: 'The server takes no request without a token, or the token may not do this.',
  },
  token_not_found: { exit: 5, http: 404, retryable: false, meaning: 'No token has that name.' },
  input: {
    exit: 2,
    http: 400,
    retryable: false,
    meaning: 'A key, number, date or file on the command line can not be read.',
  },
  input_needed: {
    exit: 2,
    http: 400,
    retryable: false,
    meaning: 'Something is missing and can not be asked for here; the flag is named.',
  },
  declined: {
    exit: 3,
    http: 400,
    retryable: false,
    meaning: 'The question was answered with no, or the prompt was left.',
  },
} as const satisfies Record<string, { exit: number; http: number; retryable: boolean; meaning: string }>;

export type FaultCode = keyof typeof FAULTS;

export interface FaultStep {
  readonly label: string;
  readonly command: string;
}

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly next: readonly FaultStep[];

  /** `message` is one sentence without a full stop. */
  constructor(
    code: FaultCode,
    message: string,
    options: { cause?: unknown; next?: readonly FaultStep[] } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.next = options.next ?? [];
  }
}
