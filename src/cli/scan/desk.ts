/** Where scans come from and answers go to: a terminal with a scanner, or a pipe with one scan a line. */
import { type Envelope, type LineDocument, printable } from '../../core/index.ts';
import type { Context } from '../context.ts';
import { formatOf, isDocument } from '../present/formats.ts';
import { measured } from '../present/words.ts';
import type { Prompts } from '../prompts/index.ts';

export interface Desk {
  /** Says that a scan was done. `answer` is the document for programs. */
  good(line: string, answer?: Envelope): void;
  /** Says that a scan was refused, with a bell for whoever isn't looking. */
  bad(line: string, answer?: Envelope): void;
  /** Says something that is neither. */
  note(line: string): void;
  /** Which of several lines a label is for; undefined where nobody can be asked, or nobody answered. */
  chooseLine(label: string, lines: readonly LineDocument[]): Promise<number | undefined>;
  /** A yes to a question; yes where nobody can be asked. */
  agree(question: string): Promise<boolean>;
  /** Hands every scan to `take`, one after the other; gives how it ended. Scans that were not taken are said, and `missed`. */
  run(
    message: () => string,
    take: Take,
    missed: (scan: string) => void,
  ): Promise<'done' | 'left' | 'interrupted'>;
}

/** `waiting` scans have been read and not been taken yet. */
export type Take = (scan: string, waiting: number) => Promise<'more' | 'done' | 'drop'>;

export async function openDesk(context: Context): Promise<Desk> {
  return context.interactive ? await terminalDesk(context) : pipeDesk(context);
}

async function terminalDesk(context: Context): Promise<Desk> {
  const prompts = await context.prompts('');
  const { isInterrupted, PromptLeft } = await import('../prompts/leaving.ts');
  const { errPaint } = context;
  const left = <T>(value: T) => {
    return (error: unknown): T => {
      if (error instanceof PromptLeft) return value;
      throw error;
    };
  };
  return {
    good: (line) => prompts.print(`${errPaint.good('✓')} ${printable(line)}`),
    bad: (line) => prompts.print(`${errPaint.bad('✗')} ${printable(line)}`, { bell: true }),
    note: (line) => prompts.print(`  ${printable(line)}`),
    chooseLine: async (label, lines) => {
      return await askLine(prompts, label, lines).catch(left(undefined));
    },
    agree: async (question) => await prompts.confirm({ message: question }).catch(left(false)),
    run: async (message, take, missed) => {
      try {
        return await prompts.scan({
          message,
          take,
          unanswered: (scans, because) => {
            const why = {
              question: 'came while a question was open',
              dropped: 'was dropped',
              ended: 'came too late',
            };
            for (const scan of scans) {
              const name = printable(scan.replace(/\p{Cc}/gu, '').trim());
              prompts.print(`${errPaint.bad('✗')} ${name} ${why[because]}; scan it again`, { bell: true });
              missed(name);
            }
          },
        });
      } catch (error) {
        if (isInterrupted(error)) return 'interrupted';
        throw error;
      } finally {
        prompts.close();
      }
    },
  };
}

async function askLine(prompts: Prompts, label: string, lines: readonly LineDocument[]): Promise<number> {
  const row = await prompts.pickOne({
    message: `${label} fits several lines. Which one is it for?`,
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
function pipeDesk(context: Context): Desk {
  const { out, err, flags } = context;
  const asDocuments = isDocument(formatOf(context));
  const say = (line: string, answer?: Envelope) => {
    if (asDocuments) {
      if (answer !== undefined) out.line(JSON.stringify(answer));
    } else if (flags.quiet !== true) out.line(printable(line));
  };
  return {
    good: (line, answer) => say(`✓ ${line}`, answer),
    bad: (line, answer) => {
      if (asDocuments) say(line, answer);
      else err.line(printable(`✗ ${line}`));
    },
    note: (line) => {
      if (!asDocuments && flags.quiet !== true) err.line(printable(`  ${line}`));
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
