/** The output formats and how they are chosen. */
import { Fault } from '../../stockroom/fault.ts';
import type { Context } from '../context.ts';

export const FORMATS = ['table', 'wide', 'json', 'ndjson', 'csv', 'tsv', 'name'] as const;
export type Format = (typeof FORMATS)[number];

/** `--json` and `-o`, else a table on a terminal and TSV in a pipe. */
export function formatOf({ flags, out }: Pick<Context, 'flags' | 'out'>): Format {
  if (flags.json === true) {
    if (flags.output !== undefined && flags.output !== 'json') {
      throw new Fault('input', `--json and --output ${flags.output} exclude each other`);
    }
    return 'json';
  }
  if (flags.output === undefined) return out.isTerminal ? 'table' : 'tsv';
  const format = FORMATS.find((known) => known === flags.output);
  if (format === undefined)
    throw new Fault('input', `--output ${flags.output} is none of ${FORMATS.join(', ')}`);
  return format;
}

/** Whether the answer goes out as a whole document. */
export function isDocument(format: Format): boolean {
  return format === 'json' || format === 'ndjson';
}
