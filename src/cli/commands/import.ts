/** `earmark import`: items, orders, lines and labels from CSV, NDJSON or JSON files. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { changeOptions, examples, handler, type Define, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import type { ChangeFlags } from '../settings.ts';

export interface ImportFlags extends ChangeFlags {
  readonly items?: readonly string[];
  readonly orders?: readonly string[];
  readonly lines?: readonly string[];
  readonly labels?: readonly string[];
  readonly map?: ReadonlyMap<string, string>;
  readonly onConflict: 'report' | 'ours' | 'theirs';
  readonly releaseClosed?: boolean;
  readonly atomic?: boolean;
  readonly problems: number;
}

export const define: Define = (command, context, finish) => {
  command
    .arguments('[files...]')
    .description(
      'add and update items, orders, lines and labels from CSV, NDJSON or JSON files; what a file holds is told by its columns',
    );
  for (const kind of ['items', 'orders', 'lines', 'labels']) {
    command.option(`--${kind} <file>`, `a file that holds ${kind}; may be repeated`, repeated);
  }
  command
    .option('--map <theirs=ours>', 'a column of theirs is our field; may be repeated', mapping)
    .addOption(
      new Option('--on-conflict <how>', 'where the file and earmark both changed a value')
        .choices(['report', 'ours', 'theirs'])
        .default('report'),
    )
    .option('--release-closed', 'free labels of orders that the files say are shipped, closed or cancelled')
    .option('--atomic', 'all in one transaction, which keeps others waiting')
    .option('--problems <number>', 'list at most so many wrong rows', wholeNumber, 50)
    .addOption(yesOption());
  changeOptions(command);
  examples(command, [
    'earmark import items.csv labels.csv orders.csv order_lines.csv',
    'earmark import --labels stock.csv --map "Pallet ID=number" --dry-run',
    'earmark import nightly.ndjson --on-conflict ours',
  ]);
  command.action(
    handler<ImportFlags>(
      context,
      finish,
      async ([files], flags) => {
        return await importFiles(context, command, (files ?? []) as readonly string[], flags);
      },
      async () => (await import('../present/import.ts')).COUNTS,
    ),
  );
};

async function importFiles(
  context: Context,
  command: Command,
  files: readonly string[],
  flags: ImportFlags,
): Promise<number> {
  const sources = [
    ...files.map((path) => ({ path })),
    ...(['items', 'orders', 'lines', 'labels'] as const).flatMap((kind) => {
      return (flags[kind] ?? []).map((path) => ({ path, kind }));
    }),
  ];
  if (sources.length === 0) command.error('error: name at least one file, or - for standard input');
  const { runImport } = await import('../import/run-import.ts');
  return await runImport(context, sources, flags);
}

function repeated(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

function mapping(
  value: string,
  earlier: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const at = value.lastIndexOf('=');
  if (at <= 0 || at === value.length - 1) throw new InvalidArgumentError('It has the form theirs=ours.');
  return new Map([...(earlier ?? []), [value.slice(0, at).trim(), value.slice(at + 1).trim()]]);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}
