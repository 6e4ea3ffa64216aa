/** Imports go one way (DESIGN section 5), and what the core and every program must not do. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What each part may import besides itself: other parts, packages, and what Node brings. */
const MAY_IMPORT = {
  'src/core': [],
  // Node's own SHA-256 takes longer to load than a reserve takes.
  'src/stockroom': ['src/core', 'node:', '@noble/hashes'],
  'src/storage': ['src/core', 'src/stockroom', 'src', 'node:', 'packages'],
  'src/http': ['src/core', 'src/stockroom', 'src', 'node:', 'packages'],
  'src/cli/prompts': ['src/core', 'node:', 'packages'],
  'src/cli': [
    ...[
      'src/core',
      'src/stockroom',
      'src/storage',
      'src/http',
      'src/cli/prompts',
      'src',
      'node:',
      'packages',
    ],
  ],
  'src/loader': ['src', 'node:'],
  'src/build': ['src', 'node:', 'packages'],
  // Files that lie in src itself, such as the version.
  src: ['node:'],
} as const satisfies Record<string, readonly string[]>;

type Part = keyof typeof MAY_IMPORT;

/** From the most special to the most general. */
const PARTS = (Object.keys(MAY_IMPORT) as Part[]).sort((a, b) => b.length - a.length);

interface Source {
  /** From the root, with `/` between folders. */
  readonly path: string;
  /** Without comments. */
  readonly code: string;
}

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourcesIn(folder: string): Source[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => /\.(ts|mts|js|mjs)$/.test(name)).sort();
  return sources.map((name) => {
    const path = `${folder}/${name.replaceAll('\\', '/')}`;
    return { path, code: withoutComments(readFileSync(join(ROOT, path), 'utf8')) };
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1');
}

const SPECIFIERS = [
  /\b(?:import|export)\s[^'";]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  /\bimport\s+['"]([^'"]+)['"]/g,
  /\brequire\s*\(\s*['"]([^'"]+)['"]/g,
];

/** What a source imports: files of ours as paths from the root, everything else as it is written. */
function importsOf({ path, code }: Source): Import[] {
  const specifiers = SPECIFIERS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => match[1] ?? ''),
  );
  return specifiers.map((specifier) => {
    const to = specifier.startsWith('.')
      ? relative(ROOT, join(ROOT, dirname(path), specifier)).replaceAll('\\', '/')
      : specifier;
    return { from: path, to };
  });
}

function partOf(target: string): string {
  if (target.startsWith('node:')) return 'node:';
  if (target.startsWith('@noble/hashes/')) return '@noble/hashes';
  return PARTS.find((part) => target.startsWith(`${part}/`)) ?? 'packages';
}

function isAllowed({ from, to }: Import): boolean {
  const [own, other] = [partOf(from) as Part, partOf(to)];
  return own === other || (MAY_IMPORT[own] as readonly string[]).includes(other);
}

function mentions(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
}

const SRC = sourcesIn('src');
const CORE = SRC.filter(({ path }) => partOf(path) === 'src/core');
const IMPORTS = SRC.flatMap(importsOf);
const shown = ({ from, to }: Import): string => `${from} → ${to}`;

describe('imports', () => {
  it('go one way: core ← stockroom ← storage and http ← cli', () => {
    expect(IMPORTS.filter((each) => !isAllowed(each)).map(shown)).toEqual([]);
  });

  it('reach the core through its one doorway', () => {
    const through = IMPORTS.filter(
      ({ from, to }) => partOf(to) === 'src/core' && partOf(from) !== 'src/core',
    );
    expect(through.length).toBeGreaterThan(10);
    expect(through.filter(({ to }) => to !== 'src/core/index.ts').map(shown)).toEqual([]);
  });

  it('of the core never go through its own doorway, which would be a circle', () => {
    const inside = CORE.flatMap(importsOf);
    expect(inside.filter(({ to }) => to === 'src/core/index.ts').map(shown)).toEqual([]);
  });
});

describe('the core', () => {
  it.each([
    ['reads no clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b/],
    ['throws no dice', /\bMath\.random\b|\bcrypto\b/],
    ['never waits', /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b/],
    ['talks to nobody', /\bconsole\b|\bprocess\b/],
  ])('%s', (_name, pattern) => {
    expect(CORE.length).toBeGreaterThan(20);
    expect(mentions(CORE, pattern)).toEqual([]);
  });
});

it('nothing ends the process before its output is written', () => {
  expect(mentions([...SRC, ...sourcesIn('bin')], /\bprocess\.exit\(/)).toEqual([]);
});

describe('this test', () => {
  const source = (path: string, code: string): Source => ({ path, code: withoutComments(code) });

  it('sees every form of import, and none in a comment', () => {
    const code = `
      import { a,
        type B } from './a.ts';
      import type { C } from "../core/index.ts";
      export * from './b.ts';
      import './c.ts';
      const d = await import('./d.ts'); // import('./no.ts')
      /** import './no.ts' */
      const e = require('better-sqlite3');`;
    expect(
      importsOf(source('src/cli/x.ts', code))
        .map(({ to }) => to)
        .sort(),
    ).toEqual([
      'better-sqlite3',
      'src/cli/a.ts',
      'src/cli/b.ts',
      'src/cli/c.ts',
      'src/cli/d.ts',
      'src/core/index.ts',
    ]);
  });

  it.each([
    ['src/core/x.ts', 'node:fs'],
    ['src/core/import/x.ts', '../../version.ts'],
    ['src/core/x.ts', '../stockroom/ledger.ts'],
    ['src/stockroom/x.ts', 'kysely'],
    ['src/stockroom/x.ts', '../storage/rows.ts'],
    ['src/storage/x.ts', '../http/client.ts'],
    ['src/storage/sqlite/x.ts', '../../cli/main.ts'],
    ['src/http/x.ts', '../storage/rows.ts'],
    ['src/cli/prompts/x.ts', '../../stockroom/ledger.ts'],
    ['src/cli/prompts/x.ts', '../context.ts'],
  ])('refuses %s an import of %s', (path, specifier) => {
    const [found] = importsOf(source(path, `import { x } from '${specifier}';`));
    expect(found === undefined || isAllowed(found)).toBe(false);
  });
});
