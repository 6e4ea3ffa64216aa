/** The program: its commands, the flags that all of them take, and how usage errors are said. */
import { Command, CommanderError, Option } from 'commander';
import { version } from '../version.ts';
import type { Finish, Register } from './command.ts';
import { registerDemo } from './commands/demo.ts';
import { registerFindOrder } from './commands/find-order.ts';
import { registerImport } from './commands/import.ts';
import { registerInit } from './commands/init.ts';
import { registerList } from './commands/list.ts';
import { registerReserve } from './commands/reserve.ts';
import { registerShip } from './commands/ship.ts';
import { registerShow } from './commands/show.ts';
import { registerUnreserve } from './commands/unreserve.ts';
import type { Context } from './context.ts';

const GROUPS: readonly (readonly [string, readonly Register[]])[] = [
  ['Every day:', [registerReserve, registerUnreserve, registerShip, registerFindOrder]],
  ['Look:', [registerList, registerShow]],
  ['Batch:', [registerImport]],
  ['Set up:', [registerInit, registerDemo]],
];

const EXIT_CODES = `
Exit codes: 0 done, or already so · 1 unexpected · 2 usage, or input needed · 3 declined · 5 not found
  6 refused by a rule · 7 partly done · 8 unknown, run again with the printed --operation-id
  75 nothing was done, try again · 130 interrupted`;

export interface Program {
  /** Runs the command and gives its exit code; usage errors are thrown as CommanderError, after they were said. */
  run(argv: readonly string[]): Promise<number>;
}

export function createProgram(context: Context): Program {
  let code: number | undefined;
  const finish: Finish = (given) => {
    code = given;
  };
  const program = new Command('earmark');
  program
    .description('Set serialized stock aside for sales orders, free it, ship it, and find who holds it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help on a command')
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(context.out.columns, 110) })
    .configureOutput(outputTo(context))
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES);
  addCommonOptions(program);
  for (const [title, registers] of GROUPS) {
    program.commandsGroup(title);
    for (const register of registers) register(program, context, finish);
  }
  program.commandsGroup('');
  return {
    run: async (argv) => {
      if (argv.length === 0) {
        context.err.write(program.helpInformation());
        return 2;
      }
      await program.parseAsync(explicitValues(argv), { from: 'user' });
      // A command that ran without saying how it ended must not look like a success.
      if (code === undefined) throw new CommanderError(1, 'earmark.unfinished', 'the command did not finish');
      return code;
    },
  };
}

function addCommonOptions(program: Command): void {
  program
    .optionsGroup('For every command:')
    .option('--db <file>', 'the SQLite file with the data; also EARMARK_DB')
    .option('--actor <name>', 'who does this; also EARMARK_ACTOR')
    .addOption(new Option('-o, --output <format>', 'table, wide, json, ndjson, csv, tsv or name'))
    .option('--json', 'the same as -o json')
    .option('--fields <names>', 'only these fields, with commas between')
    .option('-q, --quiet', 'print nothing on success')
    .option('--no-input', 'never ask; also EARMARK_NO_INPUT')
    .option('--no-color', 'no colour; also NO_COLOR')
    .option('--timeout <span>', 'how long to wait for locks, such as 30s')
    .option('--debug', 'print where an unexpected error came from');
}

/**
 * Commander's optional values swallow the next argument (`--auto SO-1`), so they are declared as required ones, and
 * here the bare flag gets its usual value.
 */
const USUAL_VALUES: Readonly<Record<string, string>> = { '--auto': '--auto=fefo' };

function explicitValues(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, at) => (end >= 0 && at > end ? word : (USUAL_VALUES[word] ?? word)));
}

function outputTo(context: Context) {
  return {
    writeOut: (text: string) => context.out.write(text),
    writeErr: (text: string) => context.err.write(text),
    getOutHelpWidth: () => context.out.columns,
    getErrHelpWidth: () => context.err.columns,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    // Commander says "error: …"; the code in brackets makes it like all the others.
    outputError: (text: string, write: (text: string) => void) => {
      write(`${text.trimEnd().replace(/\n\(/, ' (')}  [usage]\n`);
    },
  };
}
