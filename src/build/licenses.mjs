import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licenses of the packages whose files went into the bundle, as one text: they ask to be kept with every copy.
 *
 * @param {string} root the folder of package.json
 * @param {string[]} inputs the bundled files, relative to the root
 */
export async function collectLicenses(root, inputs) {
  const packages = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const sections = [];
  for (const folder of [...packages].sort()) sections.push(await license(join(root, folder)));
  return `earmark's bundle contains parts of these packages, under the licenses that follow.\n\n${sections.join('\n')}`;
}

/** @param {string} input */
function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/** @param {string} folder */
async function license(folder) {
  const { name, version, license: id } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `${id}\n` : await readFile(join(folder, file), 'utf8');
  return `${'-'.repeat(80)}\n${name} ${version} (${id})\n\n${text.trim()}\n`;
}
