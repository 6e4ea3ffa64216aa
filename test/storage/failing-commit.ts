/** Makes SQLite say that a COMMIT failed, after one that was done or instead of one that was not. */
import Database from 'better-sqlite3';

const exec = Database.prototype.exec;

interface Failure {
  /** Whether the commit is done before it fails. */
  readonly done: boolean;
  readonly code: string;
  /** How many commits of changes go well before. */
  readonly after?: number;
  /** What else happens at that moment. */
  readonly meanwhile?: () => void;
}

/** Makes one commit of a transaction that holds the write lock fail. */
export function failCommit({ done, code, after = 0, meanwhile }: Failure): void {
  const writing = new WeakSet<object>();
  let left = after;
  Database.prototype.exec = function (this: Database.Database, sql: string) {
    if (sql === 'begin immediate') writing.add(this);
    if (sql !== 'commit' || !writing.delete(this) || left-- > 0) return exec.call(this, sql);
    Database.prototype.exec = exec;
    if (done) exec.call(this, sql);
    meanwhile?.();
    throw new Database.SqliteError('disk I/O error', code);
  };
}

/** Counts the transactions that take the write lock, from now on. */
export function countTransactions(): { readonly count: number } {
  const counter = { count: 0 };
  Database.prototype.exec = function (this: Database.Database, sql: string) {
    if (sql === 'begin immediate') counter.count += 1;
    return exec.call(this, sql);
  };
  return counter;
}

/** Lets SQLite do as it does. */
export function healCommits(): void {
  Database.prototype.exec = exec;
}
