import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { openCodeCache } from './code-cache.ts';

/**
 * Starts earmark from its chunks. Node's own loader would compile them anew in every run, which takes longer than
 * most commands do; this one takes V8's compiled code from a cache. The build makes this file a CommonJS module and
 * puts it beside the chunks, so that `require` and `__dirname` below are Node's.
 */

/** The chunk that exports main, written in by the build. */
declare const EARMARK_ENTRY: string;

type Chunk = { exports: object };
type Compiled = { script: Script; cachedLength: number };
/** What Node wraps around a CommonJS module, less what no chunk uses. */
type ChunkBody = (exports: object, require: (id: string) => unknown, module: Chunk, dirname: string) => void;

const cache = openCodeCache();
const chunks = new Map<string, Chunk>();
const compiled = new Map<string, Compiled>();

function requireFromChunk(id: string): unknown {
  return id.startsWith('./') ? loadChunk(id.slice(2)) : require(id);
}

function loadChunk(name: string): object {
  const loaded = chunks.get(name);
  if (loaded !== undefined) return loaded.exports;
  // Chunks may import each other in a circle, so a chunk is known before it runs.
  const chunk: Chunk = { exports: {} };
  chunks.set(name, chunk);
  const body: ChunkBody = compile(name).runInThisContext();
  body(chunk.exports, requireFromChunk, chunk, __dirname);
  return chunk.exports;
}

function compile(name: string): Script {
  const filename = join(__dirname, name);
  const source = `(function(exports,require,module,__dirname){${readFileSync(filename, 'utf8')}\n})`;
  const cachedData = cache?.read(name);
  const script = new Script(source, cachedData === undefined ? { filename } : { filename, cachedData });
  const cachedLength = script.cachedDataRejected === false ? (cachedData?.length ?? 0) : 0;
  compiled.set(name, { script, cachedLength });
  return script;
}

/**
 * Once a run has used something for the first time, all its chunks are cached again, because the code that V8 compiled in
 * them has grown too: it compiles each function when it is first called. It also drops functions that a long run
 * no longer calls, so a shorter code never replaces a longer one.
 */
function keepCompiled(): void {
  const all = [...compiled];
  if (cache === undefined || all.every(([, { cachedLength }]) => cachedLength > 0)) return;
  cache.write(
    all
      .map(([name, { script, cachedLength }]) => ({ name, code: script.createCachedData(), cachedLength }))
      .filter(({ code, cachedLength }) => code.length > cachedLength)
      .map(({ name, code }) => [name, code] as const),
  );
}

function loadMain(): { main(): Promise<void> } {
  if (process.argv.includes('--debug')) {
    // Node reads source maps only for modules that it loads itself.
    process.setSourceMapsEnabled(true);
    return require(join(__dirname, EARMARK_ENTRY));
  }
  process.once('exit', keepCompiled);
  return loadChunk(EARMARK_ENTRY) as { main(): Promise<void> };
}

loadMain()
  .main()
  .catch((error: unknown) => {
    process.exitCode = 1;
    console.error(error);
  });
