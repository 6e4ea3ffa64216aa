/** The Stockroom of a server: every verb and read is one request. The mirror of `http/server`. */
import type {
  AutoReserveCommand,
  DiagnoseAnswer,
  EndAnswer,
  EndCommand,
  FindAnswer,
  LabelDocument,
  RepairAnswer,
  ReserveAnswer,
  ReserveCommand,
  ShipAnswer,
  ShipCommand,
  ShipmentDocument,
  SwapAnswer,
  SwapCommand,
  TransferAnswer,
  TransferCommand,
  UndoAnswer,
  UndoCommand,
  UnreserveAnswer,
  UnreserveCommand,
} from '../../core/index.ts';
import type {
  HistoryQuery,
  LabelQuery,
  OrderQuery,
  OrderSummary,
  ReservationQuery,
  ShipmentQuery,
} from '../../stockroom/queries.ts';
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
  Bundle,
  BundleQuery,
  DiagnoseQuery,
  RepairCommand,
} from '../../stockroom/stockroom.ts';
import { encodeCursor } from '../cursor.ts';
import {
  type HistoryEnd,
  LIST_PATHS,
  type Page,
  PATHS,
  VERB_PATHS,
  type VerbRequest,
  type WireHistoryPage,
} from '../wire.ts';
import { type Call, Server } from './server.ts';
import { serverAddress } from './server-address.ts';

export interface ServerPlace {
  /** An http:// or https:// URL, perhaps with a path. */
  readonly url: string;
  readonly token: string | undefined;
}

/** Rows that are asked for at once. */
const PAGE_ROWS = 500;

type Verb = keyof typeof VERB_PATHS;

/** A query whose filters are parameters already. */
type ListQuery =
  | (Omit<LabelQuery, 'expired'> & { readonly expired?: boolean; readonly expiredOn?: string })
  | OrderQuery
  | ReservationQuery
  | ShipmentQuery;

/** Opens nothing yet: the first request is also the first sign of the server. `timeout` is the patience of reads. */
export async function openServer(
  { url, token }: ServerPlace,
  { timeout }: { readonly timeout: number },
): Promise<Stockroom> {
  return new RemoteStockroom(await Server.open(serverAddress(url, token)), timeout);
}

class RemoteStockroom implements Stockroom {
  readonly #server: Server;
  readonly #patience: number;
  /** What imports leave to be done before the connections end. */
  readonly #leftovers: Promise<unknown>[] = [];

  constructor(server: Server, patience: number) {
    this.#server = server;
    this.#patience = patience;
  }

  get place(): string {
    return this.#server.place;
  }

  async reserve(command: ReserveCommand, intent: Intent): Promise<ReserveAnswer> {
    return await this.#verb('reserve', command, intent);
  }

  async reserveAutomatically(command: AutoReserveCommand, intent: Intent): Promise<ReserveAnswer> {
    return await this.#verb('reserveAutomatically', command, intent);
  }

  async unreserve(command: UnreserveCommand, intent: Intent): Promise<UnreserveAnswer> {
    return await this.#verb('unreserve', command, intent);
  }

  async ship(command: ShipCommand, intent: Intent): Promise<ShipAnswer> {
    return await this.#verb('ship', command, intent);
  }

  async transfer(command: TransferCommand, intent: Intent): Promise<TransferAnswer> {
    return await this.#verb('transfer', command, intent);
  }

  async swap(command: SwapCommand, intent: Intent): Promise<SwapAnswer> {
    return await this.#verb('swap', command, intent);
  }

  async cancelOrder(command: EndCommand, intent: Intent): Promise<EndAnswer> {
    return await this.#verb('cancelOrder', command, intent);
  }

  async closeOrder(command: EndCommand, intent: Intent): Promise<EndAnswer> {
    return await this.#verb('closeOrder', command, intent);
  }

  async undo(command: UndoCommand, intent: Intent): Promise<UndoAnswer> {
    return await this.#verb('undo', command, intent);
  }

  async repair(command: RepairCommand, intent: Intent): Promise<RepairAnswer> {
    return await this.#verb('repair', command, intent);
  }

  async diagnose(query: DiagnoseQuery): Promise<DiagnoseAnswer> {
    return await this.#ask(PATHS.diagnose, query);
  }

  async bundle(query: BundleQuery): Promise<Bundle> {
    return await this.#ask(PATHS.bundle, query);
  }

  async find(labels: readonly string[], past: PastQuestion = {}): Promise<FindAnswer> {
    return await this.#ask(PATHS.find, { labels, ...past });
  }

  async suggest(query: SuggestQuery): Promise<Suggestion> {
    return await this.#ask(PATHS.suggest, query);
  }

  async show({ kind, name }: Ref, { asOf }: PastQuestion = {}): Promise<View> {
    return await this.#get(PATHS.show, { name, kind, asOf });
  }

  async subject({ kind, name }: Ref): Promise<NamedSubject> {
    return await this.#get(PATHS.subject, { name, kind });
  }

  async *history({ of, ...query }: HistoryQuery): AsyncIterable<HistoryPage> {
    const { limit = Number.POSITIVE_INFINITY } = query;
    let { after } = query;
    for (let left = limit; left > 0; ) {
      const asked = { ...query, ...of, after, limit: Math.min(left, PAGE_ROWS) };
      const { events, position, more } = await this.#get<WireHistoryPage>(PATHS.history, asked);
      if (position === null || events.length === 0) return;
      yield { events, position };
      if (!more) return;
      after = position;
      left -= events.length;
    }
  }

  async historyEnd(): Promise<string> {
    return (await this.#get<HistoryEnd>(PATHS.historyEnd, {})).position;
  }

  async proveHistory(digest?: string): Promise<HistoryProof> {
    // As it comes out of a file, with a line end behind it.
    return await this.#get(PATHS.historyDigest, { digest: digest?.trim() });
  }

  labels(query: LabelQuery): AsyncIterable<readonly LabelDocument[]> {
    const { expired, ...others } = query;
    const filter = expired === undefined ? {} : { expired: expired.is, expiredOn: expired.on };
    return this.#pages('labels', { ...others, ...filter });
  }

  orders(query: OrderQuery): AsyncIterable<readonly OrderSummary[]> {
    return this.#pages('orders', query);
  }

  reservations(query: ReservationQuery): AsyncIterable<readonly LabelDocument[]> {
    return this.#pages('reservations', query);
  }

  shipments(query: ShipmentQuery): AsyncIterable<readonly ShipmentDocument[]> {
    return this.#pages('shipments', query);
  }

  async beginImport(options: ImportOptions, intent: Intent): Promise<ImportSession> {
    const { RemoteImport } = await import('./remote-import.ts');
    const patience = intent.timeout ?? this.#patience;
    return new RemoteImport(this.#server, options, intent, patience, this.#leftovers);
  }

  async close(): Promise<void> {
    await Promise.all(this.#leftovers);
    this.#server.close();
  }

  async #verb<A>(verb: Verb, command: object, intent: Intent): Promise<A> {
    const { reason, dryRun } = intent;
    const call: Call = {
      method: 'POST',
      path: VERB_PATHS[verb],
      intent,
      atStake: dryRun === true ? 'nothing' : 'this',
      patience: intent.timeout ?? this.#patience,
      body: (timeout) => {
        return JSON.stringify({ command, reason, dryRun, timeout } satisfies VerbRequest<object>);
      },
    };
    return await this.#server.call<A>(call);
  }

  async #ask<A>(path: string, question: object): Promise<A> {
    const body = () => JSON.stringify(question);
    return await this.#server.call<A>({ method: 'POST', path, body, patience: this.#patience });
  }

  async #get<A>(path: string, parameters: Readonly<Record<string, Parameter>>): Promise<A> {
    const asked = withParameters(path, parameters);
    return await this.#server.call<A>({ method: 'GET', path: asked, patience: this.#patience });
  }

  async *#pages<T>(list: keyof typeof LIST_PATHS, query: ListQuery): AsyncIterable<readonly T[]> {
    const { limit = Number.POSITIVE_INFINITY, after, ...filters } = query;
    const { sort, descending } = filters;
    let cursor = after === undefined ? undefined : encodeCursor({ list, sort, descending }, after);
    for (let left = limit; left > 0; ) {
      const path = withParameters(LIST_PATHS[list], { ...filters, limit: Math.min(left, PAGE_ROWS), cursor });
      const call = { method: 'GET', path, patience: this.#patience } as const;
      const page: Page<T> = await this.#server.call<Page<T>>(call);
      yield page.items;
      if (page.next === null) return;
      cursor = page.next;
      left -= page.items.length;
    }
  }
}

type Parameter = string | number | boolean | readonly string[] | undefined;

/** Lists of words are joined by commas, which no status has. */
function withParameters(path: string, parameters: Readonly<Record<string, Parameter>>): string {
  const text = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
  return text === '' ? path : `${path}?${text}`;
}
