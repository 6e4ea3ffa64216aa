/** The Stockroom over a ledger in this process: load, decide, write. */
import {
  type AutoReserveCommand,
  answerFind,
  type Decision,
  decideAutoReserve,
  decideReserve,
  decideShip,
  decideUnreserve,
  envelope,
  type Envelope,
  type FindAnswer,
  type LabelDocument,
  labelDocument,
  labelOf,
  type Occasion,
  type Refusal,
  type ReserveAnswer,
  type ReserveCommand,
  type Scope,
  type ShipAnswer,
  type ShipCommand,
  type ShipmentDocument,
  type Snapshot,
  type UnreserveAnswer,
  type UnreserveCommand,
} from '../core/index.ts';
import type { Clock } from './clock.ts';
import { fingerprintOf, refuseReuse } from './fingerprint.ts';
import type { Ledger, RecordedOperation } from './ledger.ts';
import type { LabelQuery, OrderQuery, OrderSummary, ReservationQuery, ShipmentQuery } from './queries.ts';
import type {
  ImportOptions,
  ImportSession,
  Intent,
  Ref,
  Stockroom,
  Suggestion,
  SuggestQuery,
  View,
} from './stockroom.ts';

/** How long a request waits for locks unless it says otherwise, in milliseconds. */
const PATIENCE = 30_000;

type Mutated = ReserveAnswer | UnreserveAnswer | ShipAnswer;
/** What an answer has besides the parts that all answers share. */
type Refused<A> = Omit<A, keyof Envelope>;

const NOT_RESERVED: Refused<ReserveAnswer> = { order: null, results: [], lines: [] };

export class LocalStockroom implements Stockroom {
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  get place(): string {
    return this.#ledger.place;
  }

  async reserve(command: ReserveCommand, intent: Intent): Promise<ReserveAnswer> {
    const scope = { order: command.order, labels: command.labels.map(labelOf) };
    return await this.#mutate('reserve', command, intent, scope, NOT_RESERVED, (snapshot, occasion) => {
      return decideReserve(command, snapshot, occasion);
    });
  }

  async reserveAutomatically(command: AutoReserveCommand, intent: Intent): Promise<ReserveAnswer> {
    const { reserveAutomatically } = await import('./reserve-automatically.ts');
    return await reserveAutomatically(command, {
      recorded: async () => await this.#recorded('reserve', command, intent, NOT_RESERVED),
      suggest: async () => await this.suggest(command),
      refuse: (refusal) => this.#refusal('reserve', intent, refusal, NOT_RESERVED),
      reserve: async (chosen) => {
        const scope = { order: command.order, labels: chosen.labels.map(labelOf) };
        return await this.#mutate('reserve', command, intent, scope, NOT_RESERVED, (snapshot, occasion) => {
          return decideAutoReserve(command, chosen, snapshot, occasion);
        });
      },
    });
  }

  async unreserve(command: UnreserveCommand, intent: Intent): Promise<UnreserveAnswer> {
    const { target } = command;
    const scope =
      'labels' in target ? { labels: target.labels.map(labelOf) } : { order: target.order, held: true };
    return await this.#mutate('unreserve', command, intent, scope, { results: [] }, (snapshot, occasion) => {
      return decideUnreserve(command, snapshot, occasion);
    });
  }

  async ship(command: ShipCommand, intent: Intent): Promise<ShipAnswer> {
    const scope = { order: command.order, labels: command.from ?? [], held: true, lastShipment: true };
    const refused = { order: null, shipment: null, released: [], kept: [], unused: [], plan: null };
    return await this.#mutate('ship', command, intent, scope, refused, (snapshot, occasion) => {
      return decideShip(command, snapshot, occasion);
    });
  }

  async find(labels: readonly string[]): Promise<FindAnswer> {
    const occasion = this.#occasion({ operation: '', actor: '' });
    return answerFind(labels, await this.#ledger.snapshot({ labels }, occasion.now + PATIENCE), occasion);
  }

  async suggest(query: SuggestQuery): Promise<Suggestion> {
    const { suggest } = await import('./suggest.ts');
    return await suggest(this.#ledger, query, this.#clock.today(), this.#clock.now() + PATIENCE);
  }

  async *labels(query: LabelQuery): AsyncIterable<readonly LabelDocument[]> {
    const today = this.#clock.today();
    for await (const batch of this.#ledger.labels(query))
      yield batch.map((state) => labelDocument(state, today));
  }

  async *reservations(query: ReservationQuery): AsyncIterable<readonly LabelDocument[]> {
    const today = this.#clock.today();
    for await (const batch of this.#ledger.reservations(query))
      yield batch.map((state) => labelDocument(state, today));
  }

  orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]> {
    return this.#ledger.orders(query);
  }

  shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]> {
    return this.#ledger.shipments(query);
  }

  async show(ref: Ref): Promise<View> {
    const { show } = await import('./show.ts');
    return await show(this.#ledger, ref, this.#clock.today(), this.#clock.now() + PATIENCE);
  }

  async beginImport(options: ImportOptions, intent: Intent): Promise<ImportSession> {
    const { LocalImport } = await import('./local-import.ts');
    return new LocalImport(await this.#ledger.imports(), this.#clock, options, intent);
  }

  async close(): Promise<void> {
    await this.#ledger.close();
  }

  /** `request` is what the operation's fingerprint is taken of; `refused` completes an answer that did nothing. */
  async #mutate<A extends Mutated>(
    verb: A['verb'],
    request: object,
    intent: Intent,
    scope: Scope,
    refused: Refused<A>,
    decide: (snapshot: Snapshot, occasion: Occasion) => Decision<A>,
  ): Promise<A> {
    const deadline = this.#clock.now() + (intent.timeout ?? PATIENCE);
    const decideNow = (snapshot: Snapshot) => decide(snapshot, this.#occasion(intent));
    if (intent.dryRun === true) return decideNow(await this.#ledger.snapshot(scope, deadline)).answer;
    const { operation: id, actor, reason = null } = intent;
    const fingerprint = await fingerprintOf(verb, request);
    const operation = { id, verb, actor, reason, fingerprint };
    const result = await this.#ledger.transact(operation, scope, decideNow, deadline);
    if (result.kind === 'decided') return result.answer;
    return this.#replay(verb, result.operation, fingerprint, intent, refused);
  }

  /** The answer to an operation that was recorded before; undefined if its id is new, or this is a dry run. */
  async #recorded<A extends Mutated>(
    verb: A['verb'],
    request: object,
    intent: Intent,
    refused: Refused<A>,
  ): Promise<A | undefined> {
    const recorded = intent.dryRun === true ? null : await this.#ledger.operation(intent.operation);
    if (recorded === null) return undefined;
    return this.#replay(verb, recorded, await fingerprintOf(verb, request), intent, refused);
  }

  #replay<A extends Mutated>(
    verb: A['verb'],
    recorded: RecordedOperation,
    fingerprint: string,
    intent: Intent,
    refused: Refused<A>,
  ): A {
    const refusal = refuseReuse(recorded, fingerprint, intent.actor);
    if (refusal === undefined) return JSON.parse(recorded.answer ?? 'null') as A;
    return this.#refusal(verb, intent, refusal, refused);
  }

  #refusal<A extends Mutated>(verb: A['verb'], intent: Intent, refusal: Refusal, refused: Refused<A>): A {
    const occasion = this.#occasion(intent);
    // The two halves make up the whole answer, which the compiler can't see through the type parameter.
    return { ...envelope(verb, occasion, occasion.now, [refusal], []), ...refused } as unknown as A;
  }

  #occasion(intent: Intent): Occasion {
    return {
      now: this.#clock.now(),
      today: this.#clock.today(),
      operation: intent.operation,
      by: intent.actor,
      reason: intent.reason ?? null,
      dryRun: intent.dryRun ?? false,
    };
  }
}
