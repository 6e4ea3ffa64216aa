/**
 * What the prompts take and give. They know nothing of orders, labels or databases: a caller turns its things into rows,
 * and gets its own rows back (the same objects, so a row may carry whatever the caller needs beside these fields).
 */

/** One line of a table to choose from. */
export interface PickRow {
  /** What people call it (`L-00042`). Unique among the rows; typed or scanned, it names this row exactly. */
  readonly key: string;
  /** Other texts that name it exactly, such as the code a barcode holds. A key wins over another row's name; a name that several rows share names none. */
  readonly names: readonly string[];
  /** What the table shows, one text for each title in `columns`. The filter looks in these, the key and the names. */
  readonly cells: readonly string[];
  /** A word or two shown at the end of its line, such as `expired`. */
  readonly note?: string;
  /** What stays on the screen when it was chosen, instead of the key. */
  readonly said?: string;
  /** Why it can't be chosen. It is shown with this reason, and choosing it says so. */
  readonly disabled?: string;
}

/** What a text stands for: the key of a row, or why there is none (`L-7 is reserved for SO-1002`); nothing to say: undefined. */
export type LookedUp = { readonly key: string } | { readonly why: string } | undefined;

/** Looks a text up that names no row as it is: a scanner may have sent more than the code, or it may be elsewhere. */
export type LookUp = (text: string, signal: AbortSignal) => LookedUp | Promise<LookedUp>;

interface PickConfig {
  /** The question, one line. */
  readonly message: string;
  /** Titles of the columns; none draws no header. */
  readonly columns?: readonly string[];
  /** What one row is called in the notes, such as `label`. Default `row`. */
  readonly noun?: string;
  /** At most this many rows are drawn at once, however tall the terminal is. Default 15. */
  readonly maxRows?: number;
}

export interface PickManyConfig<Row extends PickRow = PickRow> extends PickConfig {
  readonly rows: readonly Row[];
  /** The running total, from the rows picked so far in the order they were picked (`36 of 40, 4 missing`). */
  readonly footer?: (picked: readonly Row[]) => string;
  /** Asked about each text that is entered and names no row; the row that it finds is picked. Without it, such a text is refused. */
  readonly lookUp?: LookUp;
  /** Keys of rows that are picked from the start, in this order. */
  readonly picked?: readonly string[];
  /** Whether an empty Enter may finish with nothing picked. Default false. */
  readonly allowEmpty?: boolean;
  /** Orders to look at the rows in; the first is used at once, and Ctrl-S (or Ctrl-T) goes on to the next. Without any: as given. */
  readonly sorts?: readonly PickSort<Row>[];
}

export interface PickSort<Row extends PickRow = PickRow> {
  /** Completes "sorted by": `age`. */
  readonly name: string;
  /** What the rows are sorted by, the smallest first; called once for each row. Rows with the same value stay as given. */
  readonly by: (row: Row) => string | number;
}

/** What a search has found. */
export interface Found<Row extends PickRow = PickRow> {
  /** All of them, or the first if there are too many to show. */
  readonly rows: readonly Row[];
  /** How many there are, now or when they are counted; undefined: nobody knows, but more than these. */
  readonly total: number | Promise<number | undefined>;
}

export interface PickOneConfig<Row extends PickRow = PickRow> extends PickConfig {
  /** All the rows, or a search for the rows that fit a text (the best first; '' for the usual ones). Its signal aborts when nobody looks at them any more. */
  readonly rows: readonly Row[] | ((text: string, signal: AbortSignal) => Promise<Found<Row>>);
  /** Finds the one row that a text names exactly, even if it is not among the rows on the screen. */
  readonly exact?: (text: string, signal: AbortSignal) => Row | undefined | Promise<Row | undefined>;
}

export interface ConfirmConfig {
  /** The question, one line: `Free these 3 labels?` */
  readonly message: string;
  /** What exactly will happen; printed once, above the question. Lines may be separated by newlines. */
  readonly body?: string | readonly string[];
  /** What an empty Enter means. Default false: no. */
  readonly defaultYes?: boolean;
}

export interface InputConfig {
  /** The question, one line. */
  readonly message: string;
  /** What an empty Enter means; without it an empty text goes to `check` like any other. */
  readonly initial?: string;
  /** The sentence that says what is wrong with a text, or undefined if it will do. Without it, only an empty text is refused. */
  readonly check?: (text: string) => string | undefined | Promise<string | undefined>;
  /** Shows a star for each letter, and nothing of the answer afterwards. */
  readonly secret?: boolean;
}

/** What comes after a scan: `drop` goes on like `more`, but gives up what was scanned before now and isn't taken yet. */
export type AfterScan = 'more' | 'done' | 'drop';

/** Why a scan was not taken: it came while a question was open, `take` said `drop`, or the session had ended. */
export type Untaken = 'question' | 'dropped' | 'ended';

export interface ScanConfig {
  /** The status that is shown before what is being typed: `SO-1042 · scan labels, DONE finishes`. Asked for anew after each scan. */
  readonly message: () => string;
  /**
   * Handles one scan: all that was typed up to a CR, LF, CR LF or Tab, as it came (with spaces, and separators such as GS), never
   * empty. Scans that arrive meanwhile wait, in order: `waiting` of them now. It may ask other questions of the same `Prompts`,
   * and should catch their `PromptLeft`: whatever it throws ends the session.
   */
  readonly take: (scan: string, waiting: number) => Promise<AfterScan>;
  /** Scans (and at the end also a text without its Enter) that will not be taken, so that they can be named. Never called with none. */
  readonly unanswered: (scans: readonly string[], because: Untaken) => void;
}

export interface PrintOptions {
  /** Rings, for a person who isn't looking at the screen. */
  readonly bell?: boolean;
}

/**
 * The questions. All write to `output` only, and all may throw `PromptLeft` (Esc), or an error named `ExitPromptError`
 * (Ctrl-C, Ctrl-D, or the terminal went away): see leaving.ts. An error thrown by a search or an `exact` comes through.
 */
export interface Prompts {
  /** The picked rows, in the order in which they were picked. */
  pickMany<Row extends PickRow>(config: PickManyConfig<Row>): Promise<readonly Row[]>;
  pickOne<Row extends PickRow>(config: PickOneConfig<Row>): Promise<Row>;
  confirm(config: ConfirmConfig): Promise<boolean>;
  /** The text, trimmed. */
  input(config: InputConfig): Promise<string>;
  /**
   * One reader for a whole session of scans. Esc is `left`, after the scans before it have been taken; Ctrl-C, Ctrl-D and a lost
   * terminal throw as soon as the running `take` has settled. While a question of `take` is open, keys are the question's.
   */
  scan(config: ScanConfig): Promise<'done' | 'left'>;
  /** Writes a finished line (which may be coloured) to the output: while scanning, above the line that is typed on. */
  print(line: string, options?: PrintOptions): void;
  /**
   * Gives the terminal back. Between two prompts the keyboard is still read, so that a scan typed then is answered by the next
   * one; call this after the last prompt, and before anything else uses the terminal. Harmless if repeated; a new prompt reopens it.
   */
  close(): void;
}

export interface PromptStreams {
  readonly input: NodeJS.ReadStream;
  /** Standard error. */
  readonly output: NodeJS.WriteStream;
  /** Default true. */
  readonly color?: boolean;
  /** Plain text from top to bottom, with numbered rows: for screen readers, and terminals that can't move their cursor. Default false. */
  readonly accessible?: boolean;
  /** Milliseconds that only grow. Default `performance.now`. */
  readonly clock?: () => number;
}
