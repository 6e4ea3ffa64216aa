import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

const SQLITE = join(packageRoot, 'node_modules', 'better-sqlite3');
const ADDON = join('build', 'Release', 'better_sqlite3.node');

let project: string;
/** earmark as it lies in a project that depends on it. */
let installed: string;

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'earmark-addon-')));
  installed = join(project, 'node_modules', 'earmark');
  for (const file of ['package.json', 'src/package-root.ts', 'src/storage/sqlite/native-addon.ts']) {
    cpSync(join(packageRoot, file), join(installed, file));
  }
  const print = `import { nativeAddonPath } from './storage/sqlite/native-addon.ts'; console.log(nativeAddonPath());`;
  writeFileSync(join(installed, 'src', 'print.ts'), print);
});

afterEach(() => rmSync(project, { recursive: true }));

function find() {
  const args = ['--import', 'tsx', join(installed, 'src', 'print.ts')];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: packageRoot, encoding: 'utf8' });
  return { path: stdout.trim(), stderr };
}

describe("SQLite's addon", () => {
  it('is found beside earmark', () => {
    mkdirSync(join(installed, 'node_modules'));
    symlinkSync(SQLITE, join(installed, 'node_modules', 'better-sqlite3'));
    expect(find()).toEqual({ path: join(installed, 'node_modules', 'better-sqlite3', ADDON), stderr: '' });
  });

  it('is found where a project that depends on earmark has it', () => {
    symlinkSync(SQLITE, join(project, 'node_modules', 'better-sqlite3'));
    expect(find()).toEqual({ path: join(realpathSync(SQLITE), ADDON), stderr: '' });
  });

  it('is missed with what to do about it', () => {
    expect(find()).toMatchObject({ path: '', stderr: expect.stringContaining('npm rebuild better-sqlite3') });
  });
});
