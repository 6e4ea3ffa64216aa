/** The one place where outcomes and errors become sentences and exit codes (DESIGN section 7). */
import { CommanderError } from 'commander';
import {
  exitCodeOf,
  type Envelope,
  isoMoment,
  printable,
  problem,
  type Refusal,
  refusalProblem,
  type Sentence,
  sentenceOf,
} from '../core/index.ts';
import { FAULTS, Fault, type FaultStep } from '../stockroom/fault.ts';
import type { Context } from './context.ts';
import { jsonText } from './json-text.ts';
import { isInterrupted, PromptLeft } from './prompts/leaving.ts';

/** Most refusals that are spelt out; of thousands nobody reads more. */
const SPELT_OUT = 20;

/** Says an answer's refusals on standard error, and gives the command's exit code. */
export function concludeAnswer(
  context: Context,
  answer: Pick<Envelope, 'ok' | 'complete' | 'code' | 'refusals'>,
): number {
  const { refusals } = answer;
  if (context.flags.json === true || context.flags.output === 'json' || context.flags.output === 'ndjson') {
    const operation = context.operation === undefined ? {} : { operation: context.operation };
    if (refusals.length > 0) {
      context.err.line(jsonText({ ...refusalProblem(answer.code, refusals), ...operation }));
    }
  } else {
    // What the exit code and the first line say must be the same thing.
    const first = refusals.filter(({ code }) => code === answer.code);
    const rest = refusals.filter(({ code }) => code !== answer.code);
    for (const refusal of [...first, ...rest].slice(0, SPELT_OUT)) {
      sayError(context, sentenceOf(refusal, context.sayMoment), refusal.code);
    }
    if (refusals.length > SPELT_OUT) context.err.line(`… and ${refusals.length - SPELT_OUT} more`);
  }
  return exitCodeOf(answer);
}

/** A refusal where there is no answer around it. */
export function concludeRefusal(context: Context, refusal: Refusal): number {
  return concludeAnswer(context, { ok: false, complete: false, code: refusal.code, refusals: [refusal] });
}

function sayError(context: Context, { message, next }: Sentence, code: string): void {
  const { err, errPaint } = context;
  err.line(`${errPaint.bad('error:')} ${printable(message)}  ${errPaint.dim(`[${code}]`)}`);
  const width = Math.max(0, ...next.map(({ label }) => label.length));
  for (const { label, command } of next) err.line(`  ${`${label}:`.padEnd(width + 1)} ${printable(command)}`);
}

/** Says what was thrown, and gives the exit code. */
export function concludeError(context: Context, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isInterrupted(error)) {
    // Questions come before anything is changed, so an interrupted one has changed nothing.
    context.err.line('interrupted; nothing was done');
    return 130;
  }
  const known =
    error instanceof PromptLeft ? new Fault('declined', 'left without an answer; nothing was done') : error;
  if (context.flags.debug === true && error instanceof Error) sayStack(context, error);
  if (known instanceof Fault) {
    sayFault(context, known);
    return FAULTS[known.code].exit;
  }
  const message = error instanceof Error ? error.message : String(error);
  const next = context.flags.debug === true ? [] : [{ label: 'more', command: 'run it again with --debug' }];
  if (wantsJson(context)) context.err.line(jsonText(problem('unexpected', 500, message, false, next)));
  else sayError(context, { message: `unexpected: ${message}`, next }, 'unexpected');
  return 1;
}

function sayStack({ err }: Context, { stack, message }: Error): void {
  for (const line of (stack ?? message).split('\n')) err.line(printable(line));
}

/** Says a mistake in the command line itself, which was found before the flags were known. */
export function sayUsage(context: Context, message: string, argv: readonly string[]): void {
  const asJson = argv.some((word) => /^(--json|--output=(nd)?json|-o=?(nd)?json)$/.test(word));
  if (asJson) context.err.line(jsonText(problem('usage', 400, message, false)));
  else sayError(context, { message, next: [] }, 'usage');
}

function sayFault(context: Context, fault: Fault): void {
  const { exit: _, http, retryable } = FAULTS[fault.code];
  const unknown = fault.code === 'outcome_unknown' && context.operation !== undefined;
  const next: FaultStep[] = [...fault.next];
  if (wantsJson(context)) {
    const operation = unknown ? { operation: context.operation } : {};
    const at = isoMoment(context.clock.now());
    context.err.line(
      jsonText({ ...problem(fault.code, http, fault.message, retryable, next), at, ...operation }),
    );
  } else {
    sayError(context, { message: fault.message, next }, fault.code);
  }
}

function wantsJson({ flags }: Context): boolean {
  return flags.json === true || flags.output === 'json' || flags.output === 'ndjson';
}
