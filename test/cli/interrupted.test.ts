import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { type Desk, finished, leaveDesks, openDesk } from '../support/cli.ts';

const LABELS = 60_000;

afterAll(leaveDesks);

async function deskWithFiles(): Promise<Desk> {
  const desk = await openDesk('none');
  desk.write('items.csv', 'sku,name,tracking\nREEL,Reel,serialized\n');
  const rows = Array.from({ length: LABELS }, (_, at) => `R-${at},REEL,1,${at % 40}\n`);
  desk.write('labels.csv', `label,sku,quantity,bin\n${rows.join('')}`);
  expect((await desk.earmark(['init', '--quiet'])).code).toBe(0);
  return desk;
}

/** Looks at the file as another program would, until the import has written some of its labels. */
async function untilHalfDone(desk: Desk): Promise<void> {
  const db = new Database(desk.db, { readonly: true });
  try {
    while (count(db) === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  } finally {
    db.close();
  }
}

function count(db: Database.Database): number {
  return db.prepare<[], number>('select count(*) from labels').pluck().get() ?? 0;
}

describe('an import that is interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGKILL', 137],
  ] as const)('%s: exit %i, the file is consistent, and the next run finishes it', async (signal, code) => {
    const desk = await deskWithFiles();
    const command = ['import', 'items.csv', 'labels.csv'];
    // Quiet, because a slow machine would say how far it is.
    const child = desk.start([...command, '--quiet']);
    const ended = finished(child);
    await untilHalfDone(desk);
    child.kill(signal);
    expect(await ended).toEqual({ stdout: '', stderr: '', code });

    const db = new Database(desk.db);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const half = count(db);
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(LABELS);
    db.close();

    const { stdout, code: again } = await desk.earmark(command);
    expect(again).toBe(0);
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'items\t0\t0\t1',
      `labels\t${LABELS - half}\t0\t${half}`,
    ]);
    expect((await desk.earmark(['list', 'labels', '--sort', 'bin', '--limit', '1'])).stdout).toContain(
      '\tREEL\tactive\t1\t',
    );
  });

  test('with --atomic: all or nothing', async () => {
    const desk = await deskWithFiles();
    const child = desk.start(['import', 'items.csv', 'labels.csv', '--atomic', '--quiet']);
    const ended = finished(child);
    // The write lock is taken once and kept, so whoever wants it has to wait.
    const db = new Database(desk.db, { timeout: 0 });
    while (!isLocked(db)) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect([count(db), isLocked(db)]).toEqual([0, false]);

    const seen = new Set<number>();
    let running = true;
    const whole = desk.earmark(['import', 'items.csv', 'labels.csv', '--atomic', '--quiet']).finally(() => {
      running = false;
    });
    for (; running; await new Promise((resolve) => setTimeout(resolve, 2))) seen.add(count(db));
    expect(await whole).toEqual({ stdout: '', stderr: '', code: 0 });
    expect([...seen.add(count(db))]).toEqual([0, LABELS]);
    db.close();
  });
});

function isLocked(db: Database.Database): boolean {
  try {
    db.exec('begin immediate; rollback');
    return false;
  } catch {
    return true;
  }
}

describe('who waits for a lock', () => {
  test('gives up at --timeout with 75, having done nothing', async () => {
    const desk = await openDesk('demo');
    const db = new Database(desk.db);
    db.exec('begin immediate');
    const { stdout, stderr, code } = await desk.earmark(['reserve', 'SO-1001', 'L-00001', '--timeout', '1s']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 75 });
    expect(stderr).toMatch(/\[busy\]\n$/);
    const problem = await desk.earmark(['reserve', 'SO-1001', 'L-00001', '--timeout', '0s', '--json']);
    expect(JSON.parse(problem.stderr)).toMatchObject({ code: 'busy', retryable: true });
    // Who only looks does not wait.
    expect(await desk.earmark(['find', 'L-00001'])).toMatchObject({ code: 0 });
    db.exec('rollback');
    db.close();
    expect((await desk.earmark(['find', 'L-00001'])).stdout).toContain('\tactive\t');
  });

  test('has its turn as soon as the lock is free', async () => {
    const desk = await openDesk('demo');
    const db = new Database(desk.db);
    db.exec('begin immediate');
    const waiting = desk.earmark(['reserve', 'SO-1001', 'L-00001']);
    const looking = await desk.earmark(['find', 'L-00001']);
    expect(looking.stdout).toContain('\tactive\t');
    db.exec('commit');
    db.close();
    expect((await waiting).code).toBe(0);
  });
});

describe('several processes at once', () => {
  test('one wins all the labels, and every other is told who has them', async () => {
    const desk = await openDesk('fixtures');
    const orders = Array.from({ length: 8 }, (_, at) => `SO-90${at}`);
    const stdin = `order,line,sku,quantity,customer\n${orders.map((order) => `${order},1,CABLE-25,900,Acme\n`).join('')}`;
    await desk.earmark(['import', '-'], { stdin });
    const labels = ['D-1001', 'D-1002', 'D-1003', 'D-1004'];
    const runs = await Promise.all(orders.map((order) => desk.earmark(['reserve', order, ...labels])));
    const winners = orders.filter((_, at) => runs[at]?.code === 0);
    expect(winners).toHaveLength(1);
    for (const { stdout, stderr, code } of runs.filter((run) => run.code !== 0)) {
      expect({ stdout, code }).toEqual({ stdout: '', code: 6 });
      expect(stderr.match(new RegExp(`is reserved for ${winners[0]} line 1 `, 'g'))).toHaveLength(
        labels.length,
      );
    }
    const held = await desk.earmark(['list', 'reservations', '--fields', 'reservation.order,number']);
    expect(held.stdout).toBe(labels.map((label) => `${winners[0]}\t${label}\n`).join(''));
  });
});
