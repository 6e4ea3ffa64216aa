import type { ColumnOptions, ImportKind } from '../../core/index.ts';
import type { Batch, BatchCollector } from './batch.ts';
import { HUNGRY, type JsonElement, jsonElements, JsonScanner } from './json-elements.ts';
import { type Block, lineBlocks } from './line-blocks.ts';
import { ObjectTaker } from './object-taker.ts';

const NO_LIST = 'the JSON holds no list, neither on top nor under items, orders, lines or labels';

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
  const scanner = new JsonScanner();
  const elements = new ElementTaker(collector, options);
  const found = jsonElements(scanner);
  /** Goes as far as what was fed lasts. False when no more of the file is to be read. */
  const takeFed = function* (): Generator<Batch, boolean, undefined> {
    for (;;) {
      const { done, value } = found.next();
      if (done === true) return false;
      if (value === HUNGRY) return true;
      if (!elements.take(value)) return false;
      yield* collector.takeFull();
    }
  };
  let goesOn = true;
  for await (const chunk of chunks) {
    collector.bytes += chunk.length;
    scanner.feed(chunk);
    goesOn = yield* takeFed();
    if (!goesOn) break;
  }
  if (goesOn) {
    scanner.ended = true;
    yield* takeFed();
  }
  elements.end();
  yield* collector.takeRest();
}

/** Takes what a JSON document holds, one after another. */
class ElementTaker {
  readonly #collector: BatchCollector;
  readonly #options: ColumnOptions;
  /** For the list that was begun last. */
  #taker: ObjectTaker | undefined;
  #refused = false;

  constructor(collector: BatchCollector, options: ColumnOptions) {
    this.#collector = collector;
    this.#options = options;
  }

  /** False when no more of the file is to be read. */
  take(element: JsonElement): boolean {
    if ('problem' in element) this.#collector.refuse(element.line, null, element.problem);
    else if ('ignored' in element) this.#collector.ignore([element.ignored]);
    else if ('list' in element) return this.#begin(element.list, element.line);
    else return this.#takeObject(element.text, element.line);
    return true;
  }

  /** Says so if there was no list at all. */
  end(): void {
    if (this.#taker === undefined && !this.#refused) this.#collector.refuse(1, null, NO_LIST);
  }

  #begin(list: ImportKind | null, line: number): boolean {
    const { kind } = this.#options;
    if (list !== null && kind !== undefined && list !== kind) {
      const problem = `a list of ${list} stands in a file that was named with --${kind}`;
      this.#collector.refuse(line, null, problem);
      this.#refused = true;
      return false;
    }
    const options = list === null ? this.#options : { ...this.#options, kind: list };
    this.#taker = new ObjectTaker(this.#collector, options);
    return true;
  }

  #takeObject(text: string, line: number): boolean {
    const parsed = parsedJson(text);
    if (parsed !== undefined) return this.#taker?.take(parsed.value, line) !== false;
    this.#collector.refuse(line, null, 'the JSON goes wrong here');
    return true;
  }
}

/** The value of a JSON text, in an object because it may be null; undefined when the text is no JSON. */
export function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
