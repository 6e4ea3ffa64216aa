/** `earmark transfer`: moves reservations to another line. */
import type { TransferCommand } from '../../core/index.ts';
import { changeOptions, type Define, examples, handler, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf, labelKeys, lineNumber } from '../keys.ts';
import { movedIn, TRANSFERRED, transferLines } from '../present/transfer.ts';
import { counted, orderPhrase } from '../present/words.ts';
import type { ChangeFlags } from '../settings.ts';

interface TransferFlags extends ChangeFlags {
  readonly to?: string;
  readonly line?: string;
  readonly expectOrder?: string;
  readonly keepGoing?: boolean;
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[labels...]')
    .description('move reserved labels to another order or line; they are never free in between')
    .option('--to <order>', 'the order that gets them, or its line: SO-1042 or SO-1042:2')
    .option('--line <number>', 'the line that gets them, where --to names the order alone')
    .option('--expect-order <number>', 'refuse if another order holds a label')
    .option('--keep-going', 'move what can be moved, and list the rest')
    .addOption(yesOption());
  changeOptions(command);
  examples(command, [
    'earmark transfer L-00042 --to SO-1042',
    'earmark transfer L-00042 L-00043 --to SO-1042:2 --expect-order SO-1007 --yes',
    'earmark list reservations --order SO-1007 -o name | earmark transfer - --to SO-1042 --yes',
  ]);
  command.action(
    handler<TransferFlags>(
      context,
      finish,
      async ([labels], flags) => await transfer(context, (labels ?? []) as readonly string[], flags),
      async () => TRANSFERRED.listing,
    ),
  );
};

async function transfer(context: Context, words: readonly string[], flags: TransferFlags): Promise<number> {
  const target = flags.to === undefined ? undefined : targetOf(flags.to, flags.line);
  const line = lineNumber(flags.line);
  const expectOrder = flags.expectOrder === undefined ? undefined : keyOf(flags.expectOrder, 'order');
  const named = await labelKeys(words, context.streams);
  const stockroom = await context.stockroom();
  const intent = await context.intent(flags);
  const labels = words.length > 0 ? named : await askLabels(context);
  const to = target ?? { order: await askTarget(context), ...(line === undefined ? {} : { line }) };
  context.workingOrder = to.order;
  const command: TransferCommand = {
    labels,
    to,
    ...(expectOrder === undefined ? {} : { expectOrder }),
    keepGoing: flags.keepGoing === true,
  };
  const { runPlanned } = await import('../ask/confirm-plan.ts');
  return await runPlanned(context, command, intent, flags, {
    presentation: TRANSFERRED,
    run: async (asked, wish) => await stockroom.transfer(asked, wish),
    changes: (preview) => movedIn(preview).length > 0,
    question: (preview) => {
      const order = preview.order === null ? to.order : orderPhrase(preview.order);
      return `Transfer ${counted(movedIn(preview).length, 'label')} to ${order}?`;
    },
    body: transferLines,
    asks: 'transfer asks before it moves anything',
    declined: 'nothing was moved',
  });
}

/** `SO-1042`, or `SO-1042:2` for its line 2. With `--line` the whole text is the order's number. */
function targetOf(text: string, line: string | undefined): TransferCommand['to'] {
  if (line !== undefined) return { order: keyOf(text, 'order'), line: lineNumber(line) ?? 0 };
  const [, order, number] = /^(.+):([1-9]\d{0,6})$/.exec(text) ?? [];
  if (order === undefined) return { order: keyOf(text, 'order') };
  return { order: keyOf(order, 'order'), line: Number(number) };
}

async function askLabels(context: Context): Promise<string[]> {
  const { askHeldLabels } = await import('../ask/confirm-unreserve.ts');
  return await askHeldLabels(context, 'Transfer which labels?', 'name the labels');
}

async function askTarget(context: Context): Promise<string> {
  const { askOrder } = await import('../ask/ask-reserve.ts');
  return await askOrder(context, 'Transfer to which order?', 'name the order that gets them with --to');
}
