/** The Stockroom over a ledger in this process: load, decide, write. */
import {
  type AutoReserveCommand,
  answerFind,
  type Decision,
  type ChangeAnswer,
  decideAutoReserve,
  decideReserve,
  decideShip,
  decideUnreserve,
  type DiagnoseAnswer,
  type EndAnswer,
  type EndCommand,
  envelope,
  type FindAnswer,
  type LabelDocument,
  labelDocument,
  labelOf,
  type Occasion,
  positionText,
  type Refusal,
  type RepairAnswer,
  type ReserveAnswer,
  type ReserveCommand,
  type Scope,
  type ShipAnswer,
  type ShipCommand,
  type ShipmentDocument,
  type Snapshot,
  type SwapAnswer,
  type SwapCommand,
  type TransferAnswer,
  type TransferCommand,
  type UndoAnswer,
  type UndoCommand,
  type UnreserveAnswer,
  type UnreserveCommand,
} from '../core/index.ts';
import type { Bundle } from './bundle.ts';
import type { Clock } from './clock.ts';
import type { DiagnosisOccasion } from './diagnose.ts';
import type { BundleQuery, DiagnoseQuery, RepairCommand } from './diagnosis-queries.ts';
import type { Deed, Refused } from './deed.ts';
import type { Ledger, RecordedOperation } from './ledger.ts';
import type {
  HistoryQuery,
  LabelQuery,
  OrderQuery,
  OrderSummary,
  ReservationQuery,
  ShipmentQuery,
} from './queries.ts';
import type {
  HistoryPage,
  HistoryProof,
  ImportOptions,
  ImportSession,
  Intent,
  NamedSubject,
  PastQuestion,
  Ref,
  Stockroom,
  Suggestion,
  SuggestQuery,
  View,
} from './stockroom.ts';

/** How long a request waits for locks unless it says otherwise, in milliseconds. */
const PATIENCE = 30_000;

type Fingerprinting = typeof import('./fingerprint.ts');

const NOT_RESERVED: Refused<ReserveAnswer> = { order: null, results: [], lines: [] };

export class LocalStockroom implements Stockroom {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  #fingerprints: Fingerprinting | undefined;

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

  async transfer(command: TransferCommand, intent: Intent): Promise<TransferAnswer> {
    const { transferring } = await import('./way-back.ts');
    return await this.#perform(transferring(command), command, intent);
  }

  async swap(command: SwapCommand, intent: Intent): Promise<SwapAnswer> {
    const { swapping } = await import('./way-back.ts');
    return await this.#perform(swapping(command), command, intent);
  }

  async cancelOrder(command: EndCommand, intent: Intent): Promise<EndAnswer> {
    const { ending } = await import('./way-back.ts');
    return await this.#perform(ending('cancel', command), command, intent);
  }

  async closeOrder(command: EndCommand, intent: Intent): Promise<EndAnswer> {
    const { ending } = await import('./way-back.ts');
    return await this.#perform(ending('close', command), command, intent);
  }

  async undo(command: UndoCommand, intent: Intent): Promise<UndoAnswer> {
    const { undoing } = await import('./way-back.ts');
    return await this.#perform(undoing(command), command, intent);
  }

  async #perform<A extends ChangeAnswer>(deed: Deed<A>, request: object, intent: Intent): Promise<A> {
    const { verb, scope, refused, decide } = deed;
    return await this.#mutate(verb, request, intent, scope, refused, decide);
  }

  async find(labels: readonly string[], { asOf }: PastQuestion = {}): Promise<FindAnswer> {
    const occasion = this.#occasion({ operation: '', actor: '' });
    const deadline = occasion.now + PATIENCE;
    if (asOf === undefined)
      return answerFind(labels, await this.#ledger.snapshot({ labels }, deadline), occasion);
    const { findThen } = await import('./find-then.ts');
    const then = { ...occasion, today: this.#clock.today(asOf) };
    return await findThen(this.#ledger, labels, asOf, then, deadline);
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
    const { asOf } = query;
    const today = this.#clock.today(asOf);
    const { history } = this.#ledger;
    const found = asOf === undefined ? this.#ledger.reservations(query) : history.reservationsAt(query, asOf);
    for await (const batch of found) yield batch.map((state) => labelDocument(state, today));
  }

  orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]> {
    return this.#ledger.orders(query);
  }

  shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]> {
    return this.#ledger.shipments(query);
  }

  async show(ref: Ref, past: PastQuestion = {}): Promise<View> {
    const { show } = await import('./show.ts');
    const today = this.#clock.today(past.asOf);
    return await show(ref, { ledger: this.#ledger, today, deadline: this.#clock.now() + PATIENCE, ...past });
  }

  async subject(ref: Ref): Promise<NamedSubject> {
    const { subjectOf } = await import('./subject.ts');
    return await subjectOf(this.#ledger, ref, this.#clock.now() + PATIENCE);
  }

  async *history(query: HistoryQuery): AsyncIterable<HistoryPage> {
    const { history } = await import('./history.ts');
    yield* history(this.#ledger, query);
  }

  async historyEnd(): Promise<string> {
    return positionText(await this.#ledger.history.end());
  }

  async proveHistory(digest?: string): Promise<HistoryProof> {
    const { proveHistory } = await import('./prove-history.ts');
    return await proveHistory(this.#ledger, digest);
  }

  async diagnose(query: DiagnoseQuery): Promise<DiagnoseAnswer> {
    const { diagnose } = await import('./diagnose.ts');
    return await diagnose(this.#ledger, query, this.#diagnosing());
  }

  async repair(command: RepairCommand, intent: Intent): Promise<RepairAnswer> {
    const { repair } = await import('./repair.ts');
    const refused = { steps: [], left: [], plan: null };
    return await repair(this.#ledger, command, this.#diagnosing(), {
      recorded: async (request) => await this.#recorded('diagnose', request, intent, refused),
      refuse: (refusal) => this.#refusal('diagnose', intent, refusal, refused),
      mutate: async (request, scope, decide) => {
        return await this.#mutate('diagnose', request, intent, scope, refused, decide);
      },
    });
  }

  async bundle(query: BundleQuery): Promise<Bundle> {
    const { bundle } = await import('./bundle.ts');
    return await bundle(this.#ledger, query, this.#diagnosing());
  }

  #diagnosing(): DiagnosisOccasion {
    const now = this.#clock.now();
    return { now, today: this.#clock.today(), deadline: now + PATIENCE };
  }

  async beginImport(options: ImportOptions, intent: Intent): Promise<ImportSession> {
    const { LocalImport } = await import('./local-import.ts');
    return new LocalImport(await this.#ledger.imports(), this.#clock, options, intent);
  }

  async close(): Promise<void> {
    await this.#ledger.close();
  }

  /** `request` is what the operation's fingerprint is taken of; `refused` completes an answer that did nothing. */
  async #mutate<A extends ChangeAnswer>(
    verb: A['verb'],
    request: object,
    intent: Intent,
    scope: Scope,
    refused: Refused<A>,
    decide: (snapshot: Snapshot, occasion: Occasion) => Decision<A>,
  ): Promise<A> {
    const deadline = this.#clock.now() + (intent.timeout ?? PATIENCE);
    const decideNow = (snapshot: Snapshot) => decide(snapshot, this.#occasion(intent));
    if (intent.dryRun === true) {
      const { answer } = decideNow(await this.#ledger.snapshot(scope, deadline));
      return await this.#explained(answer, scope, deadline);
    }
    const { operation: id, actor, reason = null } = intent;
    const fingerprint = (await this.#fingerprinting()).fingerprintOf(verb, request);
    const operation = { id, verb, actor, reason, fingerprint };
    const result = await this.#ledger.transact(operation, scope, decideNow, deadline);
    if (result.kind === 'decided') return await this.#explained(result.answer, scope, deadline);
    return await this.#replay(verb, result.operation, fingerprint, intent, refused);
  }

  /** A refused answer with what could be taken instead, which is looked up only then; nothing is slower that succeeds. */
  async #explained<A extends ChangeAnswer>(answer: A, scope: Scope, deadline: number): Promise<A> {
    const { verb, refusals } = answer;
    if (verb !== 'reserve' && verb !== 'ship') return answer;
    if (!refusals.some(({ code }) => code === 'label_reserved_elsewhere')) return answer;
    const { withAlternatives } = await import('./alternatives.ts');
    const looking = { ledger: this.#ledger, today: this.#clock.today(), deadline, order: answer.order };
    return {
      ...answer,
      refusals: await withAlternatives(refusals, { ...looking, asked: scope.labels ?? [] }),
    };
  }

  /** The answer to an operation that was recorded before; undefined if its id is new, or this is a dry run. */
  async #recorded<A extends ChangeAnswer>(
    verb: A['verb'],
    request: object,
    intent: Intent,
    refused: Refused<A>,
  ): Promise<A | undefined> {
    const recorded = intent.dryRun === true ? null : await this.#ledger.operation(intent.operation);
    if (recorded === null) return undefined;
    const { fingerprintOf } = await this.#fingerprinting();
    return await this.#replay(verb, recorded, fingerprintOf(verb, request), intent, refused);
  }

  async #replay<A extends ChangeAnswer>(
    verb: A['verb'],
    recorded: RecordedOperation,
    fingerprint: string,
    intent: Intent,
    refused: Refused<A>,
  ): Promise<A> {
    const { refuseReuse } = await this.#fingerprinting();
    const refusal = refuseReuse(recorded, fingerprint, intent.actor);
    if (refusal === undefined) return JSON.parse(recorded.answer ?? 'null') as A;
    return this.#refusal(verb, intent, refusal, refused);
  }

  /** Loaded with the first change, because reads need none of it; and once, because asking for it takes time even then. */
  async #fingerprinting(): Promise<Fingerprinting> {
    this.#fingerprints ??= await import('./fingerprint.ts');
    return this.#fingerprints;
  }

  #refusal<A extends ChangeAnswer>(
    verb: A['verb'],
    intent: Intent,
    refusal: Refusal,
    refused: Refused<A>,
  ): A {
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
