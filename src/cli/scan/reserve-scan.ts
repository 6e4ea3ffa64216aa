/** `reserve ORDER --scan`: every scan is a durable operation of its own, and is answered by one line. */
import {
  type Envelope,
  formatDecimal,
  type LineDocument,
  type OrderDocument,
  type Refusal,
  type ReserveAnswer,
} from '../../core/index.ts';
import type { Intent, Stockroom } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { refuseLine } from '../ask/ask-reserve.ts';
import { concludeAnswer, concludeRefusal } from '../exit.ts';
import { measured, orderPhrase } from '../present/words.ts';
import { type Desk, openDesk, type SessionEnd } from './desk.ts';
import { meaningOf, orderNamed, probeOrder, type ScanCommand } from './meaning.ts';
import { type Missing, shortRefusal, Tally } from './session.ts';

interface Done {
  readonly label: string;
  readonly order: string;
}

/** Runs a session and gives the exit code. */
export async function scanReserve(
  context: Context,
  order: string,
  line: number | undefined,
  group: Intent,
): Promise<number> {
  const stockroom = await context.stockroom();
  const probe = await probeOrder(stockroom, order);
  if (probe.order === null || probe.code !== 'no_labels_chosen') return concludeAnswer(context, probe);
  const refusal = refuseLine(probe.order, line);
  if (refusal !== undefined) return concludeRefusal(context, refusal);
  const tally = new Tally(group);
  const desk = await openDesk(context, tally);
  const session = new ReserveScan(context, stockroom, desk, tally, probe.order, line);
  try {
    const ended = await desk.run(
      () => session.message(),
      async (scan, waiting) => await session.take(scan, waiting),
      (scan) => session.missed(scan),
    );
    return session.exitCode(ended);
  } finally {
    // Also when a scan has failed: what was answered before is there.
    await session.summary();
  }
}

class ReserveScan {
  readonly #context: Context;
  readonly #stockroom: Stockroom;
  readonly #desk: Desk;
  readonly #tally: Tally;
  #line: number | undefined;
  #order: OrderDocument;
  /** What can be taken back, the latest last. */
  readonly #undoable: Done[] = [];
  /** Whether labels were freed that had been reserved before the session. */
  #freedBefore = false;
  #freeNext = false;
  /** An order that was scanned and can take no labels; until another order is scanned, no label is reserved. */
  #stranded: string | undefined;

  constructor(
    context: Context,
    stockroom: Stockroom,
    desk: Desk,
    tally: Tally,
    order: OrderDocument,
    line: number | undefined,
  ) {
    this.#context = context;
    this.#stockroom = stockroom;
    this.#desk = desk;
    this.#order = order;
    this.#line = line;
    this.#tally = tally;
  }

  message(): string {
    const what = this.#freeNext ? 'scan the label to free' : 'scan labels';
    return `${orderPhrase(this.#order)} · ${what}, DONE finishes`;
  }

  missed(scan: string): void {
    this.#tally.missed(scan);
  }

  async take(scan: string, waiting: number): Promise<'more' | 'done' | 'drop'> {
    this.#tally.begin(scan, waiting);
    const meaning = await meaningOf(this.#stockroom, scan);
    switch (meaning.kind) {
      case 'label':
        await this.#takeLabel(meaning.label.number);
        return 'more';
      case 'order':
        return await this.#switchTo(meaning.order);
      case 'command':
        return await this.#command(meaning.command);
      case 'unknown':
        // The verb itself says that there is no such label, so that a program gets the same answer as ever.
        await this.#takeLabel(meaning.text);
        return 'more';
    }
  }

  async #takeLabel(number: string): Promise<void> {
    if (this.#stranded !== undefined) this.#strand(number, this.#stranded);
    else if (this.#freeNext) await this.#free(number);
    else await this.#reserve(number);
  }

  #strand(number: string, order: string): void {
    this.#tally.missed(number);
    const line = `${number} was not reserved: ${order} takes no labels; scan an order first`;
    this.#desk.bad(`${line}`, { code: 'label_without_order', label: number, order });
  }

  async #reserve(number: string): Promise<void> {
    let answer = await this.#tryReserve(number, this.#line);
    const [refusal] = answer.refusals;
    if (refusal?.code === 'line_ambiguous') {
      const fitting = this.#order.lines.filter(({ line }) => refusal.lines.includes(line));
      const line = await this.#desk.chooseLine(number, fitting);
      if (line !== undefined) answer = await this.#tryReserve(number, line);
    }
    this.#sayReserved(answer, number);
  }

  async #tryReserve(label: string, line: number | undefined): Promise<ReserveAnswer> {
    const wanted = line === undefined ? {} : { line };
    return await this.#stockroom.reserve(
      { order: this.#order.number, labels: [label], ...wanted },
      this.#tally.next(),
    );
  }

  #sayReserved(answer: ReserveAnswer, number: string): void {
    if (answer.order !== null) this.#order = answer.order;
    const [refusal] = answer.refusals;
    if (refusal !== undefined) {
      this.#refuse(refusal, number, answer);
      return;
    }
    const [result] = answer.results;
    const [line] = answer.lines;
    const bin = result?.label.bin == null ? '' : ` · bin ${result.label.bin}`;
    const expired = result?.label.expired === true ? ` · expired ${result.label.expiry}` : '';
    const now = line === undefined ? '' : ` · ${lineNow(line)}`;
    this.#tally.succeeded(number);
    if (answer.code === 'already_reserved') {
      this.#desk.good(`${number}${bin} · reserved already${now}`, answer);
      return;
    }
    this.#undoable.push({ label: number, order: this.#order.number });
    this.#desk.good(`${number}${bin}${now}${expired}`, answer);
  }

  #refuse(refusal: Refusal, scan: string, answer: Envelope): void {
    this.#tally.refused(scan, refusal.code);
    this.#desk.bad(`${shortRefusal(refusal, this.#context.sayMoment)}`, answer);
  }

  /** An order number switches the order; something half done is asked about first. */
  async #switchTo(order: OrderDocument): Promise<'more' | 'drop'> {
    if (order.number === this.#order.number) {
      this.#stranded = undefined;
      this.#desk.note(`${order.number} is the order already`, {
        code: 'order_unchanged',
        order: order.number,
      });
      return 'more';
    }
    const probe = await probeOrder(this.#stockroom, order.number);
    const refusal = probe.refusals.find(({ code }) => code !== 'no_labels_chosen');
    if (refusal !== undefined) {
      this.#refuse(refusal, order.number, probe);
      // What is scanned next is meant for that order, and must not land on the one before.
      this.#stranded = order.number;
      return 'more';
    }
    const missing = missingLines(this.#order);
    if (this.#undoable.some((done) => done.order === this.#order.number) && missing.length > 0) {
      const question = `${this.#order.number} still misses ${missingPhrase(missing)}. Go on with ${order.number}?`;
      if (!(await this.#desk.agree(question))) {
        const { number } = this.#order;
        this.#desk.note(`staying with ${number}`, { code: 'order_kept', order: number });
        // What was scanned behind the number was meant for the other order.
        return 'drop';
      }
    }
    this.#order = order;
    this.#stranded = undefined;
    // `--line` was about the order before.
    this.#line = undefined;
    this.#context.workingOrder = order.number;
    const line = `now ${orderPhrase(order)}`;
    this.#desk.note(line, { code: 'order_switched', order: order.number });
    return 'more';
  }

  async #command(command: ScanCommand): Promise<'more' | 'done'> {
    switch (command) {
      case 'done':
        return 'done';
      case 'undo':
        await this.#undo();
        return 'more';
      case 'unreserve':
        this.#freeNext = !this.#freeNext;
        this.#desk.note(`${this.#freeNext ? 'the next label is freed' : 'labels are reserved again'}`, {
          code: 'free_next',
          on: this.#freeNext,
        });
        return 'more';
    }
  }

  async #undo(): Promise<void> {
    const last = this.#undoable.at(-1);
    if (last === undefined) {
      this.#desk.bad(`nothing to undo`, { code: 'nothing_to_undo' });
      return;
    }
    const target = { labels: [{ label: last.label, expectOrder: last.order }] };
    const answer = await this.#stockroom.unreserve({ target }, this.#tally.next());
    const [refusal] = answer.refusals;
    // Who has it now is no concern of this session, and must not be in the way of what it did before.
    this.#undoable.pop();
    if (refusal !== undefined) {
      this.#refuse(refusal, last.label, answer);
      return;
    }
    await this.#refreshOrder();
    this.#desk.good(`${last.label} is free again`, answer);
  }

  async #free(number: string): Promise<void> {
    const command = { target: { labels: [number] }, expectOrder: this.#order.number };
    const answer = await this.#stockroom.unreserve(command, this.#tally.next());
    const [refusal] = answer.refusals;
    if (refusal !== undefined) {
      this.#refuse(refusal, number, answer);
      return;
    }
    this.#freeNext = false;
    const at = this.#undoable.findIndex((done) => done.label === number);
    if (at >= 0) this.#undoable.splice(at, 1);
    else if (answer.code === 'unreserved') this.#freedBefore = true;
    this.#tally.succeeded(number);
    await this.#refreshOrder();
    this.#desk.good(`${number} is free`, answer);
  }

  async #refreshOrder(): Promise<void> {
    this.#order = (await orderNamed(this.#stockroom, this.#order.number)) ?? this.#order;
  }

  /** What was reserved, refused and is still missing, and the one command that takes it all back. */
  async summary(): Promise<void> {
    await this.#refreshOrder();
    const { number } = this.#order;
    const missing = missingLines(this.#order);
    const covered = missing.length === 0 ? 'is covered' : `still misses ${missingPhrase(missing)}`;
    this.#tally.summarize(this.#desk, {
      did: 'reserved',
      verb: 'reserve',
      labels: this.#undoable.length,
      lines: [`${number} ${covered}`],
      facts: { order: number, missing },
      undo: this.#tally.wayBack(this.#context, 'reserve', this.#undoable.length > 0 || this.#freedBefore),
    });
  }

  exitCode(ended: SessionEnd): number {
    return this.#tally.exitCode(ended);
  }
}

/** `line 2 now 30 of 40`. */
function lineNow({ line, reserved, outstanding, unit }: LineDocument): string {
  return `line ${line} now ${formatDecimal(reserved)} of ${measured(outstanding, unit)}`;
}

function missingLines({ lines }: OrderDocument): Missing[] {
  const short = lines.filter(({ shortfall }) => shortfall > 0);
  return short.map(({ line, item, shortfall, unit }) => ({ line, item, quantity: shortfall, unit }));
}

function missingPhrase(missing: readonly Missing[]): string {
  return missing
    .map(({ line, item, quantity, unit }) => `${measured(quantity, unit)} on line ${line} (${item})`)
    .join(', ');
}
