import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { openCodeCache } from './code-cache.ts';

/**
 * Starts earmark from a pack, which holds what the command usually needs, and from chunks. Node's own loader would compile
 * them anew in every run, which takes longer than most commands do; this one takes V8's compiled code from a cache. The
 * build makes this file a CommonJS module and puts it beside them, so that `require` and `__dirname` below are Node's.
 */

/** The chunk that exports main, written in by the build. */
declare const EARMARK_ENTRY: string;
/** The files of the packs, by the words that choose them, written in by the build (src/build/packs.mjs). */
declare const EARMARK_PACKS: Readonly<Record<string, string>> & { readonly start: string };

type Module = { exports: object };
type Pack = Readonly<Record<string, () => object>>;
type Compiled = { script: Script; cachedLength: number };
/** What Node wraps around a CommonJS module, less what no chunk uses. */
type ModuleBody = (
  exports: object,
  require: (id: string) => unknown,
  module: Module,
  dirname: string,
) => void;

const cache = openCodeCache();
const pack = packFor(process.argv, process.env);
const modules = new Map<string, Module>();
const compiled = new Map<string, Compiled>();

/**
 * The pack of the first command that is named, if it has one. A wrong guess (a label may be called `ship`) costs a little
 * time, and nothing else: what a pack lacks is read from its own file, and all packs have what every start needs.
 */
function packFor(argv: readonly string[], env: NodeJS.ProcessEnv): string {
  const named = argv.find((word) => Object.hasOwn(EARMARK_PACKS, word)) ?? 'start';
  const name = named !== 'start' && seemsRemote(argv, env) ? 'remote' : named;
  return EARMARK_PACKS[name] ?? EARMARK_PACKS.start;
}

/** Whether the data seems to be on a server. Whoever has given places names has most often named a server. */
function seemsRemote(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const given = (flag: string) => argv.some((word) => word === flag || word.startsWith(`${flag}=`));
  if (given('--server') || given('--context')) return true;
  if (given('--db') || env['EARMARK_DB'] !== undefined) return false;
  if (env['EARMARK_SERVER'] !== undefined || env['EARMARK_CONTEXT'] !== undefined) return true;
  const { XDG_CONFIG_HOME: config = join(env['HOME'] ?? '/', '.config') } = env;
  return existsSync(join(config, 'earmark', 'config.json'));
}

function requireFromChunk(id: string): unknown {
  if (id.startsWith('./')) return loadChunk(id.slice(2));
  return id.endsWith('.node') ? loadAddon(id) : require(id);
}

/** Node's require() takes as long to find an addon whose full path it is given as the addon takes to load. */
function loadAddon(path: string): object {
  const loaded = modules.get(path);
  if (loaded !== undefined) return loaded.exports;
  const module: Module = { exports: {} };
  process.dlopen(module, path);
  modules.set(path, module);
  return module.exports;
}

function loadChunk(name: string): object {
  const packed = (loadFile(pack) as Pack)[name];
  return packed === undefined ? loadFile(name) : packed();
}

function loadFile(name: string): object {
  const loaded = modules.get(name);
  if (loaded !== undefined) return loaded.exports;
  // Chunks may import each other in a circle, so a module is known before it runs.
  const module: Module = { exports: {} };
  modules.set(name, module);
  const body: ModuleBody = compile(name).runInThisContext();
  body(module.exports, requireFromChunk, module, __dirname);
  return module.exports;
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

/** V8's code for the same functions differs by some bytes from run to run. */
const GROWN = 1.01;

/**
 * Once a run has used something for the first time, all that it used is cached again, because the code that V8 compiled in
 * it has grown too: it compiles each function when it is first called. So it has in runs that call other functions of
 * the same files; to look costs a few milliseconds, which is why they look only now and then. V8 also drops functions
 * that a long run no longer calls, so a shorter code never replaces a longer one.
 */
function keepCompiled(): void {
  const all = [...compiled];
  if (cache === undefined) return;
  if (!cache.due && all.every(([, { cachedLength }]) => cachedLength > 0)) return;
  cache.write(
    all
      .map(([name, { script, cachedLength }]) => ({ name, code: script.createCachedData(), cachedLength }))
      .filter(({ code, cachedLength }) => code.length > cachedLength * GROWN)
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
