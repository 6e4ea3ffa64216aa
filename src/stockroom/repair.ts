/** `diagnose --fix`: finds again, and does what was shown, as one operation. */
import {
  type CheckName,
  CHECKS,
  type Decision,
  decideRepair,
  type Occasion,
  planRepair,
  type Refusal,
  type RepairAnswer,
  repairScope,
  type RepairStep,
  repairText,
  type Scope,
  type Snapshot,
} from '../core/index.ts';
import { type DiagnosisOccasion, inspect, scopeOf } from './diagnose.ts';
import type { RepairCommand } from './diagnosis-queries.ts';
import type { Ledger } from './ledger.ts';

/** How the Stockroom refuses, and how it does what was decided. */
export interface RepairSteps {
  /** The answer to an operation that was done before, if this is one. */
  recorded(request: object): Promise<RepairAnswer | undefined>;
  refuse(refusal: Refusal): RepairAnswer;
  mutate(
    request: object,
    scope: Scope,
    decide: (snapshot: Snapshot, occasion: Occasion) => Decision<RepairAnswer>,
  ): Promise<RepairAnswer>;
}

/** Only these find anything that can be put right. */
const REPAIRABLE = (Object.keys(CHECKS) as CheckName[]).filter((check) => {
  return CHECKS[check].group === 'stock' || CHECKS[check].group === 'history';
});

/**
 * What is asked for is what to look for, not what is found: the same request with the same operation id gives the first
 * answer again, though there is nothing left to find by then.
 */
export async function repair(
  ledger: Ledger,
  command: RepairCommand,
  occasion: DiagnosisOccasion,
  steps: RepairSteps,
): Promise<RepairAnswer> {
  const { plan, ...request } = command;
  const before = await steps.recorded(request);
  if (before !== undefined) return before;
  const scope = await scopeOf(ledger, command.refs, occasion.deadline);
  if (scope !== undefined && 'code' in scope) return steps.refuse(scope);
  const wanted = REPAIRABLE.filter((check) => command.checks?.includes(check) !== false);
  const report = await inspect(ledger, { checks: wanted, stale: command.stale }, scope, occasion);
  const found: RepairStep[] = planRepair(report.findings(), command.strict === true);
  if (plan !== undefined && plan !== repairText(found)) {
    return steps.refuse({ code: 'plan_stale', order: null });
  }
  return await steps.mutate(request, repairScope(found), (snapshot, when) => {
    return decideRepair(found, snapshot, when);
  });
}
