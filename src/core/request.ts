/**
 * A request in one canonical text: what a fingerprint is taken of, so that the same operation id with the same request
 * is known again (DESIGN rule 18). Properties are sorted and absent ones left out; the order of lists counts.
 */
export function canonicalRequest(verb: string, command: unknown): string {
  return JSON.stringify([verb, sorted(command)]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]));
}
