/** Knowing a request again by its operation id (DESIGN rule 18). */
import { canonicalRequest, isoMoment, type Refusal } from '../core/index.ts';
import type { RecordedOperation } from './ledger.ts';

let crypto: typeof import('node:crypto') | undefined;

/** SHA-256 of the canonical request, without actor, reason and timeout (DESIGN rule 18). */
export async function fingerprintOf(verb: string, command: unknown): Promise<string> {
  // Loaded when first needed: reads need no fingerprint, and it takes longer to load than they take.
  crypto ??= await import('node:crypto');
  return crypto.createHash('sha256').update(canonicalRequest(verb, command)).digest('hex');
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
