/** Asking for a diagnosis; also where the database can't be opened, in which case that is the finding. */
import {
  type CheckName,
  CHECK_NAMES,
  clockFindings,
  type DiagnoseAnswer,
  DiagnosisReport,
  diskFindings,
  plainFinding,
  withFinding,
  writableFindings,
} from '../../core/index.ts';
import { Fault, type FaultCode } from '../../stockroom/fault.ts';
import type { DiagnoseQuery } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';

/** Mistakes on the command line, and what is worth trying again, are no findings. */
const NO_FINDINGS: ReadonlySet<FaultCode> = new Set(['input', 'input_needed', 'declined', 'busy']);

/** The check that each fault is a finding of; any other is one of the database as a whole. */
const CHECK_OF: Partial<Record<FaultCode, CheckName>> = {
  native_module: 'native-module',
  sqlite_too_old: 'native-module',
  schema_newer: 'schema-version',
  schema_older: 'schema-version',
  not_a_database: 'integrity',
  read_only: 'writable',
  disk_full: 'disk-space',
};

export async function look(context: Context, query: DiagnoseQuery): Promise<DiagnoseAnswer> {
  try {
    const answer = await (await context.stockroom()).diagnose(query);
    return context.place.kind === 'server' ? withClock(context, answer) : answer;
  } catch (error) {
    if (!(error instanceof Fault) || NO_FINDINGS.has(error.code)) throw error;
    return (await withoutData(context, query, error)).answer(query.operation, context.clock.now());
  }
}

/** A server tells of its own clock only; whether this one goes with it, only this side can say. */
function withClock(context: Context, answer: DiagnoseAnswer): DiagnoseAnswer {
  if (!answer.checks.some(({ check }) => check === 'clock')) return answer;
  const { place } = context;
  const whose = place.kind === 'server' ? place.url : '';
  const other = { whose, now: Date.parse(answer.at) };
  return clockFindings(context.clock.now(), null, other).reduce(withFinding, answer);
}

/** What can be said of the place alone. A check that was named but not made still says why. */
async function withoutData(context: Context, query: DiagnoseQuery, fault: Fault): Promise<DiagnosisReport> {
  const report = new DiagnosisReport(query.checks);
  const { place } = context;
  const found = CHECK_OF[fault.code] ?? 'database';
  const [next] = fault.next;
  const fix = next === undefined ? null : { kind: 'command' as const, command: next.command };
  const facts =
    place.kind === 'file' ? (await import('../../storage/sqlite/place.ts')).placeOf(place.path) : null;
  const unwritable = facts === null ? [] : writableFindings(facts);
  // What the operating system says is nearer than what the database made of it.
  if (found !== 'writable' || unwritable.length === 0) {
    // However few checks were asked for: that none of them could be made must not look like health.
    report.insist(plainFinding(found, fault.message, { fix }));
  }
  for (const finding of unwritable) report.insist(finding);
  if (facts !== null) report.add(diskFindings(facts));
  const made = place.kind === 'file' ? madeBefore(found) : [];
  for (const check of CHECK_NAMES) {
    if (check !== found && !made.includes(check)) report.notRun(check, fault.message);
  }
  return report;
}

/** What is settled before opening a file gets so far that it fails with the finding of a check. */
const SETTLED: Partial<Record<CheckName, readonly CheckName[]>> = {
  writable: ['native-module'],
  integrity: ['native-module'],
  'schema-version': ['native-module', 'database'],
};

function madeBefore(failed: CheckName): readonly CheckName[] {
  return ['writable', 'disk-space', ...(SETTLED[failed] ?? [])];
}
