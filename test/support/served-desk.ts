/** A desk whose warehouse is behind a server: the same file, the same clock, and a token for each person. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listen } from '../../src/http/server/listen.ts';
import { createServer } from '../../src/http/server/server.ts';
import type { Clock } from '../../src/stockroom/clock.ts';
import { LocalStockroom } from '../../src/stockroom/local.ts';
import { newToken } from '../../src/stockroom/tokens.ts';
import { openLedger } from './backends.ts';
import type { Desk, Started } from './cli.ts';

/**
 * Who acts over HTTP is the token's owner, so `--actor` chooses a token here, before earmark starts. Gives what stops the
 * server.
 */
export async function serveDesk(desk: Desk, people: readonly string[]): Promise<() => Promise<void>> {
  const ledger = await openLedger({ kind: 'sqlite', path: desk.db });
  const tokens = await ledger.tokens();
  const folder = join(desk.folder, 'tokens');
  mkdirSync(folder);
  for (const owner of people) {
    const { token, record } = newToken({ owner, role: 'admin', createdAt: 0, createdBy: 'the test' });
    await tokens.add(record);
    writeFileSync(join(folder, owner), token);
  }
  const clock = clockOf(desk);
  const served = createServer(new LocalStockroom(ledger, clock), { clock, tokens });
  const server = await listen(served, { port: 0, host: '127.0.0.1' });
  desk.place = { EARMARK_SERVER: server.url };
  desk.wrap(`
    person=$EARMARK_ACTOR
    for word in "$@"; do [ "$before" = --actor ] && person=$word; before=$word; done
    EARMARK_TOKEN=$(cat '${folder}'/"$person")
    export EARMARK_TOKEN`);
  return async () => {
    await server.stop(0);
    await ledger.close();
  };
}

/** Shows what the clock of a process at the desk shows. */
function clockOf(desk: Desk): Clock {
  let [shown, since] = ['', 0];
  const now = (): number => {
    if (desk.time !== shown) [shown, since] = [desk.time, Date.now()];
    return Date.parse(shown) + Date.now() - since;
  };
  return { now, today: () => new Date(now()).toISOString().slice(0, 10) };
}

/** `earmark serve` in a process of its own, over the desk's warehouse; gives where it listens. Whoever starts it kills it. */
export async function startServe(
  desk: Desk,
  flags: readonly string[] = [],
): Promise<{ readonly url: string; readonly process: Started }> {
  const process = desk.start(['serve', '--port', '0', '--quiet', ...flags]);
  process.stdout.setEncoding('utf8');
  const [line] = (await once(process.stdout, 'data')) as [string];
  return { url: line.trim(), process };
}
