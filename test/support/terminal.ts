import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface Exit {
  readonly code: number;
  /** 0 if it ended by itself. */
  readonly signal: number;
}

/** A program on a real pseudo-terminal, and the screen a person would see. */
export interface Terminal {
  /** Types this at once, as fast as the terminal takes it: `\r` is Enter, `\t` Tab, `\u001b` Esc, `\u0003` Ctrl-C. */
  type(text: string): void;
  /** Types a word and, when the screen shows it, Enter: as a person does, and never at a scanner's speed. */
  answer(text: string): Promise<void>;
  /** Resolves as soon as the screen (`all`: and what has scrolled off it) shows the text; fails, with the screen, after the deadline. */
  waitFor(
    what: string | RegExp,
    options?: { readonly within?: number; readonly all?: boolean },
  ): Promise<void>;
  /** Resolves as soon as the condition holds; it is tried after everything the program writes, and again every 10 ms. */
  until(condition: () => boolean, what: string, within?: number): Promise<void>;
  /** The visible lines, top to bottom, without spaces at their ends. */
  screen(): string[];
  /** Everything: what has scrolled away, then the visible lines. */
  transcript(): string[];
  /** All bytes that the program wrote. */
  raw(): string;
  cursorVisible(): boolean;
  resize(cols: number, rows: number): void;
  /** Resolves when, from now on, nothing has been written for this long. For a person's pauses, which are part of what is tested. */
  quiet(ms: number): Promise<void>;
  kill(signal?: string): void;
  /** Closes the terminal's window: the program gets a SIGHUP, and nothing that it writes arrives. */
  hangUp(): void;
  readonly pid: number;
  readonly exit: Promise<Exit>;
}

/** Between two keys of a person: three times the silence that tells them from a scanner, because the machine may be busy. */
export const HANDS = 150;
/** Long, because the machine may be busy with something else; a test that works never waits this long. */
const DEADLINE = 20_000;

export function start(command: string, args: readonly string[], options: TerminalOptions = {}): Terminal {
  const { cols = 80, rows = 24 } = options;
  const program = spawn(command, [...args], {
    name: 'xterm-256color',
    cols,
    rows,
    cwd: options.cwd ?? process.cwd(),
    // Hermetic: nothing of this machine's settings but the path; CI would forbid every prompt.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', ...options.env },
  });
  return new PseudoTerminal(
    program,
    new xterm.Terminal({ cols, rows, scrollback: 20_000, allowProposedApi: true }),
  );
}

class PseudoTerminal implements Terminal {
  readonly exit: Promise<Exit>;
  readonly #program: IPty;
  readonly #emulator: InstanceType<typeof xterm.Terminal>;
  readonly #watchers = new Set<() => void>();
  #bytes = '';
  #lastWrite = Date.now();
  #gone = false;

  constructor(program: IPty, emulator: InstanceType<typeof xterm.Terminal>) {
    this.#program = program;
    this.#emulator = emulator;
    program.onData((data) => {
      this.#bytes += data;
      this.#lastWrite = Date.now();
      emulator.write(data, () => {
        for (const watch of this.#watchers) watch();
      });
    });
    this.exit = new Promise((resolve) => {
      program.onExit(({ exitCode, signal }) => {
        this.#gone = true;
        // What it wrote last is still on its way through the emulator.
        setTimeout(() => emulator.write('', () => resolve({ code: exitCode, signal: signal ?? 0 })), 20);
      });
    });
  }

  get pid(): number {
    return this.#program.pid;
  }

  type(text: string): void {
    this.#program.write(text);
  }

  async answer(text: string): Promise<void> {
    this.type(text);
    await this.waitFor(text);
    await this.quiet(HANDS);
    this.type('\r');
  }

  waitFor(what: string | RegExp, { within = DEADLINE, all = false } = {}): Promise<void> {
    const shows = (): boolean => {
      const text = (all ? this.transcript() : this.screen()).join('\n');
      return typeof what === 'string' ? text.includes(what) : what.test(text);
    };
    return this.until(shows, `${what}`, within);
  }

  until(condition: () => boolean, what: string, within = DEADLINE): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + within;
      const stop = (): void => {
        this.#watchers.delete(look);
        clearInterval(timer);
      };
      const look = (): void => {
        if (condition()) {
          stop();
          resolve();
        } else if (Date.now() > deadline) {
          stop();
          const state = this.#gone ? 'the program has ended' : 'the program is running';
          reject(new Error(`not within ${within} ms: ${what} (${state})\n${framed(this.screen())}`));
        }
      };
      const timer = setInterval(look, 10);
      this.#watchers.add(look);
      look();
    });
  }

  quiet(ms: number): Promise<void> {
    const from = Date.now();
    return this.until(() => Date.now() - Math.max(from, this.#lastWrite) >= ms, `${ms} ms of quiet`);
  }

  screen(): string[] {
    return this.#linesFrom(this.#emulator.buffer.active.baseY);
  }

  transcript(): string[] {
    return this.#linesFrom(0);
  }

  raw(): string {
    return this.#bytes;
  }

  cursorVisible(): boolean {
    return this.#bytes.lastIndexOf('\u001b[?25h') >= this.#bytes.lastIndexOf('\u001b[?25l');
  }

  resize(cols: number, rows: number): void {
    this.#emulator.resize(cols, rows);
    this.#program.resize(cols, rows);
  }

  kill(signal?: string): void {
    this.#program.kill(signal);
  }

  hangUp(): void {
    // The library has it, and its types don't.
    (this.#program as IPty & { destroy(): void }).destroy();
  }

  #linesFrom(first: number): string[] {
    const { active } = this.#emulator.buffer;
    const count = active.baseY + this.#emulator.rows - first;
    return Array.from(
      { length: count },
      (_, at) => active.getLine(first + at)?.translateToString(true) ?? '',
    );
  }
}

function framed(lines: readonly string[]): string {
  return lines.map((line) => `| ${line}`).join('\n');
}
