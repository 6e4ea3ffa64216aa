/** A word as a POSIX shell takes it, so that every command earmark prints can be pasted. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `earmark` with its arguments; a key that begins with a dash would be read as a flag, so it goes behind `--`. */
export function commandLine(verb: string, keys: readonly string[], flags: readonly string[] = []): string {
  const dashed = keys.some((key) => key.startsWith('-'));
  const words = dashed ? [...flags, '--', ...keys] : [...keys, ...flags];
  return ['earmark', verb, ...words.map(shellWord)].join(' ');
}
