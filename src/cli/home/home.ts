/** `earmark` alone on a terminal: a menu of what is done every day, which comes back after each thing that was done. */
import { isLive, printable } from '../../core/index.ts';
import type { Context } from '../context.ts';
import { concludeError } from '../exit.ts';
import { orderPhrase } from '../present/words.ts';
import { isInterrupted, PromptLeft } from '../prompts/leaving.ts';
import type { PickRow } from '../prompts/index.ts';
import { runProgram } from '../program.ts';
import { meaningOf, orderNamed } from '../scan/meaning.ts';
import { askOneLabel } from '../ask/ask-label.ts';
import { askOrder } from '../ask/ask-reserve.ts';

/** A command that was interrupted, in the middle of a question or a scanning session, ends the menu too. */
type AfterRow = 'stay' | 'leave' | 'interrupted';

interface MenuRow extends PickRow {
  /** Runs what the row stands for; `leave` ends the menu. */
  readonly run: () => Promise<AfterRow>;
}

/** Shows the menu until it is left; `flags` are those that earmark was started with, such as `--db`. */
export async function runHome(context: Context, flags: readonly string[]): Promise<number> {
  for (;;) {
    try {
      const row = await chooseRow(context, flags);
      const after = await row.run();
      if (after === 'leave') return 0;
      if (after === 'interrupted') return 130;
    } catch (error) {
      if (error instanceof PromptLeft) return 0;
      if (isInterrupted(error)) return 130;
      // Without a database, say, there is nothing to come back to.
      return concludeError(context, error);
    }
  }
}

async function chooseRow(context: Context, flags: readonly string[]): Promise<MenuRow> {
  const prompts = await context.prompts('name a command');
  const order = await orderAtHand(context);
  return await prompts.pickOne<MenuRow>({
    message:
      order === undefined
        ? 'earmark: what would you like to do?'
        : `earmark, working on ${order}: what next?`,
    noun: 'choice',
    rows: menuRows(context, flags, order),
    exact: async (text) => await scanned(context, flags, text),
  });
}

/** The order that is worked on, as long as it can hold stock: one that was shipped in full is done with. */
async function orderAtHand(context: Context): Promise<string | undefined> {
  const { workingOrder } = context;
  if (workingOrder === undefined) return undefined;
  try {
    const order = await orderNamed(await context.stockroom(), workingOrder);
    if (order === null || !isLive(order.status)) context.workingOrder = undefined;
  } catch {
    // A menu can be shown without knowing it; whatever is chosen then says what is wrong.
  }
  return context.workingOrder;
}

function menuRows(context: Context, flags: readonly string[], order: string | undefined): MenuRow[] {
  const run = (...argv: readonly string[]) => {
    return async () => await runAction(context, [...argv, ...flags]);
  };
  const on = order === undefined ? [] : [`order/${order}`];
  // Of all scans only one with a slash, such as `/ship`, chooses: no label's begins so. A label called `Leave` is looked up.
  const row = (word: string, what: string, action: MenuRow['run']): MenuRow => {
    return { key: `/${word.toLowerCase()}`, said: word, names: [], cells: [word, what], run: action };
  };
  return [
    row('Reserve', `choose labels for ${order ?? 'an order'}`, run('reserve', ...on)),
    row('Scan', `scan labels onto ${order ?? 'an order'}`, run('reserve', ...on, '--scan')),
    row('Free', 'free labels that orders hold', run('unreserve')),
    row('Ship', `ship ${order ?? 'an order'}`, run('ship', ...on)),
    row('Find', 'which order holds a label', run('find-order')),
    row('Orders', 'look at an order, and work on it', async () => await browseOrders(context, flags)),
    row('Labels', 'look at a label', async () => await browseLabels(context, flags)),
    ...(context.wayBack === undefined
      ? []
      : [row('Undo', `take the last ${context.wayBack.verb} back`, run('undo', context.wayBack.operation))]),
    row('Doctor', `what keeps ${order ?? 'stock'} stuck`, run('diagnose', ...on)),
    ...(order === undefined
      ? []
      : [row('Other', `work on another order than ${order}`, async () => forget(context))]),
    row('Leave', 'also Esc', async () => 'leave'),
  ];
}

/** What was done is said; what was refused or left comes back to the menu; only Ctrl-C goes further. */
async function runAction(context: Context, argv: readonly string[]): Promise<AfterRow> {
  try {
    if ((await runProgram(context, argv)) === 130) return 'interrupted';
  } catch (error) {
    if (isInterrupted(error)) throw error;
    if (!(error instanceof PromptLeft)) concludeError(context, error);
  }
  context.err.line();
  return 'stay';
}

async function forget(context: Context): Promise<'stay'> {
  context.workingOrder = undefined;
  return 'stay';
}

async function browseOrders(context: Context, flags: readonly string[]): Promise<AfterRow> {
  const order = await leavable(askOrder(context, 'Which order?', '', null));
  if (order === undefined) return 'stay';
  context.workingOrder = order;
  return await runAction(context, ['show', `order/${order}`, ...flags]);
}

async function browseLabels(context: Context, flags: readonly string[]): Promise<AfterRow> {
  const label = await leavable(askOneLabel(context, 'Which label?', ''));
  return label === undefined ? 'stay' : await runAction(context, ['show', `label/${label}`, ...flags]);
}

/** A prompt that was left leads back to the menu. */
async function leavable<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof PromptLeft) return undefined;
    throw error;
  }
}

/** A scan at the menu is looked up: a label says who holds it, an order becomes the one to work on. */
async function scanned(
  context: Context,
  flags: readonly string[],
  text: string,
): Promise<MenuRow | undefined> {
  const meaning = await meaningOf(await context.stockroom(), text);
  switch (meaning.kind) {
    case 'label': {
      const { number } = meaning.label;
      return lookUp(
        number,
        async () => await runAction(context, ['find-order', `label/${number}`, ...flags]),
      );
    }
    case 'order': {
      const { number } = meaning.order;
      return lookUp(orderPhrase(meaning.order), async () => {
        context.workingOrder = number;
        return await runAction(context, ['show', `order/${number}`, ...flags]);
      });
    }
    case 'command':
    case 'unknown':
      return undefined;
  }
}

function lookUp(key: string, run: MenuRow['run']): MenuRow {
  return { key: printable(key), names: [], cells: [key], run };
}
