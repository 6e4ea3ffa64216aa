/** `prove`: races workers on a scratch ledger of this backend, and checks that each race had exactly one winner. */
import {
  fromDecimal,
  type ImportKind,
  type ImportRows,
  type Quantity,
  SCHEMA_VERSION,
  violations,
} from '../../core/index.ts';
import { systemClock } from '../../stockroom/clock.ts';
import type { Ledger } from '../../stockroom/ledger.ts';
import { LocalStockroom } from '../../stockroom/local.ts';
import type { Stockroom } from '../../stockroom/stockroom.ts';
import { ITEM, orderOf, type Race, RACES, type Round, type Verdict } from './races.ts';
import { makeScratch, openScratch, removeScratch, type ScratchAddress } from './scratch.ts';
import { Workers } from './workers.ts';

export interface RaceReport {
  readonly name: string;
  readonly rounds: number;
  readonly winners: number;
  readonly refused: number;
  readonly problems: readonly string[];
}

export interface Proof {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly verb: 'prove';
  /** Every race had exactly one winner, and everything holds afterwards. */
  readonly ok: boolean;
  /** The scratch ledger, which is removed. */
  readonly place: string;
  readonly workers: number;
  readonly rounds: number;
  readonly races: readonly RaceReport[];
  /** What was looked at afterwards, and what is wrong with it. */
  readonly checked: {
    readonly labels: number;
    readonly orders: number;
    readonly events: number;
    readonly problems: readonly string[];
  };
  readonly milliseconds: number;
}

/** Signals that would otherwise leave the scratch ledger behind. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Pieces that a worker's order needs: more than it can win. */
const PLENTY = 1_000_000;

/** `progress` is told how many rounds are run. A signal stops the races, removes the scratch ledger, and is thrown. */
export async function prove(
  address: ScratchAddress,
  { workers, rounds }: { readonly workers: number; readonly rounds: number },
  progress: (done: number, of: number) => void,
): Promise<Proof> {
  const started = performance.now();
  const stop = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => stop.abort(new Interrupted(signal));
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    await makeScratch(address);
    const found = await withLedger(address, async (ledger) => {
      const room = new LocalStockroom(ledger, systemClock);
      await bringStock(room, workers, rounds);
      const races = await runRaces(address, room, { workers, rounds }, stop.signal, progress);
      return { place: ledger.place, races, checked: await checkAll(ledger) };
    });
    const ok = [...found.races, found.checked].every(({ problems }) => problems.length === 0);
    const milliseconds = Math.round(performance.now() - started);
    return { schemaVersion: SCHEMA_VERSION, verb: 'prove', ok, workers, rounds, ...found, milliseconds };
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    await removeScratch(address);
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** A signal arrived; the scratch ledger is removed, and nothing else was touched. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}; the scratch ledger is removed`);
    this.signal = signal;
  }
}

async function withLedger<T>(address: ScratchAddress, use: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openScratch(address);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

async function runRaces(
  address: ScratchAddress,
  room: Stockroom,
  { workers: count, rounds }: { readonly workers: number; readonly rounds: number },
  stop: AbortSignal,
  progress: (done: number, of: number) => void,
): Promise<RaceReport[]> {
  const workers = await Workers.start(count, address, stop);
  const reports: RaceReport[] = [];
  try {
    for (const race of RACES) {
      const verdicts: Verdict[] = [];
      for (let number = 1; number <= rounds; number++) {
        const round = { number, workers: count };
        stop.throwIfAborted();
        await race.prepare?.(room, round);
        const replies = await workers.race(race.requests(round));
        verdicts.push(await race.judge(room, round, replies));
        progress(reports.length * rounds + number, RACES.length * rounds);
      }
      const sum = (part: 'winners' | 'refused') => verdicts.reduce((all, verdict) => all + verdict[part], 0);
      const problems = verdicts.flatMap((verdict) => verdict.problems);
      reports.push({ name: race.name, rounds, winners: sum('winners'), refused: sum('refused'), problems });
    }
    return reports;
  } finally {
    await workers.close();
  }
}

/** Imports the labels and orders of every round of every race. */
async function bringStock(room: Stockroom, workers: number, rounds: number): Promise<void> {
  const options = { onConflict: 'report', releaseClosed: false, atomic: false, problemLimit: 5 } as const;
  const session = await room.beginImport(options, { operation: 'stock', actor: 'prove' });
  try {
    let row = 0;
    const add = <K extends ImportKind>(kind: K, each: ImportRows[K]): void => {
      row += 1;
      session.add(kind, { origin: { file: 'prove', row }, row: each });
    };
    const order = (number: string, ordered: Quantity): void => {
      add('orders', { number, status: 'open' });
      add('lines', { order: number, line: 1, item: ITEM, ordered });
    };
    add('items', { sku: ITEM, tracking: 'serialized' });
    for (let worker = 0; worker < workers; worker++) order(orderOf(worker), fromDecimal(PLENTY));
    for (const race of RACES) {
      for (const round of roundsOf(rounds, workers)) addRound(race, round, add, order);
    }
    const answer = await session.finish();
    if (!answer.ok) throw new Error(`the stock of the races was refused: ${answer.problems[0]?.reason}`);
  } finally {
    session.close();
  }
}

function addRound(
  race: Race,
  round: Round,
  add: (kind: 'labels', row: ImportRows['labels']) => void,
  order: (number: string, ordered: Quantity) => void,
): void {
  for (const number of race.labels(round)) {
    add('labels', { number, item: ITEM, quantity: fromDecimal(1) });
  }
  for (const { order: number, pieces } of race.orders?.(round) ?? []) order(number, fromDecimal(pieces));
}

function roundsOf(rounds: number, workers: number): Round[] {
  return Array.from({ length: rounds }, (_, at) => ({ number: at + 1, workers }));
}

/** Every invariant on all labels and orders, and whether the history agrees with itself and with the state. */
async function checkAll(ledger: Ledger): Promise<Proof['checked']> {
  const labels = [];
  for await (const batch of ledger.labels({})) labels.push(...batch);
  const orders = [];
  for await (const batch of ledger.orders({})) {
    for (const { number } of batch) {
      const { order } = await ledger.snapshot({ order: number }, systemClock.now() + 60_000);
      if (order !== null) orders.push(order);
    }
  }
  const problems = violations({ labels, orders }).map(({ invariant, label, order, line }) => {
    return `${invariant.replaceAll('_', ' ')}: ${named(label, order, line)}`;
  });
  for await (const wrong of ledger.history.problems()) {
    problems.push(
      ...wrong.map(({ problem, label, order, line, field }) => {
        return `history ${problem.replaceAll('_', ' ')}: ${named(label, order, line, field)}`;
      }),
    );
  }
  let events = 0;
  for await (const page of ledger.history.events({ eventsOnly: true })) events += page.events.length;
  return { labels: labels.length, orders: orders.length, events, problems };
}

function named(...parts: readonly (string | number | null)[]): string {
  return parts.filter((part) => part !== null).join(' ');
}
