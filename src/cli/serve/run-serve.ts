/** Runs the server until a signal comes. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { isoMoment, SCHEMA_VERSION } from '../../core/index.ts';
import { type Address, type Listening, listen } from '../../http/server/listen.ts';
import { createServer } from '../../http/server/server.ts';
import { Fault } from '../../stockroom/fault.ts';
import { LocalStockroom } from '../../stockroom/local.ts';
import type { TokenStore } from '../../stockroom/tokens.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json-text.ts';
import { openLocalLedger } from '../local-ledger.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import type { CommonFlags } from '../settings.ts';
import { ReadingThreads } from './reading-threads.ts';

export interface ServeFlags extends CommonFlags {
  readonly port: number;
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Of serve itself, for a thread that it starts. */
  readonly reader?: boolean;
}

/** How long what is under way may take to come to its end after a signal, in milliseconds. */
const DRAIN = 20_000;

/**
 * V8 would let the heap grow fourfold between collections, and all the rows of an import pass through it. A third costs little
 * time, and saves a fifth of the memory.
 */
const HEAP_GROWTH = '--heap-growing-percent=30';

/** Exit code 0 when everything under way came to its end, 1 if some of it had to be cut. */
export async function runServe(context: Context, flags: ServeFlags): Promise<number> {
  setFlagsFromString(HEAP_GROWTH);
  const address = addressOf(flags);
  const ledger = await openLocalLedger(context, 'earmark serve');
  const threads = readingThreads(context);
  try {
    const tokens = await ledger.tokens();
    await refuseOpenDoor(address.host, tokens);
    const log = (entry: object) => {
      if (flags.quiet !== true) context.err.line(JSON.stringify(entry));
    };
    const note = (event: string, facts: object = {}) =>
      log({ time: isoMoment(context.clock.now()), event, ...facts });
    const stockroom = new LocalStockroom(ledger, context.clock);
    const counts = async () => await (threads ?? ledger).counts();
    const longReads = threads ?? stockroom;
    const server = createServer(stockroom, { longReads, tokens, counts, clock: context.clock, log });
    const listening = await listen(server, address);
    const stopped = signalled();
    sayUrl(context, listening);
    note('listening', { url: listening.url, database: ledger.place, tokens: await tokens.any() });
    note('stopping', { signal: await stopped });
    const cut = await listening.stop(DRAIN);
    note('stopped', { cut });
    return cut === 0 ? 0 : 1;
  } finally {
    await threads?.close();
    await ledger.close();
  }
}

/** PostgreSQL reads beside this process by itself. */
function readingThreads(context: Context): ReadingThreads | undefined {
  const { place, allowNetwork } = context;
  return place.kind === 'file' ? new ReadingThreads({ path: place.path, allowNetwork }) : undefined;
}

function addressOf({ port, host, tlsCert, tlsKey }: ServeFlags): Address {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (tlsCert === undefined && tlsKey === undefined) return { port, host: bare };
  if (tlsCert === undefined || tlsKey === undefined)
    throw new Fault('input', '--tls-cert and --tls-key are given together');
  return { port, host: bare, tls: { cert: pem(tlsCert, '--tls-cert'), key: pem(tlsKey, '--tls-key') } };
}

function pem(path: string, flag: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Fault('input', `${flag} ${path} can not be read`, { cause: error });
  }
}

/** Whoever reaches an address other than loopback could do everything, unless there are tokens. */
async function refuseOpenDoor(host: string, tokens: TokenStore): Promise<void> {
  const loopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
  if (loopback || (await tokens.any())) return;
  const next = [{ label: 'make one', command: 'earmark token create NAME --role operate' }];
  throw new Fault('input', `to serve on ${host} there must be tokens, because others can reach it`, { next });
}

/** On standard output, so that a script that asked for any free port can read which one it is. */
function sayUrl(context: Context, { url }: Listening): void {
  const { out, paint } = context;
  const format = formatOf(context);
  if (isDocument(format)) out.line(jsonText({ schemaVersion: SCHEMA_VERSION, verb: 'serve', url }));
  else if (format === 'table' || format === 'wide') out.line(`${paint.good('✓')} listening on ${url}`);
  else out.line(url);
}

/** The first signal to stop; the next one ends the process at once, as signals do. */
async function signalled(): Promise<NodeJS.Signals> {
  return await new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve(signal);
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  });
}
