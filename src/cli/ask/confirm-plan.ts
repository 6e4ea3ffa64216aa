/** Asking before something is done, and then doing exactly what was shown, or nothing. */
import type { Envelope } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Intent } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { type Presentation, presentAnswer } from '../present/answers.ts';

export interface Planned<C, A extends Envelope, R extends object> {
  readonly presentation: Presentation<A, R>;
  readonly run: (command: C, intent: Intent) => Promise<A>;
  /** Whether the preview says that anything would change. */
  readonly changes: (preview: A) => boolean;
  /** The question, one line. */
  readonly question: (preview: A) => string;
  /** What exactly would happen. */
  readonly body: (preview: A) => readonly string[];
  /** `transfer asks before it moves anything`, for where nobody can be asked. */
  readonly asks: string;
  /** `nothing was moved`, for a no. */
  readonly declined: string;
}

/** Shows what a command would do and asks, unless a flag says that nobody is to be asked; gives the exit code. */
export async function runPlanned<
  C extends { readonly plan?: string },
  A extends Envelope & { readonly plan: string | null },
  R extends object,
>(
  context: Context,
  command: C,
  intent: Intent,
  flags: { readonly yes?: boolean; readonly dryRun?: boolean },
  planned: Planned<C, A, R>,
): Promise<number> {
  const { presentation, run } = planned;
  if (flags.yes === true || flags.dryRun === true) {
    return await presentAnswer(context, await run(command, intent), presentation);
  }
  const prompts = await context.prompts(`${planned.asks}; add --yes to do it without asking`);
  const preview = await run(command, { ...intent, dryRun: true });
  if (!preview.ok) return await presentAnswer(context, preview, presentation);
  if (!planned.changes(preview))
    return await presentAnswer(context, await run(command, intent), presentation);
  const yes = await prompts.confirm({ message: planned.question(preview), body: planned.body(preview) });
  prompts.close();
  if (!yes) throw new Fault('declined', planned.declined);
  const shown = preview.plan === null ? command : { ...command, plan: preview.plan };
  return await presentAnswer(context, await run(shown, intent), presentation);
}
