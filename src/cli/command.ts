/** How commands are made: flags shared by all, and a handler whose number is the exit code. */
import { type Command, Option } from 'commander';
import type { Context } from './context.ts';
import type { Listing } from './present/columns.ts';
import { formatOf } from './present/formats.ts';
import type { CommonFlags } from './settings.ts';

/** Takes the exit code of the command that ran. */
export type Finish = (code: number) => void;

/** What a command file exports as `define`: its arguments, flags and action, on a command that has its name already. */
export type Define = (command: Command, context: Context, finish: Finish) => void;

/**
 * Wraps a command's run function: it gets the arguments and all flags, and gives the exit code. What `-o` and `--fields`
 * say is checked before it runs, so that a wrong one can't be met when something was done already; `listing` are the rows
 * that a command which changes something prints.
 */
export function handler<F extends CommonFlags>(
  context: Context,
  finish: Finish,
  run: (words: readonly (string | readonly string[] | undefined)[], flags: F) => Promise<number>,
  listing?: () => Promise<Listing<never>>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command;
    const flags = command.optsWithGlobals() as F;
    await context.useFlags(flags);
    const format = formatOf(context);
    if (flags.fields !== undefined && listing !== undefined) {
      const { columnsOf } = await import('./present/listing.ts');
      columnsOf(context, await listing(), format);
    }
    finish(await run(command.processedArgs as (string | string[] | undefined)[], flags));
  };
}

/** Flags of every command that changes something. */
export function changeOptions(command: Command): Command {
  return command
    .option('--dry-run', 'say what would happen, and change nothing')
    .option(
      '--operation-id <id>',
      'name this operation; running it again with the same id does nothing twice',
    )
    .option('--reason <text>', 'why, for the history');
}

export function yesOption(): Option {
  return new Option('-y, --yes', 'do it without asking');
}

/** Examples under a command's help. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
