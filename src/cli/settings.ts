/** What a command runs with: flags first, then the environment, then defaults (DESIGN section 7). */
import { userInfo } from 'node:os';
import { parseKey } from '../core/index.ts';
import { Fault } from '../stockroom/fault.ts';
import { parseSpan } from './moments.ts';
import type { PlaceFlags } from './place.ts';

/** The flags that every command takes. */
export interface CommonFlags extends PlaceFlags {
  readonly actor?: string;
  readonly input?: boolean;
  readonly color?: boolean;
  readonly output?: string;
  readonly json?: boolean;
  readonly fields?: string;
  readonly quiet?: boolean;
  readonly timeout?: string;
  readonly debug?: boolean;
}

/** The flags that commands which change something take besides. */
export interface ChangeFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly operationId?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

/** Who acts: `--actor`, else EARMARK_ACTOR, else the operating system's user. */
export function actorOf(flags: CommonFlags, env: NodeJS.ProcessEnv): string {
  const named =
    flags.actor ?? (env['EARMARK_ACTOR'] === '' ? undefined : env['EARMARK_ACTOR']) ?? systemUser(env);
  const parsed = parseKey(named);
  if ('problem' in parsed)
    throw new Fault('input', `the actor's name ${parsed.problem}; set --actor or EARMARK_ACTOR`);
  return parsed.key;
}

function systemUser(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under an id that has no name.
    return env['USER'] ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** `--timeout` in milliseconds. */
export function timeoutOf(flags: CommonFlags): number | undefined {
  if (flags.timeout === undefined) return undefined;
  const span = parseSpan(flags.timeout);
  if (span === undefined)
    throw new Fault('input', `--timeout ${flags.timeout} is not a span such as 30s or 2m`);
  return span;
}
