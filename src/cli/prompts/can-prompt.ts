// Loads nothing, so that every command can ask without paying for inquirer.

interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/**
 * Whether a person can be asked (DESIGN 7): standard input and standard error are terminals, and neither --no-input,
 * EARMARK_NO_INPUT nor CI says otherwise. A variable that is empty, `0` or `false` says nothing.
 */
export function canPrompt(
  env: Readonly<Record<string, string | undefined>>,
  stdin: MaybeTerminal,
  stderr: MaybeTerminal,
  noInput = false,
): boolean {
  if (noInput || isOn(env['EARMARK_NO_INPUT']) || isOn(env['CI'])) return false;
  return stdin.isTTY === true && stderr.isTTY === true;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
