/** Keys as people give them: on the command line, one a line on standard input, bare or as `label/L-7`. */
import { parseKey, printable } from '../core/index.ts';
import { Fault } from '../stockroom/fault.ts';
import { REF_KINDS, type Ref } from '../stockroom/stockroom.ts';
import type { Streams } from './streams.ts';

/** Most keys that one command takes; far above what anybody scans, and a bound on memory. */
const MOST_KEYS = 1_000_000;

/** The canonical key, without the `label/` or `order/` that it may be written with. */
export function keyOf(text: string, kind: 'label' | 'order' | 'item' | 'operation'): string {
  const bare = text.trim().startsWith(`${kind}/`) ? text.trim().slice(kind.length + 1) : text;
  const parsed = parseKey(bare);
  if ('problem' in parsed)
    throw new Fault('input', `${kind} ${JSON.stringify(printable(text))} ${parsed.problem}`);
  return parsed.key;
}

/** The labels that arguments name; a `-` among them stands for standard input, one label a line. */
export async function labelKeys(words: readonly string[], streams: Streams): Promise<string[]> {
  const keys: string[] = [];
  for (const word of words) {
    if (word === '-') keys.push(...(await keysFrom(streams.stdin())));
    else keys.push(keyOf(word, 'label'));
  }
  return keys;
}

async function keysFrom(stdin: NodeJS.ReadStream): Promise<string[]> {
  const { createInterface } = await import('node:readline');
  const keys: string[] = [];
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    keys.push(keyOf(line, 'label'));
    if (keys.length > MOST_KEYS)
      throw new Fault('input', `standard input names more than ${MOST_KEYS} labels`);
  }
  return keys;
}

/** A REF: `order/SO-1`, `label/L-7`, `operation/ID`, or a bare name of any of them. */
export function refOf(text: string): Ref {
  const kind = REF_KINDS.find((known) => text.startsWith(`${known}/`));
  const name = kind === undefined ? text : text.slice(kind.length + 1);
  const parsed = parseKey(name);
  if ('problem' in parsed) throw new Fault('input', `${JSON.stringify(printable(text))} ${parsed.problem}`);
  return { kind, name: parsed.key };
}

/** `--line`: a whole number from 1. */
export function lineNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new Fault('input', `--line ${printable(text)} is not a line number`);
  return Number(text);
}
