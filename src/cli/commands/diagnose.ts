/** `earmark diagnose`: what keeps stock from where it is needed, what is wrong with the data, and the way out. */
import { CHECK_NAMES, type CheckName, isCheckName, printable } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { DiagnoseQuery, Ref } from '../../stockroom/stockroom.ts';
import { changeOptions, examples, handler, type Define, yesOption } from '../command.ts';
import type { Context } from '../context.ts';
import { refOf } from '../keys.ts';
import { parseSpan } from '../moments.ts';
import type { ChangeFlags } from '../settings.ts';

export interface DiagnoseFlags extends ChangeFlags {
  readonly check?: readonly string[];
  readonly stale: string;
  readonly strict?: boolean;
  readonly fix?: boolean;
  readonly bundle?: string;
  readonly withCustomers?: boolean;
  readonly force?: boolean;
}

/** What was asked, read from the words and flags. */
export type Asked = Omit<DiagnoseQuery, 'operation'>;

export const define: Define = (command, context, finish) => {
  command
    .arguments('[refs...]')
    .description(
      'find what keeps stock from where it is needed and what is wrong with the data, with the way out; ends with 9 if there is a problem',
    )
    .option('--check <names>', `only these checks (several with commas): ${CHECK_NAMES.join(', ')}`, addNames)
    .option('--stale <span>', 'an order is forgotten when nothing happened to it for so long', '14d')
    .option('--strict', 'notices count as problems')
    .option('--fix', 'free what is held in vain and put back what history says; shows a plan and asks first')
    .addOption(yesOption())
    .option(
      '--bundle <file>',
      'write the orders and labels, with their history and all that was found, into a file that others can look at with --db',
    )
    .option('--with-customers', "with --bundle: keep customers' names, which are replaced otherwise")
    .option('--force', 'with --bundle: write over a file that is there');
  changeOptions(command);
  examples(command, [
    'earmark diagnose',
    'earmark diagnose SO-1042',
    'earmark diagnose --check ended-order-holds,expired-held --json',
    'earmark diagnose SO-1042 --fix',
    'earmark diagnose SO-1042 --bundle so-1042.db',
  ]);
  command.action(
    handler<DiagnoseFlags>(context, finish, async ([refs], flags) => {
      return await diagnose(context, (refs ?? []) as readonly string[], flags);
    }),
  );
};

function addNames(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').map((name) => name.trim())];
}

async function diagnose(context: Context, words: readonly string[], flags: DiagnoseFlags): Promise<number> {
  const asked = askedOf(words, flags);
  refuseMixed(flags);
  if (flags.fix === true) {
    const { fix } = await import('../diagnose/fix.ts');
    return await fix(context, asked, flags);
  }
  const { operation } = await context.intent(flags);
  if (flags.bundle !== undefined) {
    const { bundle } = await import('../diagnose/bundle.ts');
    const { withCustomers = false, force = false } = flags;
    return await bundle(context, flags.bundle, { ...asked, operation, withCustomers }, force);
  }
  const { look } = await import('../diagnose/look.ts');
  const { presentDiagnosis } = await import('../present/diagnosis.ts');
  const answer = await look(context, { ...asked, operation });
  return await presentDiagnosis(context, answer, flags.strict === true);
}

function refuseMixed({ fix, bundle, withCustomers, force }: DiagnoseFlags): void {
  if (bundle !== undefined && fix === true) {
    throw new Fault(
      'input',
      '--fix and --bundle are two things; bundle first, so that it holds what was found',
    );
  }
  if (bundle === undefined && (withCustomers === true || force === true)) {
    throw new Fault('input', '--with-customers and --force go with --bundle');
  }
}

function askedOf(words: readonly string[], { check, stale }: DiagnoseFlags): Asked {
  const span = parseSpan(stale);
  if (span === undefined)
    throw new Fault('input', `--stale ${printable(stale)} is not a span such as 14d or 12h`);
  return {
    ...(words.length === 0 ? {} : { refs: words.map(orderOrLabel) }),
    ...(check === undefined ? {} : { checks: check.map(checkName) }),
    stale: span,
  };
}

function orderOrLabel(word: string): Ref {
  const ref = refOf(word);
  if (ref.kind !== 'operation') return ref;
  throw new Fault('input', `diagnose takes orders and labels, not ${printable(word)}`);
}

function checkName(name: string): CheckName {
  if (isCheckName(name)) return name;
  throw new Fault(
    'input',
    `there is no check ${JSON.stringify(printable(name))}; there are ${CHECK_NAMES.join(', ')}`,
  );
}
