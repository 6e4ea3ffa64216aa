/** What a command gets to work with: streams, settings, the Stockroom and prompts, each made only when it is needed. */
import { isOperationId, OPERATION_ID_RULE, type Verb } from '../core/index.ts';
import type { Clock } from '../stockroom/clock.ts';
import { systemClock } from '../stockroom/clock.ts';
import { Fault } from '../stockroom/fault.ts';
import type { Intent, Stockroom } from '../stockroom/stockroom.ts';
import { openLocalLedger } from './local-ledger.ts';
import { sayMomentOn } from './moments.ts';
import { type Paint, paintFor, plain, wantsColor } from './paint.ts';
import { type LocalPlace, type Place, placeOf } from './place.ts';
import { canPrompt } from './prompts/can-prompt.ts';
import type { Prompts } from './prompts/index.ts';
import { actorOf, type ChangeFlags, type CommonFlags, timeoutOf } from './settings.ts';
import type { Output, Streams } from './streams.ts';

/** How long a command waits for locks unless `--timeout` says otherwise, in milliseconds. */
const PATIENCE = 30_000;

export class Context {
  readonly streams: Streams;
  readonly out: Output;
  readonly err: Output;
  readonly clock: Clock = systemClock;
  /** Set by `useFlags` before a command runs. */
  flags: CommonFlags = {};
  paint: Paint = plain;
  errPaint: Paint = plain;
  /** The id of the operation under way, for whoever has to say that its outcome is unknown. */
  operation: string | undefined;
  /** The order that a person at the home menu is working on. */
  workingOrder: string | undefined;
  /** What was changed last and can be undone: an operation, or a scanning session. */
  wayBack: { readonly operation: string; readonly verb: Verb } | undefined;
  #stockroom: Stockroom | undefined;
  #prompts: Prompts | undefined;

  constructor(streams: Streams) {
    this.streams = streams;
    this.out = streams.out;
    this.err = streams.err;
  }

  async useFlags(flags: CommonFlags): Promise<void> {
    this.flags = flags;
    this.paint = await paintFor(wantsColor(this.out, this.streams.env, flags.color));
    this.errPaint = await paintFor(wantsColor(this.err, this.streams.env, flags.color));
  }

  /** Where the data is. */
  get place(): Place {
    return placeOf(this.flags, this.streams.env);
  }

  /** The same for what is done beside the data only; `what` is named in the refusal (`earmark init`). */
  localPlace(what: string): LocalPlace {
    const { place } = this;
    if (place.kind !== 'server') return place;
    throw new Fault('input', `${what} works on a database, not on a server; run it where ${place.url} runs`);
  }

  get allowNetwork(): boolean {
    return isOn(this.streams.env['EARMARK_ALLOW_NETWORK_FILE']);
  }

  /** Whether everything is to be said in plain lines, for screen readers. */
  get accessible(): boolean {
    return isOn(this.streams.env['EARMARK_ACCESSIBLE']);
  }

  get deadline(): number {
    return this.clock.now() + (timeoutOf(this.flags) ?? PATIENCE);
  }

  /** The Stockroom that the settings name; opened once, closed by `close`. */
  async stockroom(): Promise<Stockroom> {
    this.#stockroom ??= await this.#open(this.place);
    return this.#stockroom;
  }

  async #open(place: Place): Promise<Stockroom> {
    if (place.kind === 'server') {
      const { openServer } = await import('../http/client/remote-stockroom.ts');
      return await openServer(place, { timeout: timeoutOf(this.flags) ?? PATIENCE });
    }
    const ledger = await openLocalLedger(this, 'earmark');
    const { LocalStockroom } = await import('../stockroom/local.ts');
    return new LocalStockroom(ledger, this.clock);
  }

  /** Who wants what the flags describe, with an operation id made now unless one was given. */
  async intent(flags: ChangeFlags): Promise<Intent> {
    this.operation = await this.#operationId(flags);
    return {
      operation: this.operation,
      actor: actorOf(flags, this.streams.env),
      reason: flags.reason,
      dryRun: flags.dryRun,
      timeout: timeoutOf(flags),
    };
  }

  async #operationId({ operationId }: ChangeFlags): Promise<string> {
    if (operationId !== undefined) return checkedOperationId(operationId);
    const { newOperationId } = await import('./operation-id.ts');
    return newOperationId(this.clock.now());
  }

  /** Whether a person can be asked. */
  get interactive(): boolean {
    const { env, inputIsTerminal, err } = this.streams;
    return canPrompt(env, { isTTY: inputIsTerminal }, { isTTY: err.isTerminal }, this.flags.input === false);
  }

  /** The prompts, or the fault that names the flag to use instead. */
  async prompts(missing: string): Promise<Prompts> {
    if (!this.interactive) throw new Fault('input_needed', missing);
    if (this.#prompts === undefined) {
      const { createPrompts } = await import('./prompts/index.ts');
      const { env } = this.streams;
      this.#prompts = createPrompts({
        input: this.streams.stdin(),
        output: this.err.stream(),
        color: wantsColor(this.err, env, this.flags.color),
        accessible: this.accessible,
      });
    }
    return this.#prompts;
  }

  get sayMoment(): (iso: string) => string {
    return sayMomentOn(this.clock.now());
  }

  async close(): Promise<void> {
    this.#prompts?.close();
    await this.#stockroom?.close();
    this.#stockroom = undefined;
  }
}

function checkedOperationId(text: string): string {
  if (!isOperationId(text)) throw new Fault('input', `--operation-id ${OPERATION_ID_RULE}`);
  return text;
}

function isOn(variable: string | undefined): boolean {
  return ['1', 'true', 'yes'].includes(variable?.toLowerCase() ?? '');
}
