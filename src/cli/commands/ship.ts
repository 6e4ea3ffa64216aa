/** `earmark ship`: ships an order from the labels that it holds. */
import type { ShipAnswer, ShipCommand } from '../../core/index.ts';
import { changeOptions, examples, handler, type Define, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf, labelKeys } from '../keys.ts';
import { presentAnswer } from '../present/answers.ts';
import { SHIPPED } from '../present/ship.ts';
import type { ChangeFlags } from '../settings.ts';

interface ShipFlags extends ChangeFlags {
  readonly from?: readonly string[];
  readonly partial?: boolean;
  readonly allowExpired?: boolean;
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[order]')
    .description(
      'ship an order from its labels; shows what leaves and what becomes active, and asks before it does',
    )
    .option('--from <labels...>', 'active labels to draw from besides, after the reserved ones')
    .option('--partial', 'ship what is reserved, and leave the rest outstanding')
    .option('--allow-expired', 'ship stock that is past its expiry')
    .addOption(yesOption());
  changeOptions(command);
  examples(command, [
    'earmark ship SO-1042',
    'earmark ship SO-1042 --dry-run',
    'earmark ship SO-1042 --partial --yes',
  ]);
  command.action(
    handler<ShipFlags>(
      context,
      finish,
      async ([order], flags) => {
        return await ship(context, order as string | undefined, flags);
      },
      async () => SHIPPED.listing,
    ),
  );
};

async function ship(context: Context, orderWord: string | undefined, flags: ShipFlags): Promise<number> {
  const given = orderWord === undefined ? undefined : keyOf(orderWord, 'order');
  const from = await labelKeys(flags.from ?? [], context.streams);
  const stockroom = await context.stockroom();
  const intent = await context.intent(flags);
  const order = given ?? (await askOrder(context));
  context.workingOrder = order;
  const command: ShipCommand = {
    order,
    ...(from.length === 0 ? {} : { from }),
    partial: flags.partial === true,
    allowExpired: flags.allowExpired === true,
  };
  if (flags.yes === true || flags.dryRun === true) {
    return await shipped(context, await stockroom.ship(command, intent));
  }
  const { confirmShip } = await import('../ask/confirm-ship.ts');
  const agreed = await confirmShip(context, stockroom, command, intent);
  if ('exitCode' in agreed) return agreed.exitCode;
  return await shipped(context, await stockroom.ship(agreed.command, intent));
}

async function shipped(context: Context, answer: ShipAnswer): Promise<number> {
  // Nobody takes a shipment back, and so nothing that was done before it.
  if (answer.operation !== null) context.wayBack = undefined;
  return await presentAnswer(context, answer, SHIPPED);
}

async function askOrder(context: Context): Promise<string> {
  const { askOrder: ask } = await import('../ask/ask-reserve.ts');
  return await ask(context, 'Ship which order?', 'name the order');
}
