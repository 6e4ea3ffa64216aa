/** Where a SQLite file lies, as the operating system sees it. Asked without opening the file, so that it can be told why that fails. */
import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { PlaceFacts } from '../../core/index.ts';

export function placeOf(file: string): PlaceFacts {
  const folder = dirname(file);
  const size = asked(() => statSync(file).size);
  return {
    file,
    fileWritable: size === null ? null : isWritable(file),
    folder,
    folderWritable: isWritable(folder),
    user: asked(() => userInfo().username) ?? `uid ${process.getuid?.() ?? 'unknown'}`,
    size,
    free: asked(() => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    }),
  };
}

/** Null if it is not there, or can't be asked. */
function isWritable(path: string): boolean | null {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EROFS' || code === 'EPERM' ? false : null;
  }
}

function asked<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
