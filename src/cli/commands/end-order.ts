/** What `earmark cancel` and `earmark close` share. */
import type { EndAnswer, EndCommand } from '../../core/index.ts';
import { changeOptions, type Define, examples, handler, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf } from '../keys.ts';
import { ENDED, releasedLines } from '../present/end-order.ts';
import { orderPhrase } from '../present/words.ts';
import type { ChangeFlags } from '../settings.ts';

type Verb = EndAnswer['verb'];

export function defineEnd(verb: Verb): Define {
  return (command, context, finish) => {
    command
      .arguments('[order]')
      .description(`${verb} an order, which frees all labels that it holds`)
      .addOption(yesOption());
    changeOptions(command);
    examples(command, [`earmark ${verb} SO-1042`, `earmark ${verb} SO-1042 --dry-run`]);
    command.action(
      handler<ChangeFlags>(
        context,
        finish,
        async ([order], flags) => await end(context, verb, order as string | undefined, flags),
        async () => ENDED.listing,
      ),
    );
  };
}

async function end(
  context: Context,
  verb: Verb,
  word: string | undefined,
  flags: ChangeFlags,
): Promise<number> {
  const given = word === undefined ? undefined : keyOf(word, 'order');
  const stockroom = await context.stockroom();
  const intent = await context.intent(flags);
  const order = given ?? (await askOrder(context, verb));
  context.workingOrder = order;
  const { runPlanned } = await import('../ask/confirm-plan.ts');
  const command: EndCommand = { order };
  return await runPlanned(context, command, intent, flags, {
    presentation: ENDED,
    run: async (asked, wish) => {
      return verb === 'cancel'
        ? await stockroom.cancelOrder(asked, wish)
        : await stockroom.closeOrder(asked, wish);
    },
    changes: ({ code }) => !code.startsWith('already'),
    question: (preview) => {
      const name = preview.order === null ? order : orderPhrase(preview.order);
      return verb === 'cancel' ? `Cancel ${name}?` : `Close ${name}?`;
    },
    body: (preview) => releasedLines(preview, context),
    asks: `${verb} asks before it ends an order`,
    declined: 'nothing was changed',
  });
}

async function askOrder(context: Context, verb: Verb): Promise<string> {
  const { askOrder: ask } = await import('../ask/ask-reserve.ts');
  return await ask(
    context,
    verb === 'cancel' ? 'Cancel which order?' : 'Close which order?',
    'name the order',
  );
}
