import { isUtf8 } from 'node:buffer';
import type { ColumnOptions } from '../../core/index.ts';
import type { Batch, BatchCollector } from './batch.ts';
import { jsonElements } from './json-elements.ts';
import { type Block, lineBlocks } from './line-blocks.ts';
import { ObjectTaker } from './object-taker.ts';

/** Largest JSON document in bytes: it is read whole. NDJSON has no limit. */
const LARGEST_JSON = 512_000_000;
const NO_LIST = 'the JSON holds no list, neither on top nor under items, orders, lines or labels';
const TOO_LARGE = 'the JSON is larger than 512 MB: write it as NDJSON, one object a line, which has no limit';

/** Reads a file of one JSON object a line. A line that is none is reported, and the next one is read. */
export async function* readNdjson(
  chunks: AsyncIterable<Buffer>,
  collector: BatchCollector,
  options: ColumnOptions,
): AsyncGenerator<Batch, void, undefined> {
  const taker = new ObjectTaker(collector, options);
  for await (const block of lineBlocks(chunks, { quotes: false })) {
    if ('problem' in block) {
      collector.refuse(block.line, null, block.problem);
      continue;
    }
    collector.bytes += block.bytes.length;
    if (!takeLines(block, taker, collector)) break;
    yield* collector.takeFull();
  }
  yield* collector.takeRest();
}

function takeLines(block: Block, taker: ObjectTaker, collector: BatchCollector): boolean {
  for (const [at, text] of block.text.split('\n').entries()) {
    if (text.trim() === '') continue;
    const line = block.line + at;
    const parsed = parsedJson(text);
    if (parsed === undefined) collector.refuse(line, null, 'the line is not one whole JSON object');
    else if (!taker.take(parsed.value, line)) return false;
  }
  return true;
}

/** Reads a JSON document: a list of objects, or an object with lists under `items`, `orders`, `lines` or `labels`. */
export async function* readJson(
  chunks: AsyncIterable<Buffer>,
  collector: BatchCollector,
  options: ColumnOptions,
): AsyncGenerator<Batch, void, undefined> {
  const bytes = await wholeOf(chunks);
  if (typeof bytes === 'string') collector.refuse(1, null, bytes);
  else yield* documentBatches(bytes, collector, options);
  yield* collector.takeRest();
}

function* documentBatches(
  bytes: Buffer,
  collector: BatchCollector,
  options: ColumnOptions,
): Generator<Batch, void, undefined> {
  collector.bytes = bytes.length;
  let taker: ObjectTaker | undefined;
  for (const element of jsonElements(bytes)) {
    if ('problem' in element) {
      collector.refuse(element.line, null, element.problem);
    } else if ('ignored' in element) {
      collector.ignore([element.ignored]);
    } else if ('list' in element) {
      const { list } = element;
      if (list !== null && options.kind !== undefined && list !== options.kind) {
        collector.refuse(
          element.line,
          null,
          `a list of ${list} stands in a file that was named with --${options.kind}`,
        );
        return;
      }
      taker = new ObjectTaker(collector, list === null ? options : { ...options, kind: list });
    } else {
      const parsed = parsedJson(element.text);
      if (parsed === undefined) collector.refuse(element.line, null, 'the JSON goes wrong here');
      else if (taker?.take(parsed.value, element.line) === false) return;
      yield* collector.takeFull();
    }
  }
  if (taker === undefined) collector.refuse(1, null, NO_LIST);
}

/** The value of a JSON text, in an object because it may be null; undefined when the text is no JSON. */
export function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

async function wholeOf(chunks: AsyncIterable<Buffer>): Promise<Buffer | string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > LARGEST_JSON) return TOO_LARGE;
    parts.push(chunk);
  }
  const bytes = Buffer.concat(parts);
  return isUtf8(bytes) ? bytes : 'the file is not UTF-8: save it as UTF-8';
}
