/** `earmark swap`: exchanges two reservations, or a reserved and an active label. */
import type { SwapCommand } from '../../core/index.ts';
import { changeOptions, type Define, examples, handler, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf } from '../keys.ts';
import { SWAPPED, swapLines } from '../present/swap.ts';
import type { ChangeFlags } from '../settings.ts';

interface SwapFlags extends ChangeFlags {
  readonly expectOrder?: readonly string[];
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[label] [other]')
    .description('exchange two reserved labels, or a reserved and an active one, in one step')
    .option(
      '--expect-order <number>',
      'refuse if another order holds a label; give it twice for labels of two orders',
      (number: string, given: readonly string[] = []) => [...given, number],
    )
    .addOption(yesOption());
  changeOptions(command);
  examples(command, [
    'earmark swap L-00042 L-00077',
    'earmark swap L-00042 L-00077 --expect-order SO-1042 --yes',
  ]);
  command.action(
    handler<SwapFlags>(
      context,
      finish,
      async ([label, other], flags) => {
        return await swap(context, label as string | undefined, other as string | undefined, flags);
      },
      async () => SWAPPED.listing,
    ),
  );
};

async function swap(
  context: Context,
  label: string | undefined,
  other: string | undefined,
  flags: SwapFlags,
): Promise<number> {
  const given = [label, other].flatMap((word) => (word === undefined ? [] : [keyOf(word, 'label')]));
  const expectOrders = flags.expectOrder?.map((number) => keyOf(number, 'order'));
  const stockroom = await context.stockroom();
  const intent = await context.intent(flags);
  const one = given[0] ?? (await askLabel(context, 'Swap which label?'));
  const two = given[1] ?? (await askLabel(context, `Swap ${one} with which label?`));
  const command: SwapCommand = {
    labels: [one, two],
    ...(expectOrders === undefined ? {} : { expectOrders }),
  };
  const { runPlanned } = await import('../ask/confirm-plan.ts');
  return await runPlanned(context, command, intent, flags, {
    presentation: SWAPPED,
    run: async (asked, wish) => await stockroom.swap(asked, wish),
    changes: () => true,
    question: ({ results }) => `Swap ${results.map((each) => each.label.number).join(' and ')}?`,
    body: swapLines,
    asks: 'swap asks before it moves anything',
    declined: 'nothing was moved',
  });
}

async function askLabel(context: Context, message: string): Promise<string> {
  const { askOneLabel } = await import('../ask/ask-label.ts');
  return await askOneLabel(context, message, 'name the two labels');
}
