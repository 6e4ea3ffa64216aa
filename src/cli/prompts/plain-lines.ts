import type { Key } from './key.ts';
import { isDeliberate, NOTHING_TYPED, scannedText, type Typed, typing } from './picking.ts';
import type { Outcome, Session } from './session.ts';
import { visible, wrapped } from './terminal-text.ts';
import { sizeOf } from './use-screen.ts';

/** A line that was typed as an answer, and what is known of how it was typed. */
export interface Line {
  /** Without spaces around it. */
  readonly text: string;
  /** At a scanner's speed, or pasted: it may name something, but it is nobody's decision. */
  readonly scanned: boolean;
  /** Begun before the question was there. */
  readonly early: boolean;
  /** Its Enter was meant, and is not what is left of a scan. It matters for an empty line. */
  readonly deliberate: boolean;
}

/** Leaves an answer by another way than with its value. */
class Ended extends Error {
  readonly kind: 'left' | 'interrupted';

  constructor(kind: 'left' | 'interrupted') {
    super(kind);
    this.kind = kind;
  }
}

/** Questions and answers as lines of plain text, from top to bottom; nothing is ever written over. */
export class PlainLines {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  say(...lines: readonly string[]): void {
    this.#session.output.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Says how to answer, in lines that break between words. */
  explain(text: string): void {
    this.say(...wrapped(text, sizeOf(this.#session.output).columns));
  }

  /** Says that something is wrong, with a bell. */
  refuse(line: string): void {
    this.#session.output.write(`✗ ${line}\n\u0007`);
  }

  /** The next line that is typed, echoed as `shown` makes it. */
  async ask(label: string, shown: (text: string) => string = visible): Promise<Line> {
    this.#session.output.write(label);
    let answer = UNTYPED;
    return await this.#keys((key) => {
      const next = pressLine(answer, key);
      this.#session.output.write(echoOf(shown(answer.typed.text), shown(next.typed.text), label));
      answer = next;
      if (answer.line !== undefined) this.#session.output.write('\n');
      return answer.line;
    });
  }

  /** Waits for something that takes a while, and can be left meanwhile. Other keys wait for the next question. */
  async during<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { keyboard } = this.#session;
    const abort = new AbortController();
    let stop = (): void => {};
    const ended = new Promise<never>((_, reject) => {
      stop = keyboard.listen(() => {
        const kind = endedBy(keyboard.urgent());
        if (kind !== undefined) reject(new Ended(kind));
      });
    });
    try {
      return await Promise.race([work(abort.signal), ended]);
    } finally {
      stop();
      abort.abort();
    }
  }

  /** Takes keys until one of them makes a value. Those after it stay where they are. */
  async #keys<Value>(press: (key: Key) => Value | undefined): Promise<Value> {
    const { keyboard } = this.#session;
    let stop = (): void => {};
    const made = new Promise<Value>((resolve, reject) => {
      let settled = false;
      stop = keyboard.listen(() => {
        for (let key = settled ? undefined : keyboard.next(); key !== undefined; ) {
          const kind = endedBy(key);
          const value = kind === undefined ? press(key) : undefined;
          settled = kind !== undefined || value !== undefined;
          if (kind !== undefined) reject(new Ended(kind));
          else if (value !== undefined) resolve(value);
          key = settled ? undefined : keyboard.next();
        }
      });
    });
    try {
      return await made;
    } finally {
      stop();
    }
  }
}

/** Runs a conversation, and says on the last line if it was left. */
export async function conversation<Value>(
  session: Session,
  talk: (lines: PlainLines) => Promise<Value>,
): Promise<Outcome<Value>> {
  try {
    return { kind: 'answered', value: await talk(new PlainLines(session)) };
  } catch (error) {
    if (!(error instanceof Ended)) return { kind: 'failed', error };
    session.output.write(`\n(${error.kind})\n`);
    return { kind: error.kind };
  }
}

/** What a person types where there is no Esc. No key begins with a slash. */
export function leavesBy(text: string): boolean {
  return text.toLowerCase() === '/leave';
}

export function leave(): never {
  throw new Ended('left');
}

function endedBy(key: Key | undefined): 'left' | 'interrupted' | undefined {
  if (key?.action === 'leave') return 'left';
  return key?.action === 'interrupt' ? 'interrupted' : undefined;
}

export interface LineState {
  readonly typed: Typed;
  readonly early: boolean;
  readonly line: Line | undefined;
}

export const UNTYPED: LineState = { typed: NOTHING_TYPED, early: false, line: undefined };

/** What a key makes of the line. A Tab ends it if it is the suffix of a scan; the other keys of the tables mean nothing. */
export function pressLine(state: LineState, key: Key): LineState {
  const typed = typing(state.typed, key);
  if (typed !== undefined) {
    const early = typed.text !== '' && (state.early || key.early);
    return { typed, early, line: undefined };
  }
  const scanned = scannedText(state.typed, key) !== undefined;
  if (key.action !== 'enter' && !(key.action === 'tab' && scanned)) return state;
  const deliberate = isDeliberate(state.typed, key) && !key.early;
  const line: Line = { text: state.typed.text.trim(), scanned, early: state.early || key.early, deliberate };
  return { ...state, line };
}

/** What has to be written when the text changes: its end, or all of it again on a new line. */
function echoOf(shown: string, wanted: string, label: string): string {
  return wanted.startsWith(shown) ? wanted.slice(shown.length) : `\n${label}${wanted}`;
}
