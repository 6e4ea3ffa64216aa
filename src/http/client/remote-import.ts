/**
 * An import over a server: its rows are put aside while they are read, sent in numbered batches, and then checked and
 * applied where the data is, while this end asks how far it is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportKind, ImportRows, RowProblem, Staged } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type {
  ImportAnswer,
  ImportOptions,
  ImportProgress,
  ImportSession,
  Intent,
} from '../../stockroom/stockroom.ts';
import { type ImportLine, type ImportRequest, type ImportState, MEDIA, PATHS } from '../wire.ts';
import { problemError, UnknownProblem } from './judge.ts';
import type { Call, Server } from './server.ts';
import { Spool } from './spool.ts';

/** How long the server may hold a question for how far it is, in milliseconds: what progress jumps by. */
const WATCH = 400;
/** How often an import is begun anew when the server has lost its rows, which it does when it is started again. */
const BEGINNINGS = 3;
/** How long the end may take to tell the server that it can forget the rows, in milliseconds. */
const FAREWELL = 1_000;
/** Most problems that a server lists. */
const MOST_PROBLEMS = 10_000;

export class RemoteImport implements ImportSession {
  readonly #server: Server;
  readonly #options: ImportOptions;
  readonly #intent: Intent;
  readonly #patience: number;
  readonly #leftovers: Promise<unknown>[];
  readonly #spool = new Spool();
  #staged = 0;
  /** The server's name for the import, once it was begun there, and the last batch that it has. */
  #id: string | undefined;
  #sent = 0;
  /** Whether the server may have begun to apply it. */
  #applying = false;

  /** What has to be waited for when everything is closed goes to `leftovers`. */
  constructor(
    server: Server,
    options: ImportOptions,
    intent: Intent,
    patience: number,
    leftovers: Promise<unknown>[],
  ) {
    this.#server = server;
    this.#options = options;
    this.#intent = intent;
    this.#patience = patience;
    this.#leftovers = leftovers;
  }

  get staged(): number {
    return this.#staged;
  }

  add<K extends ImportKind>(kind: K, { origin, row }: Staged<ImportRows[K]>): void {
    this.#put({ kind, origin, row } as ImportLine);
    this.#staged += 1;
  }

  problem(problem: RowProblem): void {
    this.#put({ problem });
  }

  async preview(): Promise<ImportAnswer> {
    return await this.#run('preview', () => undefined);
  }

  async finish(progress: ImportProgress = () => undefined): Promise<ImportAnswer> {
    return await this.#run('apply', progress);
  }

  close(): void {
    this.#spool.close();
    if (this.#id === undefined) return;
    // The server forgets by itself too, but later; that it could not be told is no reason to fail.
    const farewell = this.#call({ method: 'DELETE', path: '', patience: FAREWELL, attempts: 1 });
    this.#leftovers.push(farewell.catch(() => undefined));
  }

  #put(line: ImportLine): void {
    this.#spool.add(JSON.stringify(line));
  }

  /**
   * A server that was started again has lost the rows. They are still here, so the import is begun anew; one that was cut
   * off while it was applied is finished that way.
   */
  async #run(step: 'preview' | 'apply', progress: ImportProgress): Promise<ImportAnswer> {
    for (let beginning = 1; ; beginning++) {
      try {
        await this.#send(progress);
        if (step === 'apply' && this.#intent.dryRun !== true) this.#applying = true;
        await this.#call({ method: 'POST', path: `/${step}` });
        return await this.#watch(step === 'apply', progress);
      } catch (error) {
        if (!isForgotten(error) || beginning === BEGINNINGS) throw error;
        this.#id = undefined;
        this.#sent = 0;
      }
    }
  }

  /** Sends what was not sent yet. A batch that arrives twice is taken once, by its number. */
  async #send(progress: ImportProgress): Promise<void> {
    this.#id ??= await this.#begin();
    for (;;) {
      const number = this.#sent + 1;
      const batch = await this.#spool.batch(number);
      if (batch === undefined) return;
      const body = () => batch.text;
      await this.#call({ method: 'POST', path: `/rows?batch=${number}`, media: MEDIA.rows, body });
      this.#sent = number;
      progress('sent', batch.lines, this.#spool.lines);
    }
  }

  async #begin(): Promise<string> {
    const { reason, dryRun } = this.#intent;
    const problemLimit = Math.min(this.#options.problemLimit, MOST_PROBLEMS);
    const options = { ...this.#options, problemLimit };
    const timeout = this.#patience;
    const body = () => JSON.stringify({ options, reason, dryRun, timeout } satisfies ImportRequest);
    const { id } = await this.#server.call<ImportState>({
      method: 'POST',
      path: PATHS.imports,
      body,
      intent: this.#intent,
      atStake: this.#applying ? 'before' : 'nothing',
      patience: this.#patience,
    });
    return id;
  }

  /** Asks how far it is until there is an answer. */
  async #watch(applies: boolean, progress: ImportProgress): Promise<ImportAnswer> {
    for (;;) {
      const asked = performance.now();
      const state = await this.#call({ method: 'GET', path: `?wait=${WATCH}` });
      const told = state.progress;
      if (applies && told !== null) progress(told.phase, told.done, told.of);
      if (state.problem !== null) throw problemError(state.problem);
      if (state.answer !== null) {
        if (applies) sayWhole(state.answer, state.staged, progress);
        return state.answer;
      }
      // A server that does not hold the question must not be asked without end.
      const left = WATCH / 4 - (performance.now() - asked);
      if (left > 0) await sleep(left);
    }
  }

  /** `path` is what comes after the import's own. */
  async #call(call: { readonly method: Call['method']; readonly path: string } & Partial<Call>) {
    return await this.#server.call<ImportState>({
      patience: this.#patience,
      intent: this.#intent,
      atStake: this.#applying ? 'before' : 'nothing',
      ...call,
      path: `${PATHS.imports}/${this.#id}${call.path}`,
    });
  }
}

/** Whether the server knows nothing of the import, also where that leaves it open what was done before. */
function isForgotten(error: unknown): boolean {
  const answer = error instanceof Fault && error.code === 'outcome_unknown' ? error.cause : error;
  return answer instanceof UnknownProblem && answer.status === 404;
}

/** What was done between two questions was still done. */
function sayWhole({ code, dryRun }: ImportAnswer, rows: number, progress: ImportProgress): void {
  if (code === 'operation_id_reused') return;
  progress('checked', rows, rows);
  if (code === 'imported' && !dryRun) progress('imported', rows, rows);
}
