// Loads nothing, so that the place where errors become exit codes can import it without paying for inquirer.

/** The person left a prompt with Esc: nothing was chosen, nothing may be done. Commands answer it with exit code 3. */
export class PromptLeft extends Error {
  override readonly name = 'PromptLeft';

  constructor(message = 'left without an answer') {
    super(message);
  }
}

/** Whether an error means that a prompt was interrupted: Ctrl-C, Ctrl-D, or its terminal went away. Exit code 130. */
export function isInterrupted(error: unknown): boolean {
  // By name, because the class belongs to inquirer, which is loaded only when a prompt is needed.
  return error instanceof Error && error.name === 'ExitPromptError';
}
