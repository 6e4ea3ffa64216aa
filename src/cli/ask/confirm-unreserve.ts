/** What `unreserve` asks: which labels, and whether to free exactly those that it shows. */
import {
  type FreeChoice,
  sentenceOf,
  type UnreserveAnswer,
  type UnreserveCommand,
} from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Intent, Stockroom } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { presentAnswer } from '../present/answers.ts';
import { heldLines, UNRESERVED } from '../present/unreserve.ts';
import { counted, measured } from '../present/words.ts';
import type { PickRow } from '../prompts/index.ts';
import { labelMeant } from '../scan/meaning.ts';

const MISSING = 'name the labels, or --order';

/** Asks for some of all reserved labels; unless it is said otherwise, to free them. */
export async function askHeldLabels(
  context: Context,
  message = 'Free which labels?',
  missing = MISSING,
): Promise<string[]> {
  const prompts = await context.prompts(missing);
  const stockroom = await context.stockroom();
  const rows: PickRow[] = [];
  for await (const batch of stockroom.reservations({ sort: 'order' })) {
    for (const { number, code, quantity, unit, item, bin, reservation } of batch) {
      const since = reservation === null ? '' : context.sayMoment(reservation.since);
      const holder = [reservation?.order, reservation?.customer, reservation?.by].map((cell) => cell ?? '');
      const cells = [number, ...holder, since, item, measured(quantity, unit), bin ?? ''];
      rows.push({ key: number, names: code === null ? [] : [code], cells });
    }
  }
  const picked = await prompts.pickMany({
    message,
    noun: 'label',
    columns: ['label', 'order', 'customer', 'by', 'since', 'item', 'quantity', 'bin'],
    rows,
    lookUp: async (text) => {
      const { label, refusal } = await labelMeant(stockroom, text);
      if (refusal !== undefined) return { why: sentenceOf(refusal, context.sayMoment).message };
      if (label === undefined || label.reservation !== null) return label && { key: label.number };
      return { why: `${label.number} is ${label.status}: nobody holds it` };
    },
  });
  return picked.map(({ key }) => key);
}

/** What is to be done, pinned to what was shown; or the exit code, where there is nothing to do or it was refused. */
export type Agreed<C> = { readonly command: C } | { readonly exitCode: number };

/** Shows who holds the labels and asks. Freed is then what was shown, from those that were shown to hold it, or nothing. */
export async function confirmUnreserve(
  context: Context,
  stockroom: Stockroom,
  command: UnreserveCommand,
  intent: Intent,
): Promise<Agreed<UnreserveCommand>> {
  const prompts = await context.prompts(
    'unreserve asks before it frees anything; add --yes to do it without asking',
  );
  const preview = await stockroom.unreserve(command, { ...intent, dryRun: true });
  const held = preview.results.filter(({ code }) => code === 'unreserved');
  if (!preview.ok) return { exitCode: await presentAnswer(context, preview, UNRESERVED) };
  if (held.length === 0) return { command };
  const orders = [...new Set(held.map(({ was }) => was?.order ?? ''))];
  const whose = orders.length === 1 ? orders[0] : counted(orders.length, 'order');
  const yes = await prompts.confirm({
    message: `Free ${counted(held.length, 'label')} of ${whose}?`,
    body: heldLines(held, context),
  });
  prompts.close();
  if (!yes) throw new Fault('declined', 'nothing was freed');
  return { command: pinned(command, preview) };
}

/** The same command for exactly what was shown. */
function pinned(command: UnreserveCommand, preview: UnreserveAnswer): UnreserveCommand {
  const { target } = command;
  if (!('labels' in target)) {
    return { ...command, target: { ...target, plan: preview.results.map(({ label }) => label.number) } };
  }
  const shown = preview.results.map(({ label, was }): FreeChoice => {
    return was === null ? label.number : { label: label.number, expectOrder: was.order };
  });
  const refused = preview.refusals.flatMap((refusal) =>
    'label' in refusal && refusal.label !== null ? [refusal.label] : [],
  );
  return { ...command, target: { labels: [...shown, ...refused] } };
}
