/** The turns of phrase that all sentences are made of. */
import type { ReservationDocument } from './documents.ts';
import { formatDecimal } from './quantity.ts';
import type { Alternative } from './refusals.ts';
import { commandLine } from './shell-word.ts';

export interface NextStep {
  /** One word for what the command is good for: `see`, `free`, `list`. */
  readonly label: string;
  readonly command: string;
}

export interface Sentence {
  readonly message: string;
  readonly next: readonly NextStep[];
}

/** How a moment is said; a terminal says it in local time, HTTP in UTC. */
export type SayMoment = (iso: string) => string;

/** Most keys a sentence names before it says how many more there are. */
const NAMED = 5;

/** `SO-1007 line 2 since 09:12 by dana`: how a holder is named everywhere. */
export function holderPhrase(holder: ReservationDocument, sayMoment: SayMoment): string {
  return `${holder.order} line ${holder.line} since ${sayMoment(holder.since)} by ${holder.by}`;
}

/** `a, b and c`, or `a, b, c, d, e and 12 more`. */
export function listed(names: readonly string[], none: string): string {
  const rest = names.length - NAMED;
  if (rest > 0) return `${names.slice(0, NAMED).join(', ')} and ${rest} more`;
  const last = names.at(-1);
  if (last === undefined) return none;
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

export function didYouMean(near: readonly string[]): string {
  return near.length === 0 ? '' : `; did you mean ${near.slice(0, 3).join(' or ')}?`;
}

/** `; free instead: L-9 (62.5 m, Main A-2)`: labels that could be taken in place of another. */
export function insteadPhrase(alternatives: readonly Alternative[] | undefined): string {
  if (alternatives === undefined || alternatives.length === 0) return '';
  const labels = alternatives.map(({ label, quantity, unit, location, bin }) => {
    const amount = unit === 'each' ? formatDecimal(quantity) : `${formatDecimal(quantity)} ${unit}`;
    const place = [location, bin].filter((part) => part !== null).join(' ');
    return `${label} (${amount}${place === '' ? '' : `, ${place}`})`;
  });
  return `; free instead: ${labels.join(', ')}`;
}

export function step(
  label: string,
  verb: string,
  keys: readonly string[],
  flags: readonly string[] = [],
): NextStep {
  return { label, command: commandLine(verb, keys, flags) };
}
