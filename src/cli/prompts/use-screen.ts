import { useEffect, useRef, useState } from '@inquirer/core';
import type { Session } from './session.ts';
import { widthOf } from './terminal-text.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A prompt's lines: the last of `above` is where the person types, `below` is everything under it. */
export interface Frame {
  readonly above: readonly string[];
  readonly below: readonly string[];
}

interface Screen {
  /** What may be drawn on: one column and one row less than the terminal has, so that nothing ever wraps or scrolls. */
  readonly size: Size;
  /** Gives a frame to inquirer, in the two parts that it wants. */
  readonly draw: (frame: Frame) => [string, string | undefined];
}

/** The terminal as a prompt sees it; the prompt is drawn anew when the size changes. */
export function useScreen(session: Session): Screen {
  const { output } = session;
  const [size, setSize] = useState(() => sizeOf(output));
  const drawn = useRef<Frame>({ above: [''], below: [] });
  useEffect(() => {
    const resized = (): void => {
      output.write(backToTop(drawn.current, sizeOf(output)));
      setSize(sizeOf(output));
    };
    output.on('resize', resized);
    return () => output.off('resize', resized);
  }, []);
  return {
    size,
    draw: (frame) => {
      drawn.current = frame;
      return [frame.above.join('\n'), frame.below.length === 0 ? undefined : frame.below.join('\n')];
    },
  };
}

/** What may be drawn on: see `Screen`. */
export function sizeOf(output: NodeJS.WriteStream): Size {
  return { columns: Math.max(2, (output.columns || 80) - 1), rows: Math.max(2, (output.rows || 24) - 1) };
}

/**
 * A terminal that got narrower has wrapped our lines into more rows than inquirer knows of, and their tops would stay on
 * the screen for ever. So wipe them here, and leave the cursor where inquirer believes it to be: it draws anew from there.
 */
function backToTop(frame: Frame, { columns, rows }: Size): string {
  const rowsOf = (text: string): number => Math.max(1, Math.ceil(widthOf(text) / (columns + 1)));
  const lines = [...frame.above, ...frame.below];
  const moveUp = (count: number): string => (count > 0 ? `\u001b[${count}A` : '');
  const aboveTyped = frame.above.slice(0, -1).reduce((sum, text) => sum + rowsOf(text), 0);
  // Some terminals (xterm.js) also lose the cursor's row when lines under it wrap. A frame that fills most of the screen
  // then takes the whole of it; above a small one there may be something to keep, such as what is about to be confirmed.
  const wrapped = lines.some((text) => rowsOf(text) > 1);
  const toTop = wrapped && lines.length > rows / 2 ? '\u001b[H' : `${moveUp(aboveTyped)}\r`;
  return `${toTop}\u001b[J${'\n'.repeat(lines.length - 1)}${moveUp(frame.below.length)}`;
}
