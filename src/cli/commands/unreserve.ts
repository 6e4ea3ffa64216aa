/** `earmark unreserve`: frees labels from the orders that hold them. */
import {
  ORDER_STATUSES,
  SCHEMA_VERSION,
  type UnreserveAnswer,
  type UnreserveCommand,
} from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { ReservationQuery } from '../../stockroom/queries.ts';
import { changeOptions, examples, handler, type Define, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import { keyOf, labelKeys, lineNumber } from '../keys.ts';
import { parseMoment, parseSpan } from '../moments.ts';
import { presentAnswer } from '../present/answers.ts';
import { UNRESERVED } from '../present/unreserve.ts';
import type { ChangeFlags } from '../settings.ts';
import { orderStatuses } from '../statuses.ts';

interface UnreserveFlags extends ChangeFlags {
  readonly order?: string;
  readonly line?: string;
  readonly status?: string;
  readonly olderThan?: string;
  readonly expectOrder?: string;
  readonly keepGoing?: boolean;
  readonly operation?: string;
  readonly scan?: boolean;
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[labels...]')
    .description('free labels from the orders that hold them; asks which, and asks before it does')
    .option('--order <number>', 'all labels that this order holds')
    .option('--line <number>', 'with --order: only those of this line')
    .option(
      '--status <status>',
      `labels held by orders that are ${ORDER_STATUSES.join(', ')} (several with commas)`,
    )
    .option('--older-than <span>', 'labels reserved longer ago than this, such as 14d')
    .option('--operation <id>', 'labels that this operation, or scanning session, reserved')
    .option('--scan', 'free every label that is scanned, until DONE')
    .option('--expect-order <number>', 'refuse if another order holds a label')
    .option('--keep-going', 'free what can be freed, and list the rest')
    .addOption(yesOption());
  changeOptions(command);
  examples(command, [
    'earmark unreserve L-00042',
    'earmark unreserve --order SO-1042 --line 2 --yes',
    'earmark unreserve --status draft --older-than 14d --dry-run',
  ]);
  command.action(
    handler<UnreserveFlags>(
      context,
      finish,
      async ([labels], flags) => {
        return await unreserve(context, (labels ?? []) as readonly string[], flags);
      },
      async () => UNRESERVED.listing,
    ),
  );
};

async function unreserve(context: Context, words: readonly string[], flags: UnreserveFlags): Promise<number> {
  if (flags.scan === true) {
    const { scanUnreserve } = await import('../scan/other-scans.ts');
    if (words.length > 0) throw new Fault('input', '--scan takes labels from the scanner; name none');
    const expected = flags.expectOrder ?? flags.order;
    const order = expected === undefined ? undefined : keyOf(expected, 'order');
    return await scanUnreserve(
      context,
      order,
      flags.yes === true || flags.dryRun === true,
      await context.intent(flags),
    );
  }
  const command = await commandOf(context, words, flags);
  const stockroom = await context.stockroom();
  // A nightly run that finds nothing to free is done, where naming no labels would be a mistake.
  if (isFiltered(flags) && 'labels' in command.target && command.target.labels.length === 0) {
    return await presentAnswer(context, nothingHeld(flags.dryRun === true), UNRESERVED);
  }
  const intent = await context.intent(flags);
  if (flags.yes !== true && flags.dryRun !== true) {
    // What is shown is what is asked about; and only exactly that is then done.
    const { confirmUnreserve } = await import('../ask/confirm-unreserve.ts');
    const agreed = await confirmUnreserve(context, stockroom, command, intent);
    if ('exitCode' in agreed) return agreed.exitCode;
    return await presentAnswer(context, await stockroom.unreserve(agreed.command, intent), UNRESERVED);
  }
  return await presentAnswer(context, await stockroom.unreserve(command, intent), UNRESERVED);
}

async function commandOf(
  context: Context,
  words: readonly string[],
  flags: UnreserveFlags,
): Promise<UnreserveCommand> {
  const rest = {
    ...(flags.expectOrder === undefined ? {} : { expectOrder: keyOf(flags.expectOrder, 'order') }),
    keepGoing: flags.keepGoing === true,
  };
  const line = lineNumber(flags.line);
  const filtered = isFiltered(flags);
  if (line !== undefined && flags.order === undefined) throw new Fault('input', '--line goes with --order');
  if (words.length > 0) {
    if (flags.order !== undefined || filtered) {
      throw new Fault('input', 'name labels, or an order, or --status and --older-than; not several of them');
    }
    return { target: { labels: await labelKeys(words, context.streams) }, ...rest };
  }
  const order = flags.order === undefined ? undefined : keyOf(flags.order, 'order');
  if (filtered) return { target: { labels: await matching(context, flags, order, line) }, ...rest };
  if (order !== undefined) return { target: { order, ...(line === undefined ? {} : { line }) }, ...rest };
  const { askHeldLabels } = await import('../ask/confirm-unreserve.ts');
  return { target: { labels: await askHeldLabels(context) }, ...rest };
}

function isFiltered({ status, olderThan, operation }: UnreserveFlags): boolean {
  return status !== undefined || olderThan !== undefined || operation !== undefined;
}

function nothingHeld(dryRun: boolean): UnreserveAnswer {
  const done = { ok: true, complete: true, code: 'not_reserved', dryRun } as const;
  return {
    schemaVersion: SCHEMA_VERSION,
    verb: 'unreserve',
    ...done,
    operation: null,
    refusals: [],
    results: [],
  };
}

/** Labels that match the filters now, each with the order that holds it now. */
async function matching(
  context: Context,
  flags: UnreserveFlags,
  order: string | undefined,
  line: number | undefined,
): Promise<{ label: string; expectOrder: string }[]> {
  const query: ReservationQuery = {
    ...(order === undefined ? {} : { order }),
    ...(line === undefined ? {} : { line }),
    ...(flags.status === undefined ? {} : { status: orderStatuses(flags.status) }),
    ...(flags.operation === undefined ? {} : { operation: flags.operation }),
    ...(flags.olderThan === undefined ? {} : { before: longAgo(flags.olderThan, context) }),
  };
  const labels: { label: string; expectOrder: string }[] = [];
  for await (const batch of (await context.stockroom()).reservations(query)) {
    for (const { number, reservation } of batch) {
      if (reservation !== null) labels.push({ label: number, expectOrder: reservation.order });
    }
  }
  return labels;
}

function longAgo(text: string, context: Context): number {
  const moment = parseSpan(text) === undefined ? undefined : parseMoment(text, context.clock.now());
  if (moment === undefined) throw new Fault('input', `--older-than ${text} is not a span such as 14d or 12h`);
  return moment;
}
