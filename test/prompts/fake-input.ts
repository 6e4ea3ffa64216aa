import { PassThrough } from 'node:stream';

/** A terminal's input without a terminal: what is written to it is read at once, and the clock stands still. */
export class FakeInput extends PassThrough {
  readonly isTTY = true;
  isRaw = false;
  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }
  holdsProgram = true;
  ref(): this {
    this.holdsProgram = true;
    return this;
  }
  unref(): this {
    this.holdsProgram = false;
    return this;
  }
  typed(text: string): void {
    this.emit('data', Buffer.from(text));
  }
}
