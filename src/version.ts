import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** Written into the bundle when it is built, so that starting earmark reads no package.json. */
declare const EARMARK_VERSION: string | undefined;

/** earmark's own version, as package.json gives it. */
export const version: string = typeof EARMARK_VERSION === 'string' ? EARMARK_VERSION : readVersion();

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return manifest.version;
}
