/**
 * Asking a server until it answers: bounded attempts with a growing wait between, which all bear the same operation id,
 * so that a change is done once however often it is sent (DESIGN rule 18).
 */
import { Fault } from '../../stockroom/fault.ts';
import type { Intent } from '../../stockroom/stockroom.ts';
import { API_VERSION, HEADER, MEDIA } from '../wire.ts';
import { type Ask, type Exchanged, Wire } from './exchange.ts';
import { judge, retryAfter } from './judge.ts';
import type { ServerAddress } from './server-address.ts';

export interface Call {
  readonly method: Ask['method'];
  readonly path: string;
  readonly media?: (typeof MEDIA)[keyof typeof MEDIA];
  /** Made anew for each attempt, from the milliseconds that are left to wait for locks. */
  readonly body?: (locks: number) => string | Uint8Array;
  /** Who asks for a change; reads have none. */
  readonly intent?: Intent;
  /** What may have been done when no answer comes: nothing (the usual), this call, or an earlier one in any case. */
  readonly atStake?: 'nothing' | 'this' | 'before';
  /** Most milliseconds to wait for locks. */
  readonly patience: number;
  /** How often the call is tried; 5 times unless it says otherwise. */
  readonly attempts?: number;
}

const ATTEMPTS = 5;
/** The wait before the second attempt, in milliseconds; each further one is twice as long. */
const FIRST_WAIT = 100;
/** What a call may take on the way besides waiting for locks, in milliseconds. */
const ON_THE_WAY = 2_000;

/** What came of an attempt that gave no answer. */
interface Failure {
  readonly error: Error;
  readonly again: boolean;
  readonly maybeDone: boolean;
  /** When the server wants to be asked again, in milliseconds from now. */
  readonly after?: number | undefined;
  /** When trying again is no use any more. */
  readonly until: number;
}

export class Server {
  readonly #address: ServerAddress;
  readonly #wire: Wire;

  private constructor(address: ServerAddress, wire: Wire) {
    this.#address = address;
    this.#wire = wire;
  }

  static async open(address: ServerAddress): Promise<Server> {
    return new Server(address, await Wire.open(address));
  }

  get place(): string {
    return this.#address.place;
  }

  /**
   * The document that answers the call. Throws `server_down` if none came and nothing was done, `outcome_unknown` if a
   * change may have been done all the same, and whatever fault the server tells of.
   */
  async call<T>(call: Call): Promise<T> {
    const started = now();
    const ends = { locks: started + call.patience, whole: started + call.patience + ON_THE_WAY };
    const { atStake = 'nothing', attempts = ATTEMPTS } = call;
    let maybeDone = atStake === 'before';
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(call, ends);
      // The server is of the same API version, so the document is what wire.ts says for this path.
      if ('document' in result) return result.document as T;
      maybeDone ||= result.maybeDone && atStake === 'this';
      const wait = result.after ?? FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      if (!result.again || attempt === attempts || now() + wait > result.until) {
        throw maybeDone ? this.#unknown(call, result.error) : result.error;
      }
      await sleep(wait);
    }
  }

  close(): void {
    this.#wire.close();
  }

  async #attempt(
    call: Call,
    ends: { readonly locks: number; readonly whole: number },
  ): Promise<{ readonly document: unknown } | Failure> {
    const began = now();
    const body = call.body?.(Math.max(0, Math.round(ends.locks - began)));
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const { method, path } = call;
    const ask = { method, path, headers: this.#headers(call, bytes), body: bytes };
    const exchanged = await this.#wire.exchange(ask, Math.max(1, ends.whole - began));
    if (exchanged.kind === 'lost') return { ...this.#lost(exchanged), until: ends.whole };
    const judged = judge(exchanged.reply, ask, this.place);
    if (judged.kind === 'answer') return judged;
    // A server that answered "not now" is not asked for longer than locks are waited for.
    const until = judged.maybeDone ? ends.whole : ends.locks;
    return { ...judged, after: retryAfter(exchanged.reply, Date.now()), until };
  }

  #headers({ media = MEDIA.json, intent }: Call, body: Uint8Array | undefined): Record<string, string> {
    const { token } = this.#address;
    return {
      accept: `${MEDIA.json}, ${MEDIA.problem}`,
      [HEADER.api]: String(API_VERSION),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': media, 'content-length': String(body.length) }),
      ...(intent !== undefined && {
        [HEADER.operation]: intent.operation,
        [HEADER.actor]: encodeURIComponent(intent.actor),
      }),
    };
  }

  #lost({ sent, reason, lasting }: Extract<Exchanged, { kind: 'lost' }>): Omit<Failure, 'until'> {
    if (lasting === 'not_http' || lasting === 'untrusted') {
      const error = new Fault('not_earmark_server', `${this.place} ${reason}`);
      return { error, again: false, maybeDone: false };
    }
    const error = new Fault('server_down', `${this.place} ${reason}`);
    return { error, again: lasting === undefined, maybeDone: sent };
  }

  #unknown({ intent }: Call, cause: Error): Fault {
    const id = intent?.operation ?? '';
    const message = `${cause.message}; whether ${id} was done is not known, run it again with --operation-id ${id}`;
    return new Fault('outcome_unknown', message, {
      cause,
      next: [{ label: 'or look', command: `earmark show operation/${id}` }],
    });
  }
}

/** Milliseconds that only grow. Node's `performance` takes longer to load than the request takes. */
function now(): number {
  return process.uptime() * 1000;
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
