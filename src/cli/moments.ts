/** Moments as people say them: the time alone for today, else with the date, in local time. */
import { parseDate } from '../core/index.ts';

/** `now` in milliseconds. */
export function sayMomentOn(now: number): (iso: string) => string {
  const today = localDate(new Date(now));
  return (iso) => {
    const moment = new Date(iso);
    const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
    const date = localDate(moment);
    return date === today ? time : `${date} ${time}`;
  };
}

function localDate(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads a span such as `30s`, `15m`, `14d`; in milliseconds. Undefined if it is none. */
export function parseSpan(text: string): number | undefined {
  const match = /^(\d{1,9})(s|m|h|d|w)$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

/** Reads a moment: a span (that long ago), a time of today, a date, or an ISO time. In milliseconds; undefined if it is none. */
export function parseMoment(text: string, now: number): number | undefined {
  const span = parseSpan(text);
  if (span !== undefined) return now - span;
  const time = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text.trim());
  if (time !== null) return new Date(now).setHours(Number(time[1]), Number(time[2]), Number(time[3] ?? 0), 0);
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text.trim()))
    return undefined;
  if (parseDate(text) === undefined) return undefined;
  const plainDate = /^\d{4}-\d{2}-\d{2}$/.test(text.trim());
  const moment = new Date(plainDate ? `${text.trim()}T00:00:00` : text.trim().replace(' ', 'T')).getTime();
  return Number.isNaN(moment) ? undefined : moment;
}
