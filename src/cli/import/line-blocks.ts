import { isAscii, isUtf8 } from 'node:buffer';

/** Whole lines of a file, as many as came together. */
export interface Block {
  readonly bytes: Buffer;
  readonly text: string;
  /** The number of its first line in the file, from 1. */
  readonly line: number;
  /** Whether it holds a quote at all, which decides how CSV is read. */
  readonly quoted: boolean;
}

/** Something in the file that is no line to read, and whether reading may go on behind it. */
export interface BlockProblem {
  readonly line: number;
  readonly problem: string;
}

/** Longest record in bytes, and so what bounds memory when a file is not what it seems. */
export const LONGEST_RECORD = 1024 * 1024;

const LF = 0x0a;
const QUOTE = 0x22;

const NOT_UTF8 = 'the line is not UTF-8, so no more of the file is read: save the file as UTF-8';
const TOO_LONG = 'the line is longer than 1 MB, so no more of the file is read';
const NEVER_CLOSED = 'a quote opens in this line and does not close within 1 MB';

/**
 * Cuts a stream into blocks of whole lines; with `quotes`, of whole CSV records, whose quoted fields may hold line ends. The
 * cut is where the number of quotes so far is even: outside of a quoted field, where the file is well formed.
 */
export async function* lineBlocks(
  chunks: AsyncIterable<Buffer>,
  options: { readonly quotes: boolean },
): AsyncGenerator<Block | BlockProblem, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = options.quotes ? endOfRecords(rest) : rest.lastIndexOf(LF) + 1;
      if (end > 0) {
        const block = blockOf(rest.subarray(0, end), line);
        yield block;
        if ('problem' in block) return;
        line += countOf(block.bytes, LF);
        rest = rest.subarray(end);
      }
      if (rest.length <= LONGEST_RECORD) break;
      const firstEnd = rest.indexOf(LF) + 1;
      if (firstEnd === 0) {
        yield { line, problem: TOO_LONG };
        return;
      }
      yield { line, problem: NEVER_CLOSED };
      line += 1;
      rest = rest.subarray(firstEnd);
    }
  }
  if (rest.length > 0) yield blockOf(rest, line);
}

/** How many bytes up to the last line end that lies outside of quotes; 0 when there is none. */
function endOfRecords(bytes: Buffer): number {
  let end = bytes.lastIndexOf(LF);
  if (end < 0) return 0;
  let open = countOf(bytes.subarray(0, end), QUOTE) % 2 === 1;
  while (open) {
    const previous = end === 0 ? -1 : bytes.lastIndexOf(LF, end - 1);
    if (previous < 0) return 0;
    if (countOf(bytes.subarray(previous, end), QUOTE) % 2 === 1) open = false;
    end = previous;
  }
  return end + 1;
}

export function countOf(bytes: Buffer, byte: number): number {
  let count = 0;
  // Searching skips faster over bytes without any; where there are many, it costs a call for each.
  if (bytes.includes(byte)) for (let at = 0; at < bytes.length; at++) if (bytes[at] === byte) count += 1;
  return count;
}

function blockOf(bytes: Buffer, line: number): Block | BlockProblem {
  const quoted = bytes.includes(QUOTE);
  if (isAscii(bytes)) return { bytes, text: bytes.toString('latin1'), line, quoted };
  if (isUtf8(bytes)) return { bytes, text: bytes.toString('utf8'), line, quoted };
  return { line: line + linesBeforeBadByte(bytes), problem: NOT_UTF8 };
}

function linesBeforeBadByte(bytes: Buffer): number {
  let lines = 0;
  for (let start = 0; start < bytes.length; lines++) {
    const end = bytes.indexOf(LF, start) + 1 || bytes.length;
    if (!isUtf8(bytes.subarray(start, end))) return lines;
    start = end;
  }
  return lines;
}
