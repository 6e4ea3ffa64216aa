import { bell, type Session } from './session.ts';
import { cut, printable, tail, visible, widthOf } from './terminal-text.ts';
import type { PrintOptions } from './types.ts';
import { type Size, sizeOf } from './use-screen.ts';

/** What a scanning session shows: what is typed, what the session is about, and the answers. */
export interface ScanDisplay {
  /** Shows the status and the text, if they are not there yet. `waiting` scans have been typed and not been answered. */
  show(message: string, typed: string, waiting: number): void;
  /** A scan has been completed; the next `show` is about what comes after it. */
  completed(scan: string): void;
  print(line: string, options?: PrintOptions): void;
  /** Takes away what `show` has drawn, for a question or for good. */
  hide(): void;
}

const BEFORE_TEXT = ' > ';

/** The parts of the input line: never wider than the screen, with the end of the text in sight, and the status as far as it fits. */
export function scanLine(
  message: string,
  typed: string,
  waiting: number,
  { columns }: Size,
): { readonly label: string; readonly text: string } {
  const status = printable(message) + (waiting > 0 ? ` · ${waiting} waiting` : '');
  // A third of the line always says what this is about, unless there is hardly a line.
  const least = columns < 16 ? 0 : Math.min(widthOf(status), Math.floor(columns / 3));
  const text = tail(visible(typed), least > 0 ? columns - least - BEFORE_TEXT.length : columns);
  const room = columns - widthOf(text) - BEFORE_TEXT.length;
  return { label: room > 0 ? cut(status, room) + BEFORE_TEXT : '', text };
}

interface Drawn {
  readonly label: string;
  readonly text: string;
}

/** One line at the bottom, drawn in place, under the lines that have been printed. */
export class LiveScanLine implements ScanDisplay {
  readonly #session: Session;
  #wanted: Parameters<ScanDisplay['show']> | undefined;
  #drawn: Drawn | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  show(...wanted: Parameters<ScanDisplay['show']>): void {
    if (this.#wanted === undefined) this.#session.output.on('resize', this.#resized);
    this.#wanted = wanted;
    this.#write(this.#toShow());
  }

  completed(): void {}

  print(line: string, { bell: rings = false }: PrintOptions = {}): void {
    const finished = `${line}\n${rings ? '\u0007' : ''}`;
    const over = this.#drawn === undefined ? '' : '\r\u001b[K';
    this.#drawn = undefined;
    this.#write(over + finished + this.#toShow());
  }

  hide(): void {
    if (this.#wanted === undefined) return;
    this.#session.output.off('resize', this.#resized);
    this.#wanted = undefined;
    this.#drawn = undefined;
    this.#write('\r\u001b[K');
  }

  /** What brings the line from what it shows to what it should show. Characters added to its end are just written. */
  #toShow(): string {
    if (this.#wanted === undefined) return '';
    const [message, typed, waiting] = this.#wanted;
    const { label, text } = scanLine(message, typed, waiting, sizeOf(this.#session.output));
    const before = this.#drawn;
    this.#drawn = { label, text };
    if (before?.label === label && text.startsWith(before.text)) return text.slice(before.text.length);
    return `\r${this.#session.theme.strong(label)}${text}\u001b[K`;
  }

  /**
   * A terminal that got narrower may have broken the line into several, with the cursor on the last, or just have cut it
   * (xterm.js): nobody can tell. So nothing above the cursor is wiped, because it may be an answer.
   */
  readonly #resized = (): void => {
    this.#drawn = undefined;
    this.#write(`\r\u001b[J${this.#toShow()}`);
  };

  #write(text: string): void {
    if (text !== '') this.#session.output.write(text);
  }
}

/** The same as plain text: what is typed is written as it comes, and nothing is ever written over. */
export class PlainScanLines implements ScanDisplay {
  readonly #session: Session;
  #said = '';
  #echoed = '';

  constructor(session: Session) {
    this.#session = session;
  }

  show(message: string, typed: string, waiting: number): void {
    this.#echo(visible(typed));
    // A status that changes with every scan is said when there is time to hear it.
    if (waiting > 0 || typed !== '' || message === this.#said) return;
    this.#said = message;
    this.#session.output.write(`${printable(message)}\n`);
  }

  completed(scan: string): void {
    this.#echo(visible(scan));
    this.#endLine();
  }

  print(line: string, { bell: rings = false }: PrintOptions = {}): void {
    const typed = this.#echoed;
    this.#endLine();
    this.#session.output.write(`${line}\n`);
    if (rings) bell(this.#session);
    this.#echo(typed);
  }

  hide(): void {
    this.#endLine();
  }

  #echo(text: string): void {
    const { output } = this.#session;
    if (text.startsWith(this.#echoed)) output.write(text.slice(this.#echoed.length));
    else output.write(`\n${text}`);
    this.#echoed = text;
  }

  #endLine(): void {
    if (this.#echoed !== '') this.#session.output.write('\n');
    this.#echoed = '';
  }
}
