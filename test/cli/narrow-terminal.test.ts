import { afterAll, expect, test } from 'vitest';
import { leaveDesks, openDesk } from '../support/cli.ts';

afterAll(leaveDesks);

const LEFT = ['LINE', 'ITEM'];
const RIGHT = ['OUTSTANDING', 'RESERVED', 'BALANCE'];

test.each([
  [120, [...LEFT, 'NAME', 'ORDERED', 'SHIPPED', ...RIGHT, 'RESERVED LABELS']],
  [85, [...LEFT, 'ORDERED', ...RIGHT, 'RESERVED LABELS']],
  [60, [...LEFT, ...RIGHT]],
])('%i columns have room for these of the lines of an order', async (cols, titles) => {
  const desk = await openDesk('demo');
  await desk.earmark(['reserve', 'SO-1001', 'L-00001', 'L-00003']);
  const on = desk.terminal('exec earmark show SO-1001', { cols, rows: 40, env: { NO_COLOR: '1' } });
  expect(await on.exit).toMatchObject({ code: 0 });
  const shown = on.transcript();
  const at = shown.findIndex((line) => line.startsWith('LINE'));
  expect(shown[at]?.split(/ {2,}/)).toEqual(titles);
  // None is broken in two.
  expect(shown[at + 1]).toMatch(/^ +1 +ROPE-8 .*surplus/);
  expect(shown[at + 2]).toMatch(/^ +2 +BOLT-M8 .*by quantity$/);
});
