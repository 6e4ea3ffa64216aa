import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { version } from '../../src/version.ts';
import { dist, earmark } from './earmark-process.ts';

/**
 * What every command loads before it does anything. Each name here was weighed: the other packages, and Node modules like
 * net, tty, crypto or child_process, each take one to several milliseconds, where a bare Node takes about thirty.
 */
const AT_EVERY_START = {
  packages: ['commander'],
  nodeModules: ['node:events', 'node:fs', 'node:os', 'node:path', 'node:process', 'node:url', 'node:util'],
};

const metafile: Metafile = JSON.parse(readFileSync(join(dist, 'metafile.json'), 'utf8'));

type Output = Metafile['outputs'][string];

function output(path: string): Output {
  const found = metafile.outputs[path];
  if (found === undefined) throw new Error(`${path} is not in the metafile`);
  return found;
}

/** The entry chunk and whatever it loads before main is called. */
function startChunks(): Output[] {
  const entry = Object.keys(metafile.outputs).find((path) => output(path).entryPoint === 'src/cli/main.ts');
  const reached = new Set(entry === undefined ? [] : [entry]);
  for (const path of reached) {
    for (const { path: imported, kind, external } of output(path).imports) {
      if (!external && kind !== 'dynamic-import') reached.add(imported);
    }
  }
  return [...reached].map(output);
}

describe('the bundle', () => {
  it('loads no package at every start but those weighed', () => {
    const inputs = startChunks().flatMap((chunk) => Object.keys(chunk.inputs));
    const packages = inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
    expect(inputs).toContain('src/cli/main.ts');
    expect(AT_EVERY_START.packages).toEqual(expect.arrayContaining([...new Set(packages)]));
  });

  it('loads no module of Node at every start but those weighed', () => {
    const imports = startChunks().flatMap((chunk) => chunk.imports);
    const nodeModules = imports.filter(({ external, kind }) => external && kind !== 'dynamic-import');
    const names = nodeModules.map(({ path }) => (path.startsWith('node:') ? path : `node:${path}`));
    expect(AT_EVERY_START.nodeModules).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it('shows help without loading a slow module of Node', () => {
    const folder = mkdtempSync(join(tmpdir(), 'earmark-modules-'));
    const [preload, loaded] = [join(folder, 'preload.cjs'), join(folder, 'loaded.json')];
    const list = 'JSON.stringify(process.moduleLoadList)';
    writeFileSync(
      preload,
      `process.on('exit', () => require('node:fs').writeFileSync(process.env.LOADED, ${list}))`,
    );
    const run = earmark(['--help'], { NODE_OPTIONS: `--require ${preload}`, LOADED: loaded });
    const modules: string[] = JSON.parse(readFileSync(loaded, 'utf8'));
    rmSync(folder, { recursive: true });
    expect(run.status).toBe(0);
    expect(modules).toContain('NativeModule vm');
    for (const slow of ['child_process', 'crypto', 'http', 'net', 'tty', 'zlib']) {
      expect(modules).not.toContain(`NativeModule ${slow}`);
    }
  });

  it('leaves no import() in any chunk, because the loader could not serve it', async () => {
    const reread = await build({
      absWorkingDir: packageRoot,
      entryPoints: Object.keys(metafile.outputs),
      outdir: 'unused',
      platform: 'node',
      bundle: true,
      external: ['*'],
      write: false,
      metafile: true,
    });
    const imports = Object.values(reread.metafile.outputs).flatMap((chunk) => chunk.imports);
    expect(imports).toContainEqual(expect.objectContaining({ path: 'node:fs', kind: 'require-call' }));
    expect(imports.filter(({ kind }) => kind === 'dynamic-import')).toEqual([]);
  });

  it('knows its version', () => {
    const run = earmark(['--version']);
    expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining(version) });
  });

  it('names the license of every package inside it', () => {
    const licenses = readFileSync(join(dist, 'LICENSES.txt'), 'utf8');
    for (const name of ['better-sqlite3', 'commander', 'kysely']) expect(licenses).toContain(`\n${name} `);
  });
});
