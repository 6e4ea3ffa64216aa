/**
 * Sessions: text files that show what a person does at a terminal and the screens that they see, played again by the tests on a
 * pseudo-terminal and compared to the letter.
 *
 *     # What this shows.
 *     @ demo                        the warehouse: demo, fixtures or none
 *     @ terminal 100x24             columns and rows, from here on
 *     @ before earmark reserve …    a line of the shell that is run first, and not shown
 *     $ earmark reserve SO-1001     a line of the shell, on the terminal
 *     wait DONE finishes            until the screen shows this
 *     scan L-00001                  a scanner: the code at once, and Enter
 *     type bin 3                    a person's keys; `enter yes` ends with Enter, as soon as the screen shows the word
 *     press Tab                     Enter, Esc, Tab, Up, Down, Backspace, Ctrl-…
 *     pause                         as long as it takes for an Enter to be a person's own
 *     screen                        what is to be seen now, from the first line on that was not there before:
 *     | a line of the screen
 *     end                           until the command has ended; the rest of the screen, and then
 *     [exit 0]
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Desk } from '../support/cli.ts';
import { openDesk, type Warehouse } from '../support/cli.ts';
import { HANDS, type Terminal } from '../support/terminal.ts';

const KEYS: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\u001b',
  Tab: '\t',
  Up: '\u001b[A',
  Down: '\u001b[B',
  Backspace: '\u007f',
};
/** Nothing that is drawn takes this long; a screen that rests is the whole of an answer. Milliseconds. */
const REST = 150;
/** Longer than the silence behind which an Enter is a person's own. Milliseconds. */
const PAUSE = 400;

/** Plays a session's script on a fresh warehouse, and gives the session as it should read. */
export async function playSession(session: string): Promise<string> {
  const script = session.split('\n').filter((line) => !line.startsWith('|') && !line.startsWith('[exit '));
  const [, warehouse = 'demo'] = /^@ (demo|fixtures|none)$/m.exec(session) ?? [];
  const stage = new Stage(await openDesk(warehouse as Warehouse));
  const played: string[] = [];
  try {
    for (const line of script) played.push(line, ...(await stage.play(line)));
  } finally {
    stage.leave();
  }
  return played.join('\n');
}

class Stage {
  readonly #desk: Desk;
  #size = { cols: 100, rows: 24 };
  #terminal: Terminal | undefined;
  /** The lines that were shown before. */
  #seen: readonly string[] = [];

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Does what a line says, and gives what is to be seen then. */
  async play(line: string): Promise<string[]> {
    const [word = '', rest = ''] = /^(\S+) ?(.*)$/.exec(line)?.slice(1) ?? [];
    switch (word) {
      case '':
      case '#':
        return [];
      case '@':
        await this.#set(rest);
        return [];
      case '$':
        this.#seen = [];
        this.#terminal = this.#desk.terminal(rest, { ...this.#size, env: { NO_COLOR: '1' } });
        return [];
      case 'screen':
        return await this.#screen();
      case 'end':
        return await this.#end();
      default:
        await this.#act(word, rest);
        return [];
    }
  }

  leave(): void {
    this.#terminal?.kill('SIGKILL');
  }

  get #on(): Terminal {
    if (this.#terminal === undefined) throw new Error('nothing runs on the terminal yet');
    return this.#terminal;
  }

  async #set(setting: string): Promise<void> {
    const [name, value = ''] = /^(\S+) ?(.*)$/.exec(setting)?.slice(1) ?? [];
    if (name === 'terminal') {
      const [cols = 100, rows = 24] = value.split('x').map(Number);
      this.#size = { cols, rows };
    } else if (name === 'before') {
      const { code, stderr } = await this.#desk.shell(value);
      if (code !== 0) throw new Error(`${value} failed: ${stderr}`);
    }
  }

  async #act(word: string, rest: string): Promise<void> {
    const on = this.#on;
    switch (word) {
      case 'wait':
        await on.waitFor(rest);
        return;
      case 'scan':
        on.type(`${rest}\r`);
        return;
      case 'type':
        on.type(rest);
        return;
      case 'enter':
        await this.#enter(rest);
        return;
      case 'press':
        on.type(keyNamed(rest));
        return;
      case 'pause':
        await pause(PAUSE);
        return;
      default:
        throw new Error(`a session has no "${word}"`);
    }
  }

  /** As a person does, and never at a scanner's speed: Enter comes when one more line of the screen ends with the word. */
  async #enter(text: string): Promise<void> {
    const on = this.#on;
    const shown = () => on.screen().filter((line) => line.endsWith(` ${text}`)).length;
    const before = shown();
    on.type(text);
    await on.until(() => shown() > before, `${text} is on the screen`);
    await on.quiet(HANDS);
    on.type('\r');
  }

  async #screen(): Promise<string[]> {
    await this.#on.quiet(REST);
    return this.#shown();
  }

  async #end(): Promise<string[]> {
    const { code, signal } = await this.#on.exit;
    return [...this.#shown(), `[exit ${signal === 0 ? code : 128 + signal}]`];
  }

  /** What has changed, without the empty lines under it. What has scrolled off the screen is still a part of what was seen. */
  #shown(): string[] {
    const lines = this.#desk.stable(this.#on.transcript().join('\n').trimEnd()).split('\n');
    const changed = lines.findIndex((line, at) => line !== this.#seen[at]);
    this.#seen = lines;
    return (changed < 0 ? [] : lines.slice(changed)).map((line) => `| ${line}`.trimEnd());
  }
}

function keyNamed(name: string): string {
  const [, letter] = /^Ctrl-([A-Z])$/.exec(name) ?? [];
  const key = letter === undefined ? KEYS[name] : String.fromCharCode(letter.charCodeAt(0) - 64);
  if (key === undefined) throw new Error(`there is no key ${name}`);
  return key;
}
