import { describe, expect, it } from 'vitest';
import {
  CHECK_NAMES,
  clockFindings,
  competition,
  diskFindings,
  DiagnosisReport,
  endedOrder,
  type Finding,
  type HoldFact,
  type HoldingLine,
  type ItemFacts,
  type Judging,
  MOST_FINDINGS,
  type PlaceFacts,
  plainFinding,
  planRepair,
  type RepairStep,
  type ShortLineFact,
  writableFindings,
} from '../../src/core/index.ts';
import { NOON, q, ROLL, TODAY } from '../support/stock.ts';

const DAY = 24 * 3_600_000;
const judging: Judging = { now: NOON, today: TODAY, stale: 14 * DAY };

function hold(label: string, quantity: number, over: Partial<HoldFact> = {}): HoldFact {
  return {
    label,
    quantity: q(quantity),
    expiry: null,
    since: NOON - DAY,
    by: 'erin',
    operation: 'op-0',
    ...over,
  };
}

function holding(
  number: string,
  ordered: number,
  holds: readonly HoldFact[],
  over: Partial<HoldingLine['order']> = {},
): HoldingLine {
  const order = {
    number,
    customer: null,
    status: 'open',
    due: null,
    lastEventAt: NOON - DAY,
    ...over,
  } as const;
  return { order, line: 1, ordered: q(ordered), shipped: q(0), holds };
}

function short(order: string, missing: number, due: string | null = null): ShortLineFact {
  return { order, line: 1, customer: null, due, missing: q(missing) };
}

function facts(lines: readonly HoldingLine[], lacking: readonly ShortLineFact[], free = 0): ItemFacts {
  const missing = q(lacking.reduce((sum, each) => sum + each.missing / 1e6, 0));
  return { item: ROLL, free: q(free), lines, short: lacking, shortLines: lacking.length, missing };
}

/** Each finding in one line: its check, where, the labels, and who would be helped by how much. */
function told(item: ItemFacts): string[] {
  return competition(item, judging).map(({ check, thing, labels, short: helped }) => {
    const gives = labels.map(({ label }) => label).join(' ');
    const takes = helped.map(({ order, covered }) => `${order} ${covered}`).join(', ');
    return [check, thing.order, gives, takes].filter((part) => part !== '').join(' · ');
  });
}

describe('who holds what others need', () => {
  const rows: readonly (readonly [name: string, ItemFacts, readonly string[]])[] = [
    ['nothing is held', facts([], [short('SO-2', 5)]), []],
    [
      'a line holds just what it needs',
      facts([holding('SO-1', 10, [hold('a', 10)])], [short('SO-2', 5)]),
      [],
    ],
    [
      'a label is larger than the need, and no label can go',
      facts([holding('SO-1', 3, [hold('a', 100)])], [short('SO-2', 5)]),
      ['surplus · SO-1'],
    ],
    [
      'a whole label can go, and nobody misses it',
      facts([holding('SO-1', 10, [hold('a', 10), hold('b', 4)])], []),
      ['surplus · SO-1 · b'],
    ],
    [
      'a whole label can go to another order',
      facts([holding('SO-1', 10, [hold('a', 10), hold('b', 4)])], [short('SO-2', 4)]),
      ['surplus-needed · SO-1 · b · SO-2 4'],
    ],
    [
      'as many labels can go as leave the line covered: the largest that fit',
      facts(
        [holding('SO-1', 10, [hold('a', 10), hold('b', 6), hold('c', 5), hold('d', 1)])],
        [short('SO-2', 50)],
      ),
      ['surplus-needed · SO-1 · a d · SO-2 11'],
    ],
    [
      'it covers those that it covers whole, in their order, and of the others none in part',
      facts(
        [holding('SO-1', 1, [hold('a', 1), hold('b', 9)])],
        [short('SO-2', 20), short('SO-3', 5), short('SO-4', 4), short('SO-5', 1)],
      ),
      ['surplus-needed · SO-1 · b · SO-3 5, SO-4 4'],
    ],
    [
      'the line is short itself: it is no competitor of its own',
      facts([holding('SO-1', 10, [hold('a', 4)])], [short('SO-1', 6)]),
      [],
    ],
    [
      'what is past its expiry covers nothing, and helps nobody',
      facts(
        [holding('SO-1', 10, [hold('a', 10), hold('b', 10, { expiry: '2026-11-22' })])],
        [short('SO-2', 5)],
      ),
      [],
    ],
    [
      'what expires today still counts',
      facts([holding('SO-1', 10, [hold('a', 10), hold('b', 10, { expiry: TODAY })])], [short('SO-2', 5)]),
      ['surplus-needed · SO-1 · a · SO-2 5'],
    ],
    [
      'an order was forgotten while another is short',
      facts([holding('SO-1', 10, [hold('a', 10)], { lastEventAt: NOON - 15 * DAY })], [short('SO-2', 5)]),
      ['stale-needed · SO-1 · a · SO-2 5'],
    ],
    [
      'an order was forgotten for exactly two weeks: not yet',
      facts([holding('SO-1', 10, [hold('a', 10)], { lastEventAt: NOON - 14 * DAY })], [short('SO-2', 5)]),
      [],
    ],
    [
      'a partially shipped order is not forgotten',
      facts(
        [holding('SO-1', 10, [hold('a', 10)], { status: 'partially_shipped', lastEventAt: NOON - 15 * DAY })],
        [short('SO-2', 5)],
      ),
      [],
    ],
    [
      'an order was forgotten, and only it is short itself',
      facts([holding('SO-1', 10, [hold('a', 5)], { lastEventAt: NOON - 15 * DAY })], [short('SO-1', 5)]),
      ['stale-held · SO-1 · a'],
    ],
    [
      'what can go anyway is not told again as forgotten',
      facts(
        [holding('SO-1', 10, [hold('a', 10), hold('b', 5)], { lastEventAt: NOON - 15 * DAY })],
        [short('SO-2', 5)],
      ),
      ['surplus-needed · SO-1 · b · SO-2 5', 'stale-needed · SO-1 · a · SO-2 5'],
    ],
    [
      'orders past due get what they need, no label twice',
      facts(
        [holding('SO-1', 10, [hold('a', 10), hold('b', 5), hold('c', 5)])],
        [short('SO-2', 5, '2026-11-01'), short('SO-3', 3, '2026-11-02'), short('SO-4', 3, '2026-11-03')],
      ),
      ['surplus-needed · SO-1 · a · SO-2 5, SO-3 3', 'past-due-coverable · SO-2 · a · SO-2 5'],
    ],
    [
      'a past-due order is helped by what closes its need with the least label',
      facts(
        [holding('SO-1', 0, [hold('a', 2), hold('b', 7), hold('c', 9)])],
        [short('SO-2', 10, '2026-11-01')],
      ),
      ['surplus-needed · SO-1 · a b c · SO-2 10', 'past-due-coverable · SO-2 · c a · SO-2 10'],
    ],
  ];
  it.each(rows)('%s', (_, item, expected) => {
    expect(told(item)).toEqual(expected);
  });

  it('names a command that frees the labels, up to what anybody pastes', () => {
    const labels = Array.from({ length: 9 }, (_, at) => hold(`L-${at}`, 1));
    const fixOf = (holds: readonly HoldFact[], ordered: number) => {
      const [finding] = competition(facts([holding('SO-1', ordered, holds)], [short('SO-2', 20)]), judging);
      return finding?.fix;
    };
    expect(fixOf(labels.slice(0, 8), 0)).toMatchObject({
      verb: 'unreserve',
      flags: ['--expect-order', 'SO-1'],
    });
    expect(fixOf(labels, 0)).toMatchObject({ keys: [], flags: ['--order', 'SO-1', '--line', '1'] });
    expect(fixOf([...labels, hold('L-9', 1)], 1)).toMatchObject({ verb: 'diagnose', keys: ['order/SO-1'] });
  });
});

describe('an order that has ended', () => {
  const order = {
    order: 'SO-1',
    customer: 'Acme',
    status: 'closed',
    holds: [{ ...hold('a', 1), line: 2, item: ROLL }],
  } as const;

  it('is told with who ended it', () => {
    const ended = { at: NOON, by: 'nightly', verb: 'import', operation: 'night' };
    const { message, facts: known, fix } = endedOrder({ ...order, ended });
    expect(message).toBe('SO-1 (Acme) is closed and still holds 1 label');
    expect(known).toMatchObject({ by: 'nightly', operation: 'night' });
    expect(fix).toMatchObject({ verb: 'unreserve' });
  });

  it('is put back first if history does not tell of its end', () => {
    const { message, fix } = endedOrder({ ...order, ended: null });
    expect(message).toMatch(/but history does not tell of its end$/);
    expect(fix).toMatchObject({ verb: 'diagnose', flags: ['--fix'] });
  });
});

describe('the place', () => {
  const place: PlaceFacts = {
    ...{ file: '/data/a.db', fileWritable: true, folder: '/data', folderWritable: true },
    ...{ user: 'kim', size: 1e6, free: 1e12 },
  };
  const messages = (found: readonly Finding[]) => found.map(({ message }) => message);

  it.each([
    ['both can be written', {}, []],
    ['what can not be asked is no finding', { fileWritable: null, folderWritable: null }, []],
    ['the file', { fileWritable: false }, ['/data/a.db can not be written by kim']],
    ['the folder', { folderWritable: false }, ['/data can not be written by kim']],
  ])('writable: %s', (_, over, says) => {
    expect(messages(writableFindings({ ...place, ...over }))).toEqual(says);
  });

  it.each([
    ['plenty', {}, []],
    ['unknown', { free: null }, []],
    ['little', { free: 50 * 1024 * 1024 }, ['the disk of /data has 50 MB left']],
    ['little for so large a file', { free: 5e9, size: 6e10 }, ['the disk of /data has 4768 MB left']],
  ])('disk: %s', (_, over, says) => {
    expect(messages(diskFindings({ ...place, ...over }))).toEqual(says);
  });

  it.each([
    ['as it should be', NOON, NOON, []],
    ['a little behind', NOON + 60_000, NOON + 60_000, []],
    [
      'behind history',
      NOON + 3 * DAY,
      null,
      [expect.stringMatching(/^operation op-1 is 3 days in the future/)],
    ],
    ['behind a server', null, NOON + 3_600_000, ['this clock is 60 minutes behind that of the server']],
    [
      'ahead of a server',
      null,
      NOON - 10 * 3_600_000,
      ['this clock is 10 hours ahead of that of the server'],
    ],
  ])('clock: %s', (_, last, other, says) => {
    const latest = last === null ? null : { at: last, operation: 'op-1' };
    const theirs = other === null ? null : { whose: 'the server', now: other };
    expect(messages(clockFindings(NOON, latest, theirs))).toEqual(says);
  });
});

describe('the report', () => {
  const finding = (check: Finding['check'], over: Partial<Finding> = {}): Finding => {
    return { ...plainFinding(check, 'something'), ...over };
  };

  it('tells problems first, then in the order of the checks', () => {
    const report = new DiagnosisReport(undefined);
    report.add([finding('surplus'), finding('clock'), finding('expired-held')]);
    const answer = report.answer('op', NOON);
    expect(answer).toMatchObject({ healthy: false, problems: 2, notices: 1 });
    expect(answer.findings.map(({ check }) => check)).toEqual(['expired-held', 'clock', 'surplus']);
    expect(answer.checks.map(({ check }) => check)).toEqual(CHECK_NAMES);
  });

  it('counts all findings of a check, and tells some hundred', () => {
    const report = new DiagnosisReport(['rules']);
    report.add(Array.from({ length: MOST_FINDINGS + 7 }, () => finding('rules')));
    report.add([finding('clock')]);
    const answer = report.answer('op', NOON);
    expect(answer.findings).toHaveLength(MOST_FINDINGS);
    expect(answer.checks).toMatchObject([{ check: 'rules', findings: MOST_FINDINGS + 7 }]);
  });

  it('gives each fix that is an operation a name of its own, with how to undo it', () => {
    const report = new DiagnosisReport(undefined);
    report.add([
      finding('rules', { fix: { kind: 'operation', verb: 'unreserve', keys: ["it's"], flags: [] } }),
      finding('schema-version', { fix: { kind: 'command', command: 'earmark init' } }),
      finding('clock'),
      finding('disk-space', { fix: { kind: 'operation', verb: 'undo', keys: ['x'], flags: [] } }),
    ]);
    const fixes = report.answer('op', NOON).findings.map(({ fix, undo }) => [fix, undo]);
    expect(fixes).toEqual([
      ["earmark unreserve 'it'\\''s' --operation-id op/1", 'earmark undo op/1'],
      ['earmark init', null],
      [null, null],
      ['earmark undo x --operation-id op/2', 'earmark undo op/2'],
    ]);
  });

  it('says why a check was not made', () => {
    const report = new DiagnosisReport(['integrity', 'clock']);
    report.notRun('integrity', 'because');
    report.notRun('rules', 'because');
    expect(report.answer('op', NOON).checks).toMatchObject([
      { check: 'integrity', result: 'not_run', reason: 'because' },
      { check: 'clock', result: 'passed', reason: null },
    ]);
  });
});

describe('the plan of a fix', () => {
  const free = (label: string, order = 'SO-1'): RepairStep => {
    return { do: 'free', because: 'expired-held', label, order, line: 1, since: 'then' };
  };
  const of = (check: Finding['check'], ...repair: readonly RepairStep[]): Finding => ({
    ...plainFinding(check, 'something'),
    repair,
  });
  const labels = (steps: readonly RepairStep[]) =>
    steps.map((step) => ('label' in step ? step.label : step.do));

  it('does each thing once, in the order of what it is about', () => {
    const findings = [of('expired-held', free('b'), free('a')), of('surplus-needed', free('a'))];
    expect(labels(planRepair(findings, false))).toEqual(['a', 'b']);
  });

  it('leaves notices out unless they count', () => {
    const findings = [of('surplus', free('a')), of('expired-held', free('b'))];
    expect(labels(planRepair(findings, false))).toEqual(['b']);
    expect(labels(planRepair(findings, true))).toEqual(['a', 'b']);
  });

  it('frees nothing of an order or label that is put back: that can only be told afterwards', () => {
    const status: RepairStep = {
      ...{ do: 'put_back', because: 'history-state', thing: { kind: 'order', order: 'SO-1' } },
      ...{ found: { status: 'closed' }, said: { status: 'open' } },
    };
    const findings = [of('ended-order-holds', free('a'), free('b', 'SO-2')), of('history-state', status)];
    expect(labels(planRepair(findings, false))).toEqual(['b', 'put_back']);
  });

  it('settles a gap of what is put back by that alone', () => {
    const holder: RepairStep = {
      do: 'put_back_holder',
      because: 'history-state',
      label: 'a',
      found: null,
      said: null,
    };
    const gap: RepairStep = {
      do: 'accept',
      because: 'history-chain',
      thing: { kind: 'label', label: 'a' },
      field: 'holder',
    };
    expect(planRepair([of('history-chain', gap), of('history-state', holder)], false)).toEqual([holder]);
    expect(planRepair([of('history-chain', gap)], false)).toEqual([gap]);
  });
});
