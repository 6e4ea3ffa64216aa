/** `earmark reserve`: sets labels aside for an order. */
import { STRATEGIES, type Strategy } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import { changeOptions, examples, handler, type Define } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf, labelKeys, lineNumber } from '../keys.ts';
import { presentAnswer } from '../present/answers.ts';
import { RESERVED } from '../present/reserve.ts';
import type { ChangeFlags } from '../settings.ts';

interface ReserveFlags extends ChangeFlags {
  readonly line?: string;
  readonly auto?: string;
  readonly keepGoing?: boolean;
  readonly scan?: boolean;
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[order] [labels...]')
    .description('set labels aside for an order; asks for what is missing')
    .option('--line <number>', 'the line that the labels are for; else the one line of their item')
    .option('--auto <strategy>', `choose labels for what is missing: ${STRATEGIES.join(', ')} (bare: fefo)`)
    .option('--scan', 'reserve every label that is scanned, until DONE')
    .option('--keep-going', 'reserve what can be reserved, and list the rest');
  changeOptions(command);
  examples(command, [
    'earmark reserve SO-1042 L-00042 L-00043',
    'earmark reserve SO-1042 --line 2 --auto',
    'earmark list labels --item ROPE-8 -o name | earmark reserve SO-1042 -',
  ]);
  command.action(
    handler<ReserveFlags>(
      context,
      finish,
      async ([order, labels], flags) => {
        return await reserve(
          context,
          order as string | undefined,
          (labels ?? []) as readonly string[],
          flags,
        );
      },
      async () => RESERVED.listing,
    ),
  );
};

async function reserve(
  context: Context,
  orderWord: string | undefined,
  labelWords: readonly string[],
  flags: ReserveFlags,
): Promise<number> {
  const line = lineNumber(flags.line);
  const strategy = strategyOf(flags);
  const keepGoing = flags.keepGoing === true;
  if (strategy !== undefined && labelWords.length > 0) {
    throw new Fault('input', '--auto chooses the labels; name either labels or --auto');
  }
  const given = orderWord === undefined ? undefined : keyOf(orderWord, 'order');
  const labels = await labelKeys(labelWords, context.streams);
  const stockroom = await context.stockroom();
  const intent = await context.intent(flags);
  const order =
    given ?? (await (await asking()).askOrder(context, 'Reserve for which order?', 'name the order'));
  context.workingOrder = order;
  if (flags.scan === true) {
    if (labelWords.length > 0 || strategy !== undefined) {
      throw new Fault('input', '--scan takes labels from the scanner; name none, and leave out --auto');
    }
    const { scanReserve } = await import('../scan/reserve-scan.ts');
    return await scanReserve(context, order, line, intent);
  }
  if (strategy !== undefined) {
    const wanted = line === undefined ? { order, strategy } : { order, strategy, line };
    const answer = await stockroom.reserveAutomatically({ ...wanted, keepGoing }, intent);
    return await presentAnswer(context, answer, RESERVED);
  }
  const lineChoice = line === undefined ? {} : { line };
  if (labelWords.length > 0) {
    const answer = await stockroom.reserve({ order, labels, ...lineChoice, keepGoing }, intent);
    return await presentAnswer(context, answer, RESERVED);
  }
  const chosen = await (await asking()).askLabels(context, order, line);
  if ('refusal' in chosen) return chosen.exitCode;
  const answer = await stockroom.reserve(
    { order, labels: chosen.labels, line: chosen.line, keepGoing },
    intent,
  );
  return await presentAnswer(context, answer, RESERVED);
}

function asking() {
  return import('../ask/ask-reserve.ts');
}

function strategyOf({ auto }: ReserveFlags): Strategy | undefined {
  if (auto === undefined) return undefined;
  const strategy = STRATEGIES.find((known) => known === auto);
  if (strategy === undefined) throw new Fault('input', `--auto=${auto} is none of ${STRATEGIES.join(', ')}`);
  return strategy;
}
