import { type ColumnOptions, recognize } from '../../core/index.ts';
import type { ImportKind } from '../../core/index.ts';
import { type Batch, BatchCollector } from './batch.ts';
import { fileBytes, peekLine } from './file-bytes.ts';
import { LONGEST_RECORD } from './line-blocks.ts';
import { readCsv } from './read-csv.ts';
import { parsedJson, readJson, readNdjson } from './read-json.ts';

export type { Batch, ImportedRow } from './batch.ts';
export { ImportFileError } from './file-bytes.ts';

/** A file as the user named it; `-` is standard input. With a kind, it holds that and nothing else. */
export interface ImportSource {
  readonly path: string;
  readonly kind?: ImportKind | undefined;
}

export interface ImportFileOptions {
  /** The file's names of columns → ours. */
  readonly map?: ReadonlyMap<string, string> | undefined;
  readonly stdin?: AsyncIterable<Uint8Array | string> | undefined;
}

type Format = 'csv' | 'ndjson' | 'json';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const EMPTY = 'the file is empty';
/** First bytes of files that are often taken for CSV, and what to do about it. */
const FOREIGN: readonly { readonly bytes: Buffer; readonly problem: string }[] = [
  { bytes: Buffer.from([0xff, 0xfe]), problem: 'the file is UTF-16: save it as UTF-8' },
  { bytes: Buffer.from([0xfe, 0xff]), problem: 'the file is UTF-16: save it as UTF-8' },
  {
    bytes: Buffer.from('PK\u0003\u0004'),
    problem: 'the file is a spreadsheet or a zip archive: save it as CSV',
  },
  { bytes: Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), problem: 'the file is an old spreadsheet: save it as CSV' },
  { bytes: Buffer.from([0x1f, 0x8b]), problem: 'the file is compressed: unpack it first' },
  { bytes: Buffer.from('SQLite format 3\0'), problem: 'the file is a SQLite database' },
];

/**
 * Reads a CSV, NDJSON or JSON file into checked rows, in file order and in bounded memory. What is wrong
 * with a row, or with the whole file's content, comes as a problem within the batches; a file that can't be opened or read
 * throws `ImportFileError`.
 */
export async function* readImportFile(
  source: ImportSource,
  options: ImportFileOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const collector = new BatchCollector(source.path);
  const columns: ColumnOptions = { kind: source.kind, map: options.map };
  const chunks = fileBytes(source.path, options.stdin ?? process.stdin);
  try {
    const { head, content } = await peekLine(chunks, LONGEST_RECORD);
    const marked = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    const start = marked ? head.subarray(BYTE_ORDER_MARK.length) : head;
    const problem = problemOf(start);
    if (problem !== undefined) {
      collector.refuse(1, null, problem);
      yield* collector.takeRest();
      return;
    }
    const read = { csv: readCsv, ndjson: readNdjson, json: readJson }[formatOf(source.path, start)];
    yield* read(marked ? withoutMark(content) : content, collector, columns);
  } finally {
    await chunks.return();
  }
}

function problemOf(head: Buffer): string | undefined {
  const foreign = FOREIGN.find(({ bytes }) => head.subarray(0, bytes.length).equals(bytes));
  if (foreign !== undefined) return foreign.problem;
  if (head.toString('latin1').trim() === '') return EMPTY;
  if (head.includes(0)) return 'the file is not text: it holds zero bytes';
  const end = head.indexOf('\n');
  return end < 0 && head.includes('\r') && !isJson(head)
    ? 'the lines end in CR alone: save the file with LF or CR LF'
    : undefined;
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let at = 0;
  for await (const chunk of chunks) {
    yield at === 0 ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
    at += chunk.length;
  }
}

/** A name that ends in .csv, .tsv, .ndjson or .jsonl says it; otherwise the first character does. */
function formatOf(path: string, head: Buffer): Format {
  if (/\.(csv|tsv|txt)$/i.test(path)) return 'csv';
  if (/\.(ndjson|jsonl)$/i.test(path)) return 'ndjson';
  if (!isJson(head)) return 'csv';
  if (head.toString('latin1').trimStart().startsWith('[')) return 'json';
  return isRowObject(parsedJson(head.toString('utf8').trim().split('\n', 1)[0] ?? '')?.value)
    ? 'ndjson'
    : 'json';
}

function isJson(head: Buffer): boolean {
  return /^\s*[[{]/.test(head.toString('latin1'));
}

/** Whether a line is an object that stands for one row, and no document of lists. An order may carry its lines. */
function isRowObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const lists = Object.entries(value)
    .filter(([, each]) => Array.isArray(each))
    .map(([name]) => name);
  if (lists.some((name) => name === 'items' || name === 'orders' || name === 'labels')) return false;
  if (lists.length === 0) return Object.keys(value).length > 0;
  return !lists.includes('lines') || 'readings' in recognize(Object.keys(value), { kind: 'orders' });
}
