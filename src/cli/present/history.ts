/** Printing history as it is read, and as it goes on. */
import { setTimeout } from 'node:timers/promises';
import type { HistoryQuery } from '../../stockroom/queries.ts';
import type { EventDocument, Stockroom } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { concludeRefusal } from '../exit.ts';
import { jsonText } from '../json-text.ts';
import { EVENTS } from './event-columns.ts';
import { eventLines } from './events.ts';
import { formatOf, isDocument } from './formats.ts';
import { printListing } from './listing.ts';

/** On a terminal nobody reads more; in a pipe everything is given. */
const SCREENFUL = 200;
/** How often it is looked whether something has happened, in milliseconds. */
const POLL = 500;

interface Telling {
  readonly limit?: number;
  readonly follow?: boolean;
}

/** Prints what matches, and with `follow` what is committed from then on, until nobody reads any more. */
export async function tellHistory(
  context: Context,
  query: HistoryQuery,
  { limit = context.out.isTerminal ? SCREENFUL : 0, follow = false }: Telling,
): Promise<number> {
  const stockroom = await context.stockroom();
  const { err, flags } = context;
  let more = false;
  const told = async function* (): AsyncIterable<readonly EventDocument[]> {
    const end = follow ? await stockroom.historyEnd() : undefined;
    const upTo = end === undefined ? {} : { upTo: end };
    if (limit === 0) yield* allEvents(stockroom, { ...query, ...upTo });
    else {
      const { events, cut } = await latestEvents(stockroom, { ...query, ...upTo }, limit);
      more = cut;
      yield events;
    }
    if (end !== undefined) yield* eventsAfter(stockroom, query, end);
  };
  const count = await printEvents(context, told());
  if (flags.quiet === true || !err.isTerminal) return 0;
  if (count === 0) err.line('nothing happened');
  if (more) err.line(`the latest ${limit}; --limit 0 shows all`);
  return 0;
}

/** On a terminal a line for people; else records, as lists have them. */
async function printEvents(
  context: Context,
  batches: AsyncIterable<readonly EventDocument[]>,
): Promise<number> {
  if (formatOf(context) !== 'table' || context.flags.fields !== undefined) {
    return await printListing(context, EVENTS, batches);
  }
  let count = 0;
  for await (const batch of batches) {
    count += batch.length;
    for (const line of eventLines(batch, context)) context.out.line(line);
    await context.out.drained();
    if (context.out.closed) break;
  }
  return count;
}

async function* allEvents(
  stockroom: Stockroom,
  query: HistoryQuery,
): AsyncIterable<readonly EventDocument[]> {
  for await (const { events } of stockroom.history(query)) yield events;
}

/** Read from the end, and told oldest first. */
async function latestEvents(stockroom: Stockroom, query: HistoryQuery, limit: number) {
  const events: EventDocument[] = [];
  const newest = { ...query, descending: true, limit: limit + 1 };
  for await (const batch of allEvents(stockroom, newest)) events.push(...batch);
  return { events: events.slice(0, limit).reverse(), cut: events.length > limit };
}

/** What is committed after a place in history, for ever. */
async function* eventsAfter(
  stockroom: Stockroom,
  query: HistoryQuery,
  place: string,
): AsyncIterable<readonly EventDocument[]> {
  for (let after = place; ; ) {
    await setTimeout(POLL);
    const upTo = await stockroom.historyEnd();
    if (upTo === after) continue;
    yield* allEvents(stockroom, { ...query, after, upTo });
    after = upTo;
  }
}

/** Prints the digest of all history, or says whether what a digest covers is as it was. */
export async function proveHistory(context: Context, digest: string | undefined): Promise<number> {
  const stockroom = await context.stockroom();
  const proof = await stockroom.proveHistory(digest);
  if (proof.refusal !== null) return concludeRefusal(context, proof.refusal);
  const format = formatOf(context);
  const { out, flags } = context;
  if (isDocument(format)) out.line(format === 'json' ? jsonText(proof, 2) : jsonText(proof));
  else if (digest === undefined) out.line(proof.digest);
  else if (flags.quiet !== true) out.line('nothing that the digest covers has changed');
  return 0;
}
