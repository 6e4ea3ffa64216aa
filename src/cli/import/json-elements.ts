/**
 * Finds the elements of a JSON document's arrays without building the document, or holding it: each element is parsed on its
 * own, so that a large file costs what its largest element does, one bad element doesn't hide the others, and every row has
 * its line.
 */
import { isAscii, isUtf8 } from 'node:buffer';
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

/** What `jsonElements` gives when it has read all that was fed to its scanner: feed it, or end it, and go on. */
export const HUNGRY = 'hungry';
type Hungry = typeof HUNGRY;

/** Largest element, and so what bounds memory. */
const LARGEST_ELEMENT = 16 * 1024 * 1024;
const TOO_LARGE = 'the value is larger than 16 MB, so no more of the file is read';
const NOT_UTF8 = 'the file is not UTF-8: save it as UTF-8';

/** The elements of a top array (kind null), or of the arrays under the names of our kinds in a top object. */
export function* jsonElements(scanner: JsonScanner): Generator<JsonElement | Hungry, void, undefined> {
  const first = yield* next(scanner);
  const ended = first === OPEN_LIST ? yield* listElements(scanner, null) : yield* members(scanner);
  if (ended && (yield* next(scanner)) !== undefined) {
    yield scanner.problem('something follows the end of the JSON');
  }
}

function* listElements(
  scanner: JsonScanner,
  kind: ImportKind | null,
): Generator<JsonElement | Hungry, boolean, undefined> {
  scanner.step();
  yield { line: scanner.line, list: kind };
  if (yield* skip(scanner, CLOSE_LIST)) return true;
  for (;;) {
    // Most elements lie whole in what was fed, and need no generator of their own.
    if (scanner.next() === undefined) yield* next(scanner);
    const { line } = scanner;
    const text = scanner.value() ?? (yield* restOfValue(scanner));
    if (text === undefined) break;
    yield { line, kind, text };
    if (scanner.skip(COMMA)) continue;
    if (yield* skip(scanner, CLOSE_LIST)) return true;
    if (!scanner.skip(COMMA)) break;
  }
  yield scanner.problem();
  return false;
}

function* members(scanner: JsonScanner): Generator<JsonElement | Hungry, boolean, undefined> {
  scanner.step();
  if (yield* skip(scanner, CLOSE_OBJECT)) return true;
  for (;;) {
    const isText = (yield* next(scanner)) === QUOTE;
    const name = isText ? nameOf(scanner.value() ?? (yield* restOfValue(scanner))) : undefined;
    if (name === undefined || !(yield* skip(scanner, COLON))) break;
    const kind = IMPORT_KINDS.find((each) => each === name);
    const first = yield* next(scanner);
    if (kind !== undefined && first === OPEN_LIST) {
      if (!(yield* listElements(scanner, kind))) return false;
    } else {
      const { line } = scanner;
      if (first === undefined || !(yield* passValue(scanner))) break;
      yield { line, ignored: name };
    }
    if (yield* skip(scanner, CLOSE_OBJECT)) return true;
    if (!scanner.skip(COMMA)) break;
  }
  yield scanner.problem();
  return false;
}

/** The next byte that is no blank, without taking it; undefined at the end of the file. */
function* next(scanner: JsonScanner): Generator<Hungry, number | undefined, undefined> {
  for (;;) {
    const byte = scanner.next();
    if (byte !== undefined || scanner.ended) return byte;
    yield HUNGRY;
  }
}

function* skip(scanner: JsonScanner, mark: number): Generator<Hungry, boolean, undefined> {
  yield* next(scanner);
  return scanner.skip(mark);
}

/** The text of a value of which only the beginning was there; undefined when it doesn't end, or is too large. */
function* restOfValue(scanner: JsonScanner): Generator<Hungry, string | undefined, undefined> {
  while (!scanner.ended && scanner.unread <= LARGEST_ELEMENT) {
    if (scanner.failure !== undefined) return undefined;
    yield HUNGRY;
    const text = scanner.value();
    if (text !== undefined) return text;
  }
  if (!scanner.ended) scanner.failure = TOO_LARGE;
  return undefined;
}

/** Steps over a value of any size that nobody needs. False when it doesn't end. */
function* passValue(scanner: JsonScanner): Generator<Hungry, boolean, undefined> {
  const open = new OpenValue();
  for (;;) {
    if (scanner.pass(open)) return true;
    if (scanner.ended) return open.isWord;
    yield HUNGRY;
  }
}

function nameOf(text: string | undefined): string | undefined {
  try {
    const name: unknown = JSON.parse(text ?? '');
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** How far into a value that is stepped over. */
class OpenValue {
  /** Lists and objects that are open. */
  depth = 0;
  inString = false;
  escaped = false;
  /** A number, true, false or null, which ends where something else begins. */
  isWord = false;
}

/**
 * Steps over JSON byte by byte; in UTF-8 no part of another character looks like one of its marks. It is fed the file in
 * pieces and forgets what was taken.
 */
export class JsonScanner {
  line = 1;
  /** Nothing more will be fed. */
  ended = false;
  /** What else than the JSON itself is wrong, if anything is. */
  failure: string | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The value that was asked for last doesn't end in what is there. */
  #unfinished = false;

  feed(chunk: Buffer): void {
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#at = 0;
  }

  /** Bytes that were fed and not taken yet. */
  get unread(): number {
    return this.#bytes.length - this.#at;
  }

  /** The next byte that is no blank, without taking it; undefined where there is none yet. */
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

  /** The text of one whole value, not yet checked within; undefined, and nothing taken, where its end is not there yet. */
  value(): string | undefined {
    const start = this.#at;
    const { line } = this;
    const first = this.next();
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_OBJECT || first === OPEN_LIST) this.#skipNested();
    else this.#skipWord();
    this.#unfinished = this.#at > this.#bytes.length;
    const text = this.#unfinished || this.#at === start ? undefined : this.#text(start);
    if (text === undefined) [this.#at, this.line] = [start, line];
    return text;
  }

  /** Steps over as much of a value as there is. True at its end. */
  pass(open: OpenValue): boolean {
    for (; this.#at < this.#bytes.length; this.#at++) {
      const byte = this.#bytes[this.#at] as number;
      if (byte === LF) this.line += 1;
      if (open.inString) {
        if (open.escaped) open.escaped = false;
        else if (byte === BACKSLASH) open.escaped = true;
        else if (byte === QUOTE) open.inString = false;
        if (open.inString || open.depth > 0) continue;
        this.#at += 1;
        return true;
      }
      if (open.isWord) {
        if (!isEndOfWord(byte)) continue;
        if (byte === LF) this.line -= 1;
        return true;
      }
      if (byte === QUOTE) open.inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) open.depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) open.depth -= 1;
      else if (open.depth === 0) open.isWord = true;
      if (open.depth > 0 || open.inString || open.isWord) continue;
      this.#at += 1;
      return true;
    }
    return false;
  }

  problem(reason?: string): JsonElement {
    const ended = this.#unfinished || this.unread === 0;
    const why = this.failure ?? reason ?? (ended ? 'the JSON ends too early' : 'the JSON goes wrong here');
    return { line: this.line, problem: why };
  }

  #text(start: number): string | undefined {
    const bytes = this.#bytes.subarray(start, this.#at);
    if (isAscii(bytes)) return bytes.toString('latin1');
    if (isUtf8(bytes)) return bytes.toString('utf8');
    this.failure = NOT_UTF8;
    return undefined;
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

  /** A word may go on in what is not there yet. */
  #skipWord(): void {
    for (; this.#at < this.#bytes.length; this.#at++) {
      if (isEndOfWord(this.#bytes[this.#at] as number)) return;
    }
    if (!this.ended) this.#at += 1;
  }
}

function isEndOfWord(byte: number): boolean {
  return byte <= 0x20 || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT;
}
