/** A SQLite file as SQLite sees it, behind earmark's back. */
import Database from 'better-sqlite3';

/** Runs `use` on a plain connection that checks foreign keys. */
export function rawly<T>(path: string, use: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    db.pragma('foreign_keys = on');
    return use(db);
  } finally {
    db.close();
  }
}
