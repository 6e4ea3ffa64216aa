/** What a scan means: a label, else an order, else a command word. Data always comes before words. */
import {
  type LabelDocument,
  type OrderDocument,
  plainScan,
  type Refusal,
  type ReserveAnswer,
  scanKeys,
} from '../../core/index.ts';
import type { Stockroom } from '../../stockroom/stockroom.ts';

export const SCAN_COMMANDS = ['undo', 'done', 'unreserve'] as const;
export type ScanCommand = (typeof SCAN_COMMANDS)[number];

export type Meaning =
  | { readonly kind: 'label'; readonly label: LabelDocument }
  | { readonly kind: 'order'; readonly order: OrderDocument }
  | { readonly kind: 'command'; readonly command: ScanCommand }
  | { readonly kind: 'unknown'; readonly text: string };

/**
 * Looks a scan up as a label number or code, then as an order number, and only then takes it for a command word, because a
 * label may be called `DONE`. With a `/` before it, a word is always a command: no key begins so.
 */
export async function meaningOf(stockroom: Stockroom, scan: string): Promise<Meaning> {
  const word = plainScan(scan);
  if (word.startsWith('/'))
    return commandNamed(word.slice(1).toLowerCase()) ?? { kind: 'unknown', text: word };
  const { label, key } = await labelMeant(stockroom, scan);
  if (label !== undefined) return { kind: 'label', label };
  const order = await orderMeant(stockroom, scan);
  if (order !== undefined) return { kind: 'order', order };
  const command = SCAN_COMMANDS.find((known) => known.toUpperCase() === word);
  if (command !== undefined) return { kind: 'command', command };
  return { kind: 'unknown', text: key };
}

interface LabelMeant {
  readonly label: LabelDocument | undefined;
  /** The label's number; without one, the key that is most like a label's. */
  readonly key: string;
  /** Why there is no label. */
  readonly refusal: Refusal | undefined;
}

/** The label that a scan or a typed text names, wherever only a label can be meant. */
export async function labelMeant(stockroom: Stockroom, scan: string): Promise<LabelMeant> {
  const { results, refusals } = await stockroom.find(scanKeys(scan));
  const [label] = results;
  if (label !== undefined) return { label, key: label.number, refusal: undefined };
  const plain = plainScan(scan);
  const refusal =
    refusals.find((each) => each.code === 'label_not_found' && each.near.length > 0) ??
    refusals.find((each) => each.code === 'label_not_found' && each.label === plain) ??
    refusals[0];
  return { label, key: refusal?.code === 'label_not_found' ? refusal.label : plain, refusal };
}

/** The order that a scan or a typed text names, wherever only an order can be meant. */
export async function orderMeant(stockroom: Stockroom, scan: string): Promise<OrderDocument | undefined> {
  for (const key of scanKeys(scan)) {
    const order = await orderNamed(stockroom, key);
    if (order !== null) return order;
  }
  return undefined;
}

function commandNamed(word: string): Meaning | undefined {
  const command = SCAN_COMMANDS.find((known) => known === word);
  return command === undefined ? undefined : { kind: 'command', command };
}

/** Asking for no labels tells whether there is such an order, and costs less than showing it. */
export async function orderNamed(stockroom: Stockroom, number: string): Promise<OrderDocument | null> {
  return (await probeOrder(stockroom, number)).order;
}

/** Its code is `no_labels_chosen` for an order that can reserve, else what stands against it. */
export async function probeOrder(stockroom: Stockroom, number: string): Promise<ReserveAnswer> {
  const intent = { operation: 'probe', actor: 'probe', dryRun: true };
  return await stockroom.reserve({ order: number, labels: [] }, intent);
}
