/** Runs an import: reads the files, stages their rows, asks where it must, applies, and says what came of it. */
import { existsSync } from 'node:fs';
import { type ImportKind, printable } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { ImportAnswer, ImportSession } from '../../stockroom/stockroom.ts';
import type { ImportFlags } from '../commands/import.ts';
import type { Context } from '../context.ts';
import { presentImport, releasedLines } from '../present/import.ts';
import { Progress } from '../progress.ts';
import { type ImportedRow, ImportFileError, type ImportSource, readImportFile } from './read-file.ts';

export async function runImport(
  context: Context,
  sources: readonly ImportSource[],
  flags: ImportFlags,
): Promise<number> {
  const asks = flags.releaseClosed === true && flags.yes !== true && flags.dryRun !== true;
  if (asks)
    await context.prompts('--release-closed asks before it frees labels; add --yes to do it without asking');
  for (const { path } of sources) {
    // A name that is mistyped should not leave an empty database behind.
    if (path !== '-' && !existsSync(path))
      throw new Fault('input', `can't read ${path}: there is no such file`);
  }
  await createIfMissing(context, flags);
  const stockroom = await context.stockroom();
  const options = {
    onConflict: flags.onConflict,
    releaseClosed: flags.releaseClosed === true,
    atomic: flags.atomic === true,
    problemLimit: flags.problems,
  };
  const progress = new Progress(context.err, 'rows', {
    quiet: flags.quiet === true,
    linear: context.accessible,
  });
  const session = await stockroom.beginImport(options, await context.intent(flags));
  try {
    const ignored = await stage(context, session, sources, flags, progress);
    if (asks) await confirmReleases(context, session);
    const answer = await session.finish((phase, done, of) => progress.report(phase, done, of));
    progress.end();
    return await presentImport(context, answer, ignored);
  } finally {
    progress.end();
    session.close();
  }
}

/** The first import makes a file that is not there yet; a dry run makes nothing. */
async function createIfMissing(context: Context, flags: ImportFlags): Promise<void> {
  const { place } = context;
  if (place.kind !== 'file' || existsSync(place.path)) return;
  const { path } = place;
  if (flags.dryRun === true) {
    const next = [{ label: 'create', command: 'earmark init' }];
    throw new Fault(
      'database_not_found',
      `there is no earmark database at ${path}, and a dry run makes none`,
      { next },
    );
  }
  const { initSqliteLedger } = await import('../../storage/sqlite/ledger.ts');
  await initSqliteLedger(path, { allowNetwork: context.allowNetwork, deadline: context.deadline });
  if (flags.quiet !== true) context.err.line(`made ${printable(path)}`);
}

/** Gives the columns that nothing is read from, by file. */
async function stage(
  context: Context,
  session: ImportSession,
  sources: readonly ImportSource[],
  flags: ImportFlags,
  progress: Progress,
): Promise<Map<string, string[]>> {
  const ignored = new Map<string, string[]>();
  if (sources.filter(({ path }) => path === '-').length > 1) {
    throw new Fault('input', 'standard input can be read only once');
  }
  for (const source of sources) {
    try {
      for await (const batch of readImportFile(source, { map: flags.map, stdin: stdinOf(source, context) })) {
        for (const row of batch.rows) addRow(session, row);
        for (const problem of batch.problems) session.problem(problem);
        if (batch.ignored.length > 0)
          ignored.set(source.path, [...(ignored.get(source.path) ?? []), ...batch.ignored]);
        progress.report('read', session.staged);
      }
    } catch (error) {
      if (error instanceof ImportFileError) throw new Fault('input', error.message, { cause: error });
      throw error;
    }
  }
  return ignored;
}

/** Standard input is opened only where a file is read from it. */
function stdinOf({ path }: ImportSource, { streams }: Context): NodeJS.ReadStream | undefined {
  return path === '-' ? streams.stdin() : undefined;
}

function addRow(session: ImportSession, { kind, origin, row }: ImportedRow): void {
  session.add<ImportKind>(kind, { origin, row });
}

/** Names the labels that would be freed, and asks. */
async function confirmReleases(context: Context, session: ImportSession): Promise<void> {
  const preview: ImportAnswer = await session.preview();
  const released = releasedLines(preview);
  if (!preview.ok || released.length === 0) return;
  const prompts = await context.prompts('');
  const yes = await prompts.confirm({ message: 'Import, and free these labels?', body: released });
  prompts.close();
  if (!yes) throw new Fault('declined', 'nothing was imported');
}
