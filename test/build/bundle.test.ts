import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { version } from '../../src/version.ts';
import { dist, earmark, executable } from './earmark-process.ts';

/**
 * What every command loads before it does anything. Each name here was weighed: the other packages, and Node modules like
 * net, tty, crypto or child_process, each take one to several milliseconds, where a bare Node takes about thirty.
 */
const AT_EVERY_START = {
  packages: ['commander'],
  nodeModules: ['node:events', 'node:fs', 'node:os', 'node:path', 'node:process', 'node:url', 'node:util'],
};

/** What a pack may hold besides: it is read and deserialized whole, whatever is then used of it. */
const PACKED_PACKAGES = ['@noble/hashes', ...AT_EVERY_START.packages, 'better-sqlite3'];

/** esbuild's own, and the chunks in each pack. */
type BundleMetafile = Metafile & { readonly packs: Readonly<Record<string, readonly string[]>> };

const metafile: BundleMetafile = JSON.parse(readFileSync(join(dist, 'metafile.json'), 'utf8'));

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

function packagesIn(chunks: readonly Output[]): string[] {
  const inputs = chunks.flatMap((chunk) => Object.keys(chunk.inputs));
  const packages = inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
  return [...new Set(packages)];
}

describe('the bundle', () => {
  it('loads no package at every start but those weighed', () => {
    expect(startChunks().flatMap((chunk) => Object.keys(chunk.inputs))).toContain('src/cli/main.ts');
    expect(AT_EVERY_START.packages).toEqual(expect.arrayContaining(packagesIn(startChunks())));
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
    const packs = Object.keys(metafile.packs).map((file) => `dist/${file}`);
    const reread = await build({
      absWorkingDir: packageRoot,
      entryPoints: [...Object.keys(metafile.outputs), ...packs],
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

describe('a pack', () => {
  let folder: string;
  let db: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'earmark-packs-'));
    db = join(folder, 'warehouse.db');
    writeFileSync(join(folder, 'labels.csv'), 'label,sku,quantity\nL-1,ROPE,5\nL-2,ROPE,5\n');
    writeFileSync(join(folder, 'items.csv'), 'sku,name,unit,tracking\nROPE,Rope,m,serialized\n');
    writeFileSync(join(folder, 'orders.csv'), 'order,line,sku,quantity,customer\nSO-1,1,ROPE,10,Acme\n');
    const files = ['items.csv', 'orders.csv', 'labels.csv'].map((name) => join(folder, name));
    expect(earmark(['init', '--db', db])).toMatchObject({ status: 0 });
    expect(earmark(['import', ...files, '--db', db])).toMatchObject({ status: 0 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.entries(metafile.packs))('%s holds nothing heavy', (file, names) => {
    const packages = packagesIn(names.map((name) => output(`dist/${name}`)));
    expect(PACKED_PACKAGES).toEqual(expect.arrayContaining(packages));
    expect(readFileSync(join(dist, file)).length).toBeLessThan(200_000);
  });

  /** The files whose compiled code a run keeps are those that it read. */
  it.each([
    ['start', ['--help']],
    ['reserve', ['reserve', 'SO-1', 'L-1']],
    ['find-order', ['find-order', 'L-1']],
    ['find-order', ['find', 'L-1', 'L-2', '--json']],
    ['reserve', ['--no-input', 'reserve', 'SO-1', 'L-2']],
    ['unreserve', ['unreserve', 'L-2', '--yes']],
    ['ship', ['ship', 'SO-1', '--partial', '--yes']],
  ])('%s is all that is read for %j', (pack, args) => {
    const cache = mkdtempSync(join(folder, 'cache-'));
    const run = earmark(args, { XDG_CACHE_HOME: cache, EARMARK_DB: db });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const [build = ''] = readdirSync(join(cache, 'earmark'));
    const read = readdirSync(join(cache, 'earmark', build));
    expect(read).toEqual([expect.stringMatching(`^pack-${pack}-`)]);
  });

  it.each([
    ['a flag', ['--server'], {}],
    ['a flag with its value', ['--server='], {}],
    ['the environment', [], { EARMARK_SERVER: 'url' }],
    ['the current context', [], {}],
  ])('one is all that is read for the verbs on a server that %s names', async (name, [flag], env) => {
    const served = spawn(process.execPath, [executable, 'serve', '--port', '0', '--quiet', '--db', db]);
    try {
      const [line] = (await once(createInterface(served.stdout), 'line')) as [string];
      const [url = ''] = /http:\S+/.exec(line) ?? [];
      const config = mkdtempSync(join(folder, 'config-'));
      if (name === 'the current context') {
        earmark(['context', 'add', 'main', '--server', url], { XDG_CONFIG_HOME: config });
        earmark(['context', 'use', 'main'], { XDG_CONFIG_HOME: config });
      }
      const where = flag === undefined ? [] : flag.endsWith('=') ? [flag + url] : [flag, url];
      for (const args of [
        ['find', 'L-2'],
        ['reserve', 'SO-1', 'L-2'],
        ['unreserve', 'L-2', '--yes'],
      ]) {
        const cache = mkdtempSync(join(folder, 'cache-'));
        const places = { XDG_CACHE_HOME: cache, XDG_CONFIG_HOME: config };
        const variables = Object.fromEntries(Object.keys(env).map((variable) => [variable, url]));
        const run = earmark([...args, ...where], { ...places, ...variables });
        expect(run).toMatchObject({ status: 0, stderr: '' });
        const [build = ''] = readdirSync(join(cache, 'earmark'));
        expect(readdirSync(join(cache, 'earmark', build))).toEqual([expect.stringMatching('^pack-remote-')]);
      }
    } finally {
      served.kill();
      await once(served, 'exit');
    }
  });

  // The first word that names a pack chooses it, wherever it stands.
  it.each([
    ['ship', ['find-order', 'L-1', '--json']],
    ['reserve', ['show', 'SO-1', '--json']],
    ['find', ['list', 'labels', '--json']],
  ])('of %s serves %j too', (word, args) => {
    const expected = earmark(args, { EARMARK_DB: db });
    expect(expected).toMatchObject({ status: 0, stdout: expect.stringContaining('"L-1"') });
    expect(earmark(['--actor', word, ...args], { EARMARK_DB: db })).toEqual(expected);
  });
});
