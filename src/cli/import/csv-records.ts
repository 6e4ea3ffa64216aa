import { type Block, countOf } from './line-blocks.ts';
import { unguard } from './spreadsheet-guard.ts';

/** A record's cells and the line it begins in; or why that line is no record. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly problem: string };

/** Delimiters that a header is searched for, the likeliest first. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

type Parse = typeof import('csv-parse/sync').parse;
let parse: Parse | undefined;

const LF = 0x0a;
const CR = 0x0d;
const APOSTROPHE = "'";

/** The delimiter that a header uses most outside of quotes; a comma for a file of one column. */
export function delimiterOf(headerLine: string): Delimiter {
  const bare = headerLine.replace(/"[^"]*"?/g, '');
  let best: Delimiter = ',';
  for (const each of DELIMITERS) if (bare.split(each).length > bare.split(best).length) best = each;
  return best;
}

/**
 * Splits a block into records; blank lines are left out. Without a quote in it, CSV is lines and delimiters and nothing more,
 * which costs a fraction of a parser; csv-parse reads the others, and is loaded only for them.
 */
export async function csvRecords(block: Block, delimiter: Delimiter): Promise<readonly CsvRecord[]> {
  const records = block.quoted ? await quotedRecords(block, delimiter) : plainRecords(block, delimiter);
  return block.text.includes(APOSTROPHE) ? records.map(unguarded) : records;
}

function plainRecords(block: Block, delimiter: Delimiter): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  const lines = block.text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    let text = lines[at] ?? '';
    if (text.charCodeAt(text.length - 1) === CR) text = text.slice(0, -1);
    const cells = text.split(delimiter);
    if (!isBlank(cells)) records.push({ line: block.line + at, cells });
  }
  return records;
}

/** A line that is empty, or as spreadsheets write an empty row: delimiters alone. */
function isBlank(cells: readonly string[]): boolean {
  const first = cells[0] ?? '';
  return (first === '' || first.trim() === '') && cells.every((cell) => cell.trim() === '');
}

async function quotedRecords(block: Block, delimiter: Delimiter): Promise<readonly CsvRecord[]> {
  parse ??= (await import('csv-parse/sync')).parse;
  const parsed = parsedCells(parse, block.bytes, delimiter);
  if (!Array.isArray(parsed)) return lineByLine(parse, block, delimiter);
  const records: CsvRecord[] = [];
  const lines = countOf(block.bytes, LF);
  // As many records as lines (the last may lack its end): no cell holds a line end, and none need be searched for one.
  const spans = parsed.length < lines;
  let line = block.line;
  for (const cells of parsed) {
    if (!isBlank(cells)) records.push({ line, cells });
    line += spans ? 1 + lineEndsIn(cells) : 1;
  }
  return records;
}

function lineEndsIn(cells: readonly string[]): number {
  let ends = 0;
  for (const cell of cells) if (cell.includes('\n')) ends += cell.split('\n').length - 1;
  return ends;
}

/** All records of a text, or the code of csv-parse's first complaint. */
function parsedCells(parse: Parse, input: Buffer | string, delimiter: Delimiter): string[][] | string {
  try {
    return parse(input, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      trim: true,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}

/**
 * Reads a block in which a quote is misplaced. A record that can't be read is reported at its first line, and reading goes
 * on with the next line, so that one stray quote doesn't hide what is wrong behind it.
 */
function lineByLine(parse: Parse, block: Block, delimiter: Delimiter): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  const lines = block.text.split(/(?<=\n)/);
  for (let at = 0; at < lines.length; ) {
    const end = endOfRecord(lines, at);
    const parsed = parsedCells(parse, lines.slice(at, end).join(''), delimiter);
    const line = block.line + at;
    const cells = Array.isArray(parsed) ? parsed[0] : undefined;
    if (Array.isArray(parsed)) {
      if (cells !== undefined && !isBlank(cells)) records.push({ line, cells });
      at = end;
    } else {
      records.push({ line, problem: clauseOf(parsed) });
      at += 1;
    }
  }
  return records;
}

/** The index behind the line in which the number of quotes becomes even. */
function endOfRecord(lines: readonly string[], start: number): number {
  let quotes = 0;
  for (let at = start; at < lines.length; at++) {
    quotes += (lines[at] ?? '').split('"').length - 1;
    if (quotes % 2 === 0) return at + 1;
  }
  return lines.length;
}

function clauseOf(code: string): string {
  switch (code) {
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands inside a field that is not quoted: quote the whole field and double the quote';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'text follows a closing quote: double the quotes that belong to the field';
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote that opens in this line never closes';
    default:
      return `the line is not CSV (${code})`;
  }
}

function unguarded(record: CsvRecord): CsvRecord {
  return 'problem' in record ? record : { line: record.line, cells: record.cells.map(unguard) };
}
