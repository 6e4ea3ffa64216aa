/** `earmark undo`: takes an operation, or a group of them, back. */
import { parseKey, type UndoCommand } from '../../core/index.ts';
import { changeOptions, type Define, examples, handler, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf } from '../keys.ts';
import { leftAlone, operationsPhrase, UNDONE, undoneLines } from '../present/undo.ts';
import type { ChangeFlags } from '../settings.ts';

interface UndoFlags extends ChangeFlags {
  readonly expectOrder?: string;
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[operation]')
    .description('take an operation back, or all of a scanning session or batch; an undo can be undone too')
    .option('--expect-order <number>', 'leave labels alone that another order holds now')
    .addOption(yesOption());
  changeOptions(command);
  examples(command, [
    'earmark undo 1m83z7w8k-qm6x22sw',
    'earmark undo 1m83z7w8k-qm6x22sw --dry-run',
    'earmark undo nightly-2026-11-23 --yes',
  ]);
  command.action(
    handler<UndoFlags>(
      context,
      finish,
      async ([operation], flags) => await undo(context, operation as string | undefined, flags),
      async () => UNDONE.listing,
    ),
  );
};

async function undo(context: Context, word: string | undefined, flags: UndoFlags): Promise<number> {
  const given = word === undefined ? undefined : keyOf(word, 'operation');
  const expectOrder = flags.expectOrder === undefined ? undefined : keyOf(flags.expectOrder, 'order');
  const stockroom = await context.stockroom();
  const intent = await context.intent(flags);
  const command: UndoCommand = {
    operation: given ?? (await askOperation(context)),
    ...(expectOrder === undefined ? {} : { expectOrder }),
  };
  const { runPlanned } = await import('../ask/confirm-plan.ts');
  return await runPlanned(context, command, intent, flags, {
    presentation: UNDONE,
    run: async (asked, wish) => await stockroom.undo(asked, wish),
    changes: ({ code }) => code !== 'nothing_to_undo',
    question: (preview) => `Undo ${operationsPhrase(preview, context)}?`,
    body: (preview) => [...undoneLines(preview, context), ...leftAlone(preview, context)],
    asks: 'undo asks before it changes anything',
    declined: 'nothing was undone',
  });
}

async function askOperation(context: Context): Promise<string> {
  const prompts = await context.prompts('name the operation, as its answer printed it');
  const text = await prompts.input({
    message: 'Undo which operation, or scanning session?',
    check: (typed) => {
      const parsed = parseKey(typed);
      return 'problem' in parsed ? `that ${parsed.problem}` : undefined;
    },
  });
  return keyOf(text, 'operation');
}
