/**
 * Parts of packages that earmark never uses, and that would cost time at every start or not work in a bundle. Each is
 * replaced by a module that says so if it is ever used after all.
 */
const replacements = [
  {
    // Commander starts subcommands that are programs of their own; loading child_process takes about 3 ms.
    module: 'node:child_process',
    importer: /[\\/]commander[\\/]/,
    contents: `exports.spawn = () => { throw new Error("earmark's commands are not programs of their own"); };`,
  },
  {
    // better-sqlite3 finds its addon with it unless told the path, and it can't find anything from within a bundle.
    module: 'bindings',
    importer: /[\\/]better-sqlite3[\\/]/,
    contents: `module.exports = () => { throw new Error('open SQLite with nativeBinding: nativeAddonPath()'); };`,
  },
];

/** @type {import('esbuild').Plugin} */
export const replacedPackages = {
  name: 'replaced-packages',
  setup(build) {
    for (const { module, importer, contents } of replacements) {
      build.onResolve({ filter: new RegExp(`^${module}$`) }, (request) =>
        importer.test(request.importer) ? { path: module, namespace: 'replaced' } : undefined,
      );
      build.onLoad({ filter: new RegExp(`^${module}$`), namespace: 'replaced' }, () => ({ contents }));
    }
  },
};
