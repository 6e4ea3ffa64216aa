/**
 * Transcripts: text files that show commands with their whole output, run again by the tests and compared to the letter.
 *
 *     # What this shows.
 *     @ demo                        the warehouse: demo, fixtures or none; one for the whole file
 *     @ time 2026-12-24T09:00       what the clock shows from here on; each command takes a minute
 *     @ terminal 100                commands run on a terminal, so many columns wide
 *     @ env NO_COLOR=1              for all commands from here on
 *     $ earmark find-order L-1      a line of the shell
 *     > L-1                         its standard input; without such lines it is /dev/null
 *       standard output, behind two blanks; a tab is shown as ⇥, an escape as ␛
 *     ! standard error
 *     [exit 0]
 */
import type { Desk } from '../support/cli.ts';
import { openDesk, type Warehouse } from '../support/cli.ts';
import { serveDesk } from '../support/served-desk.ts';

/** In milliseconds; far more than any command of a transcript takes. */
const DEADLINE = 20_000;

type Item =
  | { readonly kind: 'comment' | 'setting'; readonly text: string }
  | { readonly kind: 'command'; readonly line: string; readonly stdin: readonly string[] };

/** Runs a transcript's commands against a fresh warehouse, and gives the transcript as it should read. */
export async function replay(transcript: string): Promise<string> {
  const items = parse(transcript);
  return await played(items, await openDesk(warehouseIn(items)));
}

/** The same with the warehouse behind a server. */
export async function replayServed(transcript: string): Promise<string> {
  const items = parse(transcript);
  const desk = await openDesk(warehouseIn(items));
  const people = [...transcript.matchAll(/--actor (\w+)/g)].map(([, name = '']) => name);
  const stop = await serveDesk(desk, [...new Set(['dana', ...people])]);
  try {
    return await played(items, desk);
  } finally {
    await stop();
  }
}

async function played(items: readonly Item[], desk: Desk): Promise<string> {
  const stage = new Stage(desk);
  const blocks: string[] = [];
  for (const [at, item] of items.entries()) {
    const text = await stage.play(item);
    const together = item.kind !== 'command' && items[at - 1]?.kind === item.kind;
    const below = item.kind === 'command' && items[at - 1]?.kind === 'comment';
    blocks.push(at === 0 ? text : `${together || below ? '' : '\n'}${text}`);
  }
  return `${blocks.join('\n')}\n`;
}

function parse(transcript: string): Item[] {
  const items: Item[] = [];
  let stdin: string[] = [];
  for (const line of transcript.split('\n')) {
    const text = line.slice(2);
    if (line.startsWith('$ ')) {
      stdin = [];
      items.push({ kind: 'command', line: text, stdin });
    } else if (line.startsWith('> ') || line === '>') stdin.push(text);
    else if (line.startsWith('@ ')) items.push({ kind: 'setting', text });
    else if (line.startsWith('#')) items.push({ kind: 'comment', text: line });
  }
  return items;
}

function warehouseIn(items: readonly Item[]): Warehouse {
  return items.flatMap((item) => (item.kind === 'setting' ? warehouseOf(item.text) : []))[0] ?? 'none';
}

function warehouseOf(setting: string): Warehouse[] {
  return setting === 'demo' || setting === 'fixtures' || setting === 'none' ? [setting] : [];
}

class Stage {
  readonly #desk: Desk;
  readonly #env: Record<string, string> = {};
  #columns: number | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async play(item: Item): Promise<string> {
    switch (item.kind) {
      case 'comment':
        return item.text;
      case 'setting':
        this.#set(item.text);
        return `@ ${item.text}`;
      case 'command':
        return [
          `$ ${item.line}`,
          ...item.stdin.map((line) => `> ${line}`.trimEnd()),
          ...(await this.#run(item)),
        ].join('\n');
    }
  }

  #set(setting: string): void {
    const [name, value = ''] = setting.split(' ');
    if (name === 'time') this.#desk.time = `${value}:00Z`;
    else if (name === 'terminal') this.#columns = Number(value);
    else if (name === 'env') this.#env[value.split('=')[0] ?? ''] = value.split('=')[1] ?? '';
    else if (warehouseOf(setting).length === 0) throw new Error(`a transcript has no setting "${setting}"`);
  }

  async #run({ line, stdin }: Extract<Item, { kind: 'command' }>): Promise<string[]> {
    const { stdout, stderr, code } =
      this.#columns === undefined
        ? await this.#desk.shell(line, {
            env: this.#env,
            ...(stdin.length > 0 && { stdin: `${stdin.join('\n')}\n` }),
          })
        : await this.#onTerminal(line, this.#columns);
    this.#desk.time = new Date(Date.parse(this.#desk.time) + 60_000).toISOString();
    return [...this.#shown(stdout, '  '), ...this.#shown(stderr, '! '), `[exit ${code}]`];
  }

  async #onTerminal(line: string, cols: number) {
    const terminal = this.#desk.terminal(line, { cols, env: this.#env });
    // A transcript shows no questions; one that is asked all the same would wait for ever.
    const late = setTimeout(() => terminal.kill('SIGKILL'), DEADLINE);
    const { code, signal } = await terminal.exit;
    clearTimeout(late);
    return {
      stdout: terminal.raw().replaceAll('\r\n', '\n'),
      stderr: '',
      code: signal === 0 ? code : 128 + signal,
    };
  }

  #shown(text: string, margin: string): string[] {
    if (text === '') return [];
    const whole = text.endsWith('\n') ? text.slice(0, -1) : `${text}(no line end)`;
    return this.#desk
      .stable(whole)
      .replaceAll('\t', '⇥')
      .replaceAll('\u001b', '␛')
      .split('\n')
      .map((line) => `${margin}${line}`.trimEnd());
  }
}
