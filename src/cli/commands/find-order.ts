/** `earmark find-order`: which order holds a label. */
import { parseKey, plainScan } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import { examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import { labelKeys } from '../keys.ts';
import { asOfFlag } from '../moment-flags.ts';
import { presentAnswer } from '../present/answers.ts';
import { FIND } from '../present/find.ts';
import type { CommonFlags } from '../settings.ts';

interface FindFlags extends CommonFlags {
  readonly scan?: boolean;
  readonly asOf?: string;
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[labels...]')
    .description(
      'say which order holds a label, since when and by whom; asks for the label if none is named',
    );
  command.option('--scan', 'answer every label that is scanned, until DONE');
  command.option('--as-of <time>', 'who held it at this time');
  examples(command, [
    'earmark find-order L-00042',
    'earmark find L-00042 L-00043 --json',
    'earmark find L-00042 --as-of 2026-11-20T18:00',
    'earmark list labels --bin A-3 -o name | earmark find -',
  ]);
  command.action(
    handler<FindFlags>(context, finish, async ([labels], flags) => {
      return await find(context, (labels ?? []) as readonly string[], flags);
    }),
  );
};

async function find(context: Context, words: readonly string[], flags: FindFlags): Promise<number> {
  const past = asOfFlag(flags.asOf, context);
  if (flags.scan === true) {
    if (past.asOf !== undefined)
      throw new Fault('input', '--scan answers what is true now; leave --as-of out');
    if (words.length > 0) throw new Fault('input', '--scan takes labels from the scanner; name none');
    const { scanFind } = await import('../scan/other-scans.ts');
    return await scanFind(context, await context.intent(flags));
  }
  const labels = words.length > 0 ? await labelKeys(words, context.streams) : [await askLabel(context)];
  const stockroom = await context.stockroom();
  return await presentAnswer(context, await stockroom.find(labels, past), FIND);
}

async function askLabel(context: Context): Promise<string> {
  const prompts = await context.prompts('name the labels, or give - and one label a line on standard input');
  const text = await prompts.input({
    message: 'Which label? Scan or type it',
    check: (typed) => {
      const parsed = parseKey(plainScan(typed));
      return 'problem' in parsed ? `that ${parsed.problem}` : undefined;
    },
  });
  const { labelMeant } = await import('../scan/meaning.ts');
  // As on the command line, and as other commands print it.
  return (await labelMeant(await context.stockroom(), text.replace(/^label\//, ''))).key;
}
