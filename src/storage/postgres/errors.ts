/** PostgreSQL's errors as faults: one clear sentence each. */
import pg from 'pg';
import { Fault, type FaultCode } from '../../stockroom/fault.ts';

/** The SQLSTATE that the server sent. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** Serialization failures and deadlocks: nothing was done, and doing it again may well succeed. */
export function isTransient(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(error) ?? '');
}

/** A key that somebody else took, or a row that went: what the decision relied on is no longer so. */
export function isStale(error: unknown): boolean {
  return ['23505', '23503'].includes(sqlState(error) ?? '');
}

/** The session has ended, or will: what it was asked last may or may not have been done. */
export function isLost(error: unknown): boolean {
  if (error instanceof Fault) return error.code === 'database_down';
  const state = sqlState(error);
  if (state !== undefined) return /^(08|57P0)/.test(state);
  return (
    error instanceof Error &&
    (networkCode(error) !== undefined ||
      /^(Connection |timeout |Query read timeout|Client )/.test(error.message))
  );
}

const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOENT|EACCES|EADDRNOTAVAIL)$/;

function networkCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' && NETWORK.test(error.code)
    ? error.code
    : undefined;
}

/** Problems with certificates, by the codes that Node gives them, and the lack of TLS. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/;
const NO_TLS = /does not support SSL|establishing an SSL connection/;

/** Whether a way to connect failed for its use, or its lack, of TLS. */
export function isAboutTls(error: unknown): boolean {
  if (sqlState(error) === '28000') return true;
  return (
    error instanceof Error &&
    (NO_TLS.test(error.message) || UNTRUSTED.test('code' in error ? `${error.code}` : ''))
  );
}

/** By SQLSTATE, or the class that its first two characters are. */
const SENTENCES: Readonly<Record<string, readonly [FaultCode, (place: string, error: Error) => string]>> = {
  '28': ['database_refused', (place, error) => `${place} does not let this user in: ${error.message}`],
  '42501': [
    'database_refused',
    (place, error) => `${place} does not allow this user to do it: ${error.message}`,
  ],
  '3D000': ['database_not_found', (place) => `there is no database at ${place}; make it with createdb`],
  '25006': ['read_only', (place) => `${place} may not be written; it is a standby or read-only`],
  '53100': ['disk_full', (place) => `the disk that holds ${place} is full; nothing was done`],
  '53': ['busy', (place, error) => `${place} has no room for more: ${error.message}; try again`],
  '55P03': [
    'busy',
    (place) => `${place} stayed locked by others until the timeout; nothing was done, try again`,
  ],
  '57014': ['busy', (place) => `${place} took longer than the timeout; nothing was done, try again`],
  '40': ['busy', (place) => `${place} was in too much use by others; nothing was done, try again`],
  '57P': ['database_down', (place, error) => `${place} is not available: ${error.message}`],
  '08': ['database_down', (place, error) => `the connection to ${place} was lost: ${error.message}`],
};

/** The fault that an error from PostgreSQL, or on the way there, stands for; anything else is given back as it is. */
export function asFault(error: unknown, place: string): unknown {
  if (error instanceof Fault || !(error instanceof Error)) return error;
  const state = sqlState(error);
  if (state !== undefined) {
    const [code, sentence] =
      SENTENCES[state] ?? SENTENCES[state.slice(0, 3)] ?? SENTENCES[state.slice(0, 2)] ?? [];
    return code === undefined || sentence === undefined
      ? error
      : new Fault(code, sentence(place, error), { cause: error });
  }
  const cause = { cause: error };
  if (error.message.startsWith('SASL')) {
    const needs = `${place} asks for a password; put it into ~/.pgpass, or the whole URL into EARMARK_DB`;
    return new Fault(
      'database_refused',
      error.message.includes('must be') ? needs : `${place} answered a login wrongly`,
      cause,
    );
  }
  if (isAboutTls(error))
    return new Fault('database_refused', `${place} can not be trusted: ${error.message}`, cause);
  if (isLost(error))
    return new Fault('database_down', `${place} can not be reached: ${reason(error)}`, cause);
  return error;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host can not be looked up now',
  ETIMEDOUT: 'no answer came in time',
};

function reason(error: Error): string {
  const code = networkCode(error);
  if (code === undefined)
    return /time/i.test(error.message) ? 'no answer came in time' : 'the connection was lost';
  return REASONS[code] ?? `the connection was lost (${code})`;
}
