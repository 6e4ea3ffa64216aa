/** Knowing a request again by its operation id (DESIGN rule 18). */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalRequest, isoMoment, type Refusal } from '../core/index.ts';
import type { RecordedOperation } from './ledger.ts';

/**
 * SHA-256 of the canonical request, without actor, reason and timeout (DESIGN rule 18), in hexadecimal. Node's own would be
 * faster, but it takes several milliseconds to load, which is more than a reserve takes.
 */
export function fingerprintOf(verb: string, command: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalRequest(verb, command))));
}

/** The same id with the same request by the same person gets the first answer; anything else is refused. */
export function refuseReuse(
  recorded: RecordedOperation,
  fingerprint: string,
  actor: string,
): Refusal | undefined {
  const facts = { operation: recorded.id, by: recorded.actor, at: isoMoment(recorded.at) };
  if (recorded.fingerprint !== fingerprint)
    return { code: 'operation_id_reused', ...facts, differs: 'request' };
  if (recorded.actor !== actor) return { code: 'operation_id_reused', ...facts, differs: 'actor' };
  return undefined;
}
