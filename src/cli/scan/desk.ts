/** Where scans come from and answers go to: a terminal with a scanner, or a pipe with one scan a line. */
import { type Envelope, type LineDocument, printable } from '../../core/index.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json-text.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import { measured } from '../present/words.ts';
import type { PrintOptions, Prompts, Untaken } from '../prompts/index.ts';
import type { Output } from '../streams.ts';
import type { Note, Tally } from './session.ts';

/** Everything is said to people as a line that counts the scan, and with `--json` to programs as a document a line. */
export interface Desk {
  /** Says that a scan was done. */
  good(line: string, answer: Envelope): void;
  /** Says that a scan was refused, with a bell for whoever isn't looking. */
  bad(line: string, said: Envelope | Note): void;
  /** Says something that is neither. */
  note(line: string, note: Note): void;
  /** Says at the end what came of it all. */
  summary(lines: readonly string[], document: object): void;
  /** Which of several lines a label is for; undefined where nobody can be asked, or nobody answered. */
  chooseLine(label: string, lines: readonly LineDocument[]): Promise<number | undefined>;
  /** A yes to a question; yes where nobody can be asked. */
  agree(question: string): Promise<boolean>;
  /** Hands every scan to `take`, one after the other; gives how it ended. Scans that were not taken are said, and `missed`. */
  run(message: () => string, take: Take, missed: (scan: string) => void): Promise<SessionEnd>;
}

/** `waiting` scans have been read and not been taken yet. */
export type Take = (scan: string, waiting: number) => Promise<'more' | 'done' | 'drop'>;
export type SessionEnd = 'done' | 'left' | 'interrupted';

/** `tally` is of the session that sits at the desk: its documents say which scan they are about. */
export async function openDesk(context: Context, tally: Tally): Promise<Desk> {
  return context.interactive ? await terminalDesk(context, tally) : pipeDesk(context, tally);
}

const UNTAKEN: Readonly<Record<Untaken, string>> = {
  question: 'came while a question was open',
  dropped: 'was dropped',
  ended: 'came too late',
};

async function terminalDesk(context: Context, tally: Tally): Promise<Desk> {
  const prompts = await context.prompts('');
  const { isInterrupted, PromptLeft } = await import('../prompts/leaving.ts');
  const { errPaint, out } = context;
  const asDocuments = isDocument(formatOf(context));
  const say = (document: object, lines: readonly string[], options?: PrintOptions) => {
    // Where both go to the same screen, what was asked for is enough.
    if (asDocuments && out.isTerminal) return prompts.print(jsonText(document), options);
    if (asDocuments) out.line(jsonText(document));
    for (const line of lines) prompts.print(line, options);
  };
  const asked = async <T extends boolean | number | undefined>(
    question: string,
    answer: Promise<T>,
    left: T,
  ) => {
    const given = await answer.catch((error: unknown) => {
      if (error instanceof PromptLeft) return left;
      throw error;
    });
    // People have seen it.
    say(tally.noteDocument({ code: 'asked', answer: given ?? null }, question), []);
    return given;
  };
  return {
    good: (line, answer) =>
      say(tally.answerDocument(answer), [`${errPaint.good('✓')} ${counted(tally, line)}`]),
    bad: (line, said) => {
      const lines = [`${errPaint.bad('✗')} ${counted(tally, line)}`];
      say(documentOf(tally, said, line), lines, { bell: true });
    },
    note: (line, note) => say(tally.noteDocument(note, line), [`  ${counted(tally, line)}`]),
    summary: (lines, document) =>
      say(
        document,
        lines.map((line) => `  ${printable(line)}`),
      ),
    chooseLine: async (label, lines) => {
      const question = `${label} fits several lines. Which one is it for?`;
      return await asked<number | undefined>(question, askLine(prompts, question, lines), undefined);
    },
    agree: async (question) => await asked<boolean>(question, prompts.confirm({ message: question }), false),
    run: async (message, take, missed) => {
      const unanswered = (scans: readonly string[], because: Untaken) => {
        for (const text of scans) {
          const name = printable(text.replace(/\p{Cc}/gu, '').trim());
          const line = `${name} ${UNTAKEN[because]}; scan it again`;
          const document = tally.noteDocument({ code: 'scan_missed', text, because }, line);
          say(document, [`${errPaint.bad('✗')} ${line}`], { bell: true });
          missed(name);
        }
      };
      try {
        return await prompts.scan({ message, take, unanswered });
      } catch (error) {
        if (isInterrupted(error)) return 'interrupted';
        throw error;
      } finally {
        prompts.close();
      }
    },
  };
}

/** `12/40 L-00042 · bin A-3`. */
function counted(tally: Tally, line: string): string {
  return `${tally.count} ${printable(line)}`;
}

function documentOf(tally: Tally, said: Envelope | Note, line: string): object {
  return 'schemaVersion' in said ? tally.answerDocument(said) : tally.noteDocument(said, line);
}

async function askLine(prompts: Prompts, message: string, lines: readonly LineDocument[]): Promise<number> {
  const row = await prompts.pickOne({
    message,
    noun: 'line',
    columns: ['line', 'item', 'outstanding', 'reserved', 'shortfall'],
    rows: lines.map((line) => {
      const amounts = [line.outstanding, line.reserved, line.shortfall].map((each) =>
        measured(each, line.unit),
      );
      return { key: String(line.line), names: [], cells: [String(line.line), line.item, ...amounts] };
    }),
  });
  return Number(row.key);
}

/** Scans from a file or a serial port, one a line. Answers are data, so they go to standard output. */
function pipeDesk(context: Context, tally: Tally): Desk {
  const { out, err, flags } = context;
  const asDocuments = isDocument(formatOf(context));
  const quiet = flags.quiet === true;
  const say = (document: object, lines: readonly string[], to: Output) => {
    if (asDocuments) out.line(jsonText(document));
    else for (const line of lines) to.line(line);
  };
  return {
    good: (line, answer) => {
      if (!quiet) say(tally.answerDocument(answer), [`✓ ${counted(tally, line)}`], out);
    },
    bad: (line, said) => say(documentOf(tally, said, line), [`✗ ${counted(tally, line)}`], err),
    note: (line, note) => {
      if (!quiet) say(tally.noteDocument(note, line), [`  ${counted(tally, line)}`], err);
    },
    summary: (lines, document) => {
      if (!quiet)
        say(
          document,
          lines.map((line) => `  ${printable(line)}`),
          err,
        );
    },
    chooseLine: async () => undefined,
    agree: async () => true,
    run: async (_, take) => {
      const { createInterface } = await import('node:readline');
      const lines = createInterface({ input: context.streams.stdin(), crlfDelay: Number.POSITIVE_INFINITY });
      for await (const line of lines) {
        for (const scan of line.split('\t').filter((part) => part.trim() !== '')) {
          if ((await take(scan, 0)) === 'done') return 'done';
        }
      }
      return 'done';
    },
  };
}
