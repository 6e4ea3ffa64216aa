/** `unreserve --scan` and `find-order --scan`. */
import { formatDecimal, type LabelDocument, type Verb } from '../../core/index.ts';
import type { Intent, Stockroom } from '../../stockroom/stockroom.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Context } from '../context.ts';
import { type Desk, openDesk } from './desk.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { shortRefusal, Tally } from './session.ts';

interface Scanning {
  readonly did: string;
  readonly verb: Verb;
  readonly message: string;
  /** Handles a label, or what looks like one; says so at the desk and counts it. */
  readonly take: (label: string) => Promise<void>;
  /** The command that takes all of it back, asked for at the end (`Summary.undo`). */
  readonly undo?: () => string | null;
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
  const tally = new Tally(group);
  const desk = await openDesk(context, tally);
  const whose = expectOrder === undefined ? '' : ` of ${expectOrder}`;
  if (!agreed && !(await desk.agree(`Free every label${whose} that is scanned, at once?`))) {
    throw new Fault('declined', 'nothing was freed');
  }
  let freed = false;
  return await runSession(stockroom, desk, tally, {
    did: 'freed',
    verb: 'unreserve',
    message: `scan labels${whose} to free, DONE finishes`,
    take: async (label) => {
      const expected = expectOrder === undefined ? {} : { expectOrder };
      const answer = await stockroom.unreserve({ target: { labels: [label] }, ...expected }, tally.next());
      const [refusal] = answer.refusals;
      if (refusal !== undefined) {
        tally.refused(label, refusal.code);
        desk.bad(`${shortRefusal(refusal, context.sayMoment)}`, answer);
        return;
      }
      tally.succeeded(label);
      const was = answer.results[0]?.was ?? null;
      freed ||= was !== null;
      const from = was === null ? 'nobody held it' : `was for ${was.order} line ${was.line}`;
      desk.good(`${label} is free · ${from}`, answer);
    },
    undo: () => tally.wayBack(context, 'unreserve', freed),
  });
}

/** Says who holds every label that is scanned. */
export async function scanFind(context: Context, group: Intent): Promise<number> {
  const stockroom = await context.stockroom();
  const tally = new Tally(group);
  const desk = await openDesk(context, tally);
  return await runSession(stockroom, desk, tally, {
    did: 'found',
    verb: 'find',
    message: 'scan labels to find, DONE finishes',
    take: async (number) => {
      const answer = await stockroom.find([number]);
      const [refusal] = answer.refusals;
      const [label] = answer.results;
      if (refusal !== undefined || label === undefined) {
        tally.refused(number, answer.code);
        const why = refusal === undefined ? number : shortRefusal(refusal, context.sayMoment);
        desk.bad(`${why}`, answer);
        return;
      }
      tally.succeeded(label.number);
      desk.good(`${label.number} · ${whereabouts(label, context)}`, answer);
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
  stockroom: Stockroom,
  desk: Desk,
  tally: Tally,
  scanning: Scanning,
): Promise<number> {
  try {
    const ended = await desk.run(
      () => scanning.message,
      async (scan, waiting) => {
        tally.begin(scan, waiting);
        const meaning = await meaningOf(stockroom, scan);
        if (meaning.kind === 'command' && meaning.command === 'done') return 'done';
        if (meaning.kind === 'label') await scanning.take(meaning.label.number);
        else if (meaning.kind === 'unknown') await scanning.take(meaning.text);
        else await refuse(stockroom, desk, tally, meaning);
        return 'more';
      },
      (scan) => tally.missed(scan),
    );
    return tally.exitCode(ended);
  } finally {
    const { did, verb, undo } = scanning;
    tally.summarize(desk, { did, verb, ...(undo === undefined ? {} : { undo: undo() }) });
  }
}

/** Orders and words name no label. */
async function refuse(
  stockroom: Stockroom,
  desk: Desk,
  tally: Tally,
  meaning: Exclude<Meaning, { kind: 'label' | 'unknown' }>,
): Promise<void> {
  const [name, what] =
    meaning.kind === 'order'
      ? [meaning.order.number, `${meaning.order.number} is an order, not a label`]
      : [meaning.command, `${meaning.command} means nothing here`];
  tally.refused(name, 'label_not_found');
  desk.bad(`${what}`, await stockroom.find([name]));
}
