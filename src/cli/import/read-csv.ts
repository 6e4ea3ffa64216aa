import { type ColumnOptions, type Columns, recognize } from '../../core/index.ts';
import type { Batch, BatchCollector } from './batch.ts';
import { type CsvRecord, csvRecords, type Delimiter, delimiterOf } from './csv-records.ts';
import { type Block, lineBlocks } from './line-blocks.ts';
import { type RecordTaker, recordTaker } from './record-taker.ts';

/** Excel's own first line, which names the delimiter of what follows. */
const SEPARATOR_LINE = /^sep=([,;\t|])\r?\n/i;

/** What the header settles, once, for all records behind it. */
interface Header {
  readonly width: number;
  readonly take: RecordTaker;
}

/** Reads a CSV file, block by block; its header is its first line that is not blank. */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  collector: BatchCollector,
  options: ColumnOptions,
): AsyncGenerator<Batch, void, undefined> {
  let delimiter: Delimiter | undefined;
  let header: Header | undefined;
  for await (const block of lineBlocks(chunks, { quotes: true })) {
    if ('problem' in block) {
      collector.refuse(block.line, null, block.problem);
      continue;
    }
    collector.bytes += block.bytes.length;
    delimiter ??= delimiterOfFile(block);
    let records = await csvRecords(block, delimiter);
    if (header === undefined) {
      records = SEPARATOR_LINE.test(block.text) ? records.slice(1) : records;
      const [first, ...others] = records;
      if (first === undefined) continue;
      header = headerOf(first, collector, options);
      if (header === undefined) return yield* collector.takeRest();
      records = others;
    }
    takeAll(records, header, collector);
    yield* collector.takeFull();
  }
  yield* collector.takeRest();
}

function delimiterOfFile({ text }: Block): Delimiter {
  const named = SEPARATOR_LINE.exec(text)?.[1];
  if (named !== undefined) return delimiterOf(named);
  return delimiterOf(text.trimStart().split('\n', 1)[0] ?? '');
}

function headerOf(record: CsvRecord, collector: BatchCollector, options: ColumnOptions): Header | undefined {
  if ('problem' in record) {
    collector.refuse(record.line, null, record.problem);
    return undefined;
  }
  const names = record.cells.map((cell) => cell.trim());
  const columns: Columns | { readonly problem: string } = recognize(names, options);
  if ('problem' in columns) {
    collector.refuse(record.line, null, columns.problem);
    return undefined;
  }
  collector.ignore(columns.ignored);
  return { width: names.length, take: recordTaker(columns.readings, names, collector) };
}

function takeAll(records: readonly CsvRecord[], header: Header, collector: BatchCollector): void {
  for (const record of records) {
    if ('problem' in record) collector.refuse(record.line, null, record.problem);
    else if (record.cells.length === header.width) header.take(record.cells, record.line);
    else collector.refuse(record.line, null, widthProblem(record.cells.length, header.width));
  }
}

function widthProblem(found: number, expected: number): string {
  return `the line has ${found} ${found === 1 ? 'field' : 'fields'}, the header has ${expected}`;
}
