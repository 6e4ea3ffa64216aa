/** A refusal as an RFC 9457 problem: what `--json` prints on standard error, and what the server answers (DESIGN section 7). */
import { SCHEMA_VERSION } from './documents.ts';
import { OUTCOMES, type OutcomeCode, type Refusal } from './outcomes.ts';
import type { NextStep } from './phrases.ts';
import { sentenceOf } from './sentences.ts';

export interface Problem {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly type: string;
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** One sentence. */
  readonly detail: string;
  /** An outcome, a fault, `usage` or `unexpected`. */
  readonly code: string;
  /** Whether the same request may succeed later without anyone changing it. */
  readonly retryable: boolean;
  /** Commands that can be pasted. */
  readonly next: readonly NextStep[];
}

export interface RefusalProblem extends Problem {
  readonly refusals: readonly Refusal[];
}

export function problem(
  code: string,
  status: number,
  detail: string,
  retryable: boolean,
  next: readonly NextStep[] = [],
): Problem {
  const title = code.replaceAll('_', ' ');
  const type = `urn:earmark:${code}`;
  return { schemaVersion: SCHEMA_VERSION, type, title, status, detail, code, retryable, next };
}

/** The problem of an answer with this code; its sentence is that of the first refusal with the code. */
export function refusalProblem(code: OutcomeCode, refusals: readonly Refusal[]): RefusalProblem {
  const first = refusals.find((refusal) => refusal.code === code) ?? refusals[0];
  const sentence = first === undefined ? undefined : sentenceOf(first, (iso) => iso);
  const { http, meaning, retryable } = OUTCOMES[code];
  return {
    ...problem(code, http, sentence?.message ?? meaning, retryable, sentence?.next),
    refusals,
  };
}
