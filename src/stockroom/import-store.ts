/** What an import needs of the storage besides the Ledger: what is known of its rows, and writing them in steps. */
import type {
  ImportKind,
  ImportKnown,
  ImportRows,
  ImportWrites,
  MergeResult,
  Staged,
} from '../core/index.ts';
import type { OperationRequest, RecordedOperation } from './ledger.ts';

export interface ImportStore {
  /** What the ledger holds already of these rows, and of what they refer to. A consistent read. */
  known<K extends ImportKind>(
    kind: K,
    rows: readonly ImportRows[K][],
    deadline: number,
  ): Promise<ImportKnown[K]>;

  /** The operation, if its id was used before; an import that was killed has no answer. */
  operation(id: string): Promise<RecordedOperation | null>;

  /**
   * One durable transaction that holds the write lock; all that `work` does is kept, or nothing if it throws. The
   * operation is recorded in the first one that has its id, without an answer.
   */
  transaction<T>(
    operation: OperationRequest,
    deadline: number,
    work: (transaction: ImportTransaction) => Promise<T>,
  ): Promise<T>;

  /** A private place for rows between reading and applying them; it goes when it is closed, or with the process. */
  stage(): StagedRows;
}

export interface ImportTransaction {
  known<K extends ImportKind>(kind: K, rows: readonly ImportRows[K][]): Promise<ImportKnown[K]>;
  write<K extends ImportKind>(kind: K, merged: MergeResult<ImportWrites[K]>): Promise<void>;
  /** Records the answer of the whole import. */
  finish(at: number, answer: string): Promise<void>;
}

/** Rows on their way in, kept out of memory, in the order in which they were read. */
export interface StagedRows {
  /** Takes a row; where its key was staged before, gives that row's origin and whether both say the same. */
  add<K extends ImportKind>(
    kind: K,
    staged: Staged<ImportRows[K]>,
  ): { earlier: Staged<ImportRows[K]> } | undefined;
  count(kind: ImportKind): number;
  get<K extends ImportKind>(kind: K, key: string): ImportRows[K] | undefined;
  /** At most `limit` rows after the one at position `after`; positions count from 1. */
  read<K extends ImportKind>(kind: K, after: number, limit: number): Staged<ImportRows[K]>[];
  /** Codes that are given to several labels, or are another staged label's number. */
  codeClashes(
    limit: number,
  ): { readonly code: string; readonly rows: readonly Staged<ImportRows['labels']>[] }[];
  /** A SHA-256 of all rows, in hexadecimal. */
  digest(): string;
  close(): void;
}
