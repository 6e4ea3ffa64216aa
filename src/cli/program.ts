/** The program: its commands, the flags that all of them take, and how usage errors are said. */
import { Command, CommanderError, type HelpContext, Option } from 'commander';
import { version } from '../version.ts';
import type { Define, Finish } from './command.ts';
import type { Context } from './context.ts';
import { sayUsage } from './exit.ts';

interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** A line in the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: Define }>;
}

/** Only the commands that are named on the command line are loaded; the others stand in the help with their summary. */
const GROUPS: readonly (readonly [string, readonly CommandSpec[]])[] = [
  [
    'Every day:',
    [
      {
        name: 'reserve',
        summary: 'set labels aside for an order',
        load: () => import('./commands/reserve.ts'),
      },
      { name: 'unreserve', summary: 'free labels', load: () => import('./commands/unreserve.ts') },
      { name: 'ship', summary: 'ship an order from its labels', load: () => import('./commands/ship.ts') },
      {
        name: 'find-order',
        aliases: ['find', 'find-order-for-label'],
        summary: 'say which order holds a label',
        load: () => import('./commands/find-order.ts'),
      },
      {
        name: 'transfer',
        summary: 'move reserved labels to another order or line',
        load: () => import('./commands/transfer.ts'),
      },
      {
        name: 'swap',
        summary: 'exchange two labels, of which one or both are reserved',
        load: () => import('./commands/swap.ts'),
      },
    ],
  ],
  [
    'Look:',
    [
      {
        name: 'list',
        summary: 'list orders, labels, reservations, shipments',
        load: () => import('./commands/list.ts'),
      },
      {
        name: 'show',
        summary: 'everything about an order, a label, an operation',
        load: () => import('./commands/show.ts'),
      },
      {
        name: 'history',
        summary: 'who did what, when and why',
        load: () => import('./commands/history.ts'),
      },
    ],
  ],
  [
    'Batch:',
    [
      {
        name: 'import',
        summary: 'items, orders, lines and labels from files',
        load: () => import('./commands/import.ts'),
      },
    ],
  ],
  [
    'Support:',
    [
      {
        name: 'diagnose',
        aliases: ['doctor'],
        summary: 'what keeps stock stuck, what is wrong with the data, and the way out',
        load: () => import('./commands/diagnose.ts'),
      },
      {
        name: 'undo',
        summary: 'take an operation or a scanning session back',
        load: () => import('./commands/undo.ts'),
      },
      {
        name: 'prove',
        summary: 'race reservers on a scratch ledger: exactly one winner each time',
        load: () => import('./commands/prove.ts'),
      },
    ],
  ],
  [
    'Set up:',
    [
      {
        name: 'init',
        summary: 'make the database, or update its schema',
        load: () => import('./commands/init.ts'),
      },
      {
        name: 'context',
        summary: 'give places a name, and choose one',
        load: () => import('./commands/context.ts'),
      },
      {
        name: 'serve',
        summary: 'offer the data over HTTP',
        load: () => import('./commands/serve.ts'),
      },
      {
        name: 'token',
        summary: 'make and revoke tokens for the server',
        load: () => import('./commands/token.ts'),
      },
      {
        name: 'demo',
        summary: 'a small warehouse to try things in, and a tour',
        load: () => import('./commands/demo.ts'),
      },
      {
        name: 'cancel',
        summary: 'cancel an order and free its labels',
        load: () => import('./commands/cancel.ts'),
      },
      {
        name: 'close',
        summary: 'close an order and free its labels',
        load: () => import('./commands/close.ts'),
      },
    ],
  ],
];

const EXIT_CODES = `
Exit codes: 0 done, or already so · 1 unexpected · 2 usage, or input needed · 3 declined · 4 not authorised
  5 not found · 6 refused by a rule · 7 partly done · 8 unknown, run again with the printed --operation-id
  9 a check found something · 75 nothing was done, try again · 130 interrupted`;

/** Runs the command that argv names and gives its exit code. A usage error is thrown as CommanderError, after it was said. */
export async function runProgram(context: Context, argv: readonly string[]): Promise<number> {
  let code: number | undefined;
  const program = createProgram(context, argv);
  await addCommands(program, context, argv, (given) => {
    code = given;
  });
  const home = await startHome(program, context, argv);
  if (home !== undefined) return home;
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    return 2;
  }
  await program.parseAsync(explicitValues(argv), { from: 'user' });
  // A command that ran without saying how it ended must not look like a success.
  if (code === undefined) throw new CommanderError(1, 'earmark.unfinished', 'the command did not finish');
  return code;
}

/** Commander takes `process.exitCode` for help's own code, and that is a failing one until the end. */
class ProgramCommand extends Command {
  override createCommand(name?: string): Command {
    return new ProgramCommand(name);
  }

  override help(context?: HelpContext | ((text: string) => string)): never {
    const given = typeof context === 'object' ? context : undefined;
    this.outputHelp(given);
    throw new CommanderError(given?.error === true ? 2 : 0, 'commander.help', '(outputHelp)');
  }
}

function createProgram(context: Context, argv: readonly string[]): Command {
  const program = new ProgramCommand('earmark')
    .description('Set serialized stock aside for sales orders, free it, ship it, and find who holds it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help on a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(outputTo(context, argv))
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES);
  return program
    .optionsGroup('For every command:')
    .option('--db <place>', 'a SQLite file or postgres:// URL with the data; also EARMARK_DB')
    .option('--server <url>', 'the earmark server that has the data; also EARMARK_SERVER')
    .option('--context <name>', 'a place that was given a name; also EARMARK_CONTEXT')
    .option('--actor <name>', 'who does this; also EARMARK_ACTOR')
    .addOption(new Option('-o, --output <format>', 'table, wide, json, ndjson, csv, tsv or name'))
    .option('--json', 'the same as -o json')
    .option('--fields <names>', 'only these fields, with commas between')
    .option('-q, --quiet', 'print nothing on success')
    .option('--no-input', 'never ask; also EARMARK_NO_INPUT')
    .option('--no-color', 'no colour; also NO_COLOR')
    .option('--timeout <span>', 'how long to wait for locks and for a server, such as 30s')
    .option('--debug', 'print where an unexpected error came from');
}

/** Without a command, on a terminal, the home menu; the flags that stand for every command may come with it. */
async function startHome(
  program: Command,
  context: Context,
  argv: readonly string[],
): Promise<number | undefined> {
  if (argv.some((word) => ['-h', '--help', '-V', '--version'].includes(word))) return undefined;
  const { operands, unknown } = program.parseOptions(explicitValues(argv));
  if (operands.length > 0 || unknown.length > 0) return undefined;
  await context.useFlags(program.opts());
  if (!context.interactive) return undefined;
  const { runHome } = await import('./home/home.ts');
  return await runHome(context, argv);
}

async function addCommands(
  program: Command,
  context: Context,
  argv: readonly string[],
  finish: Finish,
): Promise<void> {
  for (const [title, specs] of GROUPS) {
    program.commandsGroup(title);
    for (const { name, aliases = [], summary, load } of specs) {
      const command = program.command(name).summary(summary).aliases(aliases);
      if ([name, ...aliases].some((word) => argv.includes(word)))
        (await load()).define(command, context, finish);
    }
  }
  program.commandsGroup('Help:');
}

/**
 * Commander's optional values swallow the next argument (`--auto SO-1`), so they are declared as required ones, and
 * here the bare flag gets its usual value.
 */
const USUAL_VALUES: Readonly<Record<string, string>> = { '--auto': '--auto=fefo' };

/** Flags whose value may begin with a dash: `--sort -quantity` would otherwise be read as `-q`. */
const DASHED_VALUES: ReadonlySet<string> = new Set(['--sort', '--reason']);

function explicitValues(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return [...words, ...argv.slice(at)];
    const next = argv[at + 1];
    if (DASHED_VALUES.has(word) && next !== undefined && /^-[^-]/.test(next)) {
      words.push(`${word}=${next}`);
      at += 1;
    } else words.push(USUAL_VALUES[word] ?? word);
  }
  return words;
}

function outputTo(context: Context, argv: readonly string[]) {
  const { out, err } = context;
  return {
    writeOut: (text: string) => out.write(text),
    writeErr: (text: string) => err.write(text),
    getOutHelpWidth: () => Math.min(out.columns, 110),
    getErrHelpWidth: () => Math.min(err.columns, 110),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    // Commander says "error: …" and puts its suggestion in a line of its own.
    outputError: (text: string) => {
      sayUsage(
        context,
        text
          .trim()
          .replace(/^error: /, '')
          .replace(/\n\(/, ' ('),
        argv,
      );
    },
  };
}
