import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** A digest of every chunk, written in by the build. V8 itself compares no more of the source than its length. */
declare const EARMARK_BUNDLE_HASH: string;

/** How many folders of other versions may stay: two installations of earmark must not keep deleting each other's. */
const OTHER_FOLDERS_KEPT = 3;

/** How long after it was last written the cache is due for another look, in milliseconds. */
const LOOK_AGAIN = 600_000;

/**
 * The code that V8 compiled from the chunks, kept from one run to the next. It is executed as it is found, so it is only
 * ever read from a folder that nobody but its owner can write. Nothing here throws: without a cache earmark is merely
 * slower to start.
 */
export interface CodeCache {
  /** Whether it was last written so long ago that a run should look whether more has been compiled since. */
  readonly due: boolean;
  /** The compiled code that was kept by this name, or undefined if there is none to trust. */
  read(name: string): Buffer | undefined;
  /** Keeps compiled code for the next run; with none to keep, it only says that a run has looked. */
  write(compiled: Iterable<readonly [name: string, code: Buffer]>): void;
}

/** The cache of this user, this Node and this build, or undefined where it can't be kept safely or at all. */
export function openCodeCache(): CodeCache | undefined {
  const parent = cacheHome();
  const user = process.geteuid?.();
  if (parent === undefined || user === undefined) return undefined;
  const build = `${process.version}-${process.platform}-${process.arch}-${EARMARK_BUNDLE_HASH}`;
  const folder = join(parent, `code-${build}`);

  /** Undefined if the folder is absent, if another user owns it, or could write to it. */
  const privateFolder = (path: string): Stats | undefined => {
    const status = lstatSync(path, { throwIfNoEntry: false });
    const isPrivate = status?.isDirectory() && status.uid === user && (status.mode & 0o022) === 0;
    return isPrivate === true ? status : undefined;
  };

  const trusted = quietly(() => privateFolder(parent) && privateFolder(folder));
  return {
    due: trusted !== undefined && Date.now() - trusted.mtimeMs > LOOK_AGAIN,
    read: (name) => (trusted === undefined ? undefined : quietly(() => readTwice(join(folder, name)))),
    write: (compiled) =>
      quietly(() => {
        if (trusted === undefined) {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          if (!privateFolder(parent) || !privateFolder(folder)) return;
          removeOldFolders(parent);
        }
        for (const [name, code] of compiled) writeTwice(join(folder, name), code);
        const now = new Date();
        utimesSync(folder, now, now);
      }),
  };
}

/** `$XDG_CACHE_HOME/earmark`, by default `~/.cache/earmark`. The XDG specification says to ignore relative paths. */
function cacheHome(): string | undefined {
  const { XDG_CACHE_HOME: cache, HOME: home } = process.env;
  if (cache !== undefined && isAbsolute(cache)) return join(cache, 'earmark');
  if (home !== undefined && isAbsolute(home)) return join(home, '.cache', 'earmark');
  return undefined;
}

/**
 * V8 does not verify a code cache: one wrong byte can crash the process, hang it, or change what it does. So a file holds
 * the code twice, and is used only if both copies agree, which costs less than loading Node's checksums.
 */
function readTwice(file: string): Buffer | undefined {
  const both = readFileSync(file);
  const code = both.subarray(0, both.length / 2);
  return code.length > 0 && code.equals(both.subarray(both.length / 2)) ? code : undefined;
}

/** Renamed into place, so that a run that starts meanwhile sees the old file or the new one, never half of it. */
function writeTwice(file: string, code: Buffer): void {
  const unfinished = `${file}.${process.pid}-${Date.now()}`;
  try {
    writeFileSync(unfinished, Buffer.concat([code, code]), { flag: 'wx', mode: 0o600 });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function removeOldFolders(parent: string): void {
  const newestFirst = readdirSync(parent)
    .filter((name) => name.startsWith('code-'))
    .map((name) => ({ path: join(parent, name), changed: lstatSync(join(parent, name)).mtimeMs }))
    .sort((a, b) => b.changed - a.changed);
  for (const { path } of newestFirst.slice(1 + OTHER_FOLDERS_KEPT))
    rmSync(path, { recursive: true, force: true });
}

function quietly<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
