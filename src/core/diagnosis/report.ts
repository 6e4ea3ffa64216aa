/** The answer of `diagnose`, from what the checks find one after the other. */
import { isoMoment } from '../calendar.ts';
import { SCHEMA_VERSION } from '../documents.ts';
import { compareKeys } from '../draw.ts';
import type { Refusal } from '../outcomes.ts';
import { commandLine } from '../shell-word.ts';
import { CHECK_NAMES, CHECKS, type CheckName, type Severity } from './checks.ts';
import type { CheckDocument, DiagnoseAnswer, Finding, FindingDocument } from './finding.ts';

/** Most findings of one check that are told; they are all counted. */
export const MOST_FINDINGS = 500;

export class DiagnosisReport {
  readonly #findings = new Map<CheckName, Finding[]>();
  readonly #counts = new Map<CheckName, number>();
  readonly #notRun = new Map<CheckName, string>();

  readonly #wanted: CheckName[] | undefined;

  /** `wanted` are the checks that are to be made; undefined for all. */
  constructor(wanted: readonly CheckName[] | undefined) {
    this.#wanted = wanted === undefined ? undefined : [...wanted];
  }

  wants(check: CheckName): boolean {
    return this.#wanted === undefined || this.#wanted.includes(check);
  }

  add(findings: Iterable<Finding>): void {
    for (const finding of findings) {
      const { check } = finding;
      if (!this.wants(check)) continue;
      const found = this.#findings.get(check) ?? [];
      if (found.length < MOST_FINDINGS) found.push(finding);
      this.#findings.set(check, found);
      this.#counts.set(check, (this.#counts.get(check) ?? 0) + 1);
    }
  }

  /** Adds a finding even if its check was not asked for. */
  insist(finding: Finding): void {
    if (this.#wanted !== undefined && !this.#wanted.includes(finding.check)) this.#wanted.push(finding.check);
    this.add([finding]);
  }

  /** Says why a check could not be made. What it has found before stays. */
  notRun(check: CheckName, reason: string): void {
    if (this.wants(check)) this.#notRun.set(check, reason);
  }

  /** `operation` names what the fixes are done as: `OPERATION/1`, `OPERATION/2`, so that they can be undone together. */
  answer(operation: string, now: number): DiagnoseAnswer {
    const checks = CHECK_NAMES.filter((check) => this.wants(check)).map((check) =>
      this.#checkDocument(check),
    );
    const findings = this.findings().map(documentWith(operation));
    return {
      schemaVersion: SCHEMA_VERSION,
      verb: 'diagnose',
      at: isoMoment(now),
      healthy: this.#count('problem') === 0,
      problems: this.#count('problem'),
      notices: this.#count('notice'),
      refusal: null,
      checks,
      findings,
    };
  }

  /** Problems first, check by check, each in the order of what it is about. */
  findings(): Finding[] {
    return (['problem', 'notice'] as const).flatMap((severity) => {
      const checks = CHECK_NAMES.filter((check) => CHECKS[check].severity === severity);
      return checks.flatMap((check) => [...(this.#findings.get(check) ?? [])].sort(byThing));
    });
  }

  #checkDocument(check: CheckName): CheckDocument {
    const findings = this.#counts.get(check) ?? 0;
    const reason = this.#notRun.get(check) ?? null;
    const result = findings > 0 ? 'found' : reason === null ? 'passed' : 'not_run';
    return { check, severity: CHECKS[check].severity, result, findings, reason };
  }

  #count(severity: Severity): number {
    let count = 0;
    for (const [check, found] of this.#counts) if (CHECKS[check].severity === severity) count += found;
    return count;
  }
}

/** The answer where nothing is looked at, because a name is of nothing. */
export function refusedDiagnosis(refusal: Refusal, now: number): DiagnoseAnswer {
  const nothing = { healthy: false, problems: 0, notices: 0, checks: [], findings: [] };
  return { schemaVersion: SCHEMA_VERSION, verb: 'diagnose', at: isoMoment(now), ...nothing, refusal };
}

/** The answer with one more finding, for which nothing is offered: what only the asker can see. */
export function withFinding(answer: DiagnoseAnswer, { fix: _, ...finding }: Finding): DiagnoseAnswer {
  const { severity } = CHECKS[finding.check];
  const problems = answer.problems + (severity === 'problem' ? 1 : 0);
  const findings = [{ ...finding, severity, fix: null, undo: null }, ...answer.findings];
  const checks = answer.checks.map((each): CheckDocument => {
    return each.check === finding.check ? { ...each, result: 'found', findings: each.findings + 1 } : each;
  });
  return { ...answer, healthy: problems === 0, problems, findings, checks };
}

function documentWith(operation: string): (finding: Finding) => FindingDocument {
  let fixes = 0;
  return ({ fix, ...finding }) => {
    const severity = CHECKS[finding.check].severity;
    if (fix === null) return { ...finding, severity, fix: null, undo: null };
    if (fix.kind === 'command') return { ...finding, severity, fix: fix.command, undo: null };
    fixes += 1;
    const id = `${operation}/${fixes}`;
    const command = commandLine(fix.verb, fix.keys, [...fix.flags, '--operation-id', id]);
    return { ...finding, severity, fix: command, undo: commandLine('undo', [id]) };
  };
}

function byThing({ thing: a }: Finding, { thing: b }: Finding): number {
  return (
    compareKeys(a.order ?? '', b.order ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareKeys(a.label ?? '', b.label ?? '') ||
    compareKeys(a.item ?? '', b.item ?? '')
  );
}
