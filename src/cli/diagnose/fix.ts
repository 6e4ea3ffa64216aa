/** `diagnose --fix`: shows what would be done, asks, does exactly that, and says what is left. */
import type { RepairAnswer } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Intent, RepairCommand, Stockroom } from '../../stockroom/stockroom.ts';
import type { Asked, DiagnoseFlags } from '../commands/diagnose.ts';
import type { Context } from '../context.ts';
import { concludeAnswer } from '../exit.ts';
import { presentAnswer } from '../present/answers.ts';
import { PROBLEM_FOUND, presentRest } from '../present/diagnosis.ts';
import { REPAIRED, stepLines } from '../present/repair.ts';
import { counted } from '../present/words.ts';

export async function fix(context: Context, asked: Asked, flags: DiagnoseFlags): Promise<number> {
  const command: RepairCommand = { ...asked, ...(flags.strict === true ? { strict: true } : {}) };
  const intent = await context.intent(flags);
  const stockroom = await context.stockroom();
  const answer =
    flags.yes === true || flags.dryRun === true
      ? await stockroom.repair(command, intent)
      : await agreed(context, stockroom, command, intent);
  const code = await presentAnswer(context, answer, REPAIRED);
  if (code !== 0) return code;
  if (answer.dryRun) return answer.steps.length > 0 ? PROBLEM_FOUND : 0;
  return await rest(context, stockroom, { ...asked, operation: intent.operation }, flags);
}

/** Asks about exactly the steps that are then done. */
async function agreed(
  context: Context,
  stockroom: Stockroom,
  command: RepairCommand,
  intent: Intent,
): Promise<RepairAnswer> {
  const prompts = await context.prompts(
    'diagnose --fix asks before it changes anything; add --yes to do it without asking',
  );
  const preview = await stockroom.repair(command, { ...intent, dryRun: true });
  if (!preview.ok || preview.steps.length === 0) return preview;
  const yes = await prompts.confirm({
    message: `Do ${counted(preview.steps.length, 'thing')} about it?`,
    body: stepLines(preview, context),
  });
  prompts.close();
  if (!yes) throw new Fault('declined', 'nothing was changed');
  return await stockroom.repair(
    { ...command, ...(preview.plan === null ? {} : { plan: preview.plan }) },
    intent,
  );
}

/** Looks again: the exit code says whether a problem is left. */
async function rest(
  context: Context,
  stockroom: Stockroom,
  query: Parameters<Stockroom['diagnose']>[0],
  { strict = false }: DiagnoseFlags,
): Promise<number> {
  const answer = await stockroom.diagnose(query);
  if (answer.refusal !== null) {
    return concludeAnswer(context, {
      ok: false,
      complete: false,
      code: answer.refusal.code,
      refusals: [answer.refusal],
    });
  }
  const found = answer.problems + (strict ? answer.notices : 0);
  if (found === 0) return 0;
  presentRest(context, answer, strict);
  return PROBLEM_FOUND;
}
