/** Calendar dates are `YYYY-MM-DD` texts, which order as they read; moments are milliseconds since 1970 in UTC. */

/** The date in its canonical form, or undefined. Takes `2026-11-23`, and a date with a time after it (`T` or a blank). */
export function parseDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text.trim());
  if (match === null) return undefined;
  const date = `${match[1]}-${match[2]}-${match[3]}`;
  const moment = new Date(`${date}T00:00:00Z`);
  // Date rolls 30 February over into March; a date that changes when read back does not exist.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date) ? date : undefined;
}

let lastMoment = { milliseconds: 0, iso: '1970-01-01T00:00:00.000Z' };

/** The moment as JSON carries it, in UTC. All that one operation does has one moment, so the last one is remembered. */
export function isoMoment(milliseconds: number): string {
  if (milliseconds !== lastMoment.milliseconds) {
    lastMoment = { milliseconds, iso: new Date(milliseconds).toISOString() };
  }
  return lastMoment.iso;
}

/** Whether stock with this expiry may no longer be used: from the day after its expiry date on (DESIGN section 2). */
export function isExpired(expiry: string | null, today: string): boolean {
  return expiry !== null && expiry < today;
}
