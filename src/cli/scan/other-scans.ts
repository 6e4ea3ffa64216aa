/** `unreserve --scan` and `find-order --scan`. */
import { formatDecimal, type LabelDocument, type Refusal } from '../../core/index.ts';
import type { Intent, Stockroom } from '../../stockroom/stockroom.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Context } from '../context.ts';
import { type Desk, openDesk } from './desk.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { shortRefusal } from './reserve-scan.ts';
import { Tally } from './session.ts';

interface Verb {
  readonly did: string;
  readonly message: string;
  /** Handles a label; says so at the desk and counts it. */
  readonly take: (label: LabelDocument, count: string) => Promise<void>;
}

/** Frees every label that is scanned, at once; whoever begins agrees to that. */
export async function scanUnreserve(
  context: Context,
  expectOrder: string | undefined,
  agreed: boolean,
  group: Intent,
): Promise<number> {
  const stockroom = await context.stockroom();
  if (!agreed)
    await context.prompts('unreserve --scan frees what is scanned; add --yes to begin without asking');
  const desk = await openDesk(context);
  const whose = expectOrder === undefined ? '' : ` of ${expectOrder}`;
  if (!agreed && !(await desk.agree(`Free every label${whose} that is scanned, at once?`))) {
    throw new Fault('declined', 'nothing was freed');
  }
  const tally = new Tally(group);
  const verb = { did: 'freed', message: `scan labels${whose} to free, DONE finishes` };
  return await runSession(context, stockroom, desk, tally, {
    ...verb,
    take: async (label, count) => {
      const expected = expectOrder === undefined ? {} : { expectOrder };
      const answer = await stockroom.unreserve(
        { target: { labels: [label.number] }, ...expected },
        tally.next(),
      );
      const [refusal] = answer.refusals;
      if (refusal !== undefined) {
        tally.refused(label.number, refusal.code);
        desk.bad(`${count} ${shortRefusal(refusal, context.sayMoment)}`, answer);
        return;
      }
      tally.succeeded();
      const was = answer.results[0]?.was ?? null;
      const from = was === null ? 'nobody held it' : `was for ${was.order} line ${was.line}`;
      desk.good(`${count} ${label.number} is free · ${from}`, answer);
    },
  });
}

/** Says who holds every label that is scanned. */
export async function scanFind(context: Context, group: Intent): Promise<number> {
  const stockroom = await context.stockroom();
  const desk = await openDesk(context);
  const tally = new Tally(group);
  return await runSession(context, stockroom, desk, tally, {
    did: 'found',
    message: 'scan labels to find, DONE finishes',
    take: async (label, count) => {
      tally.succeeded();
      desk.good(`${count} ${label.number} · ${whereabouts(label, context)}`);
    },
  });
}

function whereabouts(label: LabelDocument, { sayMoment }: Context): string {
  const bin = label.bin === null ? '' : ` · bin ${label.bin}`;
  const { reservation } = label;
  if (reservation === null)
    return `${label.status} · ${formatDecimal(label.quantity)} ${label.unit} ${label.item}${bin}`;
  const customer = reservation.customer === null ? '' : ` ${reservation.customer}`;
  const held = `${reservation.order}${customer} line ${reservation.line}`;
  return `${held} (${reservation.by}, ${sayMoment(reservation.since)})${bin}`;
}

async function runSession(
  context: Context,
  stockroom: Stockroom,
  desk: Desk,
  tally: Tally,
  verb: Verb,
): Promise<number> {
  const ended = await desk.run(
    () => verb.message,
    async (scan, waiting) => {
      const count = tally.count(waiting ?? 0);
      const meaning = await meaningOf(stockroom, scan);
      if (meaning.kind === 'command' && meaning.command === 'done') return 'done';
      if (meaning.kind === 'label') await verb.take(meaning.label, count);
      else refuse(context, desk, tally, meaning, count);
      return 'more';
    },
  );
  tally.sayTotals(desk, verb.did);
  return tally.exitCode(ended);
}

function refuse(
  context: Context,
  desk: Desk,
  tally: Tally,
  meaning: Exclude<Meaning, { kind: 'label' }>,
  count: string,
): void {
  if (meaning.kind === 'unknown') {
    const refusal: Refusal = { code: 'label_not_found', label: meaning.text, near: meaning.near };
    tally.refused(meaning.text, refusal.code);
    desk.bad(`${count} ${shortRefusal(refusal, context.sayMoment)}`);
    return;
  }
  const what =
    meaning.kind === 'order'
      ? `${meaning.order.number} is an order, not a label`
      : `${meaning.command} means nothing here`;
  tally.refused(meaning.kind === 'order' ? meaning.order.number : meaning.command, 'label_not_found');
  desk.bad(`${count} ${what}`);
}
