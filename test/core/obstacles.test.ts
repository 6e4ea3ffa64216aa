/** Why an order, or a label, can not ship now. */
import { describe, expect, it } from 'vitest';
import { labelObstacles, type Obstacle, obstacleSentence, orderObstacles } from '../../src/core/index.ts';
import { BOLT, freeLabel, heldLabel, holder, line, order, q, TODAY } from '../support/stock.ts';

const YESTERDAY = '2026-11-22';

function said(obstacles: readonly Obstacle[]) {
  return obstacles.map((obstacle) => {
    const { message, next } = obstacleSentence(obstacle);
    return [message, ...next.map(({ command }) => command)];
  });
}

describe('an order', () => {
  const held = heldLabel(1, 'L-1', holder());
  const short = { ...line(1, { ordered: 12 }), reserved: q(10), reservedLabels: 1 };

  it('that is covered has nothing in its way', () => {
    const covered = { ...line(1, { ordered: 8 }), reserved: q(10), reservedLabels: 1 };
    const standard = line(2, { ordered: 100, of: BOLT });
    expect(orderObstacles(order({ lines: [covered, standard] }), [held], TODAY)).toEqual([]);
  });

  it.each([
    [
      'short of labels, and some are past their expiry',
      order({ lines: [short] }),
      [
        heldLabel(1, 'L-1', holder(), { expiry: YESTERDAY }),
        heldLabel(2, 'L-2', holder(), { expiry: TODAY }),
      ],
      [
        [
          'line 1 (ROLL) is short: 12 needed, 10 reserved, 2 kg missing',
          'earmark reserve SO-1 --line 1 --auto',
        ],
        ['past its expiry: L-1 (2026-11-22)', 'earmark ship SO-1 --allow-expired'],
      ],
    ],
    ['a draft', order({ status: 'draft', lines: [] }), [], [['SO-1 is a draft; shipping it is asked about']]],
    ['cancelled', order({ status: 'cancelled', lines: [short] }), [], [['SO-1 is cancelled']]],
    [
      'closed, and holding labels',
      order({ status: 'closed' }),
      [held, held],
      [['SO-1 is closed, and holds 2 labels that nobody can ship', 'earmark unreserve --order SO-1']],
    ],
    ['shipped', order({ status: 'shipped' }), [], []],
    [
      'shipped, and holding a label',
      order({ status: 'shipped' }),
      [held],
      [['SO-1 is shipped, and holds 1 label that nobody can ship', 'earmark unreserve --order SO-1']],
    ],
  ])('%s', (_, state, labels, expected) => {
    expect(said(orderObstacles(state, labels, TODAY))).toEqual(expected);
  });
});

describe('a label', () => {
  const open = order({ lines: [line(1, { ordered: 12 })] });
  const shipped = order({ lines: [line(1, { ordered: 12, shipped: 12 })] });
  const free = 'earmark unreserve L-1 --expect-order SO-1';

  it.each([
    ['that nobody holds ships with anybody', freeLabel(1, 'L-1'), null, []],
    ['empty', freeLabel(1, 'L-1', { quantity: 0, expiry: YESTERDAY }), null, [['L-1 is empty']]],
    [
      'past its expiry',
      freeLabel(1, 'L-1', { expiry: YESTERDAY }),
      null,
      [['past its expiry: L-1 (2026-11-22)']],
    ],
    ['that is held', heldLabel(1, 'L-1', holder()), open, [['it ships only with SO-1']]],
    [
      'that is held, and past its expiry',
      heldLabel(1, 'L-1', holder(), { expiry: YESTERDAY }),
      open,
      [
        ['it ships only with SO-1'],
        ['past its expiry: L-1 (2026-11-22)', 'earmark ship SO-1 --allow-expired'],
      ],
    ],
    [
      'held by an order that has ended',
      heldLabel(1, 'L-1', holder({ orderStatus: 'cancelled' })),
      open,
      [['SO-1, which holds it, is cancelled, so it ships with nobody', free]],
    ],
    [
      'held for a line that is shipped',
      heldLabel(1, 'L-1', holder()),
      shipped,
      [['line 1 of SO-1, which holds it, is shipped in full', free]],
    ],
  ])('%s', (_, state, holding, expected) => {
    expect(said(labelObstacles(state, holding, TODAY))).toEqual(expected);
  });
});
