/** What imports need of a SQLite ledger. */
import type { ImportKind, ImportKnown, ImportRows, ImportWrites, MergeResult } from '../../core/index.ts';
import type { ImportStore, ImportTransaction, StagedRows } from '../../stockroom/import-store.ts';
import type { OperationRequest, RecordedOperation } from '../../stockroom/ledger.ts';
import { TemporaryStage } from '../staged-rows.ts';
import { ImportReader } from './import-known.ts';
import { writeRows } from './import-write.ts';
import type { Session, SqliteLedger } from './ledger.ts';

export class SqliteImports implements ImportStore {
  readonly #ledger: SqliteLedger;

  constructor(ledger: SqliteLedger) {
    this.#ledger = ledger;
  }

  async known<K extends ImportKind>(
    kind: K,
    rows: readonly ImportRows[K][],
    deadline: number,
  ): Promise<ImportKnown[K]> {
    return await this.#ledger.reading(deadline, ({ db }) => new ImportReader(db).known(kind, rows));
  }

  async operation(id: string): Promise<RecordedOperation | null> {
    return await this.#ledger.operation(id);
  }

  async transaction<T>(
    operation: OperationRequest,
    deadline: number,
    work: (transaction: ImportTransaction) => Promise<T>,
  ): Promise<T> {
    return await this.#ledger.exclusively(operation, deadline, async (session) => {
      return await work(new SqliteImportTransaction(session, operation));
    });
  }

  stage(): StagedRows {
    return new TemporaryStage();
  }
}

class SqliteImportTransaction implements ImportTransaction {
  readonly #session: Session;
  readonly #operation: OperationRequest;
  readonly #reader: ImportReader;

  constructor(session: Session, operation: OperationRequest) {
    this.#session = session;
    this.#operation = operation;
    this.#reader = new ImportReader(session.db);
  }

  async known<K extends ImportKind>(kind: K, rows: readonly ImportRows[K][]): Promise<ImportKnown[K]> {
    return this.#reader.known(kind, rows);
  }

  async write<K extends ImportKind>(kind: K, merged: MergeResult<ImportWrites[K]>): Promise<void> {
    const { db, writer } = this.#session;
    const operationId = this.#operationId(merged.at);
    // Labels are freed before their rows change, because a reservation holds its label's item fast.
    writer.free(merged.freedLabels);
    writeRows(db, kind, merged.writes, operationId, merged.at);
    writer.events(merged.events, operationId, merged.at);
  }

  async finish(at: number, answer: string): Promise<void> {
    const id = this.#operationId(at);
    this.#session.db.prepare('update operations set answer = ?, at = ? where id = ?').run(answer, at, id);
  }

  /** The operation's row, made by the first transaction that needs it. */
  #operationId(at: number): number {
    const { db, writer } = this.#session;
    const find = db.prepare<[string], number>('select id from operations where name = ?').pluck();
    return find.get(this.#operation.id) ?? writer.operation(this.#operation, at, null);
  }
}
