/**
 * Grouped commits (DESIGN section 8). Mutations that wait at the same time share one durable transaction, because what a
 * mutation costs is mostly its commit. Each is decided on its own, in a savepoint, so that one that fails takes nothing of
 * its neighbours with it; and every answer, a refusal too, waits for the commit, because it was decided on what the
 * neighbours had written.
 */
import type Database from 'better-sqlite3';
import { Fault } from '../../stockroom/fault.ts';
import type { OperationRequest } from '../../stockroom/ledger.ts';
import { untilUnlocked } from './retry.ts';

/** Most mutations in one transaction. */
const LARGEST_GROUP = 128;
/** No mutation is begun in a transaction that is older than this, in milliseconds: others wait for the lock, too. */
const LONGEST_GROUP = 40;
/** How long a wait for the lock goes on before those who came meanwhile are looked at, in milliseconds. */
const LOOK_AROUND = 50;

/** A mutation that waits for its turn. */
export interface Waiting<S> {
  readonly operation: OperationRequest;
  /** Milliseconds, UTC. */
  readonly deadline: number;
  /** Decides and writes. Gives what to do with the answer when the commit has succeeded. */
  readonly work: (session: S) => () => void;
  readonly reject: (error: unknown) => void;
}

/** A mutation that was decided and written, and waits for the commit. */
export interface Decided {
  readonly operation: OperationRequest;
  readonly deliver: () => void;
  readonly reject: (error: unknown) => void;
}

/** Mutations in the order in which they came. */
export class WaitingRoom<S> {
  #waiting: Waiting<S>[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  add(waiting: Waiting<S>): void {
    this.#waiting.push(waiting);
  }

  /** Turns everybody away. */
  rejectAll(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Takes the write lock, turning away whoever's deadline passes meanwhile. False if nobody is left who wants it. */
  async lock(db: Database.Database): Promise<boolean> {
    while (this.#waiting.length > 0) {
      const earliest = Math.min(...this.#waiting.map(({ deadline }) => deadline), Date.now() + LOOK_AROUND);
      try {
        await untilUnlocked(earliest, () => db.exec('begin immediate'));
        return true;
      } catch (error) {
        if (!(error instanceof Fault && error.code === 'busy')) throw error;
        const now = Date.now();
        const late = this.#waiting.filter(({ deadline }) => deadline <= now);
        this.#waiting = this.#waiting.filter(({ deadline }) => deadline > now);
        for (const { reject } of late) reject(error);
      }
    }
    return false;
  }

  /**
   * Runs those who wait, under the lock, and gives those that are to be committed. If the whole transaction is lost,
   * everybody in it is turned away, and there are none.
   */
  run(db: Database.Database, session: S): Decided[] {
    const end = Date.now() + LONGEST_GROUP;
    const decided: Decided[] = [];
    const alone = this.#waiting.length === 1;
    while (decided.length < LARGEST_GROUP && (decided.length === 0 || Date.now() < end)) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const { operation, reject } = next;
      try {
        decided.push({ operation, reject, deliver: inSavepoint(db, alone, () => next.work(session)) });
      } catch (error) {
        reject(error);
        if (alone || !db.inTransaction) {
          // SQLite gives up the whole transaction when the disk is full, for example.
          for (const each of decided) each.reject(error);
          return [];
        }
      }
    }
    return decided;
  }
}

/** A lone mutation needs no savepoint: it has the transaction to itself. */
function inSavepoint<T>(db: Database.Database, alone: boolean, work: () => T): T {
  if (alone) return work();
  db.exec('savepoint mutation');
  try {
    const result = work();
    db.exec('release mutation');
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec('rollback to mutation; release mutation');
    throw error;
  }
}
