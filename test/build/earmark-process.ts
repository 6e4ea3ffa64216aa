import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

export const dist: string = join(packageRoot, 'dist');
export const executable: string = join(packageRoot, 'bin', 'earmark.js');

/** Runs the built earmark to its end, with nothing of this machine's environment but the path, and what is given. */
export function earmark(args: string[], env: Record<string, string> = {}) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  return { status, signal, stdout, stderr };
}
