/**
 * Packs: all that an everyday command runs, as one file with one cache of compiled code, because opening, checking and
 * deserializing forty small files takes longer than running what is in them. The loader takes one pack in each run;
 * whatever is not in it, among them everything heavy, is read as chunks of its own when it is used.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { build } from 'esbuild';

/** What every start runs, and so the pack of all commands that have none of their own. */
const START = ['src/cli/main.ts'];

const LEDGER = ['src/storage/sqlite/ledger.ts', 'src/stockroom/local.ts'];

const CHANGE = [...LEDGER, 'src/stockroom/fingerprint.ts', 'src/cli/operation-id.ts'];

/**
 * Each pack has the chunks of its modules, together with all that they import statically. What they load by `import()` is
 * not in the pack, unless it is named here too.
 */
const PACKED = [
  { words: ['start'], modules: START },
  {
    words: ['find-order', 'find', 'find-order-for-label'],
    modules: [...START, ...LEDGER, 'src/cli/commands/find-order.ts'],
  },
  { words: ['reserve'], modules: [...START, ...CHANGE, 'src/cli/commands/reserve.ts'] },
  { words: ['unreserve'], modules: [...START, ...CHANGE, 'src/cli/commands/unreserve.ts'] },
  { words: ['ship'], modules: [...START, ...CHANGE, 'src/cli/commands/ship.ts'] },
  // All of these on a server, which takes nothing of the database.
  {
    words: ['remote'],
    modules: [
      ...[...START, 'src/http/client/remote-stockroom.ts', 'src/cli/operation-id.ts'],
      ...['find-order', 'reserve', 'unreserve', 'ship'].map((verb) => `src/cli/commands/${verb}.ts`),
    ],
  },
];

/**
 * @typedef {object} Pack
 * @property {readonly string[]} words the names of the command that it is for, or `start`
 * @property {string} file its name in dist/
 * @property {readonly string[]} chunks the names of the chunks in it
 * @property {string} code a CommonJS module that exports a function for each chunk, which gives the chunk's exports
 */

/**
 * @param {import('esbuild').BuildResult<{ metafile: true, write: false }>} bundle the chunks, as ES modules
 * @param {import('esbuild').CommonOptions} options how chunks are built
 * @returns {Promise<Pack[]>}
 */
export function packChunks({ metafile, outputFiles }, options) {
  const sources = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  return Promise.all(
    PACKED.map(async ({ words, modules }) => {
      const chunks = chunksOf(modules, metafile);
      const code = await join(chunks, metafile, sources, options);
      const hash = createHash('sha256').update(code).digest('hex').slice(0, 8).toUpperCase();
      return { words, file: `pack-${words[0]}-${hash}.js`, chunks, code };
    }),
  );
}

/**
 * The chunks of the modules, and those that they import statically.
 *
 * @param {readonly string[]} modules
 * @param {import('esbuild').Metafile} metafile
 */
function chunksOf(modules, { outputs }) {
  const reached = new Set(modules.map((module) => chunkOf(module, outputs)));
  for (const path of reached) {
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (external !== true && kind !== 'dynamic-import') reached.add(imported);
    }
  }
  return [...reached].map((path) => basename(path));
}

/**
 * @param {string} module
 * @param {import('esbuild').Metafile['outputs']} outputs
 */
function chunkOf(module, outputs) {
  const found = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === module);
  if (found === undefined) throw new Error(`${module} is packed, but nothing loads it by import()`);
  return found;
}

/**
 * @param {readonly string[]} chunks
 * @param {import('esbuild').Metafile} metafile
 * @param {ReadonlyMap<string, string>} sources
 * @param {import('esbuild').CommonOptions} options
 */
async function join(chunks, metafile, sources, options) {
  const { outputFiles } = await build({
    ...options,
    stdin: { contents: accessTo(chunks, metafile) },
    bundle: true,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    // It is read in every run. With `--debug` the loader takes the chunks themselves, which people can read.
    minify: true,
    write: false,
    plugins: [packedChunks(chunks, sources)],
  });
  return outputFiles.map(({ text }) => text).join('');
}

/**
 * All chunks of a pack share one scope, so calls between them are plain calls. An object with the exports of a chunk is made
 * only when something outside asks for it.
 *
 * @param {readonly string[]} chunks
 * @param {import('esbuild').Metafile} metafile
 */
function accessTo(chunks, { outputs }) {
  const imports = chunks.map((name, at) => `import * as chunk${at} from './${name}';`);
  const exports = chunks.map((name, at) => {
    const names = outputs[`dist/${name}`]?.exports ?? [];
    const getters = names.map((exported) => `get ${exported}() { return chunk${at}.${exported}; }`);
    return `${JSON.stringify(name)}: () => ({ __esModule: true, ${getters.join(', ')} })`;
  });
  return `${imports.join('\n')}\nmodule.exports = { ${exports.join(',\n')} };`;
}

/**
 * Resolves the chunks of a pack to their sources, and leaves everything else to the loader; an import() too, even of a
 * chunk in the pack.
 *
 * @param {readonly string[]} chunks
 * @param {ReadonlyMap<string, string>} sources
 * @returns {import('esbuild').Plugin}
 */
function packedChunks(chunks, sources) {
  return {
    name: 'packed-chunks',
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined;
        const chunk = path.replace(/^\.\//, '');
        const packed = kind !== 'dynamic-import' && chunks.includes(chunk);
        return packed ? { path: chunk, namespace: 'packed' } : { path, external: true };
      });
      build.onLoad({ filter: /./, namespace: 'packed' }, ({ path }) => ({
        contents: withoutSourceMap(sources.get(path) ?? ''),
      }));
    },
  };
}

/** @param {string} source */
function withoutSourceMap(source) {
  return source.replace(/\/\/# sourceMappingURL=.*\n?$/, '');
}
