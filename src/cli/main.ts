/** The command line's entry: runs the program and turns its end into an exit code. */
import { Context } from './context.ts';
import { concludeError } from './exit.ts';
import { runProgram } from './program.ts';
import { processStreams } from './streams.ts';

/** Runs the command that argv names. The exit code is a failing one until the command has run to its end. */
export async function main(): Promise<void> {
  process.exitCode = 1;
  const context = new Context(processStreams());
  process.exitCode = await run(context, process.argv.slice(2));
}

async function run(context: Context, argv: readonly string[]): Promise<number> {
  let code: number;
  try {
    code = await runProgram(context, argv);
  } catch (error) {
    code = concludeError(context, error);
  }
  try {
    await context.close();
  } catch (error) {
    code ||= concludeError(context, error);
  }
  return code;
}
