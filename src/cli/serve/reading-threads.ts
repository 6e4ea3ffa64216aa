/**
 * Reads that may take long, on threads of their own: SQLite answers synchronously, and a search through ten million
 * labels would keep everybody waiting who only wants to reserve one (DESIGN section 8).
 */
import { Worker } from 'node:worker_threads';
import type { DiagnoseAnswer } from '../../core/index.ts';
import type { LongReads } from '../../http/server/route.ts';
import { Fault, type FaultCode, type FaultStep } from '../../stockroom/fault.ts';
import type { StockCounts } from '../../stockroom/ledger.ts';
import type {
  Bundle,
  BundleQuery,
  DiagnoseQuery,
  HistoryProof,
  Stockroom,
} from '../../stockroom/stockroom.ts';

export interface ReadRequest {
  readonly id: number;
  readonly read: keyof LongReads | 'counts';
  readonly query: unknown;
}

/** Rows come all at once: a server asks for a page at a time. */
export type ReadReply =
  | { readonly id: number; readonly value: unknown }
  | {
      readonly id: number;
      readonly fault: {
        readonly code: FaultCode;
        readonly message: string;
        readonly next: readonly FaultStep[];
      };
    }
  | { readonly id: number; readonly error: string };

/** What a thread is told of the file. */
export interface ReadingThreadData {
  readonly path: string;
  readonly allowNetwork: boolean;
}

/** A long read holds its thread; with two, another can still be made. */
const THREADS = 2;

type Batch<N extends Listing> = Stockroom[N] extends (query: never) => AsyncIterable<infer B> ? B : never;
type Listing = 'labels' | 'orders' | 'reservations' | 'shipments' | 'history';

export class ReadingThreads implements LongReads {
  readonly #threads: readonly ReadingThread[];

  constructor(data: ReadingThreadData) {
    this.#threads = Array.from({ length: THREADS }, () => new ReadingThread(data));
  }

  labels(query: unknown): AsyncIterable<Batch<'labels'>> {
    return this.#list('labels', query);
  }

  orders(query: unknown): AsyncIterable<Batch<'orders'>> {
    return this.#list('orders', query);
  }

  reservations(query: unknown): AsyncIterable<Batch<'reservations'>> {
    return this.#list('reservations', query);
  }

  shipments(query: unknown): AsyncIterable<Batch<'shipments'>> {
    return this.#list('shipments', query);
  }

  history(query: unknown): AsyncIterable<Batch<'history'>> {
    return this.#list('history', query);
  }

  async proveHistory(digest?: string): Promise<HistoryProof> {
    return (await this.#leastBusy().read('proveHistory', digest)) as HistoryProof;
  }

  async diagnose(query: DiagnoseQuery): Promise<DiagnoseAnswer> {
    return (await this.#leastBusy().read('diagnose', query)) as DiagnoseAnswer;
  }

  async bundle(query: BundleQuery): Promise<Bundle> {
    return (await this.#leastBusy().read('bundle', query)) as Bundle;
  }

  async counts(): Promise<StockCounts> {
    return (await this.#leastBusy().read('counts', undefined)) as StockCounts;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(async (thread) => await thread.close()));
  }

  async *#list<N extends Listing>(read: N, query: unknown): AsyncIterable<Batch<N>> {
    yield* (await this.#leastBusy().read(read, query)) as Batch<N>[];
  }

  #leastBusy(): ReadingThread {
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new Error('there are no threads to read on');
    return others.reduce((least, each) => (each.waiting < least.waiting ? each : least), first);
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

class ReadingThread {
  readonly #data: ReadingThreadData;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #last = 0;

  constructor(data: ReadingThreadData) {
    this.#data = data;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  async read(read: ReadRequest['read'], query: unknown): Promise<unknown> {
    this.#worker ??= this.#start();
    this.#last += 1;
    const request: ReadRequest = { id: this.#last, read, query };
    const reply = new Promise((resolve, reject) => this.#waiting.set(request.id, { resolve, reject }));
    this.#worker.postMessage(request);
    return await reply;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Started by the first read; anew after a thread has died. */
  #start(): Worker {
    const [, program = ''] = process.argv;
    const worker = new Worker(program, {
      argv: ['serve', '--port', '0', '--reader'],
      workerData: this.#data,
    });
    worker.on('message', (reply: ReadReply) => this.#settle(reply));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the reading thread has ended')));
    return worker;
  }

  #settle(reply: ReadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('value' in reply) waiting?.resolve(reply.value);
    else if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.reject(new Fault(reply.fault.code, reply.fault.message, { next: reply.fault.next }));
  }

  #fail(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
