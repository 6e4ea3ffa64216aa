/**
 * The demo's warehouse: serialized and standard items, pieces and kilograms, lots and expiries, a draft, a partly shipped
 * order, an order that is short, and a label that two orders want.
 */
import type { ImportRows } from '../../core/index.ts';
import { isQuantity, parseQuantity, type Quantity } from '../../core/index.ts';

function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  if (!isQuantity(parsed)) throw new Error(`${text} ${parsed}`);
  return parsed;
}

export const ITEMS: readonly ImportRows['items'][] = [
  { sku: 'ROPE-8', name: 'Mooring rope 8 mm', unit: 'm', tracking: 'serialized' },
  { sku: 'OIL-20', name: 'Chain oil', unit: 'kg', tracking: 'serialized' },
  { sku: 'PUMP-3', name: 'Bilge pump', unit: 'each', tracking: 'serialized' },
  { sku: 'FLARE', name: 'Hand flare', unit: 'each', tracking: 'serialized' },
  { sku: 'BOLT-M8', name: 'Bolt M8', unit: 'each', tracking: 'standard' },
];

const LABEL_ROWS: readonly (readonly string[])[] = [
  // number, sku, quantity, location, bin, created, code, lot, expiry
  ['L-00001', 'ROPE-8', '100', 'Main', 'A-1', '2026-08-03', '4006381333931'],
  ['L-00002', 'ROPE-8', '100', 'Main', 'A-1', '2026-08-03', '4006381333948'],
  ['L-00003', 'ROPE-8', '62.5', 'Main', 'A-2', '2026-09-14', '4006381333955'],
  ['L-00004', 'ROPE-8', '18.25', 'Quay', 'Q-1', '2026-10-01', '4006381333962'],
  ['L-00011', 'OIL-20', '20', 'Main', 'C-4', '2026-07-20', '', 'OIL-7A', '2027-01-31'],
  ['L-00012', 'OIL-20', '20', 'Main', 'C-4', '2026-09-02', '', 'OIL-9B', '2027-06-30'],
  ['L-00013', 'OIL-20', '7.4', 'Main', 'C-5', '2026-09-02', '', 'OIL-9B', '2027-06-30'],
  ['L-00021', 'PUMP-3', '1', 'Main', 'B-2', '2026-06-11'],
  ['L-00022', 'PUMP-3', '1', 'Main', 'B-2', '2026-06-11'],
  ['L-00023', 'PUMP-3', '1', 'Main', 'B-3', '2026-10-19'],
  ['L-00031', 'FLARE', '12', 'Cage', 'X-1', '2023-02-01', '', 'F-22', '2026-02-28'],
  ['L-00032', 'FLARE', '24', 'Cage', 'X-1', '2025-11-01', '', 'F-25', '2028-10-31'],
  ['L-00033', 'FLARE', '0', 'Cage', 'X-2', '2024-05-01', '', 'F-24', '2027-04-30'],
];

export const LABELS: readonly ImportRows['labels'][] = LABEL_ROWS.map((cells) => {
  const [number = '', item = '', amount = '0', location = '', bin = '', created = '', code, lot, expiry] =
    cells;
  return {
    ...{ number, item, quantity: quantity(amount), location, bin, created },
    ...{ code: code || null, lot: lot || null, expiry: expiry || null },
  };
});

export const ORDERS: readonly ImportRows['orders'][] = [
  {
    number: 'SO-1001',
    customer: 'Harbour Supplies',
    ordered: '2026-11-02',
    due: '2026-11-27',
    status: 'open',
  },
  { number: 'SO-1002', customer: 'Nordic Marine', ordered: '2026-11-04', due: '2026-11-30', status: 'open' },
  { number: 'SO-1003', customer: 'Quay & Sons', ordered: '2026-11-09', due: '2026-12-04', status: 'draft' },
  {
    number: 'SO-1004',
    customer: 'Lighthouse Trust',
    ordered: '2026-10-21',
    due: '2026-11-13',
    status: 'partially_shipped',
  },
  {
    number: 'SO-1005',
    customer: 'Harbour Supplies',
    ordered: '2026-10-05',
    due: '2026-10-20',
    status: 'shipped',
  },
];

export const LINES: readonly ImportRows['lines'][] = [
  { order: 'SO-1001', line: 1, item: 'ROPE-8', ordered: quantity('120') },
  { order: 'SO-1001', line: 2, item: 'BOLT-M8', ordered: quantity('200') },
  { order: 'SO-1002', line: 1, item: 'ROPE-8', ordered: quantity('80') },
  { order: 'SO-1002', line: 2, item: 'PUMP-3', ordered: quantity('2') },
  { order: 'SO-1003', line: 1, item: 'OIL-20', ordered: quantity('25.5') },
  { order: 'SO-1003', line: 2, item: 'FLARE', ordered: quantity('12') },
  { order: 'SO-1004', line: 1, item: 'PUMP-3', ordered: quantity('3'), shipped: quantity('2') },
  { order: 'SO-1005', line: 1, item: 'OIL-20', ordered: quantity('20'), shipped: quantity('20') },
];
