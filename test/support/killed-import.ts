/**
 * An import in a process of its own that is killed, as by `kill -9`, as soon as so many rows are in the store.
 * Arguments: the store's address as JSON, and that number.
 */
import { systemClock } from '../../src/stockroom/clock.ts';
import { type Address, openDesk } from './backends.ts';
import { bigStock, bringRows, KILLED, rowsOf } from './warehouse.ts';

const [address = '', rows = ''] = process.argv.slice(2);
const room = await openDesk(JSON.parse(address) as Address, systemClock);
await bringRows(room, rowsOf(bigStock('after')), { releaseClosed: true }, KILLED, (phase, done) => {
  if (phase === 'imported' && done >= Number(rows)) process.kill(process.pid, 'SIGKILL');
});
