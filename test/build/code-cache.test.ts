import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dist, earmark, executable } from './earmark-process.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'earmark-cache-'));
});

afterEach(() => {
  chmodSync(home, 0o700);
  rmSync(home, { recursive: true });
});

/** What one of several runs prints that run at the same time. */
async function earmarkBeside(args: string[], cacheHome: string): Promise<string> {
  const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: cacheHome };
  return (await promisify(execFile)(process.execPath, [executable, ...args], { env })).stdout;
}

const help = (env: Record<string, string> = { XDG_CACHE_HOME: home }) => earmark(['--help'], env);

/** The one folder that a run has made for its build, and in it the pack that help needs. */
function cached() {
  const [build] = readdirSync(join(home, 'earmark'));
  if (build === undefined) throw new Error('no cache folder was made');
  const folder = join(home, 'earmark', build);
  const pack = readdirSync(folder).find((name) => name.startsWith('pack-start-'));
  if (pack === undefined) throw new Error('the pack is not cached');
  return { folder, file: join(folder, pack), pack };
}

/**
 * A cache file that V8 accepts for the pack, and that prints something else. V8 compares only the length of the source, so
 * this is what anybody who can write to the folder could put there.
 */
function poison(pack: string): Buffer {
  const make = `
    const { readFileSync, writeSync } = require('node:fs');
    const [open, close] = ['(function(exports,require,module,__dirname){', '\\n})'];
    const length = open.length + readFileSync(process.argv[1], 'utf8').length + close.length;
    const main = 'async()=>{require("node:fs").writeSync(1,"poisoned");process.exitCode=0}';
    const body = open + 'module.exports=new Proxy({},{get:()=>()=>({main:' + main + '})})';
    const script = new (require('node:vm').Script)(body.padEnd(length - close.length) + close);
    const module_ = {};
    script.runInThisContext()({}, () => ({ writeSync() {} }), module_);
    module_.exports.chunk().main();
    const code = script.createCachedData();
    writeSync(1, Buffer.concat([code, code]));
  `;
  return execFileSync(process.execPath, ['-e', make, join(dist, pack)]);
}

describe('the code cache', () => {
  it('is made for its owner alone, and not written again when it is found', () => {
    const first = help();
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const { folder, file } = cached();
    expect(statSync(join(home, 'earmark')).mode & 0o777).toBe(0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { ino } = statSync(file);
    expect(help()).toEqual(first);
    expect(statSync(file).ino).toBe(ino);
  });

  it('lies under ~/.cache by default', () => {
    help({ HOME: home });
    expect(readdirSync(join(home, '.cache', 'earmark'))).toHaveLength(1);
  });

  it('is executed as it is found, which is why the next tests matter', () => {
    help();
    const { file, pack } = cached();
    writeFileSync(file, poison(pack));
    expect(help()).toMatchObject({ status: 0, stdout: 'poisoned' });
  });

  it.each([
    ['its group may write to its folder', 0o770, () => cached().folder],
    ['anybody may write to its folder', 0o707, () => cached().folder],
    ['its group may write to the folder above', 0o770, () => join(home, 'earmark')],
  ])('is not used when %s', (_, mode, folder) => {
    const first = help();
    const { file, pack } = cached();
    const poisoned = poison(pack);
    writeFileSync(file, poisoned);
    chmodSync(folder(), mode);
    expect(help()).toEqual(first);
    expect(readFileSync(file).equals(poisoned)).toBe(true);
  });

  it('is not used through a link', () => {
    const first = help();
    const { folder, file, pack } = cached();
    writeFileSync(file, poison(pack));
    const elsewhere = mkdtempSync(join(tmpdir(), 'earmark-cache-'));
    symlinkSync(join(home, 'earmark'), join(elsewhere, 'earmark'));
    expect(help({ XDG_CACHE_HOME: elsewhere })).toEqual(first);
    rmSync(elsewhere, { recursive: true });
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (good: Buffer) => good.subarray(0, good.length / 3)],
    ['zeroed from the middle on', (good: Buffer) => Buffer.from(good).fill(0, good.length / 2)],
    ['wrong in one byte', (good: Buffer) => Buffer.from(good).fill((good[5000] ?? 0) ^ 0xff, 5000, 5001)],
    [
      'of another V8',
      (good: Buffer) =>
        Buffer.from(good)
          .fill(1, 4, 8)
          .fill(1, good.length / 2 + 4, good.length / 2 + 8),
    ],
    ['something else', () => Buffer.from('not a cache')],
  ])('survives and replaces a file that is %s', (_, damage) => {
    const first = help();
    const { file } = cached();
    const good = readFileSync(file);
    writeFileSync(file, damage(good));
    expect(help()).toEqual(first);
    // V8's code for the same functions differs by some bytes from run to run.
    expect(Math.abs(statSync(file).size - good.length)).toBeLessThan(good.length / 100);
    const { ino } = statSync(file);
    help();
    expect(statSync(file).ino).toBe(ino);
  });

  it('learns what later runs call, once it is due', () => {
    const version = () => earmark(['--version'], { XDG_CACHE_HOME: home });
    version();
    const { folder, file } = cached();
    const { size, ino } = statSync(file);
    help();
    expect(statSync(file).ino).toBe(ino);
    const before = Date.now();
    utimesSync(folder, 0, 0);
    help();
    const { size: grown, ino: replaced } = statSync(file);
    expect(grown).toBeGreaterThan(size);
    expect(statSync(folder).mtimeMs).toBeGreaterThan(before - 1_000);
    utimesSync(folder, 0, 0);
    version();
    expect(statSync(file)).toMatchObject({ size: grown, ino: replaced });
    expect(statSync(folder).mtimeMs).toBeGreaterThan(before - 1_000);
  });

  it('is whole after many first runs at once', async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => earmarkBeside(['--help'], home)));
    expect(new Set(runs).size).toBe(1);
    const { folder, file } = cached();
    expect(readdirSync(folder)).toEqual([basename(file)]);
    const { ino } = statSync(file);
    expect(help()).toMatchObject({ status: 0, stdout: runs[0] });
    expect(statSync(file).ino).toBe(ino);
  });

  it('is done without where it can not be kept', () => {
    const expected = help();
    const file = join(home, 'file');
    writeFileSync(file, '');
    expect(help({ HOME: file })).toEqual(expected);
    expect(help({})).toEqual(expected);
    expect(help({ XDG_CACHE_HOME: 'relative' })).toEqual(expected);
    const readOnly = join(home, 'read-only');
    mkdirSync(readOnly, { mode: 0o500 });
    expect(help({ HOME: readOnly })).toEqual(expected);
    if (process.getuid?.() !== 0) expect(readdirSync(readOnly)).toEqual([]);
  });

  it('removes the folders of old builds, and leaves the newest few', () => {
    const old = ['code-1', 'code-2', 'code-3', 'code-4', 'code-5'];
    for (const name of [...old, 'other'])
      mkdirSync(join(home, 'earmark', name), { recursive: true, mode: 0o700 });
    help();
    const left = readdirSync(join(home, 'earmark'));
    expect(left).toContain('other');
    expect(left.filter((name) => name.startsWith('code-'))).toHaveLength(4);
    expect(left.filter((name) => !old.includes(name) && name !== 'other')).toHaveLength(1);
  });
});
