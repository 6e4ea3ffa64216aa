import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

const ADDON = join('build', 'Release', 'better_sqlite3.node');

/**
 * Where better-sqlite3's compiled addon lies, for its `nativeBinding` option. better-sqlite3 would otherwise look for the
 * addon beside its own source, which in the bundle is somewhere else.
 *
 * Throws if the addon is nowhere, which means that the installation did not run better-sqlite3's install script.
 */
export function nativeAddonPath(): string {
  const beside = join(packageRoot, 'node_modules', 'better-sqlite3', ADDON);
  if (existsSync(beside)) return beside;

  // Installed as a dependency, earmark usually finds better-sqlite3 hoisted above itself. Asking Node's own resolution
  // is slower than looking, so it comes second.
  const hoisted = hoistedPackage();
  if (hoisted !== undefined && existsSync(join(hoisted, ADDON))) return join(hoisted, ADDON);

  throw new Error(
    "SQLite's compiled part is missing from this installation. Run: npm rebuild better-sqlite3",
  );
}

function hoistedPackage(): string | undefined {
  try {
    // Importing node:module would cost every start a millisecond, for what few installations need.
    const { createRequire } = process.getBuiltinModule('node:module');
    return dirname(createRequire(join(packageRoot, 'package.json')).resolve('better-sqlite3/package.json'));
  } catch {
    return undefined;
  }
}
