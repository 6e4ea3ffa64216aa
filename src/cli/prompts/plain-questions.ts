import { conversation, type Line, leave, leavesBy } from './plain-lines.ts';
import type { Outcome, Session } from './session.ts';
import { printable, starred } from './terminal-text.ts';
import type { ConfirmConfig, InputConfig } from './types.ts';

/** A yes/no question, answered by the whole word. */
export function plainConfirm(session: Session, config: ConfirmConfig): Promise<Outcome<boolean>> {
  return conversation(session, async (lines) => {
    lines.say(`? ${printable(config.message)}`);
    for (;;) {
      const line = await lines.ask('  yes or no: ');
      if (leavesBy(line.text)) leave();
      const meant = confirmed(line);
      if (typeof meant === 'boolean') return meant;
      if (meant === undefined) continue;
      if (line.scanned) session.scanning?.missed(line.text);
      lines.refuse(meant);
    }
  });
}

const WORDS: Readonly<Record<string, boolean>> = { yes: true, no: false };

/** The answer, or why it is none; undefined for an empty line that means nothing. */
export function confirmed(line: Line): boolean | string | undefined {
  const word = line.text.toLowerCase();
  if (word === '') return undefined;
  const answer = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (answer === undefined)
    return `"${printable(line.text)}" is neither yes nor no; type the whole word, then Enter`;
  // Nobody can have agreed to what they had not seen; to say no early does no harm.
  if (answer && line.early) return 'that was typed before the question was here; type yes or no, then Enter';
  return answer;
}

/** A line of text. */
export function plainInput(session: Session, config: InputConfig): Promise<Outcome<string>> {
  return conversation(session, async (lines) => {
    const { initial } = config;
    lines.say(
      `? ${printable(config.message)}${initial === undefined ? '' : ` (Enter alone: ${printable(initial)})`}`,
    );
    for (;;) {
      const line = await lines.ask('  answer: ', config.secret === true ? starred : undefined);
      if (leavesBy(line.text)) leave();
      // An empty Enter must be meant; the rest of a scan that ended the question before is not.
      if (line.text === '' && !line.deliberate) continue;
      const text = line.text === '' ? (initial ?? '') : line.text;
      const wrong = await lines.during(async () => await wrongWith(config, text));
      if (wrong === undefined) return text;
      if (line.scanned) session.scanning?.missed(text);
      lines.refuse(printable(wrong));
    }
  });
}

async function wrongWith(config: InputConfig, text: string): Promise<string | undefined> {
  if (config.check !== undefined) return await config.check(text);
  return text === '' ? 'type something first' : undefined;
}
