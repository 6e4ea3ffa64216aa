/** The rows of a batch, as they come over the wire. */
import { type ImportLine, MEDIA } from '../wire.ts';
import { boundedBody, requireType } from './body.ts';
import { Burst } from './burst.ts';
import { wrongInput } from './request-problem.ts';
import type { RequestContext } from './route.ts';
import { firstProblem } from './schema-problem.ts';
import { importLine } from './schemas/imports.ts';

const LARGEST_BATCH = 16 * 1024 * 1024;
const MOST_LINES = 50_000;

/** All lines of the batch, each checked; refused whole if one can't be read. */
export async function readLines(context: RequestContext): Promise<ImportLine[]> {
  requireType(context, MEDIA.rows);
  const lines: ImportLine[] = [];
  const burst = new Burst();
  for await (const text of textLines(boundedBody(context, LARGEST_BATCH))) {
    if (text.trim() === '') continue;
    lines.push(readLine(text, lines.length + 1));
    if (lines.length > MOST_LINES) throw wrongInput(`a batch has at most ${MOST_LINES} lines`, 413);
    if (burst.isOver) await burst.pause();
  }
  return lines;
}

function readLine(text: string, number: number): ImportLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongInput(`line ${number} of the batch is not JSON`);
  }
  const parsed = importLine.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw wrongInput(`line ${number} of the batch: ${firstProblem(parsed.error.issues)}`);
}

async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of bytes) {
    const parts = (rest + decoded(() => decoder.decode(chunk, { stream: true }))).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  yield rest + decoded(() => decoder.decode());
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw wrongInput('the batch is not in UTF-8');
  }
}
