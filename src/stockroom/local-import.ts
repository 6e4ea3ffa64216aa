/** An import into a ledger in this process: staged first, checked whole, then applied in short transactions. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import {
  IMPORT_KINDS,
  type ImportKind,
  type ImportKnown,
  type ImportRows,
  isoMoment,
  listed,
  MERGE,
  type MergeResult,
  type Refusal,
  type RowProblem,
  SCHEMA_VERSION,
  type Staged,
} from '../core/index.ts';
import type { Clock } from './clock.ts';
import { Fault, type FaultCode } from './fault.ts';
import type { ImportStore, ImportTransaction, StagedRows } from './import-store.ts';
import { Tally } from './import-tally.ts';
import type { OperationRequest } from './ledger.ts';
import { fingerprintOf, refuseReuse } from './fingerprint.ts';
import { overlayStaged } from './staged-references.ts';
import type {
  ImportAnswer,
  ImportCounts,
  ImportOptions,
  ImportProgress,
  ImportSession,
  Intent,
} from './stockroom.ts';

const PATIENCE = 30_000;
/** What a transaction may take, and the breath between two, in milliseconds; so that a desk never waits long. */
const BURST = 40;
const BREATH = 4;
const FIRST_CHUNK = 500;
/** Rows are checked in chunks of this size, and applied in chunks that never reach over the end of one. */
const CHECK_CHUNK = 5_000;

export class LocalImport implements ImportSession {
  readonly #store: ImportStore;
  readonly #clock: Clock;
  readonly #options: ImportOptions;
  readonly #intent: Intent;
  readonly #rows: StagedRows;
  readonly #read: Tally;
  /** What the check made of chunks with nothing to write, by kind and position; they need no transaction. */
  readonly #idle: Record<ImportKind, Map<number, MergeResult<unknown>>> = {
    items: new Map(),
    labels: new Map(),
    orders: new Map(),
    lines: new Map(),
  };

  constructor(store: ImportStore, clock: Clock, options: ImportOptions, intent: Intent) {
    this.#store = store;
    this.#clock = clock;
    this.#options = options;
    this.#intent = intent;
    this.#rows = store.stage();
    this.#read = new Tally(options.problemLimit);
  }

  get staged(): number {
    return IMPORT_KINDS.reduce((sum, kind) => sum + this.#rows.count(kind), 0);
  }

  add<K extends ImportKind>(kind: K, staged: Staged<ImportRows[K]>): void {
    const clash = this.#rows.add(kind, staged);
    if (clash === undefined) return;
    const { file, row } = clash.earlier.origin;
    this.problem({
      ...staged.origin,
      column: null,
      reason: `says otherwise than ${file}:${row} about the same ${SINGULAR[kind]}`,
    });
  }

  problem(problem: RowProblem): void {
    this.#read.problem(problem);
  }

  close(): void {
    this.#rows.close();
  }

  async preview(): Promise<ImportAnswer> {
    const checked = await this.#check(() => undefined);
    const answer = this.#answer(checked, checked.problemCount > 0 ? 'import_refused' : 'imported');
    return { ...answer, dryRun: true };
  }

  async finish(progress: ImportProgress = () => undefined): Promise<ImportAnswer> {
    const request = await this.#request();
    if (this.#intent.dryRun !== true) {
      const recorded = await this.#store.operation(request.id);
      const refusal =
        recorded === null ? undefined : refuseReuse(recorded, request.fingerprint, request.actor);
      if (refusal !== undefined) return this.#answer(new Tally(0), 'operation_id_reused', [refusal]);
      if (recorded?.answer != null) return JSON.parse(recorded.answer) as ImportAnswer;
    }
    const checked = await this.#check(progress);
    if (checked.problemCount > 0) return this.#answer(checked, 'import_refused');
    if (this.#intent.dryRun === true) return this.#answer(checked, 'imported');
    return await this.#apply(request, progress);
  }

  async #request(): Promise<OperationRequest> {
    const { operation: id, actor, reason = null } = this.#intent;
    const { onConflict, releaseClosed } = this.#options;
    const fingerprint = fingerprintOf('import', {
      rows: this.#rows.digest(),
      onConflict,
      releaseClosed,
    });
    return { id, verb: 'import', actor, reason, fingerprint };
  }

  #merge<K extends ImportKind>(kind: K, rows: readonly Staged<ImportRows[K]>[], known: ImportKnown[K]) {
    const { onConflict, releaseClosed } = this.#options;
    return MERGE[kind](rows, known, { onConflict, releaseClosed, now: this.#clock.now() });
  }

  /** Merges every row without writing; rows that refer to others of this import find them staged. */
  async #check(progress: ImportProgress): Promise<Tally> {
    const tally = new Tally(this.#options.problemLimit);
    for (const problem of this.#read.problems) tally.problem(problem);
    tally.problemCount = this.#read.problemCount;
    // All of them, however few are listed: they are counted, and one that is not seen would be applied.
    for (const { code, rows } of this.#rows.codeClashes(this.#rows.count('labels'))) {
      const origin = rows.at(-1)?.origin ?? { file: '', row: 0 };
      const names = listed(
        rows.map(({ row }) => row.number),
        '',
      );
      tally.problem({
        ...origin,
        column: 'code',
        reason: `code ${code} would mean several labels: ${names}`,
      });
    }
    for (const kind of IMPORT_KINDS) {
      let after = 0;
      for (let size = CHECK_CHUNK; size === CHECK_CHUNK; after += size) {
        size = await this.#checkChunk(kind, after, tally);
        progress('checked', this.#position(kind, after + size), this.staged);
      }
    }
    return tally;
  }

  async #checkChunk<K extends ImportKind>(kind: K, after: number, tally: Tally): Promise<number> {
    const rows = this.#rows.read(kind, after, CHECK_CHUNK);
    if (rows.length === 0) return 0;
    const plain = rows.map(({ row }) => row);
    // In a server others wait, and an answer takes several turns; so no step of a check is long.
    await setImmediate();
    const known = await this.#store.known(kind, plain, this.#deadline());
    await setImmediate();
    const merged = this.#merge(kind, rows, overlayStaged(kind, plain, known, this.#rows));
    tally.add(kind, merged);
    if (merged.writes.length === 0 && merged.freedLabels.length === 0) this.#idle[kind].set(after, merged);
    return rows.length;
  }

  async #apply(request: OperationRequest, progress: ImportProgress): Promise<ImportAnswer> {
    const tally = new Tally(this.#options.problemLimit);
    const done = (kind: ImportKind, position: number) =>
      progress('imported', this.#position(kind, position), this.staged);
    if (this.#options.atomic) {
      return await this.#store
        .transaction(request, this.#deadline(), async (transaction) => {
          for (const kind of IMPORT_KINDS) {
            for (let after = 0; after < this.#rows.count(kind); after += CHECK_CHUNK) {
              await this.#applyChunk(transaction, kind, after, CHECK_CHUNK, tally);
              done(kind, after);
            }
          }
          if (tally.problemCount > 0) throw new StaleImport(tally);
          return await this.#record(transaction, tally);
        })
        .catch((error: unknown) => {
          if (error instanceof StaleImport) return this.#answer(error.tally, 'import_refused');
          throw error;
        });
    }
    let applied = 0;
    try {
      for (const kind of IMPORT_KINDS) {
        await this.#applyInBursts(request, kind, tally, (position) => {
          applied = this.#position(kind, position);
          done(kind, position);
        });
      }
      return await this.#store.transaction(request, this.#deadline(), async (transaction) => {
        return await this.#record(transaction, tally);
      });
    } catch (error) {
      throw stoppedAfter(applied, this.staged, error);
    }
  }

  /** Short transactions, each as large as fits into a burst, with a breath between for whoever waits. */
  async #applyInBursts(
    request: OperationRequest,
    kind: ImportKind,
    tally: Tally,
    done: (position: number) => void,
  ): Promise<void> {
    let size = FIRST_CHUNK;
    for (let after = 0; after < this.#rows.count(kind); ) {
      const idle = this.#idle[kind].get(after);
      if (idle !== undefined) {
        tally.add(kind, idle);
        after += CHECK_CHUNK;
        done(Math.min(after, this.#rows.count(kind)));
        continue;
      }
      const from = after;
      const chunk = Math.min(size, CHECK_CHUNK - (from % CHECK_CHUNK));
      const took = await this.#store.transaction(request, this.#deadline(), async (transaction) => {
        const started = performance.now();
        after += await this.#applyChunk(transaction, kind, from, chunk, tally);
        return performance.now() - started;
      });
      size = Math.max(50, Math.min(CHECK_CHUNK, Math.round((chunk * BURST) / Math.max(took, 1))));
      done(after);
      await setTimeout(BREATH);
    }
  }

  async #applyChunk<K extends ImportKind>(
    transaction: ImportTransaction,
    kind: K,
    after: number,
    size: number,
    tally: Tally,
  ): Promise<number> {
    const rows = this.#rows.read(kind, after, size);
    const known = await transaction.known(
      kind,
      rows.map(({ row }) => row),
    );
    const merged = this.#merge(kind, rows, known);
    await transaction.write(kind, merged);
    tally.add(kind, merged);
    return rows.length;
  }

  async #record(transaction: ImportTransaction, tally: Tally): Promise<ImportAnswer> {
    const at = Math.max(tally.at, this.#clock.now());
    const answer = this.#answer(tally, tally.problemCount > 0 ? 'import_refused' : 'imported', [], at);
    if (answer.ok && answer.complete) await transaction.finish(at, JSON.stringify(answer));
    return answer;
  }

  #answer(
    tally: Tally,
    code: ImportAnswer['code'],
    refusals: readonly Refusal[] = [],
    at?: number,
  ): ImportAnswer {
    const { operation: id, actor: by, reason = null, dryRun = false } = this.#intent;
    const recorded = at !== undefined && !dryRun;
    return {
      schemaVersion: SCHEMA_VERSION,
      verb: 'import',
      // What was applied before another desk came in between stays applied; the rest is reported.
      ok: code === 'imported' || recorded,
      complete: code === 'imported',
      code,
      dryRun,
      operation: recorded ? { id, at: isoMoment(at), by, reason } : null,
      refusals,
      counts: tally.counts as Record<ImportKind, ImportCounts>,
      problems: tally.problems,
      problemCount: tally.problemCount,
      notices: tally.notices,
    };
  }

  /** How many rows come before this one over all kinds, for progress. */
  #position(kind: ImportKind, within: number): number {
    const earlier = IMPORT_KINDS.slice(0, IMPORT_KINDS.indexOf(kind));
    return earlier.reduce((sum, each) => sum + this.#rows.count(each), within);
  }

  #deadline(): number {
    return this.#clock.now() + (this.#intent.timeout ?? PATIENCE);
  }
}

/** Rolls an atomic import back when something changed between the check and the transaction. */
class StaleImport extends Error {
  readonly tally: Tally;

  constructor(tally: Tally) {
    super('rows came into conflict while they were applied');
    this.tally = tally;
  }
}

const STOPPED: { readonly [C in FaultCode]?: string } = {
  busy: 'the database stayed locked by others until the timeout',
  database_down: 'the connection to the database was lost',
  disk_full: 'the disk takes no more',
  outcome_unknown: 'a commit failed half-way',
};

/** What stops an import part-way did not leave nothing done; running it again finishes it. */
function stoppedAfter(applied: number, of: number, error: unknown): unknown {
  const reason = error instanceof Fault ? STOPPED[error.code] : undefined;
  if (applied === 0 || !(error instanceof Fault) || reason === undefined) return error;
  const message = `${reason}; ${applied} of ${of} rows were imported, run it again to finish`;
  return new Fault(error.code, message, { cause: error });
}

const SINGULAR = { items: 'item', labels: 'label', orders: 'order', lines: 'line' } as const satisfies Record<
  ImportKind,
  string
>;
