/** `diagnose --bundle FILE`: writes what a colleague needs into one small file. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandLine, printable } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { BundleQuery } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { concludeRefusal } from '../exit.ts';
import { jsonText } from '../json-text.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import { counted } from '../present/words.ts';

export async function bundle(
  context: Context,
  file: string,
  query: BundleQuery,
  overwrite: boolean,
): Promise<number> {
  const path = resolve(file);
  // What would be refused in the end is refused before anything is read.
  if (existsSync(path) && !overwrite)
    throw new Fault('input', `${path} is there already; --force writes it anew`);
  const { allowNetwork, deadline, out, flags, streams } = context;
  const made = await (await context.stockroom()).bundle(query);
  if (made.refusal !== null) return concludeRefusal(context, made.refusal);
  const { writeBundle } = await import('../../storage/sqlite/bundle-file.ts');
  await writeBundle(path, made, settingsOf(streams.env), { overwrite, allowNetwork, deadline });
  if (flags.quiet === true) return 0;
  const { about, diagnosis } = made;
  const [bytes, orders, labels] = [statSync(path).size, about.orders.length, about.labels.length];
  if (isDocument(formatOf(context))) {
    const { problems, notices } = diagnosis;
    const document = {
      file: path,
      bytes,
      ...about,
      problems,
      notices,
      customersHidden: query.withCustomers !== true,
    };
    out.line(jsonText(document, formatOf(context) === 'json' ? 2 : undefined));
    return 0;
  }
  const what = `${counted(orders, 'order')}, ${counted(labels, 'label')}, ${counted(diagnosis.problems, 'problem')}`;
  out.line(`${context.paint.good('✓')} ${printable(path)} · ${Math.ceil(bytes / 1024)} KB · ${what}`);
  if (query.withCustomers !== true) out.line("  customers' names are replaced; --with-customers keeps them");
  const [first = about.labels[0]] = about.orders;
  if (first !== undefined) out.line(`  open it: ${printable(commandLine('show', [first], ['--db', path]))}`);
  return 0;
}

/** What earmark was told by the environment; whatever may be a secret only by name. */
function settingsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const ours = Object.entries(env).filter(
    ([name, value]) => name.startsWith('EARMARK_') && value !== undefined,
  );
  return Object.fromEntries(
    ours.map(([name, value = '']) => [`environment ${name}`, mayBeSecret(name, value) ? '(set)' : value]),
  );
}

function mayBeSecret(name: string, value: string): boolean {
  return /TOKEN|PASS|SECRET|KEY/.test(name) || /^[a-z+]+:\/\//i.test(value);
}
