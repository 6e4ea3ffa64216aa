/** What a PostgreSQL database says of itself, each broken state made by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckName } from '../../src/core/index.ts';
import type { Stockroom } from '../../src/stockroom/stockroom.ts';
import { initLedger, openDesk, type PostgresAddress, ScriptedClock } from '../support/backends.ts';
import { freshAddress, rawly } from '../support/postgres-for-tests.ts';
import { intent, seed, WAREHOUSE } from '../support/warehouse.ts';

/** A schema of its own for each test, which nobody uses afterwards: its tables are changed. */
let address: PostgresAddress;
let room: Stockroom;
const clock = new ScriptedClock();
beforeEach(async () => {
  address = await freshAddress();
  await initLedger(address);
  room = await openDesk(address, clock);
  await seed(room, WAREHOUSE);
  await room.reserve({ order: 'SO-2', labels: ['L-3', 'P-1'] }, intent());
});
afterEach(async () => await room.close());

async function sql(statement: string): Promise<void> {
  await rawly(address, async (client) => {
    await client.query(`set session_replication_role = replica; ${statement}`);
  });
}

async function messages(check: CheckName): Promise<string[]> {
  const { findings } = await room.diagnose({ stale: 1e10, operation: 'seen', checks: [check] });
  return findings.map(({ message }) => message);
}

it('reads every table whole, and finds nothing in a healthy one', async () => {
  expect(await messages('integrity')).toEqual([]);
});

describe('constraints', () => {
  it.each([
    ['an index that was dropped', 'drop index labels_choices', /^index labels_choices of labels is missing/],
    [
      'a constraint that was dropped',
      'alter table reservations drop constraint reservations_line',
      /^constraint reservations_line of reservations is missing/,
    ],
    [
      'a constraint that does not hold what was there before',
      `alter table reservations drop constraint reservations_line;
        alter table reservations add constraint reservations_line foreign key (line_id, item_id)
          references order_lines (id, item_id) not valid`,
      /^constraint reservations_line of reservations is not valid/,
    ],
    [
      'a constraint that says something else',
      `alter table reservations drop constraint reservations_line;
        alter table reservations add constraint reservations_line foreign key (line_id) references order_lines (id)`,
      /^constraint reservations_line of reservations is not as earmark made it/,
    ],
    [
      'a constraint that was added',
      'alter table labels add constraint small check (quantity < 1000000000000)',
      /^constraint small of labels was added/,
    ],
    [
      'a column that was changed',
      'alter table labels alter column bin set not null',
      /^table labels is not as/,
    ],
  ])('%s', async (_, statement, says) => {
    expect(await messages('constraints')).toEqual([]);
    await sql("update labels set bin = '' where bin is null");
    await sql(statement);
    expect(await messages('constraints')).toContainEqual(expect.stringMatching(says));
  });

  it('an index of somebody else that refuses nothing is fine', async () => {
    await sql('create index by_bin on labels (bin)');
    expect(await messages('constraints')).toEqual([]);
  });
});

it('finds rows that refer to none, which were written while nothing was checked', async () => {
  expect(await messages('foreign-keys')).toEqual([]);
  await sql("delete from labels where number = 'L-3'");
  expect(await messages('foreign-keys')).toEqual([
    'a row of events refer to rows of labels that are not there',
    'a row of reservations refer to rows of labels that are not there',
  ]);
});

it('has the clock of its server', async () => {
  expect(await messages('clock')).toEqual([]);
  clock.move(3_600_000);
  expect(await messages('clock')).toEqual([
    expect.stringMatching(/^this clock is 60 minutes ahead of that of /),
  ]);
});

it('says what only a file has', async () => {
  const { checks } = await room.diagnose({ stale: 1, operation: 'seen', checks: ['writable', 'disk-space'] });
  expect(checks.map(({ result, reason }) => [result, reason])).toEqual([
    ['not_run', 'the database is kept by a server of its own'],
    ['not_run', 'the database is kept by a server of its own'],
  ]);
});
