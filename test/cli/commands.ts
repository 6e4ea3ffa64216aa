/** Every command, as the help lists them: `reserve`, …, `list labels`, … */
import { openDesk } from '../support/cli.ts';

async function listed(words: readonly string[]): Promise<string[]> {
  const { stdout } = await (await openDesk('none')).earmark([...words, '--help']);
  const [, ...sections] = stdout.split(/\n(?=[A-Z][a-z ]+:\n)/);
  const ofCommands = sections.filter(
    (section) => !/^(Options|For every command|Global Options|Examples):/.test(section),
  );
  const names = ofCommands.flatMap((section) =>
    [...section.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name),
  );
  return names.filter((name) => name !== 'help');
}

const top = await listed([]);

/** Commands that are groups of others. */
const groups = ['list', 'context', 'token'].filter((name) => top.includes(name));

const inGroups = groups.map(async (group) => (await listed([group])).map((name) => `${group} ${name}`));

export const commands: readonly string[] = [...top, ...(await Promise.all(inGroups)).flat()];
