/** What the scanning sessions of all verbs share: counting, and the documents in which they tell programs everything. */
import {
  commandLine,
  type Envelope,
  listed,
  OUTCOMES,
  type OutcomeCode,
  plainScan,
  type Refusal,
  SCHEMA_VERSION,
  sentenceOf,
  type Verb,
} from '../../core/index.ts';
import type { Intent } from '../../stockroom/stockroom.ts';
import type { Context } from '../context.ts';
import { counted } from '../present/words.ts';
import type { Untaken } from '../prompts/index.ts';
import type { Desk, SessionEnd } from './desk.ts';

/** Exit codes: some of it was done; nothing was, and nobody refused it. */
const PARTLY = 7;
const NOTHING = 3;

/** What happens in a session beside the answers of its verb. */
export type Note =
  | { readonly code: 'order_switched' | 'order_kept' | 'order_unchanged'; readonly order: string }
  /** The next label is freed (`/unreserve`), or no longer. */
  | { readonly code: 'free_next'; readonly on: boolean }
  | { readonly code: 'nothing_to_undo' }
  /** Scanned behind an order that takes no labels. */
  | { readonly code: 'label_without_order'; readonly label: string; readonly order: string }
  | { readonly code: 'asked'; readonly answer: boolean | number | null }
  | { readonly code: 'scan_missed'; readonly text: string; readonly because: Untaken };

/** A scan that was refused or not taken; the latter has no outcome. */
interface Refused {
  readonly scan: string;
  readonly code: OutcomeCode | null;
}

/** What a session says at its end. */
export interface Summary {
  /** The same for people: `reserved`, `freed`, `found`. */
  readonly did: string;
  readonly verb: Verb;
  /** Labels that it did something to; by default all that were done. */
  readonly labels?: number;
  /** What else people are told, line by line, and the same for programs. */
  readonly lines?: readonly string[];
  readonly facts?: {
    readonly order: string;
    readonly missing: readonly Missing[];
  };
  /** The command that takes everything back; null where nothing was changed, absent where nothing ever is. */
  readonly undo?: string | null;
}

export interface Missing {
  readonly line: number;
  readonly item: string;
  readonly unit: string;
  readonly quantity: number;
}

export class Tally {
  readonly #group: Intent;
  #operations = 0;
  #answered = 0;
  #waiting = 0;
  #scan: string | null = null;
  #done = 0;
  #refused: Refused[] = [];

  constructor(group: Intent) {
    this.#group = group;
  }

  /** The id that the whole session goes by. */
  get group(): string {
    return this.#group.operation;
  }

  /** The command that takes the whole session back if it changed anything; the home menu offers it as well. */
  wayBack(context: Context, verb: Verb, changed: boolean): string | null {
    if (!changed || this.#group.dryRun === true) return null;
    context.wayBack = { operation: this.group, verb };
    return commandLine('undo', [this.group]);
  }

  /** Notes that a scan has been read; until the next one, everything that is said is about it. */
  begin(scan: string, waiting: number): void {
    this.#answered += 1;
    this.#waiting = waiting;
    this.#scan = scan;
  }

  /** `12/40`: what is answered now is the 12th of 40 scans that were read so far. */
  get count(): string {
    return `${this.#answered}/${this.#answered + this.#waiting}`;
  }

  /** The intent of the next operation: one of its own for each scan, within the session's group, durable before it is answered. */
  next(): Intent {
    this.#operations += 1;
    return { ...this.#group, operation: `${this.#group.operation}/${this.#operations}` };
  }

  /** A scan of the label was done; what was refused of it before is settled. */
  succeeded(label: string): void {
    this.#done += 1;
    const names = [label, plainScan(this.#scan ?? '')];
    this.#refused = this.#refused.filter(({ scan }) => !names.includes(scan));
  }

  refused(scan: string, code: OutcomeCode): void {
    this.#refused.push({ scan, code });
  }

  /** Notes a scan that was read and never taken, so that it is not forgotten at the end. */
  missed(scan: string): void {
    this.#refused.push({ scan, code: null });
  }

  /** An answer as `--json` prints it, with the scan that it answers. */
  answerDocument(answer: Envelope): object {
    return { ...answer, session: this.group, scan: { number: this.#answered, text: this.#scan } };
  }

  /** A note, with the sentence that people read. */
  noteDocument(note: Note, message: string): object {
    const isOwn = note.code !== 'scan_missed' && this.#scan !== null;
    const scan = !isOwn ? null : { number: this.#answered, text: this.#scan };
    return { schemaVersion: SCHEMA_VERSION, kind: 'note', ...note, message, session: this.group, scan };
  }

  /** Says what became of the scans, in words like `reserved 12 labels, 2 refused`. */
  summarize(desk: Desk, { did, verb, labels = this.#done, lines = [], facts, undo }: Summary): void {
    const refused = this.#refused;
    const names = listed(
      refused.map(({ scan }) => scan),
      '',
    );
    const dryRun = this.#group.dryRun === true;
    const done = dryRun ? `dry run: would have ${did}` : did;
    const total = `${done} ${counted(labels, 'label')}${refused.length === 0 ? '' : `, ${refused.length} refused`}`;
    const all = [total, ...(refused.length === 0 ? [] : [`refused: ${names}`]), ...lines];
    if (undo != null) all.push(`take all back: ${undo}`);
    desk.summary(all, {
      schemaVersion: SCHEMA_VERSION,
      kind: 'summary',
      session: this.group,
      verb,
      dryRun,
      labels,
      refused,
      ...facts,
      ...(undo === undefined ? {} : { undo }),
    });
  }

  /** 0 if everything that was scanned was done; 7 if some was; never 0 where nothing was. */
  exitCode(ended: SessionEnd): number {
    if (ended === 'interrupted') return 130;
    const [first] = this.#refused;
    if (first === undefined) return this.#done > 0 ? 0 : NOTHING;
    if (this.#done > 0) return PARTLY;
    return first.code === null ? NOTHING : OUTCOMES[first.code].exit;
  }
}

/** A refusal in the few words that fit a line: `L-00043 is held by SO-1002 (dana, 09:12)`. */
export function shortRefusal(refusal: Refusal, sayMoment: (iso: string) => string): string {
  if (refusal.code !== 'label_reserved_elsewhere') return sentenceOf(refusal, sayMoment).message;
  const { label, holder, instead: [other] = [] } = refusal;
  const bin = other?.bin == null ? '' : ` in ${other.bin}`;
  const instead = other === undefined ? '' : `; free instead: ${other.label}${bin}`;
  return `${label} is held by ${holder.order} (${holder.by}, ${sayMoment(holder.since)})${instead}`;
}
