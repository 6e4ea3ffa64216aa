/** What `diagnose` finds, and the document in which it tells of it. */
import type { Fields } from '../changes.ts';
import type { Refusal } from '../outcomes.ts';
import type { SCHEMA_VERSION } from '../documents.ts';
import type { CheckName, Severity } from './checks.ts';
import type { RepairStep } from './repair-step.ts';

/** What a finding is about; all null for the database as a whole. */
export interface Thing {
  readonly order: string | null;
  readonly line: number | null;
  readonly label: string | null;
  readonly item: string | null;
}

export const NOTHING: Thing = { order: null, line: null, label: null, item: null };

/** A held label as evidence, with the reservation that holds it. */
export interface HeldEvidence {
  readonly label: string;
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly expiry: string | null;
  readonly order: string;
  readonly line: number;
  readonly since: string;
  readonly by: string;
  readonly operation: string;
}

/** A line that is short, and how much of what it misses would be covered. */
export interface ShortEvidence {
  readonly order: string;
  readonly line: number;
  readonly customer: string | null;
  readonly due: string | null;
  readonly item: string;
  readonly unit: string;
  readonly missing: number;
  readonly covered: number;
}

/** A command that settles a finding: one of earmark's, which can be undone by its operation id, or any other. */
export type Fix =
  | {
      readonly kind: 'operation';
      readonly verb: string;
      readonly keys: readonly string[];
      readonly flags: readonly string[];
    }
  | { readonly kind: 'command'; readonly command: string };

/** A finding as a check gives it. */
export interface Finding {
  readonly check: CheckName;
  readonly thing: Thing;
  /** One sentence without a full stop. */
  readonly message: string;
  /** The labels that it is about. */
  readonly labels: readonly HeldEvidence[];
  /** The lines that would be covered, or are short. */
  readonly short: readonly ShortEvidence[];
  /** Other facts by name; names that end in `At` are moments. */
  readonly facts: Fields;
  readonly fix: Fix | null;
  /** What `--fix` does about it; nothing if only a person can. */
  readonly repair: readonly RepairStep[];
}

/** A finding as documents carry it. */
export interface FindingDocument extends Omit<Finding, 'fix'> {
  readonly severity: Severity;
  /** A command that can be pasted. */
  readonly fix: string | null;
  /** The command that takes the fix back. */
  readonly undo: string | null;
}

export interface CheckDocument {
  readonly check: CheckName;
  readonly severity: Severity;
  readonly result: 'passed' | 'found' | 'not_run';
  /** How many findings there are, also where not all are told. */
  readonly findings: number;
  /** Why it was not run. */
  readonly reason: string | null;
}

export interface DiagnoseAnswer {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly verb: 'diagnose';
  /** By the clock of the machine that looked. */
  readonly at: string;
  /** No problem was found; there may be notices. */
  readonly healthy: boolean;
  readonly problems: number;
  readonly notices: number;
  /** Why nothing was looked at, or null: a name that nothing has. */
  readonly refusal: Refusal | null;
  readonly checks: readonly CheckDocument[];
  /** Problems first; at most some hundred of each check. */
  readonly findings: readonly FindingDocument[];
}
