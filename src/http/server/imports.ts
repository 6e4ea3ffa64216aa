/** Imports on their way: staged batch by batch, applied in the background, and kept a while for whoever asks after them. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type ImportKind, type Problem, SCHEMA_VERSION } from '../../core/index.ts';
import type { ImportAnswer, ImportOptions, ImportSession, Intent } from '../../stockroom/stockroom.ts';
import type { ImportLine, ImportState } from '../wire.ts';
import { Burst } from './burst.ts';
import { problemOf, tooBusy, wrongInput } from './request-problem.ts';
import type { Served } from './route.ts';

/** Most imports at once. Their rows lie on disk, but each has a cache in memory. */
const MOST_IMPORTS = 8;
/** After how long an import that nobody asks after is dropped, in milliseconds. */
const KEPT = 10 * 60_000;
const SWEEP = 60_000;
/** Most rows of one import; what is staged takes disk space. */
const MOST_ROWS = 20_000_000;

export class Imports {
  readonly #served: Served;
  readonly #all = new Map<string, StagedImport>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(served: Served) {
    this.#served = served;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP).unref();
  }

  /** A fresh one; an earlier one of the same operation is dropped, because its rows may be others. */
  async begin(options: ImportOptions, intent: Intent): Promise<StagedImport> {
    this.#sweep();
    for (const earlier of this.#all.values()) {
      if (intent.dryRun === true || !earlier.isOf(intent)) continue;
      if (earlier.working) throw tooBusy('this import is under way already; wait for its end', 5);
      this.#drop(earlier);
    }
    if (this.#all.size >= MOST_IMPORTS) this.#dropFinished();
    if (this.#all.size >= MOST_IMPORTS)
      throw tooBusy(`${MOST_IMPORTS} imports are under way already; wait for one of them`, 5);
    const session = await this.#served.stockroom.beginImport(options, intent);
    const begun = new StagedImport(session, intent, this.#served);
    this.#all.set(begun.id, begun);
    return begun;
  }

  /** The import with this id that this person began. */
  get(id: string, actor: string): StagedImport | undefined {
    this.#sweep();
    const found = this.#all.get(id);
    if (found === undefined || found.actor !== actor || found.abandoned) return undefined;
    found.touch();
    return found;
  }

  /** What is being applied comes to its end first, and counts until then. */
  remove(found: StagedImport): void {
    found.abandoned = true;
    this.#sweep();
  }

  /** When nothing is being applied any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#all.values()].map(async (each) => await each.settled));
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const each of this.#all.values()) this.#drop(each);
  }

  #drop(each: StagedImport): void {
    this.#all.delete(each.id);
    each.close();
  }

  #dropFinished(): void {
    for (const each of this.#all.values()) if (each.finished) this.#drop(each);
  }

  #sweep(): void {
    const before = this.#served.clock.now() - KEPT;
    for (const each of this.#all.values()) {
      if (!each.working && (each.abandoned || each.touched < before)) this.#drop(each);
    }
  }
}

export class StagedImport {
  readonly id: string = randomBytes(16).toString('base64url');
  /** Whether nobody wants it any more. */
  abandoned = false;
  readonly #session: ImportSession;
  readonly #intent: Intent;
  readonly #served: Served;
  #touched: number;
  #batch = 0;
  #state: ImportState['state'] = 'open';
  #progress: ImportState['progress'] = null;
  #answer: ImportAnswer | null = null;
  #problem: Problem | null = null;
  #applied = false;
  #closed = false;
  /** Batches are taken one after another, and a run begins after the last of them. */
  #turn: Promise<unknown> = Promise.resolve();
  #run: Promise<void> = Promise.resolve();

  constructor(session: ImportSession, intent: Intent, served: Served) {
    this.#session = session;
    this.#intent = intent;
    this.#served = served;
    this.#touched = served.clock.now();
  }

  get actor(): string {
    return this.#intent.actor;
  }

  get working(): boolean {
    return this.#state === 'working';
  }

  /** Whether it was applied, or came to nothing; only its answer may still be asked for. */
  get finished(): boolean {
    return !this.working && this.#applied;
  }

  get touched(): number {
    return this.#touched;
  }

  get settled(): Promise<void> {
    return this.#run;
  }

  isOf({ operation, actor }: Intent): boolean {
    return this.#intent.operation === operation && this.#intent.actor === actor;
  }

  touch(): void {
    this.#touched = this.#served.clock.now();
  }

  state(): ImportState {
    return {
      schemaVersion: SCHEMA_VERSION,
      id: this.id,
      state: this.#state,
      staged: this.#session.staged,
      batch: this.#batch,
      progress: this.#progress,
      answer: this.#answer,
      problem: this.#problem,
    };
  }

  /** Takes a batch whole, or nothing of it. One that was taken before is not read again. */
  async take(batch: number, read: () => Promise<readonly ImportLine[]>): Promise<void> {
    await this.#exclusively(async () => {
      if (batch <= this.#batch) return;
      if (batch !== this.#batch + 1)
        throw wrongInput(`batch ${this.#batch + 1} comes next, not ${batch}`, 409);
      if (this.#state !== 'open') throw wrongInput('the import takes no more rows', 409);
      const lines = await read();
      if (this.#session.staged + lines.length > MOST_ROWS)
        throw wrongInput(`an import takes ${MOST_ROWS} rows and no more`, 413);
      const burst = new Burst();
      for (const line of lines) {
        this.#add(line);
        if (burst.isOver) await burst.pause();
      }
      this.#batch = batch;
    });
  }

  /** Begins in the background, unless it runs or is done already. */
  async begin(what: 'preview' | 'apply'): Promise<void> {
    await this.#exclusively(async () => {
      if (this.working || this.#applied) return;
      this.#state = 'working';
      [this.#answer, this.#problem, this.#progress] = [null, null, null];
      this.#applied = what === 'apply';
      this.#run = this.#perform(what);
    });
  }

  /** Waits for the end of what runs, at most so many milliseconds. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.working || milliseconds === 0) return;
    const timer = new AbortController();
    const stop = () => timer.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await Promise.race([this.#run, setTimeout(milliseconds, undefined, { signal: timer.signal })]);
    } catch {
      // The client has gone; there is nobody to wait for.
    } finally {
      signal.removeEventListener('abort', stop);
      timer.abort();
    }
  }

  /** Gives its rows back to the disk; what is being applied comes to its end first. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#run.finally(() => this.#session.close());
  }

  async #perform(what: 'preview' | 'apply'): Promise<void> {
    try {
      const answer =
        what === 'preview'
          ? await this.#session.preview()
          : await this.#session.finish((phase, done, of) => {
              if (phase !== 'sent') this.#progress = { phase, done, of };
            });
      this.#answer = answer;
      this.#state = 'done';
      if (!answer.dryRun) this.#served.metrics.operation('import', answer.code);
    } catch (error) {
      const { problem } = problemOf(error);
      this.#problem = problem;
      this.#state = 'failed';
      // It may be tried again: what was applied is not applied twice.
      this.#applied = false;
      this.#served.metrics.operation('import', problem.code);
    }
    this.touch();
  }

  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return await turn;
  }

  #add(line: ImportLine): void {
    if ('problem' in line) this.#session.problem(line.problem);
    else this.#session.add<ImportKind>(line.kind, { origin: line.origin, row: line.row });
  }
}
