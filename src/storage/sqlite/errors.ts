/** SQLite's errors as faults: one clear sentence each. */
import { Fault } from '../../stockroom/fault.ts';
import { sqliteCode } from './retry.ts';

/** The fault that an error from SQLite stands for; anything else is given back as it is. */
export function asFault(error: unknown, place: string): unknown {
  if (error instanceof Fault) return error;
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const cause = { cause: error };
  if (code.startsWith('SQLITE_BUSY')) {
    return new Fault('busy', `${place} is locked by another program; nothing was done, try again`, cause);
  }
  if (code === 'SQLITE_FULL') {
    return new Fault('disk_full', `the disk that holds ${place} is full; nothing was done`, cause);
  }
  // What a quota or a limit on the size of files answers; SQLite can't tell them apart.
  if (code === 'SQLITE_IOERR_WRITE') {
    return new Fault('disk_full', `the disk takes no more of ${place}; nothing was done`, cause);
  }
  if (code === 'SQLITE_NOTADB')
    return new Fault('not_a_database', `${place} is not an earmark database`, cause);
  if (code.startsWith('SQLITE_CORRUPT')) {
    return new Fault('not_a_database', `${place} is damaged: ${(error as Error).message}`, cause);
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') {
    return new Fault('read_only', `${place} may not be written; nothing was done`, cause);
  }
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return new Fault(
      'read_only',
      `${place} can not be opened; see the permissions of the file and its folder`,
      cause,
    );
  }
  return error;
}
