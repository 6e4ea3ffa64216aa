/** What `reserve` and `ship` ask a person for: the order, its line, and labels for it. */
import {
  formatQuantity,
  fromDecimal,
  type LabelDocument,
  type LineDocument,
  LIVE_STATUSES,
  minus,
  type OrderDocument,
  type OrderStatus,
  plainScan,
  type Refusal,
  sentenceOf,
  total,
} from '../../core/index.ts';
import type { OrderSummary } from '../../stockroom/queries.ts';
import type { Context } from '../context.ts';
import { concludeAnswer, concludeRefusal } from '../exit.ts';
import type { LookedUp, PickRow, PickSort } from '../prompts/index.ts';
import { measured } from '../present/words.ts';
import { labelMeant, orderMeant } from '../scan/meaning.ts';
import { firstRows } from './first-rows.ts';

/** Asks for an order by number or customer: one of these statuses, or of any. */
export async function askOrder(
  context: Context,
  message: string,
  missing: string,
  status: readonly OrderStatus[] | null = LIVE_STATUSES,
): Promise<string> {
  const prompts = await context.prompts(missing);
  const stockroom = await context.stockroom();
  const row = await prompts.pickOne({
    message,
    noun: 'order',
    columns: ['order', 'customer', 'due', 'status', 'open lines', 'reserved'],
    rows: async (text, signal) => {
      const query = { search: plainScan(text), ...(status === null ? {} : { status }) };
      return await firstRows(stockroom.orders(query), orderRow, signal);
    },
    exact: async (text) => {
      const order = await orderMeant(stockroom, text);
      return order === undefined ? undefined : { key: order.number, names: [], cells: [] };
    },
  });
  return row.key;
}

function orderRow(order: OrderSummary): PickRow {
  const { number, customer, due, status, openLines, reservedLabels } = order;
  const cells = [number, customer ?? '', due ?? '', status, String(openLines), String(reservedLabels)];
  return { key: number, names: [], cells };
}

export type AskedLabels =
  | { readonly labels: readonly string[]; readonly line: number }
  | { readonly refusal: true; readonly exitCode: number };

/** Asks which line of the order, if several need labels, and which labels for it. */
export async function askLabels(
  context: Context,
  order: string,
  wantedLine: number | undefined,
): Promise<AskedLabels> {
  const prompts = await context.prompts('name the labels, or let --auto choose them');
  const stockroom = await context.stockroom();
  const choice = wantedLine === undefined ? {} : { line: wantedLine };
  // Asking for no labels tells whether the order and line can take any, before anybody chooses.
  const probe = await stockroom.reserve(
    { order, labels: [] },
    { operation: 'probe', actor: 'probe', dryRun: true },
  );
  if (probe.order === null || probe.code !== 'no_labels_chosen')
    return refused(concludeAnswer(context, probe));
  const line = await askLine(context, probe.order, wantedLine);
  if ('code' in line) return refused(concludeRefusal(context, line));
  const rows: LabelRow[] = [];
  for await (const batch of stockroom.labels({ item: line.item, status: ['active'], sort: 'created' })) {
    rows.push(...batch.map(labelRow));
  }
  const dated = rows.some(({ label }) => label.lot !== null || label.expiry !== null);
  const picked = await prompts.pickMany({
    message: `Labels of ${line.item} for ${order} line ${line.line}, which is short of ${measured(line.shortfall, line.unit)}`,
    noun: 'label',
    columns: ['label', 'created', 'location', 'bin', 'available', ...(dated ? ['lot', 'expiry'] : [])],
    rows: dated ? rows : rows.map((row) => ({ ...row, cells: row.cells.slice(0, 5) })),
    sorts: SORTS,
    footer: (chosen) =>
      runningTotal(
        chosen.map(({ label }) => label),
        line,
      ),
    lookUp: async (text) => await lookUp(context, text, order, choice),
  });
  prompts.close();
  return { labels: picked.map(({ key }) => key), line: line.line };
}

type LabelRow = PickRow & { readonly label: LabelDocument };

/** How the choices may stand; the oldest first, as they are asked for. */
const SORTS: readonly PickSort<LabelRow>[] = [
  { name: 'age', by: ({ label }) => label.created ?? NO_DATE },
  { name: 'expiry', by: ({ label }) => label.expiry ?? NO_DATE },
  { name: 'bin', by: ({ label }) => placeKey(label) },
  { name: 'quantity', by: ({ label }) => -label.quantity },
];
/** A missing date sorts behind all others, as it does where labels are drawn from (DESIGN rule 9). */
const NO_DATE = '\uffff';

function placeKey({ location, bin }: LabelDocument): string {
  return `${location ?? ''}\n${bin ?? ''}`;
}

async function askLine(
  context: Context,
  order: OrderDocument,
  wanted: number | undefined,
): Promise<LineDocument | Refusal> {
  const refusal = refuseLine(order, wanted);
  if (refusal !== undefined) return refusal;
  const open = order.lines.filter(({ line, tracking, outstanding }) => {
    return (wanted === undefined || line === wanted) && tracking === 'serialized' && outstanding > 0;
  });
  const [first] = open;
  if (first === undefined) return { code: 'nothing_to_ship', order: order.number };
  if (open.length === 1) return first;
  const prompts = await context.prompts('say which line with --line');
  const row = await prompts.pickOne({
    message: `Which line of ${order.number}?`,
    noun: 'line',
    columns: ['line', 'item', 'name', 'outstanding', 'reserved', 'shortfall'],
    rows: open.map((line) => ({ key: String(line.line), names: [line.item], cells: lineCells(line) })),
  });
  return open.find(({ line }) => String(line) === row.key) ?? first;
}

/** Why labels can't be reserved on an order's line, or on any of its lines. */
export function refuseLine(order: OrderDocument, wanted: number | undefined): Refusal | undefined {
  const lines = wanted === undefined ? order.lines : order.lines.filter(({ line }) => line === wanted);
  const [line] = lines;
  if (line === undefined) {
    const known = order.lines.map((each) => each.line);
    return { code: 'line_not_found', order: order.number, line: wanted ?? 1, lines: known };
  }
  const serialized = lines.filter(({ tracking }) => tracking === 'serialized');
  const facts = { order: order.number, line: line.line, item: line.item };
  if (serialized.length === 0) return { code: 'item_not_serialized', ...facts };
  if (serialized.every(({ outstanding }) => outstanding === 0))
    return { code: 'line_already_shipped', ...facts, label: null };
  return undefined;
}

function lineCells(line: LineDocument): string[] {
  const amounts = [line.outstanding, line.reserved, line.shortfall].map((amount) =>
    measured(amount, line.unit),
  );
  return [String(line.line), line.item, line.itemName, ...amounts];
}

function labelRow(label: LabelDocument): LabelRow {
  const { number, code, created, location, bin, available, unit, lot, expiry, expired } = label;
  const cells = [number, created, location, bin, measured(available, unit), lot, expiry].map(
    (cell) => cell ?? '',
  );
  const row = { key: number, names: code === null ? [] : [code], cells, label };
  return expired ? { ...row, note: 'expired' } : row;
}

/** `36 of 40, 4 missing`: how the choice compares with what the line is short of. */
function runningTotal(labels: readonly LabelDocument[], line: LineDocument): string {
  const chosen = total(labels.map(({ quantity }) => fromDecimal(quantity)));
  const need = fromDecimal(line.shortfall);
  const head = `${formatQuantity(chosen)} of ${formatQuantity(need)}`;
  if (chosen < need) return `${head}, ${formatQuantity(minus(need, chosen))} missing`;
  if (chosen > need) return `${head}, ${formatQuantity(minus(chosen, need))} surplus will be set aside too`;
  return head;
}

/** The label that a text stands for, which is chosen if it is among the choices; else why it is not. */
async function lookUp(
  context: Context,
  text: string,
  order: string,
  line: { readonly line?: number },
): Promise<LookedUp> {
  const stockroom = await context.stockroom();
  const { key } = await labelMeant(stockroom, text);
  const intent = { operation: 'probe', actor: 'probe', dryRun: true };
  const { refusals, code } = await stockroom.reserve({ order, labels: [key], ...line }, intent);
  const [refusal] = refusals;
  if (refusal !== undefined) return { why: sentenceOf(refusal, context.sayMoment).message };
  return code === 'already_reserved' ? { why: `${key} is reserved for ${order} already` } : { key };
}

function refused(exitCode: number): AskedLabels {
  return { refusal: true, exitCode };
}
