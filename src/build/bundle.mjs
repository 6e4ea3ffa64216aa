/**
 * Builds dist/: earmark and the packages it uses, as CommonJS chunks that src/loader starts.
 *
 * Whatever the source imports with `import()` becomes a chunk of its own and is read only when it is used. esbuild
 * splits ES modules only, while V8's code cache can be given by hand only to a CommonJS-like script, so the chunks are made
 * as ES modules first and each is then turned into CommonJS. Those that most commands need are packed besides (packs.mjs).
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { collectLicenses } from './licenses.mjs';
import { packChunks } from './packs.mjs';
import { replacedPackages } from './replaced-packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** @type {import('esbuild').CommonOptions} */
const common = {
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  logLevel: 'warning',
  sourcesContent: false,
};

const chunks = await bundleChunks();
/** @type {Map<string, string>} */
const files = new Map();
for (const chunk of chunks.outputFiles) {
  const name = basename(chunk.path);
  const { code, map } = await toCommonJs(name, chunk.text);
  files.set(name, `${code}//# sourceMappingURL=${name}.map\n`);
  files.set(`${name}.map`, map);
}
const packs = await packChunks(chunks, common);
for (const { file, code } of packs) files.set(file, code);
files.set('package.json', '{"type":"commonjs"}\n');
files.set('LICENSES.txt', await collectLicenses(root, Object.keys(chunks.metafile.inputs)));
const packFiles = Object.fromEntries(packs.flatMap(({ words, file }) => words.map((word) => [word, file])));
const contents = packs.map(({ file, chunks }) => [file, chunks]);
files.set('metafile.json', JSON.stringify({ ...chunks.metafile, packs: Object.fromEntries(contents) }));
await replaceDist(files, await bundleLoader(entryChunk(chunks.metafile), packFiles, digest(files)));

function bundleChunks() {
  return build({
    ...common,
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    sourcemap: 'inline',
    metafile: true,
    write: false,
    define: { EARMARK_VERSION: JSON.stringify(manifest.version), 'import.meta.dirname': '__dirname' },
    plugins: [replacedPackages],
  });
}

/**
 * @param {string} name
 * @param {string} source
 */
function toCommonJs(name, source) {
  return transform(source, {
    ...common,
    format: 'cjs',
    // What was import() becomes a require() of the loader's, behind a promise.
    supported: { 'dynamic-import': false },
    sourcefile: name,
    sourcemap: 'external',
  });
}

/** @param {import('esbuild').Metafile} metafile */
function entryChunk(metafile) {
  const entry = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === 'src/cli/main.ts',
  );
  if (entry === undefined) throw new Error('esbuild made no chunk of src/cli/main.ts');
  return basename(entry[0]);
}

/**
 * @param {string} entry the name of the chunk that exports main
 * @param {Readonly<Record<string, string>>} packFiles the files of the packs, by the words that choose them
 * @param {string} bundleHash
 */
async function bundleLoader(entry, packFiles, bundleHash) {
  const loader = await build({
    ...common,
    absWorkingDir: root,
    entryPoints: ['src/loader/start.ts'],
    bundle: true,
    format: 'cjs',
    // Node compiles this one file anew in every run.
    minify: true,
    write: false,
    define: {
      EARMARK_ENTRY: JSON.stringify(entry),
      EARMARK_PACKS: JSON.stringify(packFiles),
      EARMARK_BUNDLE_HASH: JSON.stringify(bundleHash),
    },
  });
  return loader.outputFiles.map((file) => file.text).join('');
}

/** @param {Map<string, string>} contents */
function digest(contents) {
  const hash = createHash('sha256');
  for (const [name, text] of contents) hash.update(`${name}\0${text}\0`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Chunks are named by their contents, so the old and the new can lie side by side, and the one file that names them is
 * exchanged in one step: a command that starts during a build finds all of the old bundle or all of the new.
 *
 * @param {Map<string, string>} contents
 * @param {string} loader
 */
async function replaceDist(contents, loader) {
  await mkdir(dist, { recursive: true });
  for (const [name, text] of contents) await writeFile(join(dist, name), text);
  await writeFile(join(dist, 'start.js.new'), loader);
  await rename(join(dist, 'start.js.new'), join(dist, 'start.js'));
  for (const name of await readdir(dist)) {
    if (name !== 'start.js' && !contents.has(name)) await rm(join(dist, name), { recursive: true });
  }
}
