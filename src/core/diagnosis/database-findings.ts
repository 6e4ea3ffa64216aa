/** Findings about the database as a whole, and about the place where earmark runs. */
import { isoMoment } from '../calendar.ts';
import { commandLine } from '../shell-word.ts';
import type { Fields } from '../changes.ts';
import type { CheckName } from './checks.ts';
import { type Finding, type Fix, NOTHING, type Thing } from './finding.ts';

/** A row that refers to a row which is not there. */
export interface LostReference {
  readonly table: string;
  /** How many such rows, and the ids of the first of them. */
  readonly rows: number;
  readonly ids: readonly number[];
  readonly refersTo: string;
}

/** A table, index or constraint that is not as earmark made it. */
export interface SchemaDifference {
  readonly object: string;
  readonly difference: 'missing' | 'changed' | 'not_valid' | 'added';
}

/** A stored row that earmark itself would not have written. */
export interface RuleBreach {
  /** A clause about the thing. */
  readonly breach: string;
  readonly thing: Thing;
}

export interface UnfinishedImport {
  readonly operation: string;
  readonly by: string;
  /** In milliseconds, UTC. */
  readonly at: number;
}

/** Where the data lies, as the operating system sees it. Null where that can't be asked. */
export interface PlaceFacts {
  readonly file: string;
  readonly fileWritable: boolean | null;
  readonly folder: string;
  readonly folderWritable: boolean | null;
  readonly user: string;
  /** In bytes. */
  readonly size: number | null;
  readonly free: number | null;
}

/** How far a clock may be off before it is told, in milliseconds. */
const CLOCK_TOLERANCE = 5 * 60_000;
/** What must be free on the disk for a day of work, in bytes; more for a file that is large itself. */
const LEAST_FREE = 100 * 1024 * 1024;

export function plainFinding(
  check: CheckName,
  message: string,
  { thing = NOTHING, facts = {}, fix = null }: { thing?: Thing; facts?: Fields; fix?: Fix | null } = {},
): Finding {
  return { check, thing, message, labels: [], short: [], facts, fix, repair: [] };
}

export function integrityFinding(message: string): Finding {
  const fix: Fix = { kind: 'command', command: 'sqlite3 FILE .recover' };
  return plainFinding('integrity', `the database finds itself damaged: ${message}`, { fix });
}

export function referenceFinding({ table, rows, ids, refersTo }: LostReference): Finding {
  const which = rows === 1 ? 'a row' : `${rows} rows`;
  return plainFinding(
    'foreign-keys',
    `${which} of ${table} refer to rows of ${refersTo} that are not there`,
    {
      facts: { table, rows, ids: ids.join(', '), refersTo },
    },
  );
}

export function constraintFinding({ object, difference }: SchemaDifference): Finding {
  const what = {
    missing: 'is missing, so the database does not guard what it guarded',
    changed: 'is not as earmark made it',
    not_valid: 'is not valid, so the database does not guard with it',
    added: 'was added by somebody else, and may change or refuse rows',
  }[difference];
  return plainFinding('constraints', `${object} ${what}`, { facts: { object, difference } });
}

export function ruleFinding({ breach, thing }: RuleBreach): Finding {
  const { label, order } = thing;
  const fix: Fix | null =
    label === null || order === null
      ? null
      : { kind: 'operation', verb: 'unreserve', keys: [label], flags: ['--expect-order', order] };
  return plainFinding('rules', breach, { thing, fix });
}

export function importFinding({ operation, by, at }: UnfinishedImport): Finding {
  return plainFinding(
    'unfinished-import',
    `import ${operation} by ${by} has not ended; run it again if it was killed`,
    {
      facts: { begunAt: isoMoment(at), operation },
      fix: { kind: 'command', command: commandLine('show', [`operation/${operation}`]) },
    },
  );
}

/** `last` is the last moment in history; `other` what another machine's clock shows: the database's or a server's. */
export function clockFindings(
  now: number,
  last: { readonly at: number; readonly operation: string } | null,
  other: { readonly whose: string; readonly now: number } | null,
): Finding[] {
  const findings: Finding[] = [];
  if (last !== null && last.at > now + CLOCK_TOLERANCE) {
    const message = `operation ${last.operation} is ${span(last.at - now)} in the future: this clock is behind, or the one that wrote it was ahead`;
    const facts = { clockAt: isoMoment(now), operationAt: isoMoment(last.at), operation: last.operation };
    findings.push(plainFinding('clock', message, { facts }));
  }
  if (other !== null && Math.abs(other.now - now) > CLOCK_TOLERANCE) {
    const message = `this clock is ${span(Math.abs(other.now - now))} ${other.now > now ? 'behind' : 'ahead of'} that of ${other.whose}`;
    findings.push(
      plainFinding('clock', message, { facts: { clockAt: isoMoment(now), otherAt: isoMoment(other.now) } }),
    );
  }
  return findings;
}

export function writableFindings({
  file,
  fileWritable,
  folder,
  folderWritable,
  user,
}: PlaceFacts): Finding[] {
  const refused = [
    ...(fileWritable === false ? [file] : []),
    // SQLite writes its log beside the file.
    ...(folderWritable === false ? [folder] : []),
  ];
  return refused.map((path) => {
    return plainFinding('writable', `${path} can not be written by ${user}`, { facts: { path, user } });
  });
}

export function diskFindings({ folder, free, size }: PlaceFacts): Finding[] {
  const needed = Math.max(LEAST_FREE, Math.ceil((size ?? 0) / 10));
  if (free === null || free >= needed) return [];
  return [
    plainFinding('disk-space', `the disk of ${folder} has ${megabytes(free)} MB left`, {
      facts: { folder, freeBytes: free, fileBytes: size },
    }),
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

function span(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
