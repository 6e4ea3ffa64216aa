/** A database's URL as people write it, and the secrets that may stand in it. */

export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

/** Whether a URL has a password, before its host or among its parameters. */
export function holdsPassword(text: string): boolean {
  return isUrl(text) && (/:\/\/[^@?#]*:[^@?#]*@/.test(text) || /[?&](ssl)?password=/i.test(text));
}

/** The URL without its password, and without the parameters, which may hold one too. */
export function withoutSecrets(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^(\w+:\/\/[^:@/]*):[^@]*@/, '$1@');
}
