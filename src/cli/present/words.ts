/** Small turns of phrase that sentences share. */
import { formatDecimal, type LabelDocument, printable } from '../../core/index.ts';

/** `1 label`, `3 labels`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `36 kg`, or just `36` for things that are counted. */
export function measured(amount: number, unit: string): string {
  return unit === 'each' ? formatDecimal(amount) : `${formatDecimal(amount)} ${printable(unit)}`;
}

/** `SO-1042 (Acme)`. */
export function orderPhrase(order: { readonly number: string; readonly customer: string | null }): string {
  return printable(order.customer === null ? order.number : `${order.number} (${order.customer})`);
}

/** Where a label is: `Main, A-3`; empty where nothing is known. */
export function placeOf(label: Pick<LabelDocument, 'location' | 'bin'>): string {
  return printable([label.location, label.bin].filter((part) => part !== null).join(', '));
}

/** Most rows that a message lists before it says how many more there are. */
const LISTED = 20;

/** The lines, or the first of them and how many more there are. */
export function abridged(lines: readonly string[]): string[] {
  if (lines.length <= LISTED) return [...lines];
  return [...lines.slice(0, LISTED), `  … and ${(lines.length - LISTED).toLocaleString('en-US')} more`];
}
