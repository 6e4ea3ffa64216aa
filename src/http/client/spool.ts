/** Lines on their way to a server, kept out of memory: a private temporary file, cut into batches. */
import { closeSync, mkdtempSync, openSync, read, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '../../stockroom/fault.ts';

const readAt = promisify(read);

/** Bytes of a batch; the line that reaches it is the last one in it. */
const BATCH_BYTES = 1_000_000;

export interface Batch {
  /** How many lines the batches up to and with this one hold. */
  readonly lines: number;
  readonly text: Uint8Array;
}

interface Cut {
  readonly at: number;
  readonly bytes: number;
  readonly lines: number;
}

export class Spool {
  readonly #folder: string;
  readonly #file: number;
  readonly #cuts: Cut[] = [];
  #written = 0;
  #lines = 0;
  #open: string[] = [];
  #openLength = 0;
  readonly #remove = () => rmSync(this.#folder, { recursive: true, force: true });

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'earmark-import-'));
    this.#file = openSync(join(this.#folder, 'rows'), 'wx+', 0o600);
    if (process.platform === 'win32') process.once('exit', this.#remove);
    // Elsewhere a file without a name lives as long as it is open, so nothing is left behind however the process ends.
    else this.#remove();
  }

  add(line: string): void {
    this.#open.push(line);
    this.#openLength += line.length + 1;
    this.#lines += 1;
    if (this.#openLength >= BATCH_BYTES) this.#cut();
  }

  get lines(): number {
    return this.#lines;
  }

  /** The batch with this number, from 1; undefined after the last. */
  async batch(number: number): Promise<Batch | undefined> {
    if (this.#open.length > 0) this.#cut();
    const cut = this.#cuts[number - 1];
    if (cut === undefined) return undefined;
    const text = Buffer.alloc(cut.bytes);
    const { bytesRead } = await readAt(this.#file, text, 0, cut.bytes, cut.at);
    if (bytesRead !== cut.bytes) throw new Error('the rows that were put aside can not be read again');
    return { lines: cut.lines, text };
  }

  close(): void {
    closeSync(this.#file);
    process.off('exit', this.#remove);
    this.#remove();
  }

  #cut(): void {
    const bytes = Buffer.from(`${this.#open.join('\n')}\n`);
    try {
      for (let at = 0; at < bytes.length; ) {
        at += writeSync(this.#file, bytes, at, bytes.length - at, this.#written + at);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      throw new Fault('disk_full', `no room in ${tmpdir()} to put rows aside; nothing was done`, {
        cause: error,
      });
    }
    this.#cuts.push({ at: this.#written, bytes: bytes.length, lines: this.#lines });
    this.#written += bytes.length;
    this.#open = [];
    this.#openLength = 0;
  }
}
