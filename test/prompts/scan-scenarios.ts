// Scanning sessions for the harness: what was taken, and what wasn't, is printed on standard output when they are over.
import { setTimeout as pause } from 'node:timers/promises';
import type { AfterScan, PickRow, Prompts } from '../../src/cli/prompts/index.ts';
import { PromptLeft } from '../../src/cli/prompts/leaving.ts';

const LINES: PickRow[] = ['line 1', 'line 2'].map((key) => ({ key, names: [], cells: [key] }));

type Say = (text: string) => unknown;

class Session {
  readonly #prompts: Prompts;
  readonly #slowness: number;
  readonly taken: string[] = [];

  constructor(prompts: Prompts, slowness: number) {
    this.#prompts = prompts;
    this.#slowness = slowness;
  }

  async take(scan: string): Promise<AfterScan> {
    this.taken.push(scan);
    if (this.#slowness > 0) await pause(this.#slowness);
    if (scan === 'FAIL') throw new Error('disk full');
    if (scan === 'DONE') return 'done';
    if (scan === 'SYNC') {
      const until = Date.now() + 300;
      while (Date.now() < until);
    }
    const answer = await this.#asked(scan);
    this.#prompts.print(`✓ ${this.taken.length} ${JSON.stringify(scan)}${answer}`, { bell: scan === 'BELL' });
    return scan === 'DROP' ? 'drop' : 'more';
  }

  async #asked(scan: string): Promise<string> {
    try {
      if (scan === 'LINE')
        return ` on ${(await this.#prompts.pickOne({ message: 'Which line?', rows: LINES, noun: 'line' })).key}`;
      if (scan === 'SWITCH')
        return ` ${await this.#prompts.confirm({ message: 'Switch?', body: 'from here to there' })}`;
    } catch (error) {
      if (error instanceof PromptLeft) return ' not answered';
      throw error;
    }
    return '';
  }
}

async function scan(prompts: Prompts, say: Say, slowness: number, message: string): Promise<void> {
  const session = new Session(prompts, slowness);
  try {
    const ended = await prompts.scan({
      message: () => `${message} ${session.taken.length}`,
      take: (text) => session.take(text),
      unanswered: (scans, because) => prompts.print(`✗ ${because}: ${JSON.stringify(scans)}`),
    });
    say(`ended ${ended}`);
  } finally {
    prompts.print(`took ${JSON.stringify(session.taken)}`);
  }
}

export function scanScenarios(say: Say): Record<string, (prompts: Prompts) => Promise<void>> {
  return {
    scan: (prompts) => scan(prompts, say, 0, 'SO-1 scan'),
    'scan-slow': (prompts) => scan(prompts, say, 20, 'SO-1 scan'),
    'scan-stuck': (prompts) => scan(prompts, say, 1500, 'SO-1 scan'),
    'scan-wide': (prompts) => scan(prompts, say, 0, '订单一 scan labels, DONE finishes'),
  };
}
