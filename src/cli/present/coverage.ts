/** How far a line is covered by what is set aside for it; a surplus is said, because whole labels are (DESIGN rule 2). */
import { formatDecimal, type LineDocument, type OrderLineDocument, printable } from '../../core/index.ts';
import { measured } from './words.ts';

/** `62.5 of 120 m set aside, 57.5 missing`. */
export function coverageOf(line: LineDocument): string {
  const covered = `${formatDecimal(line.reserved)} of ${measured(line.outstanding, line.unit)} set aside`;
  if (line.surplus > 0) return `${covered}, ${formatDecimal(line.surplus)} more than it needs`;
  if (line.shortfall > 0) return `${covered}, ${formatDecimal(line.shortfall)} missing`;
  return `${covered}, covered`;
}

/** The lines of orders that gained or lost labels. */
export function orderLines(lines: readonly OrderLineDocument[]): string[] {
  return lines.map(
    (line) => `${printable(line.order)} line ${line.line} (${printable(line.item)}): ${coverageOf(line)}`,
  );
}
