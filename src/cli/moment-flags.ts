/** Flags that name a moment. */
import { isoMoment, printable } from '../core/index.ts';
import { Fault } from '../stockroom/fault.ts';
import type { Context } from './context.ts';
import { parseMoment } from './moments.ts';

/** In milliseconds. Takes a span (that long ago), a time of today, a date, or a date with a time. */
export function momentFlag(text: string, flag: string, { clock }: Context): number {
  const parsed = parseMoment(text, clock.now());
  if (parsed !== undefined) return parsed;
  const given = `${flag} ${printable(text)}`;
  throw new Fault('input', `${given} is no time: give 14d, 09:12, 2026-11-23 or 2026-11-23T09:12`);
}

/** `--as-of`: what is still to come is not known. Absent where it was not given. */
export function asOfFlag(text: string | undefined, context: Context): { readonly asOf?: number } {
  if (text === undefined) return {};
  const asOf = momentFlag(text, '--as-of', context);
  if (asOf <= context.clock.now()) return { asOf };
  throw new Fault('input', `--as-of ${isoMoment(asOf)} lies ahead; what will be true then is not known`);
}
