/** A plain padded writer for long tables: widths are taken from the first rows, and a wider cell just sticks out. */
import { fitted, widthOf } from '../prompts/terminal-text.ts';

export function paddedWriter(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
): (cells: readonly string[]) => string {
  const widths = titles.map((title, at) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  return (cells) => {
    const padded = cells.map((cell, at) => {
      const width = widths[at] ?? 0;
      if (widthOf(cell) >= width) return cell;
      return right[at] === true ? ' '.repeat(width - widthOf(cell)) + cell : fitted(cell, width);
    });
    return padded.join('  ').trimEnd();
  };
}
