/** `earmark show`: everything about an order, a label or an operation on one screen. */
import { examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import { concludeRefusal } from '../exit.ts';
import { jsonText } from '../json-text.ts';
import { refOf } from '../keys.ts';
import { asOfFlag } from '../moment-flags.ts';
import { formatOf } from '../present/formats.ts';
import type { CommonFlags } from '../settings.ts';
import type { PastQuestion } from '../../stockroom/stockroom.ts';

interface ShowFlags extends CommonFlags {
  readonly asOf?: string;
}

export const define: Define = (command, context, finish) => {
  command.arguments('<ref>').description('everything about an order, a label or an operation on one screen');
  command.option('--as-of <time>', 'as it was at this time');
  examples(command, [
    'earmark show SO-1042',
    'earmark show label/L-00042',
    'earmark show SO-1042 --as-of 2026-11-20T18:00',
    'earmark show SO-1042 --json',
  ]);
  command.action(
    handler<ShowFlags>(context, finish, async ([ref], flags) => {
      return await show(context, ref as string, asOfFlag(flags.asOf, context));
    }),
  );
};

async function show(context: Context, text: string, past: PastQuestion): Promise<number> {
  const ref = refOf(text);
  const format = formatOf(context);
  const view = await (await context.stockroom()).show(ref, past);
  if (view.kind === 'refused') return concludeRefusal(context, view.refusal);
  if (format === 'json' || format === 'ndjson') {
    context.out.line(format === 'json' ? jsonText(view, 2) : jsonText(view));
    return 0;
  }
  const { viewRows, viewScreen } = await import('../present/view.ts');
  const lines = format === 'table' || format === 'wide' ? viewScreen(view, context) : viewRows(view, format);
  for (const line of lines) context.out.line(line);
  return 0;
}
