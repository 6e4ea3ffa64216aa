/** A digest of all that happened, and whether what an earlier one covers is still the same (DESIGN rule 16). */
import { createHash } from 'node:crypto';
import { digestText, type HistoryPosition, parseDigest, SCHEMA_VERSION } from '../core/index.ts';
import { Fault } from './fault.ts';
import type { Ledger } from './ledger.ts';
import type { HistoryProof } from './views.ts';

/** Without a digest, one of everything up to now. */
export async function proveHistory(ledger: Ledger, digest: string | undefined): Promise<HistoryProof> {
  if (digest === undefined) {
    const found = await digestUpTo(ledger, await ledger.history.end());
    return { schemaVersion: SCHEMA_VERSION, digest: found, refusal: null };
  }
  const parsed = parseDigest(digest);
  if (parsed === undefined) {
    throw new Fault('input', 'that is no digest: it is one line, as earmark history --digest prints it');
  }
  const given = digestText(parsed);
  const found = await digestUpTo(ledger, parsed.upTo);
  const refusal = found === given ? null : ({ code: 'history_changed', digest: given, found } as const);
  return { schemaVersion: SCHEMA_VERSION, digest: given, refusal };
}

async function digestUpTo(ledger: Ledger, upTo: HistoryPosition): Promise<string> {
  const hash = createHash('sha256');
  for await (const records of ledger.history.records(upTo)) {
    for (const record of records) hash.update(record).update('\n');
  }
  return digestText({ upTo, sha256: hash.digest('hex') });
}
