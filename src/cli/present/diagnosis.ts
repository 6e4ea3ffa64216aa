/** What `diagnose` found: a screen for people, records for pipes, the document for programs. */
import {
  type DiagnoseAnswer,
  type FindingDocument,
  formatDecimal,
  type HeldEvidence,
  printable,
  type Severity,
  type ShortEvidence,
} from '../../core/index.ts';
import type { Context } from '../context.ts';
import { concludeRefusal } from '../exit.ts';
import { jsonText } from '../json-text.ts';
import type { Listing } from './columns.ts';
import { formatOf, isDocument } from './formats.ts';
import { printListing } from './listing.ts';
import { counted, measured } from './words.ts';

/** The exit code where a problem was found (DESIGN section 7). */
export const PROBLEM_FOUND = 9;

/** Most findings of one check, and most labels of one finding, that the screen shows. */
const SHOWN = { findings: 5, labels: 6 };

/** Where more checks than this could not be made for one reason, their number says more. */
const NAMED_CHECKS = 6;

const FINDINGS: Listing<FindingDocument> = {
  name: 'findings',
  columns: [
    { field: 'severity', title: 'severity', value: ({ severity }) => severity },
    { field: 'check', title: 'check', value: ({ check }) => check },
    { field: 'thing.order', title: 'order', value: ({ thing }) => thing.order },
    { field: 'thing.line', title: 'line', value: ({ thing }) => thing.line },
    { field: 'thing.label', title: 'label', value: ({ thing }) => thing.label },
    { field: 'thing.item', title: 'item', value: ({ thing }) => thing.item, wide: true },
    { field: 'message', title: 'finding', value: ({ message }) => message },
    { field: 'fix', title: 'fix', value: ({ fix }) => fix },
    { field: 'undo', title: 'undo', value: ({ undo }) => undo, wide: true },
  ],
  nameOf: ({ check, thing: { label, order, item } }) => {
    if (label !== null) return `label/${label}`;
    if (order !== null) return `order/${order}`;
    return item === null ? `check/${check}` : `item/${item}`;
  },
};

/** Prints the answer and gives the exit code. `--quiet` prints problems only. */
export async function presentDiagnosis(
  context: Context,
  answer: DiagnoseAnswer,
  strict: boolean,
): Promise<number> {
  if (answer.refusal !== null) return concludeRefusal(context, answer.refusal);
  const code = answer.problems > 0 || (strict && answer.notices > 0) ? PROBLEM_FOUND : 0;
  const { out, flags } = context;
  if (flags.quiet === true && code === 0) return 0;
  const format = formatOf(context);
  if (isDocument(format) && flags.fields === undefined) {
    out.line(jsonText(answer, format === 'json' ? 2 : undefined));
  } else if (format === 'table' && flags.fields === undefined) {
    for (const line of screen(answer, context)) out.line(line);
  } else {
    await printListing(context, FINDINGS, [answer.findings]);
    // No rows may also mean that nothing was looked at.
    if (answer.findings.length === 0) context.err.line(headline(answer));
    for (const line of notRunLines(answer)) context.err.line(line);
  }
  return code;
}

/** What is left after `--fix` has done what it could. */
export function presentRest(context: Context, answer: DiagnoseAnswer, strict: boolean): void {
  const left = answer.findings.filter(({ severity }) => severity === 'problem' || strict);
  const count = answer.problems + (strict ? answer.notices : 0);
  context.err.line(`${counted(count, 'problem')} ${count === 1 ? 'is' : 'are'} left`);
  for (const { message, check } of left.slice(0, SHOWN.findings)) {
    context.err.line(`  ${printable(message)}  [${check}]`);
  }
  if (count > SHOWN.findings)
    context.err.line(`  … and ${(count - SHOWN.findings).toLocaleString('en-US')} more`);
}

function screen(answer: DiagnoseAnswer, context: Context): string[] {
  const head = headline(answer);
  return [
    answer.problems + answer.notices === 0 ? context.paint.good(`✓ ${head}`) : head,
    ...(['problem', 'notice'] as const).flatMap((severity) => findingsOf(answer, severity, context)),
    ...notRunLines(answer).flatMap((line, at) => (at === 0 ? ['', line] : [line])),
  ];
}

function headline({ problems, notices, checks }: DiagnoseAnswer): string {
  const passed = counted(checks.filter(({ result }) => result === 'passed').length, 'check');
  if (problems + notices === 0) return `nothing found; ${passed} passed`;
  return `${counted(problems, 'problem')}, ${counted(notices, 'notice')}; ${passed} passed`;
}

function findingsOf(answer: DiagnoseAnswer, severity: Severity, context: Context): string[] {
  return answer.checks.flatMap(({ check, findings: count, severity: own }) => {
    if (own !== severity || count === 0) return [];
    const found = answer.findings.filter((finding) => finding.check === check).slice(0, SHOWN.findings);
    const more = count - found.length;
    const rest =
      more > 0
        ? [`  … and ${more.toLocaleString('en-US')} more: earmark diagnose --check ${check} -o tsv`]
        : [];
    return [...found.flatMap((finding) => ['', ...findingLines(finding, context)]), ...rest];
  });
}

function findingLines(finding: FindingDocument, context: Context): string[] {
  const { paint } = context;
  const { check, severity, message, labels, short, facts, fix, undo } = finding;
  const mark = severity === 'problem' ? paint.bad('✗') : paint.warn('!');
  const known = factsLine(facts, message, context);
  return [
    `${mark} ${printable(message)}  ${paint.dim(`[${check}]`)}`,
    ...labels.slice(0, SHOWN.labels).map((label) => `    ${labelLine(label, context)}`),
    ...(labels.length > SHOWN.labels ? [`    … and ${labels.length - SHOWN.labels} more`] : []),
    ...short.map((line) => `    ${shortLine(line)}`),
    ...(known === '' ? [] : [`    ${known}`]),
    ...(fix === null ? [] : [`    fix:  ${printable(fix)}`]),
    ...(undo === null ? [] : [`    undo: ${printable(undo)}`]),
  ];
}

function labelLine(held: HeldEvidence, { sayMoment }: Context): string {
  const { label, quantity, unit, expiry, order, line, since, by, operation } = held;
  const dated = expiry === null ? '' : ` · expiry ${expiry}`;
  const holder = `held for ${order} line ${line} since ${sayMoment(since)} by ${by}, operation ${operation}`;
  return printable(`${label} · ${measured(quantity, unit)}${dated} · ${holder}`);
}

function shortLine({ order, line, customer, due, missing, covered, unit }: ShortEvidence): string {
  const who = customer === null ? order : `${order} (${customer})`;
  const when = due === null ? '' : `, due ${due},`;
  const part = covered < missing ? `; ${formatDecimal(covered)} of it would be covered` : '';
  return printable(`short: ${who} line ${line}${when} misses ${measured(missing, unit)}${part}`);
}

/** `ended 10:02 · by nightly · verb import`, without what the sentence says already. */
function factsLine(facts: FindingDocument['facts'], message: string, { sayMoment }: Context): string {
  const told = Object.entries(facts).flatMap(([name, value]) => {
    if (value === null || (typeof value === 'string' && message.includes(value))) return [];
    const words = name.replace(/At$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (typeof value === 'number') return [`${words} ${value}`];
    return [`${words} ${name.endsWith('At') ? sayMoment(value) : value}`];
  });
  return printable(told.join(' · '));
}

function notRunLines({ checks }: DiagnoseAnswer): string[] {
  const byReason = new Map<string, string[]>();
  for (const { check, result, reason } of checks) {
    if (result !== 'not_run' || reason === null) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), check]);
  }
  return [...byReason].map(([reason, names]) => {
    const which = names.length > NAMED_CHECKS ? counted(names.length, 'check') : names.join(', ');
    return printable(`not run: ${which} (${reason})`);
  });
}
