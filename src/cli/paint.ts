/** Colour, when the terminal and the user want it. Nothing is ever said by colour alone. */
import type { Output } from './streams.ts';

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

const same = (text: string): string => text;

export const plain: Paint = { bold: same, dim: same, good: same, bad: same, warn: same };

/** `--no-color` before NO_COLOR before FORCE_COLOR before whether it is a terminal (DESIGN section 7). */
export function wantsColor(output: Output, env: NodeJS.ProcessEnv, flag: boolean | undefined): boolean {
  if (flag === false) return false;
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return output.isTerminal && env['TERM'] !== 'dumb';
}

/** Chalk decides by its own rules whether to colour, and does not know NO_COLOR; so it is told. */
export async function paintFor(colored: boolean): Promise<Paint> {
  if (!colored) return plain;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  // One argument each: chalk's own functions join all that they are given, and would take the index of a map, too.
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
  };
}
