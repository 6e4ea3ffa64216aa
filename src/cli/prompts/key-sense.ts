import type { Key as TerminalKey } from 'node:readline';
import { actionOf, type KeyAction, SCAN_GAP } from './key.ts';

/** After this much silence a paste whose end never came is over: else Ctrl-C would be a part of it for ever. Milliseconds. */
const PASTE_LOST = 1000;
/** What a paste can hold; anything else in it is dropped. */
const PASTEABLE: ReadonlySet<KeyAction> = new Set(['text', 'control', 'enter', 'tab']);
/** Ends a code with fields (ISO 15434), and is what Ctrl-D types. */
const EOT = '\u0004';
const STX = '\u0002';
/** Ends a code that an STX began, is the whole suffix of some scanners, and is what Ctrl-C types. */
const ETX = '\u0003';
/** Without an STX, an ETX is a suffix only so soon behind so many characters that came as fast as a scanner. Milliseconds. */
const ETX_GAP = 10;
const ETX_RUN = 3;

/** A key, and the silence before it. */
export interface Stroke {
  readonly action: KeyAction;
  readonly text: string;
  readonly quiet: number;
  readonly pasted: boolean;
}

/** What a key means after those before it: it may be half of a CR LF, a part of a paste, or a part of a code with fields. */
export class KeySense {
  #afterReturn = false;
  #inFields = false;
  /** Behind an STX, and all that came since was as fast as a scanner. */
  #inFrame = false;
  /** Characters as fast as a scanner's since a silence, or since an ETX that ended a scan; behind anything else they are not counted. */
  #run: number | undefined;
  #pasting: 'no' | 'begun' | 'on' = 'no';

  /** `quiet` is the silence before the key, in milliseconds. Undefined: it means nothing. */
  read(key: TerminalKey, quiet: number): Stroke | undefined {
    // A line feed right after a carriage return is the same Enter, however late it is read.
    const ofReturn = this.#afterReturn && key.sequence === '\n';
    this.#afterReturn = key.sequence === '\r';
    if (this.#isMark(key, quiet) || ofReturn) return undefined;
    const action = this.#actionOf(key, quiet);
    if (action === undefined) return undefined;
    const text = action === 'text' || action === 'control' ? (key.sequence ?? '') : '';
    return this.#pasting === 'no'
      ? { action, text, quiet, pasted: false }
      : this.#pasted({ action, text, quiet, pasted: true });
  }

  /** Whether the key is the mark around a paste. */
  #isMark(key: TerminalKey, quiet: number): boolean {
    const isMark = key.name === 'paste-start' || key.name === 'paste-end';
    if (isMark) this.#pasting = key.name === 'paste-start' ? 'begun' : 'no';
    else if (quiet >= PASTE_LOST) this.#pasting = 'no';
    return isMark;
  }

  #actionOf(key: TerminalKey, quiet: number): KeyAction | undefined {
    // It comes with the rest of its code; a person's Ctrl-D comes after a pause.
    if (key.sequence === EOT && this.#inFields && quiet < SCAN_GAP) return 'control';
    if (this.#endsScan(key, quiet)) return 'enter';
    const action = actionOf(key);
    this.#inFrame = key.sequence === STX || (this.#inFrame && quiet < SCAN_GAP);
    if (action !== 'text' && action !== 'control') this.#run = undefined;
    else if (quiet >= SCAN_GAP) this.#run = 1;
    else if (this.#run !== undefined) this.#run += 1;
    if (action !== undefined) this.#inFields = action === 'control' || (this.#inFields && action === 'text');
    return action;
  }

  /** Whether an ETX is the end of a scan, and not a person's Ctrl-C. */
  #endsScan(key: TerminalKey, quiet: number): boolean {
    if (key.sequence !== ETX) return false;
    const ends = (this.#inFrame && quiet < SCAN_GAP) || ((this.#run ?? 0) >= ETX_RUN && quiet < ETX_GAP);
    this.#inFrame = false;
    this.#run = ends ? 0 : undefined;
    return ends;
  }

  /** Pasted text begins anew, as a scan on top of what was typed does; nothing in a paste follows a silence. */
  #pasted(stroke: Stroke): Stroke | undefined {
    if (!PASTEABLE.has(stroke.action)) return undefined;
    const begins = this.#pasting === 'begun' && stroke.action === 'text';
    this.#pasting = 'on';
    return { ...stroke, quiet: begins ? Math.max(stroke.quiet, SCAN_GAP) : 0 };
  }
}
