/**
 * Finds the elements of a JSON document's arrays without building the document: each element is parsed on its own, so that
 * a large file costs its bytes and not its objects, one bad element doesn't hide the others, and every row has its line.
 */
import { IMPORT_KINDS, type ImportKind } from '../../core/index.ts';

export type JsonElement =
  | { readonly line: number; readonly kind: ImportKind | null; readonly text: string }
  /** A list begins, which may turn out to be empty. */
  | { readonly line: number; readonly list: ImportKind | null }
  | { readonly line: number; readonly ignored: string }
  | { readonly line: number; readonly problem: string };

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The elements of a top array (kind null), or of the arrays under the names of our kinds in a top object. */
export function* jsonElements(bytes: Buffer): Generator<JsonElement, void, undefined> {
  const scanner = new Scanner(bytes);
  const first = scanner.next();
  const ended = first === OPEN_LIST ? yield* listElements(scanner, null) : yield* members(scanner);
  if (ended && scanner.next() !== undefined) yield scanner.problem('something follows the end of the JSON');
}

function* listElements(
  scanner: Scanner,
  kind: ImportKind | null,
): Generator<JsonElement, boolean, undefined> {
  scanner.step();
  yield { line: scanner.line, list: kind };
  if (scanner.skip(CLOSE_LIST)) return true;
  for (;;) {
    scanner.next();
    const { line } = scanner;
    const text = scanner.value();
    if (text === undefined) break;
    yield { line, kind, text };
    if (scanner.skip(CLOSE_LIST)) return true;
    if (!scanner.skip(COMMA)) break;
  }
  yield scanner.problem();
  return false;
}

function* members(scanner: Scanner): Generator<JsonElement, boolean, undefined> {
  scanner.step();
  if (scanner.skip(CLOSE_OBJECT)) return true;
  for (;;) {
    const name = scanner.next() === QUOTE ? nameOf(scanner.value()) : undefined;
    if (name === undefined || !scanner.skip(COLON)) break;
    const kind = IMPORT_KINDS.find((each) => each === name);
    if (kind !== undefined && scanner.next() === OPEN_LIST) {
      if (!(yield* listElements(scanner, kind))) return false;
    } else {
      const { line } = scanner;
      if (scanner.next() === undefined || scanner.value() === undefined) break;
      yield { line, ignored: name };
    }
    if (scanner.skip(CLOSE_OBJECT)) return true;
    if (!scanner.skip(COMMA)) break;
  }
  yield scanner.problem();
  return false;
}

function nameOf(text: string | undefined): string | undefined {
  try {
    const name: unknown = JSON.parse(text ?? '');
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Steps over JSON byte by byte; in UTF-8 no part of another character looks like one of its marks. */
class Scanner {
  line = 1;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The next byte that is no blank, without taking it; undefined at the end. */
  next(): number | undefined {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || byte > 0x20) return byte;
      if (byte === LF) this.line += 1;
      this.#at += 1;
    }
  }

  step(): void {
    this.#at += 1;
  }

  /** Takes this mark if it comes next. */
  skip(mark: number): boolean {
    if (this.next() !== mark) return false;
    this.#at += 1;
    return true;
  }

  /** The text of one whole value, not yet checked within; undefined when it doesn't end. */
  value(): string | undefined {
    const start = this.#at;
    const first = this.next();
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_OBJECT || first === OPEN_LIST) this.#skipNested();
    else this.#skipWord();
    if (this.#at > this.#bytes.length || this.#at === start) return undefined;
    return this.#bytes.toString('utf8', start, this.#at);
  }

  problem(reason?: string): JsonElement {
    const atEnd = this.#at >= this.#bytes.length;
    return {
      line: this.line,
      problem: reason ?? (atEnd ? 'the JSON ends too early' : 'the JSON goes wrong here'),
    };
  }

  #skipNested(): void {
    let depth = 0;
    do {
      const byte = this.#bytes[this.#at];
      if (byte === QUOTE) {
        this.#skipString();
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
      else if (byte === LF) this.line += 1;
      this.#at += 1;
    } while (depth > 0 && this.#at < this.#bytes.length);
    if (depth > 0) this.#at = this.#bytes.length + 1;
  }

  #skipString(): void {
    let end = this.#at;
    do {
      end = this.#bytes.indexOf(QUOTE, end + 1);
      if (end < 0) {
        this.#at = this.#bytes.length + 1;
        return;
      }
    } while (this.#isEscaped(end));
    this.#at = end + 1;
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.#bytes[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
    return backslashes % 2 === 1;
  }

  #skipWord(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (
        byte === undefined ||
        byte <= 0x20 ||
        byte === COMMA ||
        byte === CLOSE_LIST ||
        byte === CLOSE_OBJECT
      )
        return;
      this.#at += 1;
    }
  }
}
