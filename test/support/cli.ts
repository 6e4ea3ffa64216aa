/**
 * Runs the built earmark as people do, in a world of its own: a folder that holds the home, the warehouse and the
 * working folder, an environment of only what stands below, and a clock that stands where the test puts it.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { packageRoot } from '../../src/package-root.ts';
import { start, type Terminal, type TerminalOptions } from './terminal.ts';

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 and the signal's number for a process that a signal ended, as a shell counts. */
  readonly code: number;
}

export interface RunOptions {
  /** What standard input holds; without it, standard input is /dev/null. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A warehouse to begin with: the demo's, the one of `fixtures/`, or no file at all. */
export type Warehouse = 'demo' | 'fixtures' | 'none';

/** When every desk's clock begins: a Monday on which of the demo's labels only L-00031 is past its expiry. */
export const MORNING = '2026-11-23T09:00:00Z';

export const fixtures: string = join(packageRoot, 'fixtures');
const executable = join(packageRoot, 'bin', 'earmark.js');

/**
 * What Node runs before earmark: time begins at EARMARK_TEST_TIME in every process. Only in the tests, so that expiry
 * dates and ages mean the same on whatever day they run.
 */
const CLOCK = `
const Real = Date;
const offset = Real.parse(process.env.EARMARK_TEST_TIME) - Real.now();
globalThis.Date = class extends Real {
  constructor(...given) { if (given.length === 0) super(Real.now() + offset); else super(...given); }
  static now() { return Real.now() + offset; }
};
`;

/** Runs SQL on a file behind earmark's back, as a database's own shell does: nothing checks foreign keys. */
const BY_HAND = `
const Database = require(${JSON.stringify(join(packageRoot, 'node_modules', 'better-sqlite3'))});
const [file, ...statements] = process.argv.slice(2);
const db = new Database(file);
db.pragma('foreign_keys = off');
for (const statement of statements) db.exec(statement);
db.close();
`;

/** Compiled code is kept between all runs of a test file, as it is between a person's runs. */
let cache: string | undefined;

function cacheFolder(): string {
  cache ??= mkdtempSync(join(tmpdir(), 'earmark-cache-'));
  return cache;
}

export class Desk {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'earmark-desk-'));
  /** The warehouse's file. */
  readonly db: string = join(this.folder, 'warehouse.db');
  /** Where commands run. */
  readonly cwd: string = join(this.folder, 'work');
  /** What a process's clock shows when it starts. */
  time: string = MORNING;
  /** The variables that say where the data is. */
  place: Readonly<Record<string, string>> = { EARMARK_DB: this.db };

  constructor() {
    mkdirSync(this.cwd);
    mkdirSync(join(this.folder, 'bin'));
    // What somebody does to the warehouse by hand: `sql STATEMENT…`.
    const byHand = join(this.folder, 'sql.cjs');
    writeFileSync(byHand, BY_HAND);
    const sql = `#!/bin/sh
exec '${process.execPath}' '${byHand}' '${this.db}' "$@"
`;
    writeFileSync(join(this.folder, 'bin', 'sql'), sql, { mode: 0o755 });
    writeFileSync(join(this.folder, 'clock.cjs'), CLOCK);
    this.wrap('');
  }

  /** Writes the `earmark` that commands run; `before` are lines of the shell that it begins with. */
  wrap(before: string): void {
    const [wrapper, clock] = [join(this.folder, 'bin', 'earmark'), join(this.folder, 'clock.cjs')];
    const start = `exec '${process.execPath}' --require '${clock}' '${executable}' "$@"`;
    writeFileSync(wrapper, `#!/bin/sh\n${before}\n${start}\n`);
    chmodSync(wrapper, 0o755);
  }

  get env(): Record<string, string> {
    return {
      PATH: `${join(this.folder, 'bin')}:/usr/bin:/bin`,
      HOME: join(this.folder, 'home'),
      XDG_DATA_HOME: join(this.folder, 'home', 'data'),
      XDG_CONFIG_HOME: join(this.folder, 'home', 'config'),
      XDG_CACHE_HOME: cacheFolder(),
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      EARMARK_ACTOR: 'dana',
      EARMARK_TEST_TIME: this.time,
      ...this.place,
    };
  }

  async earmark(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    return await finished(this.start(args, options), options);
  }

  /** Runs a line of the shell, in which `earmark` is earmark. */
  async shell(line: string, options: RunOptions = {}): Promise<Run> {
    return await finished(this.#spawn('/bin/sh', ['-c', line], options), options);
  }

  /** Starts earmark for a test that does something to it while it runs. */
  start(args: readonly string[], options: RunOptions = {}): Started {
    return this.#spawn(join(this.folder, 'bin', 'earmark'), args, options);
  }

  /** Starts a line of the shell on a terminal. */
  terminal(line: string, options: TerminalOptions = {}): Terminal {
    const env = { ...this.env, ...options.env };
    return start('/bin/sh', ['-c', line], { ...options, cwd: this.cwd, env });
  }

  /** Writes a file into the working folder. */
  write(name: string, content: string): void {
    writeFileSync(join(this.cwd, name), content);
  }

  /** The text without what differs from run to run. */
  stable(text: string): string {
    return text
      .replaceAll(this.db, '<db>')
      .replaceAll(this.folder, '<folder>')
      .replaceAll(/\b[0-9a-hjkmnp-tv-z]{9}-[0-9a-hjkmnp-tv-z]{8}\b/g, '<operation>')
      .replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '<time>');
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(command: string, args: readonly string[], { stdin, env }: RunOptions): Started {
    return spawn(command, args, {
      cwd: this.cwd,
      env: { ...this.env, ...env },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    }) as Started;
  }
}

export type Started = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** Everything that a process wrote, when it has ended. With `keepOpen` its standard input stays open and says nothing. */
export async function finished(
  child: Started,
  { stdin, keepOpen = false }: RunOptions & { readonly keepOpen?: boolean } = {},
): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  // A process that ends without reading all of its input is no error of the test.
  child.stdin?.on('error', () => undefined);
  if (!keepOpen) child.stdin?.end(stdin ?? '');
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const ended = signal === null ? 0 : 128 + constants.signals[signal];
      resolve({ ...written, code: code ?? ended });
    });
  });
}

const templates = new Map<Warehouse, Promise<string>>();
const desks: Desk[] = [];

/** A desk with a warehouse of its own; `leaveDesks` removes it. */
export async function openDesk(warehouse: Warehouse = 'demo'): Promise<Desk> {
  const desk = new Desk();
  desks.push(desk);
  if (warehouse === 'none') return desk;
  const template = templates.get(warehouse) ?? makeTemplate(warehouse);
  templates.set(warehouse, template);
  copyFileSync(await template, desk.db);
  return desk;
}

/** Removes everything that was made for the desks; what every test file does in the end. */
export function leaveDesks(): void {
  for (const desk of desks.splice(0)) desk.leave();
  templates.clear();
  if (cache !== undefined) rmSync(cache, { recursive: true, force: true });
  cache = undefined;
}

async function makeTemplate(warehouse: Exclude<Warehouse, 'none'>): Promise<string> {
  const desk = new Desk();
  desks.push(desk);
  const files = ['items', 'labels', 'orders', 'order_lines'].map((name) => join(fixtures, `${name}.csv`));
  const args = warehouse === 'demo' ? ['demo', '--no-tour', '--db', desk.db] : ['import', ...files];
  const { code, stderr } = await desk.earmark(args);
  if (code !== 0) throw new Error(`the warehouse could not be made: ${stderr}`);
  return desk.db;
}
