import type { Terminal } from '../support/terminal.ts';
import { restored } from './asked.ts';

/** What a scanning session of the harness shows when it is there. */
export const READY = 'SO-1 scan 0 >';

/** The scans that were taken, from what the session says at its end. */
export async function taken(on: Terminal): Promise<string[]> {
  await restored(on);
  const [, list] = /^took (\[.*\])$/m.exec(whole(on)) ?? [];
  return JSON.parse(list ?? '["nothing was said"]');
}

/** All that was printed; lines that the terminal has wrapped are put together again. */
export function whole(on: Terminal): string {
  return on
    .raw()
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/\r+\n/g, '\n')
    .replace(/\r/g, '\n');
}
